"""What arrears cost: penalty, compound interest, grace, suspension, relief and its reversal."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from steadyrest.contracts.account import TermsError
from steadyrest.contracts.arrears import ArrearsTerms, Relief, Unpaid, arrears

TERMS = ArrearsTerms(rate_e7=435_000)
DUE = date(2022, 6, 21)
INTEREST = Unpaid("interest", 1_111_667, DUE)
PRINCIPAL = Unpaid("principal", 50_000_000, DUE)
DAYS = st.integers(0, 900).map(lambda days: DUE + timedelta(days=days))


def test_compound_interest_may_join_the_base_at_the_next_settlement() -> None:
    until = date(2022, 12, 21)
    alone = arrears(TERMS, INTEREST, until)
    joined = arrears(ArrearsTerms(rate_e7=435_000, base="interest_and_compound"), INTEREST, until)
    assert [charge.fen for charge in alone.charges] == [12_358, 12_224]
    assert [charge.fen for charge in joined.charges] == [12_358, 12_360]


def test_compound_interest_inside_the_term_may_bear_the_penalty_rate() -> None:
    terms = ArrearsTerms(rate_e7=435_000, in_term="penalty")
    assert arrears(terms, INTEREST, date(2022, 9, 21)).fen == 18_537


def test_the_rate_changes_at_maturity_inside_a_settlement_period() -> None:
    terms = ArrearsTerms(rate_e7=435_000, maturity_on=date(2022, 8, 1))
    (charge,) = arrears(terms, INTEREST, date(2022, 9, 21)).charges
    assert charge.settlement is not None
    assert [(run.days, run.multiplier) for run in charge.settlement.runs] == [(41, 1), (51, Fraction(3, 2))]


@pytest.mark.parametrize(("late", "charged_days"), [(0, 0), (5, 0), (6, 6)])
def test_within_the_days_of_grace_nothing_is_late(late: int, charged_days: int) -> None:
    found = arrears(ArrearsTerms(rate_e7=435_000, grace_days=5), PRINCIPAL, DUE + timedelta(days=late))
    assert found.days_past_due == charged_days
    assert sum(charge.settlement.days for charge in found.charges if charge.settlement) == charged_days


def test_nothing_is_charged_while_suspended() -> None:
    paused = [(date(2022, 7, 1), date(2022, 7, 11)), (date(2022, 7, 5), date(2022, 7, 21))]
    (charge,) = arrears(TERMS, PRINCIPAL, date(2022, 8, 1), suspended=paused).charges
    assert charge.settlement is not None
    assert charge.settlement.days == 41 - 20
    assert arrears(TERMS, PRINCIPAL, date(2022, 8, 1), suspended=[(DUE, date(2022, 9, 1))]).fen == 0


def test_relief_after_the_due_day_reverses_what_was_booked_and_keeps_the_days() -> None:
    found = arrears(TERMS, INTEREST, date(2023, 1, 30), relief=Relief(date(2022, 7, 25), date(2022, 12, 31)))
    assert [(charge.kind, charge.fen) for charge in found.charges] == [
        ("compound", 4_567),
        ("reversal", -4_567),
        ("compound", 4_030),
    ]
    assert (found.days_kept, found.days_past_due) == (34, 30)


@given(st.lists(DAYS, min_size=3, max_size=3).map(sorted), st.sampled_from([INTEREST, PRINCIPAL]))
def test_inside_relief_nothing_but_the_amount_is_owed(days: list[date], due: Unpaid) -> None:
    signed, until, new = days
    assume(new > DUE)
    found = arrears(TERMS, due, until, relief=Relief(signed, new))
    assert found.fen == 0
    assert found.days_past_due == 0


@given(DAYS, DAYS, st.sampled_from([INTEREST, PRINCIPAL]))
def test_more_time_never_costs_less(first: date, second: date, due: Unpaid) -> None:
    sooner, later = sorted((first, second))
    assert arrears(TERMS, due, sooner).fen <= arrears(TERMS, due, later).fen


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: ArrearsTerms(rate_e7=1, penalty_multiplier=Fraction(1, 2)), "penalty_multiplier"),
        (lambda: ArrearsTerms(rate_e7=1, grace_days=-1), "grace_days"),
        (lambda: arrears(TERMS, Unpaid("interest", -1, DUE), DUE), "amount_fen"),
        (lambda: arrears(TERMS, INTEREST, DUE, relief=Relief(DUE, DUE)), "new_due_on"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(call: object, field: str) -> None:
    with pytest.raises(TermsError) as refused:
        call()  # type: ignore[operator]
    assert refused.value.field == field
