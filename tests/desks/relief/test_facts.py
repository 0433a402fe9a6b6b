"""Loan facts: dues and states, arrears, applications, the two manufacturing tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from tests.desks.relief.policy import AS_OF, context
from tests.desks.relief.tables import book, codes, firm, loan, row, run, terms

DAY = timedelta(days=1)


def facts(**rows: Any) -> dict[str, Any]:
    return row(run(book(**rows), context(), "facts")["loan_facts"], loan_id="L1")


def test_dues_come_from_the_schedule() -> None:
    found = facts()
    assert found["schedule_state"] == "projected"
    assert (found["next_due_on"], found["last_due_on"]) == (date(2022, 8, 15), date(2022, 9, 15))
    assert (found["first_unpaid_on"], found["past_due_days"]) == (date(2022, 8, 15), 0)


def test_without_terms_the_schedule_needs_data_and_nothing_is_guessed() -> None:
    tables = run(book(loan_terms=[]), context(), "facts")
    found = row(tables["loan_facts"])
    assert (found["schedule_state"], found["has_terms"], found["next_due_on"]) == ("needs_data", False, None)
    assert found["last_due_on"] == date(2022, 9, 15)
    assert tables["cash_flow_month"].is_empty()
    assert codes(tables["finding"]) == []


def test_a_missing_term_is_named() -> None:
    tables = run(book(loan_terms=[terms(interest_cycle_months=None)]), context(), "facts")
    assert row(tables["loan_facts"])["schedule_state"] == "needs_data"
    found = row(tables["finding"])
    assert (found["code"], found["row_id"], found["field"]) == ("SCHEDULE-001", "L1", "interest_cycle_months")


def test_impossible_terms_are_a_finding_and_a_state() -> None:
    tables = run(book(loan_terms=[terms(interest_day=32)]), context(), "facts")
    assert row(tables["loan_facts"])["schedule_state"] == "impossible_terms"
    assert codes(tables["finding"]) == ["SCHEDULE-005"]


def test_the_oldest_unpaid_due_counts_from_the_day_after_it() -> None:
    late = [
        {"loan_id": "L1", "due_on": date(2022, 7, 1), "principal_fen": 0, "interest_fen": None},
        {"loan_id": "L1", "due_on": date(2022, 7, 15), "principal_fen": None, "interest_fen": 5},
        {"loan_id": "L1", "due_on": AS_OF + DAY, "principal_fen": 5, "interest_fen": 5},
    ]
    found = facts(arrears=late)
    assert (found["first_unpaid_on"], found["past_due_days"]) == (date(2022, 7, 15), 16)


def test_days_past_due_are_unknown_for_an_overdue_receipt_without_arrears() -> None:
    assert facts(loan=[loan(loan_status="LS03")])["past_due_days"] is None
    assert facts(loan=[loan(loan_status=None)])["past_due_days"] is None


def test_a_balance_beyond_maturity_without_arrears_is_not_called_current() -> None:
    assert facts(loan=[loan(maturity_on=date(2022, 7, 30))])["past_due_days"] is None
    assert facts(loan=[loan(maturity_on=date(2022, 7, 31))])["past_due_days"] == 0
    extended = loan(maturity_on=date(2022, 7, 30), extended_maturity_on=date(2022, 12, 30), loan_status="LS02")
    assert facts(loan=[extended])["past_due_days"] == 0


def test_principal_in_arrears_is_not_in_the_schedule() -> None:
    late = [{"loan_id": "L1", "due_on": date(2022, 7, 15), "principal_fen": 40_000_000, "interest_fen": 0}]
    months = run(book(arrears=late), context(), "facts")["cash_flow_month"]
    assert months["principal_due_fen"].sum() == 60_000_000


def test_arrears_beyond_the_balance_are_a_finding() -> None:
    late = [{"loan_id": "L1", "due_on": date(2022, 7, 15), "principal_fen": 100_000_001, "interest_fen": 0}]
    tables = run(book(arrears=late), context(), "facts")
    assert codes(tables["finding"]) == ["RELIEF-002"]
    assert tables["cash_flow_month"]["principal_due_fen"].sum() == 0


def test_a_receipt_drawn_after_the_as_of_date_is_a_warning_and_stays() -> None:
    early, late = loan("L1", drawn_on=AS_OF), loan("L2", drawn_on=AS_OF + DAY)
    tables = run(book(loan=[early, late], loan_terms=[terms("L1"), terms("L2")]), context(), "facts")
    found = row(tables["finding"])
    assert (found["code"], found["severity"], found["row_id"]) == ("RELIEF-004", "warning", "L2")
    assert (found["field"], found["value"]) == ("drawn_on", "2022-08-01")
    assert tables["loan_facts"].height == 2


def test_the_latest_application_up_to_the_as_of_date() -> None:
    days = (date(2022, 7, 1), AS_OF, AS_OF + DAY)
    asked = [{"application_id": f"A{n}", "loan_id": "L1", "applied_on": on} for n, on in enumerate(days)]
    assert facts(application=asked)["applied_on"] == AS_OF


def test_the_use_gives_the_industry_of_a_personal_operating_loan_only() -> None:
    no_industry = [firm(industry_code=None)]
    operating = {"ledger": "personal", "product": "F022", "use_industry_code": "C21"}
    found = facts(loan=[loan(**operating)], enterprise=no_industry)
    assert (found["borrower_section"], found["borrower_division"], found["industry_basis"]) == ("C", "21", "use")
    corporate = facts(loan=[loan(use_industry_code="C21")], enterprise=no_industry)
    assert (corporate["borrower_section"], corporate["use_section"], corporate["industry_basis"]) == (None, "C", None)
    own = facts(loan=[loan(**operating)], enterprise=[firm(industry_code="F51")])
    assert (own["borrower_section"], own["use_section"], own["industry_basis"]) == ("F", "C", "own")


def test_a_receipt_whose_borrower_is_unknown_is_kept() -> None:
    found = facts(enterprise=[])
    assert (found["borrower_kind"], found["borrower_section"], found["enterprise_size"]) == (None, None, None)


def test_a_signed_agreement_moves_the_next_due_and_an_unsigned_one_does_not() -> None:
    deferral = {
        "agreement_id": "G1",
        "loan_id": "L1",
        "legal_form": "deferral_agreement",
        "deferred_part": "both",
        "from_on": date(2022, 8, 1),
        "to_on": date(2022, 9, 30),
        "new_due_on": date(2022, 12, 30),
    }
    assert facts(agreement=[deferral | {"signed_on": AS_OF}])["last_due_on"] == date(2022, 12, 30)
    for never in (None, AS_OF + DAY):
        assert facts(agreement=[deferral | {"signed_on": never}])["last_due_on"] == date(2022, 9, 15)
    broken = deferral | {"signed_on": date(2022, 7, 1), "broken_on": AS_OF}
    assert facts(agreement=[broken])["last_due_on"] == date(2022, 9, 15)


def test_households_count_once_a_month_and_currency() -> None:
    loans = [loan("L1"), loan("L2"), loan("L3", "B2"), loan("L4", currency="USD")]
    known = [terms(f"L{n}") for n in range(1, 5)]
    months = run(book(loan=loans, loan_terms=known, enterprise=[firm("B1"), firm("B2")]), context(), "facts")
    august = months["cash_flow_month"].filter(pl.col("month_on") == date(2022, 8, 1))
    assert august.select("currency", "households", "receipts").rows() == [("CNY", 2, 3), ("USD", 1, 1)]
