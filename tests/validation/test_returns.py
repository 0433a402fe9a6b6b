"""The command for reported rows: the shared cases pass; each rule has a passing and a failing row of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from validation.returns import main

CONTRACT = {"type": "contract", "date": "2022-03-16", "maturity": "2023-03-15", "rate_type": "RF01"}
FLOATING = CONTRACT | {"rate_type": "RF02", "reset_dates": ["2023-01-01", "2023-07-01"]}
DEFERRAL = {"type": "deferral_agreement", "date": "2022-08-16", "to": "2022-12-30", "extension_contract": False}
LONG_DEFERRAL = DEFERRAL | {"to": "2023-06-30"}
EXTENSION = {"type": "extension_contract", "date": "2023-03-01", "to": "2023-09-15"}
LATE = {"type": "overdue", "from": "2023-02-21", "kind": "02"}
ROW = {
    "贷款借据编码": "JJ0001",
    "贷款到期日期": "2023-03-15",
    "贷款展期到期日期": None,
    "贷款状态": "LS01",
    "逾期类型": None,
}
EXTENDED = ROW | {"贷款展期到期日期": "2023-09-15", "贷款状态": "LS02"}
RENEWAL = {
    "type": "new_loan_repays_old", "date": "2023-03-15", "new_receipt": "JJ0002",
    "borrower_in_normal_operation": False, "repayment_problem": True,
}  # fmt: skip


def passed(folder: Path, capsys: pytest.CaptureFixture[str], **case: Any) -> bool:
    """Whether one case passes."""
    (folder / "cases").mkdir(exist_ok=True)
    whole = {"report_date": "2023-03-31", "record": None} | case
    (folder / "cases" / "one.json").write_text(json.dumps(whole), "utf-8")
    code = main([str(folder)])
    assert capsys.readouterr().out.splitlines()[-1] == ("0 passed, 1 failed" if code else "1 passed, 0 failed")
    return code == 0


def test_the_shared_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared("data/returns"))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "18 passed, 0 failed"


@pytest.mark.parametrize(
    ("rule", "events", "good", "bad"),
    [
        (
            "D1",
            [CONTRACT, LONG_DEFERRAL],
            ROW | {"贷款到期日期": "2023-06-30"},
            ROW | {"贷款展期到期日期": "2023-06-30"},
        ),
        ("D2", [CONTRACT, LATE, EXTENSION], EXTENDED, EXTENDED | {"贷款状态": "LS03"}),
        (
            "D3",
            [CONTRACT, EXTENSION, LATE | {"from": "2023-03-21"}],
            EXTENDED | {"贷款状态": "LS03", "逾期类型": "02"},
            EXTENDED | {"贷款状态": "LS03", "逾期类型": "01"},
        ),
        ("D4", [CONTRACT, EXTENSION], EXTENDED, EXTENDED | {"贷款展期到期日期": "2023-03-15"}),
        (
            "D5",
            [CONTRACT, EXTENSION],
            EXTENDED | {"贷款利率重新定价日": "2023-09-15"},
            EXTENDED | {"贷款利率重新定价日": "2023-03-15"},
        ),
        (
            "D6",
            [FLOATING, EXTENSION],
            EXTENDED | {"贷款利率重新定价日": "2023-07-01"},
            EXTENDED | {"贷款利率重新定价日": "2023-09-15"},
        ),
        ("D7", [CONTRACT, EXTENSION], None, {"贷款借据编码": "JJ0001"}),
        ("D8", [CONTRACT, EXTENSION], EXTENDED, EXTENDED | {"贷款展期到期日期": "2023-08-15"}),
        ("D9", [CONTRACT, RENEWAL], {"贷款借据编码": "JJ0002"}, None),
    ],
)
def test_each_rule_has_a_row_that_keeps_it_and_one_that_breaks_it(
    rule: str, events: list[Any], good: Any, bad: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert passed(tmp_path, capsys, rule=rule, events=events, record=good, expect={"findings": []})
    assert passed(tmp_path, capsys, rule=rule, events=events, record=bad, expect={"findings": [rule]})
    assert not passed(tmp_path, capsys, rule=rule, events=events, record=bad, expect={"findings": []})


@pytest.mark.parametrize(
    ("events", "fields"),
    [
        ([CONTRACT, LATE, {"type": "cured", "date": "2023-03-02"}], {"贷款状态": "LS01", "逾期类型": None}),
        ([CONTRACT, EXTENSION, {"type": "deferral_agreement", "date": "2023-03-20", "to": "2023-12-29"}],
         {"贷款到期日期": "2023-03-15", "贷款展期到期日期": "2023-12-29", "贷款状态": "LS02"}),
        ([CONTRACT, {"type": "shortening_contract", "date": "2022-06-01", "to": "2022-12-15"}],
         {"贷款状态": "LS04", "贷款展期到期日期": "2022-12-15"}),
        ([CONTRACT, EXTENSION | {"date": "2023-04-01"}], {"贷款状态": "LS01", "贷款展期到期日期": None}),
        ([FLOATING, LATE], {"贷款利率重新定价日": "2023-07-01"}),
    ],
)  # fmt: skip
def test_the_row_follows_what_happened_in_order(
    events: list[Any], fields: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert passed(tmp_path, capsys, rule="D1", events=events, expect={"fields": fields})


@pytest.mark.parametrize(
    "case",
    [
        {"rule": "D99", "events": [CONTRACT], "record": ROW, "expect": {"findings": []}},
        {"rule": "D1", "events": [], "expect": {"fields": {"贷款状态": "LS01"}}},
        {"rule": "D1", "events": [{"type": "moved", "date": "2023-01-01"}], "expect": {"findings": []}},
        {"rule": "D1", "events": [CONTRACT | {"colour": 1}], "expect": {"findings": []}},
        {"rule": "D1", "events": [CONTRACT], "expect": {"letters": 1}},
    ],
)
def test_what_cannot_run_fails(case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not passed(tmp_path, capsys, **case)
