"""Interest by the day against the integer kernels, and the periods of a settlement day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts import Bullet, LoanTerms, project, resolve, terms_frame
from steadyrest.contracts.accrual import Run, Settlement, periods, runs, settlement_days

DRAWN = date(2022, 3, 10)


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(2015, 1, 1), date(2024, 12, 31)),
    st.integers(2, 1500),
    st.integers(1, 10**12),
    st.integers(0, 2_000_000),
    st.sampled_from([1, 3, 6, 12]),
    st.integers(1, 31),
    st.sampled_from(["A360", "A365F", "30E360", "AA", "M12D360"]),
)
def test_settlements_by_the_day_are_those_of_the_kernels(
    drawn: date, days: int, principal: int, rate: int, months: int, settlement_day: int, count: str
) -> None:
    maturity = drawn + timedelta(days=days)
    loan = LoanTerms("loan", principal, drawn, maturity, Bullet(), rate, months, settlement_day, day_count=count)
    dues = project(resolve(terms_frame([loan]))).rows
    found = {
        pay_on: Settlement(pay_on, runs(since, pay_on, [(drawn, principal)], [(drawn, rate)], count)).fen
        for since, pay_on in periods(drawn, maturity, months, settlement_day)
    }
    assert {on: fen for on, fen in found.items() if fen} == {
        on: fen for on, fen in dues.select("due_on", "interest_due_fen").iter_rows() if fen
    }


def test_a_settlement_day_that_a_month_lacks_is_its_last_day() -> None:
    days = settlement_days(date(2022, 1, 31), 1, 31)
    assert [next(days) for _ in range(3)] == [date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 31)]


def test_a_day_of_settlement_is_the_last_one_included() -> None:
    assert list(periods(DRAWN, date(2022, 7, 1), 3, 20)) == [
        (DRAWN, date(2022, 3, 21)),
        (date(2022, 3, 21), date(2022, 6, 21)),
        (date(2022, 6, 21), date(2022, 7, 1)),
    ]


def test_runs_are_cut_where_balance_or_rate_changes() -> None:
    found = runs(
        DRAWN,
        date(2022, 6, 21),
        [(DRAWN, 100_000), (date(2022, 4, 1), 60_000)],
        [(date(2022, 1, 1), 435_000), (date(2022, 5, 20), 420_000)],
    )
    assert [(run.days, run.base_fen, run.rate_e7) for run in found] == [
        (22, 100_000, 435_000),
        (49, 60_000, 435_000),
        (32, 60_000, 420_000),
    ]


@pytest.mark.parametrize(("is_per_segment", "fen"), [(False, 1_162_222), (True, 1_162_223)])
def test_a_settlement_is_rounded_once_or_run_by_run(is_per_segment: bool, fen: int) -> None:
    parts = (
        Run(date(2022, 3, 21), date(2022, 5, 20), 100_000_000, 460_000),
        Run(date(2022, 5, 20), date(2022, 6, 21), 100_000_000, 445_000),
    )
    settlement = Settlement(date(2022, 6, 21), parts, is_per_segment=is_per_segment)
    assert (settlement.fen, settlement.exact_fen) == (fen, Fraction(10_460_000, 9))
