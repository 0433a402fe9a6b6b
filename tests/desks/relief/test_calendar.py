"""The renewal calendar by the text of the rules: 2014 in July 2022, 2024 now; the day to start; late ones first."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from steadyrest import policy, synth
from steadyrest.calendar import is_bank_day
from steadyrest.desks.relief.mechanisms.calendar import renewal_calendar
from steadyrest.schema import TABLES
from tests.cli.called import call

THEN, NOW = date(2022, 7, 31), date(2026, 11, 25)
SOUND = {"loan_id": "J1", "borrower_id": "B1", "currency": "CNY", "balance_fen": 100, "quality": "FQ01",
         "product": "F022", "enterprise_size": "small", "borrower_kind": "enterprise"}  # fmt: skip


def calendar(on: date, *changes: dict[str, Any], days: int = 90, lead_days: int = 30) -> list[dict[str, Any]]:
    base = SOUND | {"maturity_on": on + timedelta(days=60), "applied_on": on}
    rows = [base | {"loan_id": f"J{number}"} | change for number, change in enumerate(changes)]
    facts = pl.DataFrame(rows, schema=TABLES["loan_facts"].polars())
    snapshot = policy.resolve(policy.load_library(), on, on)
    return renewal_calendar(facts, snapshot, on, days=days, lead_days=lead_days).rows(named=True)


@pytest.mark.parametrize(("on", "clause"), [(THEN, "cn.cbrc.2014-36.renewal"), (NOW, "cn.nfra.2024-13.renewal")])
def test_the_rule_of_the_day_is_asked(on: date, clause: str) -> None:
    (row,) = calendar(on, {})
    assert row["clause_id"] == clause
    assert (row["failed"], row["unknown"], row["renewal_verdict"]) == ("", "", "eligible")
    assert row["class_verdict"] == ("needs_data" if on == NOW else row["class_verdict"])


@pytest.mark.parametrize(
    ("change", "verdict", "failed", "unknown"),
    [
        ({"applied_on": None}, "needs_data", "", "applied"),
        ({"product": "F023"}, "refused", "product", ""),
        ({"enterprise_size": "large"}, "refused", "borrower", ""),
        ({"enterprise_size": "medium"}, "eligible", "", ""),
        ({"enterprise_size": None}, "needs_data", "", "borrower"),
        ({"product": None, "enterprise_size": "large"}, "refused", "borrower", "product"),
    ],
)
def test_each_condition_passes_fails_or_is_unknown(
    change: dict[str, Any], verdict: str, failed: str, unknown: str
) -> None:
    (row,) = calendar(NOW, change)
    assert (row["renewal_verdict"], row["failed"], row["unknown"]) == (verdict, failed, unknown)


def test_a_medium_firm_is_renewed_until_the_day_and_not_after() -> None:
    on = date(2027, 9, 1)
    rows = calendar(
        on, *({"enterprise_size": "medium", "maturity_on": day} for day in (date(2027, 9, 30), date(2027, 10, 1)))
    )
    assert [row["renewal_verdict"] for row in rows] == ["eligible", "refused"]


def test_a_receipt_that_is_not_normal_does_not_stay_normal() -> None:
    assert calendar(NOW, {"quality": "FQ02"})[0]["class_verdict"] == "refused"
    assert calendar(NOW, {"quality": "FQ01"})[0]["class_verdict"] == "needs_data"


def test_the_review_starts_on_a_bank_day_and_late_ones_come_first() -> None:
    days = [{"maturity_on": NOW + timedelta(days=k)} for k in (0, 10, 29, 31, 45, 90)]
    rows = calendar(NOW, *days)
    assert len(rows) == 6
    for row in rows:
        assert is_bank_day(row["review_from_on"])
        assert row["review_from_on"] <= row["maturity_on"] - timedelta(days=30)
        assert row["is_late"] == (row["review_from_on"] < NOW)
        assert row["days_left"] == (row["maturity_on"] - NOW).days
    assert [row["is_late"] for row in rows] == sorted((row["is_late"] for row in rows), reverse=True)
    assert [row["is_late"] for row in calendar(NOW, *days, lead_days=0)] == [False] * 6


def test_only_what_falls_due_in_the_days_is_listed() -> None:
    outside = [{"maturity_on": NOW + timedelta(days=k)} for k in (-1, 91)]
    assert calendar(NOW, *outside, {"maturity_on": None}) == []


def test_the_command_reads_a_finished_run(tmp_path: Path) -> None:
    synth.write_book(tmp_path / "book", loans=600, layout="steadyrest", dirt=False)
    assert call("run", tmp_path / "book", "--as-of", THEN, "--out", tmp_path / "run", "--no-report").code == 0
    found = call("renewals", tmp_path / "run", "--out", tmp_path / "all.csv", "--json")
    loans = pl.read_parquet(tmp_path / "run" / "tables" / "loan_facts.parquet")
    due = loans.filter(pl.col("maturity_on").is_between(THEN, THEN + timedelta(days=90)))
    assert {row["loan_id"] for row in found.json["rows"]} == set(due["loan_id"])
    assert pl.read_csv(tmp_path / "all.csv").height == due.height > 0
    assert "past the day of review" in call("renewals", tmp_path / "run", "--lang", "en").out
    assert call("renewals", tmp_path, "--json").json["error"]["code"] == "run.not_finished"
    assert call("renewals", tmp_path / "run", "--days", "-1", "--json").json["error"]["code"] == "call.days"
