"""The kernel and the slow twin give the same dues, or the same status, for any loan and any agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.cases import Case, by_engine, by_twin, case_of, terms_of

SHAPES = ("park", "shift", "extension")


def agree(cases: Sequence[Case], books: Sequence[int | None] | None = None, as_of: date | None = None) -> None:
    """Engine and twin say the same of every case."""
    for number, (case, found) in enumerate(zip(cases, by_engine(cases, books, as_of), strict=True)):
        expected = by_twin(case, books[number] if books else None, as_of)
        assert found == expected, case


@given(st.lists(case_of(events=0), min_size=1, max_size=6))
@settings(max_examples=120)
def test_contracts_as_signed(cases: list[Case]) -> None:
    agree(cases)


@given(st.lists(st.builds(Case, terms_of(is_possible=False)), min_size=1, max_size=6))
@settings(max_examples=60)
def test_impossible_terms_have_the_same_status(cases: list[Case]) -> None:
    agree(cases)


@pytest.mark.parametrize("shapes", list(product(SHAPES, repeat=2)), ids="-".join)
def test_ordered_pairs_of_agreements(shapes: tuple[str, str]) -> None:
    @given(st.lists(case_of(shapes=shapes), min_size=1, max_size=4))
    @settings(max_examples=25)
    def check(cases: list[Case]) -> None:
        agree(cases)

    check()


@given(st.lists(case_of(events=3), min_size=1, max_size=4))
@settings(max_examples=60)
def test_random_triples_of_agreements(cases: list[Case]) -> None:
    agree(cases)


@given(
    st.lists(st.tuples(case_of(), st.integers(-1, 6)), min_size=1, max_size=4),
    st.dates(date(2019, 6, 1), date(2028, 1, 1)),
)
@settings(max_examples=120)
def test_what_remains_of_a_book(drawn: list[tuple[Case, int]], as_of: date) -> None:
    """The book agrees with the plan, still holds a due of the day itself, is a little off, or is anything."""
    cases = [case for case, _ in drawn]
    agree(cases, [balance_of(case, kind, as_of) for case, kind in drawn], as_of)


def balance_of(case: Case, kind: int, as_of: date) -> int | None:
    """A balance of the book of one of several kinds."""
    plan = by_twin(case)
    rows = plan if isinstance(plan, list) else []
    later = sum(row.principal_due_fen for row in rows if row.due_on > as_of)
    today = sum(row.principal_due_fen for row in rows if row.due_on == as_of)
    original: int = case.terms["original_principal_fen"]
    kinds = (later, later + today, later + 1, max(later - 12_345, 0), original // 3, 2 * original, -original)
    return kinds[kind] if kind >= 0 else None
