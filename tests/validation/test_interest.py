"""The command for vectors of interest: the shared file passes, a wrong figure and an unknown shape do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from validation.interest import main

MADE: dict[str, Any] = {
    "input": {"principal_fen": 36_000_000, "rate_e7": 500_000, "period": "2021-01-01..2021-01-10"},
    "expect": {"pay_on": "2021-01-11", "days": 10, "interest_fen": 50_000, "last_day_is": "day before maturity"},
}


def told(vector: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    file = folder / "vectors.json"
    file.write_text(json.dumps({"vectors": [vector]}), "utf-8")
    main([str(file)])
    return capsys.readouterr().out.splitlines()


def test_the_shared_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared("facts/interest_vectors.json"))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "23 passed, 0 failed"


def test_a_made_vector(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(MADE, tmp_path, capsys) == ["1 passed, 0 failed"]


@pytest.mark.parametrize(
    ("vector", "said"),
    [
        (MADE | {"expect": MADE["expect"] | {"interest_fen": 50_001}}, ".interest_fen: 50000, expected 50001"),
        (MADE | {"expect": MADE["expect"] | {"tax_fen": 0}}, ".tax_fen: not computed"),
        (MADE | {"input": {"principal_fen": 1}}, "no mechanism has the fields principal_fen"),
        (MADE | {"input": MADE["input"] | {"period": "soon"}}, "cannot run"),
        ("nothing", "cannot run"),
    ],
)
def test_what_is_wrong_fails(vector: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(vector, tmp_path, capsys)
    assert said in lines[0]
    assert lines[-1] == "0 passed, 1 failed"
