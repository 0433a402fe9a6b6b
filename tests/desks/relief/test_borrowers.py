"""Borrower facts: industry and size through the link, the line in force, the latest evidence."""

from __future__ import annotations

from datetime import date, timedelta

from steadyrest.desks.borrowers import borrowers, size_findings
from tests.desks.relief.policy import AS_OF
from tests.desks.relief.tables import book, codes, firm, row, table, word

LINK = {"from_borrower_id": "P1", "to_borrower_id": "B9", "link_kind": "owner_of"}
OWNER = firm("P1", borrower_kind="owner", industry_code=None, enterprise_size=None)


def test_an_owner_takes_industry_and_size_of_the_business() -> None:
    tables = book(enterprise=[OWNER], customer_link=[LINK], linked_enterprise=[firm("B9", enterprise_size="micro")])
    found = row(borrowers(tables, AS_OF), borrower_id="P1")
    assert (found["borrower_section"], found["borrower_division"], found["industry_basis"]) == ("C", "34", "link")
    assert (found["enterprise_size"], found["size_basis"]) == ("micro", "reported")


def test_the_size_of_the_business_is_computed_from_its_own_figures() -> None:
    business = firm("B9", enterprise_size=None, employees=50, revenue_fen=500_000_000)
    tables = book(enterprise=[OWNER], customer_link=[LINK], linked_enterprise=[business])
    found = row(borrowers(tables, AS_OF), borrower_id="P1")
    assert (found["enterprise_size"], found["size_basis"]) == ("small", "computed")


def test_of_two_businesses_the_first_with_an_industry_counts() -> None:
    links = [LINK, LINK | {"to_borrower_id": "B8"}]
    linked = [firm("B8", industry_code=None, enterprise_size="large"), firm("B9", industry_code="F51")]
    found = row(borrowers(book(enterprise=[OWNER], customer_link=links, linked_enterprise=linked), AS_OF))
    assert (found["borrower_section"], found["enterprise_size"]) == ("F", "small")


def test_other_links_carry_no_industry() -> None:
    link = LINK | {"link_kind": "guarantor_of"}
    found = row(borrowers(book(enterprise=[OWNER], customer_link=[link], linked_enterprise=[firm("B9")]), AS_OF))
    assert (found["borrower_section"], found["industry_basis"], found["size_basis"]) == (None, None, None)


def test_the_reported_size_goes_first_and_a_contradiction_is_a_warning() -> None:
    firms = [firm(employees=50, revenue_fen=500_000_000, enterprise_size="large")]
    found = row(borrowers(book(enterprise=firms), AS_OF))
    assert (found["enterprise_size"], found["size_basis"]) == ("large", "reported")
    warned = row(size_findings(table("enterprise", firms)))
    assert (warned["code"], warned["severity"], warned["row_id"], warned["value"]) == (
        "RELIEF-001",
        "warning",
        "B1",
        "large",
    )
    assert warned["args"] is not None
    assert '"computed":"small"' in warned["args"]


def test_no_warning_where_the_standard_agrees_or_says_nothing() -> None:
    figures = {"employees": 50, "revenue_fen": 500_000_000}
    firms = [firm("B1", **figures), firm("B2"), firm("B3", enterprise_size="not_enterprise", **figures)]
    assert codes(size_findings(table("enterprise", firms))) == []


def test_the_line_in_force_replaces_the_reported_one() -> None:
    day = timedelta(days=1)
    lines = [
        {"borrower_id": "B1", "from_on": date(2021, 1, 1), "to_on": AS_OF - day, "credit_line_fen": 1},
        {"borrower_id": "B1", "from_on": date(2022, 1, 1), "to_on": AS_OF, "credit_line_fen": 2},
        {"borrower_id": "B1", "from_on": AS_OF + day, "to_on": None, "credit_line_fen": 3},
    ]
    assert row(borrowers(book(credit_line=lines), AS_OF))["credit_line_fen"] == 2
    assert row(borrowers(book(credit_line=lines[:1]), AS_OF))["credit_line_fen"] == 800_000_000


def test_the_latest_evidence_up_to_the_as_of_date_counts() -> None:
    words = [
        word("temporary_difficulty", as_of_on=date(2022, 6, 1), holds=False),
        word("temporary_difficulty", as_of_on=AS_OF, holds=True),
        word("temporary_difficulty", as_of_on=AS_OF + timedelta(days=1), holds=False),
        word("severely_hit", as_of_on=AS_OF + timedelta(days=1)),
    ]
    found = row(borrowers(book(evidence=words), AS_OF))
    assert found["has_temporary_difficulty"] is True
    assert found["is_severely_hit"] is None
