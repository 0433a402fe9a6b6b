"""The fold itself: exact amounts, roundings, order, and what the arithmetics refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.contracts.account import (
    Exact,
    Kind,
    Operation,
    Real,
    TermsError,
    YearFraction,
    joined,
    order,
    resolve,
    run,
    start,
    state_on,
    step,
)
from steadyrest.contracts.account.moments import day_of
from steadyrest.units import Rounding
from tests.contracts.account.made import amortising, exact, paid, terms


@pytest.mark.parametrize(
    ("rounding", "multiple", "settled"),
    [
        (Rounding.HALF_UP, 1, 13),
        (Rounding.HALF_EVEN, 1, 12),
        (Rounding.UP, 1, 13),
        (Rounding.DOWN, 1, 12),
        (Rounding.UP, 100, 100),
        (Rounding.HALF_UP, 5, 15),
    ],
)
def test_roundings(rounding: Rounding, multiple: int, settled: int) -> None:
    assert Exact(rounding, multiple).settle(Fraction(25, 2)) == settled
    assert Exact(rounding, multiple).settle(Fraction(-25, 2)) == -settled


def test_money_and_rates_that_do_not_fit_are_refused() -> None:
    for value, field in ((Fraction(1, 1000), "notional_principal"), (Fraction(10**16), "notional_principal")):
        with pytest.raises(TermsError) as caught:
            Exact().money(value, field)
        assert caught.value.field == field
    with pytest.raises(TermsError, match="more than 7 decimals"):
        Exact().rate(Fraction(1, 10**8), "nominal_interest_rate")
    assert Exact().computed_rate(Fraction(15, 10**8)) == 2
    assert Exact(decimals=0).money(Fraction(5), "notional_principal") == 5


@given(
    st.integers(1, 10**12),
    st.integers(1, 5_000_000),
    st.lists(st.integers(1, 100), min_size=1, max_size=40),
)
def test_the_level_payment_clears_the_balance(balance: int, rate: int, lengths: list[int]) -> None:
    parts = [YearFraction(length, 360) for length in lengths]
    level = Exact(instalment_multiple=1).level(balance, 0, rate, parts)
    left: Any = Fraction(balance)
    for part in parts:
        left += Exact().interest(left, rate, part) - level
    growth = Fraction(1)
    for part in parts[1:]:
        growth = growth * (1 + Fraction(rate * part.numerator, 10**7 * part.denominator)) + 1
    assert abs(left) <= growth / 2 + Fraction(1, 10**6)
    assert Real().level(float(balance), 0.0, rate / 1e7, parts) == pytest.approx(level, abs=0.51, rel=1e-9)


@pytest.mark.parametrize(("per", "interest"), [("settlement", 1), ("segment", 0)])
def test_interest_is_rounded_once_or_in_every_segment(per: Literal["settlement", "segment"], interest: int) -> None:
    """Three segments of 0.4 fen each: 1.2 is one fen together and none apart."""
    loan = terms("UMP", notionalPrincipal="0.40", nominalInterestRate="0.12", statusDate="2021-12-31")
    at = [datetime(2022, 2, 1), datetime(2022, 3, 1)]
    moves = [Operation(time, day_of(time), Kind.PD, amount=Fraction(0)) for time in at]
    drawn = [replace(move, amount=Fraction("0.01")) for move in moves]
    paid_on = datetime(2022, 4, 1)
    contract = joined(
        resolve(loan, horizon=datetime(2023, 1, 1)), [*drawn, Operation(paid_on, day_of(paid_on), Kind.IP)]
    )
    found = run(contract, Exact(per=per))
    assert [event.payoff for event in found if event.kind is Kind.IP] == [interest]


def test_operations_are_ordered_by_effect_then_kind_then_knowledge_then_sequence() -> None:
    at, later = datetime(2022, 1, 1), datetime(2022, 1, 2)
    made = [
        Operation(later, 2, Kind.IED),
        Operation(at, 1, Kind.MD),
        Operation(at, 1, Kind.IP, known=later),
        Operation(at, 1, Kind.IP, sequence=2),
        Operation(at, 1, Kind.IP, sequence=1),
        Operation(at, 1, Kind.PRF, follows=Kind.IED),
    ]
    assert [made.index(item) for item in sorted(made, key=order)] == [5, 4, 3, 2, 1, 0]


def test_an_operation_that_comes_later_takes_its_place() -> None:
    contract = resolve(terms("PAM", maturityDate="2022-04-01", cycleOfInterestPayment="P1ML1"))
    drawn = Operation(datetime(2022, 1, 16), day_of(datetime(2022, 1, 16)), Kind.PD, amount=Fraction(12_000))
    assert paid(run(joined(contract, [drawn]), Exact()), Kind.IP) == [18_000, 24_000, 24_000]
    assert paid(run(joined(joined(contract, [drawn]), []), Exact()), Kind.MD) == [2_400_000]


def test_a_step_is_pure() -> None:
    contract = resolve(amortising("ANN", maturityDate="2023-01-01"))
    state = start(contract, Exact())
    kept = replace(state)
    first = step(state, contract.operations[0], Exact())
    assert state == kept
    assert step(state, contract.operations[0], Exact()) == first


def test_where_the_account_is_cut_does_not_matter() -> None:
    contract = resolve(amortising("ANN", maturityDate="2023-01-01", dayCountConvention="A360"))
    whole = run(contract, Exact())
    for event in whole:
        state = state_on(contract, event.time.toordinal(), Exact())
        last = [item for item in whole if item.time <= event.time][-1]
        assert (state.notional, state.rate) == (last.notional, last.rate)


@pytest.mark.parametrize("convention", ["A360", "A365F", "30E360", "AA"])
def test_principal_is_conserved_and_principal_and_interest_make_the_due(convention: str) -> None:
    found = exact(amortising("ANN", maturityDate="2024-11-17", dayCountConvention=convention))
    assert sum(paid(found, Kind.PR, Kind.MD)) == 1_200_000
    level: dict[Any, Any] = {}
    for event in found:
        if event.kind in (Kind.PR, Kind.IP):
            level[event.time] = level.get(event.time, 0) + event.payoff
    assert len(set(list(level.values())[:-1])) == 1
    assert all(event.notional >= 0 for event in found)
