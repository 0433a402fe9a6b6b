"""Golden vectors: dispatch by mechanism, and nothing passes that was not read in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from validation.golden import main, mistakes

CASE: dict[str, Any] = {
    "id": "made up",
    "desk": "reporting",
    "mechanism": "extension_dates",
    "input": {
        "original_maturity": "2023-05-10",
        "agreed_on": "2023-05-08",
        "extended_to": "2023-11-10",
        "overdue_from": None,
        "report_date": "2023-05-31",
    },
    "expect": {"maturity_date": "2023-05-10", "extended_maturity_date": "2023-11-10", "status": "LS02"},
}


def changed(part: str, **fields: Any) -> dict[str, Any]:
    return CASE | {part: CASE[part] | fields}


def test_the_vectors_of_reporting_and_relief_have_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    file = shared("facts/golden_vectors.json")
    assert main([str(file), "--desk", "relief,reporting"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed"


def test_other_cases_of_the_shape() -> None:
    assert mistakes(CASE) == []
    unsigned = changed("input", agreed_on="2023-06-01")
    assert len(mistakes(unsigned)) == 2
    assert mistakes(unsigned | {"expect": {"status": "LS01", "extended_maturity_date": None}}) == []
    deferral = {"original_maturity": "2023-05-10", "agreed_on": "2023-05-08", "deferred_to": "2023-11-10"}
    late = deferral | {"report_date": "2023-11-30", "overdue_from": "2023-11-11", "overdue_type": "01"}
    said = {"maturity_date": "2023-11-10", "status": "LS03", "overdue_type": "01", "days_past_due": 20}
    assert mistakes(CASE | {"mechanism": "deferral_dates", "input": late, "expect": said}) == []


def test_a_wrong_expectation_or_a_field_nobody_reads_is_a_mistake() -> None:
    assert mistakes(changed("expect", status="LS01")) == ["status is LS02, expected LS01"]
    assert mistakes(changed("expect", ledger="x")) == ["ledger is not computed, expected x"]
    assert mistakes(changed("input", suspended_on="2023-05-09")) == ["input fields nobody reads: suspended_on"]
    assert mistakes(CASE | {"mechanism": "premium_subsidy"}) == [
        "mechanism premium_subsidy of desk reporting is not built"
    ]


def test_what_cannot_run_is_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cases.json"
    bad = [CASE, changed("input", original_maturity="10 May"), {"id": "empty"}]
    file.write_text(json.dumps(bad), "utf-8")
    assert main([str(file)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "1 passed, 2 failed"
    assert printed[0].startswith("FAILED made up: cannot run: ValueError")
    assert main([str(file), "--desk", "funding"]) == 0
