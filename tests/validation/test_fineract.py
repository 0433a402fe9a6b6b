"""The command for Fineract's cases: the shared folder passes, what is wrong or cannot run does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from validation.fineract.__main__ import main
from validation.fineract.scenario import is_in_scope


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    main([str(folder)])
    return capsys.readouterr().out.splitlines()


def test_the_shared_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(shared("data/fineract"), capsys) == ["75 out of scope", "97 passed, 0 failed"]


def changed(folder: Path, change: Any) -> Path:
    """The shared product facts and one scenario, changed."""
    folder.mkdir()
    shutil.copy(shared("data/fineract/product_factory_defaults.json"), folder)
    whole = json.loads(shared("data/fineract/LoanDownPayment.json").read_text("utf-8"))
    case = next(case for case in whole["cases"] if is_in_scope(case["steps"]))
    change(case["steps"])
    (folder / "Loan.json").write_text(json.dumps({"cases": [case]}), "utf-8")
    return folder


def test_a_wrong_figure_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(steps: list[dict[str, Any]]) -> None:
        next(step for step in steps if step["op"] == "expect_schedule")["rows"][-1]["principal"] += 0.01

    lines = told(changed(tmp_path / "one", change), capsys)
    assert "principal is" in lines[0]
    assert lines[-1] == "0 passed, 1 failed"


def test_what_cannot_run_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(steps: list[dict[str, Any]]) -> None:
        next(step for step in steps if step["op"] == "create_loan")["terms"]["product"] = "NONE"

    lines = told(changed(tmp_path / "one", change), capsys)
    assert "cannot run: KeyError" in lines[0]
    assert lines[-1] == "0 passed, 1 failed"


def test_a_scenario_with_a_charge_is_in_neither_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(steps: list[dict[str, Any]]) -> None:
        steps.append({"op": "charge", "amount": 10.0})

    assert told(changed(tmp_path / "one", change), capsys)[-2:] == ["1 out of scope", "0 passed, 0 failed"]


def test_an_empty_folder_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, capsys)[-1] == "0 passed, 1 failed"
