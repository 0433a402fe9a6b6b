"""The command for the technology compatibility kit: the shared models pass; what differs or cannot run fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.dmn.models import model, text
from tests.shared_data import shared
from validation.dmn_tck import main

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>m.dmn</modelName><testCase id="1">
<inputNode name="x"><value xsi:type="xsd:decimal">{given}</value></inputNode>
<resultNode name="D" type="decision"><expected>{wanted}</expected></resultNode></testCase></testCases>"""


def outcome(folder: Path, capsys: pytest.CaptureFixture[str], expression: str, given: str, wanted: str) -> str:
    body = f"<literalExpression>{text(expression)}</literalExpression>"
    (folder / "m.dmn").write_bytes(model(body, {"x": "number"}))
    (folder / "m-test-01.xml").write_text(CASES.format(given=given, wanted=wanted), "utf-8")
    code = main([str(folder)])
    last = capsys.readouterr().out.splitlines()[-1]
    assert code == (0 if last.endswith(" 0 failed") else 1)
    return last


def test_the_shared_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared("data/dmn_tck"))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "82 passed, 0 failed"


@pytest.mark.parametrize(
    ("expression", "wanted", "is_right"),
    [
        ("x / 3", '<value xsi:type="xsd:double">0.3333333333</value>', True),
        ("x / 3", '<value xsi:type="xsd:double">0.3333333</value>', False),
        ("null", '<value xsi:nil="true"/>', True),
        ("x", '<value xsi:type="xsd:string">1</value>', False),
        (
            '[x, "a"]',
            '<list><item><value xsi:type="xsd:decimal">1</value></item><item><value>a</value></item></list>',
            True,
        ),
        ("{a: x}", '<component name="a"><value xsi:type="xsd:int">1</value></component>', True),
        ("{a: x, b: 1}", '<component name="a"><value xsi:type="xsd:int">1</value></component>', False),
        ('date("2020-02-29")', '<value xsi:type="xsd:date">2020-02-29</value>', True),
        ("x = 1", '<value xsi:type="xsd:boolean">true</value>', True),
        ("x +", '<value xsi:nil="true"/>', False),
    ],
)
def test_a_result_is_the_expected_one_or_the_case_fails(
    expression: str, wanted: str, is_right: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = outcome(tmp_path, capsys, expression, "1", wanted)
    assert last == ("1 passed, 0 failed" if is_right else "0 passed, 1 failed")


def test_what_cannot_run_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    (tmp_path / "lonely.dmn").write_text("<definitions/>", "utf-8")
    assert main([str(tmp_path)]) == 1
    (tmp_path / "x-test-01.xml").write_text("<testCases><modelName>none.dmn</modelName></testCases>", "utf-8")
    assert main([str(tmp_path)]) == 1
    (tmp_path / "y-test-01.xml").write_text("<testCases", "utf-8")
    assert main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("FAILED", "0 passed")) for line in lines)
