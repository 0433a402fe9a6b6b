"""Totals of the returns: bands, sizes, classes, deferrals; nobody counted twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from steadyrest.desks.supervision.totals import by_household, summed
from tests.desks.supervision.tables import AGREEMENT, FIRM, LOAN, ON, tables


def told(name: str, *parts: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    return summed(name, [by_household(part, ON)[name] for part in parts]).to_dicts()


@pytest.mark.parametrize(
    ("line", "band"),
    [(100_000_000, "A1"), (100_000_001, "A2"), (1_000_000_000, "A3"), (3_000_000_000, "A4"), (None, "unknown")],
)
def test_bands_are_by_the_line_of_the_day(line: int | None, band: str) -> None:
    firm = FIRM | {"credit_line_fen": line}
    [row] = told("s71", tables(enterprise=[firm], loan=[LOAN, LOAN | {"loan_id": "J2", "quality": "FQ03"}]))
    assert row == {"item": "1", "band": band, "households": 1, "receipts": 2, "balance_fen": 2_000,
                   "bad_balance_fen": 1_000}  # fmt: skip


def test_a_line_beyond_the_limit_and_a_medium_firm_are_not_in_s71() -> None:
    assert told("s71", tables(enterprise=[FIRM | {"credit_line_fen": 3_000_000_001}])) == []
    assert told("s71", tables(enterprise=[FIRM | {"enterprise_size": "medium"}])) == []


def test_the_line_in_force_on_the_report_date_counts() -> None:
    year = {"borrower_id": "F1", "from_on": date(2022, 1, 1), "to_on": date(2022, 12, 31)}
    line = year | {"credit_line_fen": 600_000_000}
    past = line | {"from_on": date(2021, 1, 1), "to_on": date(2021, 12, 31), "credit_line_fen": 1}
    [row] = told("s71", tables(credit_line=[line, past]))
    assert row["band"] == "A3"


def test_an_individual_business_in_both_ledgers_is_one_household() -> None:
    shop = FIRM | {"borrower_id": "92X", "borrower_kind": "individual_business", "enterprise_size": "micro"}
    person = {"borrower_id": "P", "borrower_kind": "person", "credit_line_fen": 50_000_000}
    link = {"from_borrower_id": "P", "to_borrower_id": "92X", "link_kind": "owner_of"}
    own = tables(enterprise=[shop], loan=[LOAN | {"borrower_id": "92X"}])
    his = tables(enterprise=[person], linked_enterprise=[shop], customer_link=[link],
                 loan=[LOAN | {"loan_id": "J2", "borrower_id": "P", "ledger": "personal"}])  # fmt: skip
    [row] = told("s71", own, his)
    assert (row["item"], row["households"], row["receipts"], row["balance_fen"]) == ("3.1", 1, 2, 2_000)


def test_a_mark_of_the_special_table_says_who_borrows() -> None:
    person = {"borrower_id": "P", "borrower_kind": "person", "credit_line_fen": 50_000_000}
    loan = LOAN | {"borrower_id": "P", "ledger": "personal"}
    mark = {"loan_id": "J1", "is_individual_business": False, "is_owner": True}
    [row] = told("s71", tables(enterprise=[person], loan=[loan], owner_mark=[mark]))
    assert row["item"] == "3.2"
    assert told("s71", tables(enterprise=[person], loan=[loan])) == []
    consumer = loan | {"product": "F0219"}
    assert told("s71", tables(enterprise=[person], loan=[consumer], owner_mark=[mark])) == []


def test_renewals_by_size_balance_and_paid_out_since_january() -> None:
    core = {"loan_id": "J1", "grant_kind": "renewal_without_repayment", "original_principal_fen": 5_000}
    this_year = LOAN | {"drawn_on": date(2022, 3, 1)}
    settled = LOAN | {"loan_id": "J2", "drawn_on": date(2022, 2, 1), "balance_fen": 0}
    rows = told("s63", tables(loan=[this_year, settled], core_receipt=[core, core | {"loan_id": "J2"}]))
    assert [(row["item"], row["size_column"], row["receipts"], row["amount_fen"]) for row in rows] == [
        ("7.1", "C", 1, 1_000),
        ("7.2", "C", 2, 10_000),
    ]
    assert [row["item"] for row in told("s63", tables(core_receipt=[core]))] == ["7.1"]


def test_restructured_and_extended_by_class() -> None:
    restructured = AGREEMENT | {"risk_effect": "restructured", "legal_form": "extension_contract"}
    again = restructured | {"agreement_id": "X2", "signed_on": date(2022, 8, 20)}
    late = {"loan_id": "J1", "due_on": date(2022, 5, 1), "principal_fen": 100}
    rows = told("g11", tables(agreement=[restructured, again], arrears=[late]))
    assert [(row["item"], row["quality"], row["receipts"]) for row in rows] == [
        ("5.5", "FQ01", 1), ("5.5.1", "FQ01", 1), ("5.6", "FQ01", 1), ("6", "FQ01", 1),
    ]  # fmt: skip
    apart = again | {"signed_on": date(2022, 8, 20)}, restructured | {"signed_on": date(2021, 8, 1)}
    assert "5.6" not in [row["item"] for row in told("g11", tables(agreement=list(apart)))]
    assert told("g11", tables(agreement=[AGREEMENT])) == []


def test_deferrals_by_programme_size_industry_and_class() -> None:
    terms = {"loan_id": "J1", "original_principal_fen": 1_000, "amortisation": "bullet", "interest_cycle_months": 12}
    [row] = told("deferral_return", tables(loan_terms=[terms], agreement=[AGREEMENT]))
    assert row["is_manufacturing"] is True
    assert (row["households"], row["signed_receipts"]) == (1, 1)
    assert (row["balance_fen"], row["deferred_principal_fen"]) == (1_000, 1_000)
    assert (row["ended_receipts"], row["ended_late_receipts"]) == (0, 0)
    over = AGREEMENT | {"signed_on": date(2022, 5, 1), "new_due_on": date(2022, 8, 30)}
    late = {"loan_id": "J1", "due_on": date(2022, 8, 30), "principal_fen": 100}
    [row] = told("deferral_return", tables(agreement=[over], arrears=[late]))
    assert (row["signed_receipts"], row["ended_receipts"], row["ended_late_receipts"]) == (0, 1, 1)
    for change in ({"programme": "none"}, {"broken_on": date(2022, 8, 20)}, {"signed_on": None}):
        assert told("deferral_return", tables(agreement=[AGREEMENT | change])) == []
