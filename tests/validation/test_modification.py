"""The command for worked modifications: the shared case passes, a wrong figure and an unread field do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from validation.modification import main, mistakes

CASE: dict[str, Any] = {
    "loan": {
        "principal_fen": 12_000_000,
        "rate_ppm": 0,
        "day_count": "A/365",
        "instalments": 3,
        "start": "2022-03-31",
        "upfront_fee_fen": 0,
    },
    "relief": {
        "effective": "2022-03-31",
        "deferred_instalments": [1],
        "normal_interest": True,
        "penalty": False,
        "compounding": False,
        "original_maturity": "2022-06-30",
        "new_maturity": "2022-07-31",
    },
    "expect": {
        "eir_act365": 0.0,
        "gca_before_fen": 12_000_000.0,
        "gca_after_fen": 12_000_000.0,
        "modification_gain_fen": 0.0,
        "total_interest_base_fen": 0,
    },
}
"""Without interest a deferral costs nothing; the due days are those of a month end."""


def last_line(case: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file = folder / "cases.json"
    file.write_text(json.dumps(case), "utf-8")
    main([str(file)])
    return capsys.readouterr().out.splitlines()[-1]


def test_the_shared_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared("data/worked_modification.json"))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 passed, 0 failed"


def test_a_made_case_in_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert last_line([CASE, CASE], tmp_path, capsys).endswith("0 failed")


def test_a_wrong_figure_is_one_failure() -> None:
    wrong = CASE | {"expect": CASE["expect"] | {"gca_after_fen": 11_999_999.99, "stage": 2}}
    assert {name for name, why in mistakes(wrong).items() if why} == {"gca_after_fen", "stage"}


def test_what_is_not_carried_out_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    penalty = CASE | {"relief": CASE["relief"] | {"penalty": True}}
    assert last_line(penalty, tmp_path, capsys) == "0 passed, 1 failed"
    assert last_line(CASE | {"loan": {"balloon": 1}}, tmp_path, capsys) == "0 passed, 1 failed"
    assert last_line({"loan": CASE["loan"]}, tmp_path, capsys) == "0 passed, 1 failed"
