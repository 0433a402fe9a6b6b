"""Screening: flags of definitions, two masks a clause, and what they add up to."""

from __future__ import annotations

from steadyrest.schema.tables.results import eligibility
from tests.desks.relief.policy import INCLUSIVE, LONGER, NOTICE, clause, context
from tests.desks.relief.tables import book, firm, loan, row, run, terms, word


def test_a_definition_is_true_false_or_unknown() -> None:
    firms = [
        firm("B1"),
        firm("B2", credit_line_fen=1_000_000_001),
        firm("B3", credit_line_fen=None),
        firm("B4", enterprise_size="medium", credit_line_fen=None),
    ]
    loans = [loan(f"L{n}", f"B{n}") for n in range(1, 5)]
    facts = run(book(loan=loans, enterprise=firms), context(), "screen")["loan_facts"]
    assert facts["is_inclusive_cbirc"].to_list() == [True, False, None, False]
    assert facts["is_inclusive_pbc"].to_list() == [None] * 4


def test_bits_are_the_conditions_that_fail_or_are_unknown() -> None:
    firms = [firm("B1"), firm("B2", industry_code="F51", enterprise_size="large"), firm("B3", industry_code=None)]
    loans = [loan(f"L{n}", f"B{n}") for n in range(1, 4)]
    tables = run(book(loan=loans, loan_terms=[terms("L1")], enterprise=firms), context(NOTICE), "screen")
    masks = tables["eligibility"].select("n2_fail", "n2_unknown").rows()
    assert masks == [(0, 0), (0b0011, 0b1100), (0, 0b1101)]


def test_a_soft_condition_that_fails_refers_to_a_person() -> None:
    soft = clause("soft", ['borrower_section == "F"'], soft=True)
    masks = row(run(book(), context(soft), "screen")["eligibility"])
    assert (masks["soft_fail"], masks["soft_unknown"]) == (0, 1)


def test_the_table_is_the_registered_one_of_the_snapshot() -> None:
    found = run(book(), context(INCLUSIVE, NOTICE, LONGER), "screen")["eligibility"]
    expected = eligibility(tuple((item.slug, item.title) for item in (NOTICE, LONGER)))
    assert dict(found.schema) == expected.polars()


def test_results_count_households_receipts_and_balance_by_verdict() -> None:
    loans = [loan("L1"), loan("L2"), loan("L3", "B2"), loan("L4", "B3", currency="USD")]
    firms = [firm("B1"), firm("B2", industry_code="F51"), firm("B3", industry_code=None)]
    words = [word("temporary_difficulty", borrower) for borrower in ("B1", "B2", "B3")]
    known = [terms(f"L{n}") for n in range(1, 5)]
    tables = book(loan=loans, loan_terms=known, enterprise=firms, evidence=words)
    results = run(tables, context(NOTICE), "screen")["clause_result"]
    assert results.rows() == [
        ("test.n2", "eligible", "CNY", 1, 2, 200_000_000),
        ("test.n2", "refused", "CNY", 1, 1, 100_000_000),
        ("test.n2", "needs_data", "USD", 1, 1, 100_000_000),
    ]


def test_a_snapshot_without_clauses_screens_nothing() -> None:
    tables = run(book(), context(INCLUSIVE), "months")
    assert tables["eligibility"].columns == ["loan_id"]
    assert tables["clause_result"].is_empty()
    assert tables["option"].is_empty()
