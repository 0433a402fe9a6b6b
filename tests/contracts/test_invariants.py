"""What holds of every schedule, whatever was agreed on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.contracts.cases import Agreed, Case, Terms, by_engine, case_of, event_of, sums, terms_of
from tests.reference.schedule_twin import Row

SHAPES = ("park", "shift", "extension")
TRIPLES = st.lists(case_of(events=3), min_size=1, max_size=6)


def possible(cases: Sequence[Case]) -> list[tuple[Case, list[Row]]]:
    """Cases that have a schedule, with their dues."""
    return [(case, rows) for case, rows in zip(cases, by_engine(cases), strict=True) if isinstance(rows, list)]


def conserve(case: Case, rows: Sequence[Row]) -> None:
    """Principal repaid = disbursed, no balance below zero, zero at the end, days in order, nothing negative."""
    left: int = case.terms["original_principal_fen"]
    for row in rows:
        assert row.principal_due_fen >= 0
        assert row.interest_due_fen >= 0
        assert row.principal_due_fen + row.interest_due_fen > 0
        left -= row.principal_due_fen
        assert row.balance_after_fen == left >= 0
        assert 0 <= row.deferred_principal_fen <= row.principal_due_fen
        assert 0 <= row.deferred_interest_fen <= row.interest_due_fen
        assert row.period_from_on < row.due_on
    assert left == 0
    days = [row.due_on for row in rows]
    assert days == sorted(set(days))


@pytest.mark.parametrize("shapes", list(product(SHAPES, repeat=2)), ids="-".join)
def test_pairs_conserve_principal(shapes: tuple[str, str]) -> None:
    @given(st.lists(case_of(shapes=shapes), min_size=1, max_size=8))
    @settings(max_examples=25)
    def check(cases: list[Case]) -> None:
        for case, rows in possible(cases):
            conserve(case, rows)

    check()


@given(TRIPLES)
@settings(max_examples=60)
def test_triples_conserve_principal(cases: list[Case]) -> None:
    for case, rows in possible(cases):
        conserve(case, rows)


@given(case_of(shapes=["park"]))
@settings(max_examples=150)
def test_deferred_interest_alone_changes_days_and_not_the_total(case: Case) -> None:
    event = case.events[0] | {"deferred_part": "interest"}
    before, after = by_engine([Case(case.terms), Case(case.terms, [event])])
    assume(isinstance(before, list) and isinstance(after, list))
    assert isinstance(before, list)
    assert isinstance(after, list)
    assert sums(after) == sums(before)


@given(case_of(shapes=["park"]), st.integers(1, 400))
@settings(max_examples=150)
def test_a_parked_due_bears_simple_interest_and_nothing_else(case: Case, days: int) -> None:
    """No penalty, no compounding: a zero rate gives no interest, and interest grows with the principal that waits."""
    free = case.terms | {"rate_type": "RF01", "nominal_rate_e7": 0}
    found = by_engine([Case(free, case.events)])[0]
    assume(isinstance(found, list))
    assert isinstance(found, list)
    assert sums(found)[1] == 0


@given(terms_of(), st.data())
@settings(max_examples=80)
def test_undo_is_the_identity(terms: Terms, data: st.DataObject) -> None:
    kept, undone = data.draw(event_of(terms)), data.draw(event_of(terms))
    reversal: Agreed = {"shape": "reversal", "reverses": 2, "effective_on": date(2020, 1, 2)}
    again: Agreed = {"shape": "reversal", "reverses": 3, "effective_on": date(2020, 1, 3)}
    plain, with_undo, with_redo, straight = by_engine(
        [
            Case(terms, [kept]),
            Case(terms, [kept, undone, reversal]),
            Case(terms, [kept, undone, reversal, again]),
            Case(terms, [kept, undone]),
        ]
    )
    assert with_undo == plain
    assert with_redo == straight


@given(st.lists(case_of(), min_size=1, max_size=6), st.integers(0, 2_500))
@settings(max_examples=100)
def test_the_as_of_split_does_not_matter(cases: list[Case], age: int) -> None:
    """What remains over the balance of a day is what the whole schedule has after it."""
    as_of = date(2019, 1, 1) + timedelta(age)
    whole = by_engine(cases)
    books = [
        sum(row.principal_due_fen for row in rows if row.due_on > as_of) if isinstance(rows, list) else None
        for rows in whole
    ]
    for all_rows, rest in zip(whole, by_engine(cases, books, as_of), strict=True):
        if isinstance(all_rows, list):
            assert rest == [row for row in all_rows if row.due_on > as_of]


@given(st.lists(case_of(), min_size=1, max_size=6), st.integers(0, 2_500), st.integers(0, 10**9))
@settings(max_examples=100)
def test_a_fit_to_the_book_repays_the_book(cases: list[Case], age: int, book: int) -> None:
    as_of = date(2019, 1, 1) + timedelta(age)
    for rows in by_engine(cases, [book] * len(cases), as_of):
        if isinstance(rows, list):
            assert sums(rows)[0] == book
            assert all(row.due_on >= as_of and row.balance_after_fen >= 0 for row in rows)


@given(st.lists(case_of(), min_size=2, max_size=8), st.randoms())
@settings(max_examples=40)
def test_the_order_of_loans_does_not_matter(cases: list[Case], random: object) -> None:
    assert by_engine(cases[::-1]) == by_engine(cases)[::-1]
