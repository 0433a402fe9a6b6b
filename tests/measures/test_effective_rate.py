"""Effective rates: against decimals, against figures made by hand, and what has no rate or several."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steadyrest.errors import UsageError
from steadyrest.measures import RATE_FAULTS, RATE_STATUS, Flows, effective_rates, flows
from steadyrest.measures.kernels import rate as kernels
from steadyrest.text import catalogue
from tests.reference.rate_twin import rate_between, sign_changes, value_of_all

DRAWN = date(2022, 1, 20)


def one(*amounts: int, every: int = 365) -> Flows:
    """One contract with equal gaps."""
    return flows([0] * len(amounts), [DRAWN + timedelta(every * k) for k in range(len(amounts))], list(amounts))


def status_of(contract: Flows) -> str:
    return RATE_STATUS[int(effective_rates(contract).status[0])]


def test_a_year_at_five_percent() -> None:
    assert effective_rates(one(-100_00, 5_00, 105_00)).annual[0] == pytest.approx(0.05, abs=1e-15)


def test_the_sign_of_the_view_does_not_matter() -> None:
    lender, borrower = effective_rates(one(-100_00, 60_00, 60_00)), effective_rates(one(100_00, -60_00, -60_00))
    assert lender.daily[0] == borrower.daily[0]


def test_negative_and_extreme_rates() -> None:
    assert effective_rates(one(-100_00, 90_00)).annual[0] == pytest.approx(-0.1, abs=1e-15)
    assert effective_rates(one(-100_00, 110_00, every=1)).daily[0] == pytest.approx(
        float(Decimal("1.1").ln()), rel=1e-14
    )
    assert effective_rates(one(-1_000_000_00, 1, every=365)).annual[0] == pytest.approx(-1 + 1e-8, rel=1e-12)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((-100, -5), "no_sign_change"),
        ((0, 0, 0), "no_sign_change"),
        ((-100, 230, -132), "several_roots"),  # 10 % and 20 %
        ((-1000, 5000, -4000), "several_roots"),  # 0 % and 300 %
        ((-100, 230, -140), "no_root"),
        ((-100, 220, -121), "several_roots"),  # touches zero at 10 %: two rates that coincide
        ((-100, 50, -10, 80), "ok"),
        ((-(2**53) - 1, 2**53), "overflow"),
    ],
)
def test_status(amounts: tuple[int, ...], expected: str) -> None:
    assert status_of(one(*amounts)) == expected


def test_a_rate_outside_float64_is_an_overflow_and_not_a_number() -> None:
    contract = one(-1, 10**15, every=2)
    assert status_of(contract) == "overflow"
    assert np.isnan(effective_rates(contract).daily[0])


def test_flows_of_one_day_are_one() -> None:
    split = flows(
        [0] * 4, [DRAWN, DRAWN, DRAWN + timedelta(365), DRAWN + timedelta(365)], [-200_00, 100_00, 200_00, -95_00]
    )
    assert effective_rates(split).annual[0] == pytest.approx(0.05, abs=1e-15)
    assert status_of(flows([0, 0], [DRAWN, DRAWN], [-5, 5])) == "no_sign_change"


def test_unsorted_and_empty_contracts_have_a_status_and_do_not_stop_the_others() -> None:
    days = np.array([10, 5, 10, 375])
    found = effective_rates(Flows(np.array([0, 2, 2, 4]), days, np.array([-100, 105, -100, 105])))
    assert [RATE_STATUS[k] for k in found.status] == ["unsorted", "no_flows", "ok"]
    assert found.frame()["effective_rate"].null_count() == 2


def test_bad_arrays_are_refused() -> None:
    with pytest.raises(UsageError, match="flows_apart"):
        Flows(np.array([0, 3]), np.array([1, 2]), np.array([1, 2]))
    with pytest.raises(UsageError, match="flows_null"):
        flows([0, 0], [DRAWN, None], [1, 2])
    with pytest.raises(UsageError, match="flows_apart"):
        flows([0, 1], [DRAWN, DRAWN], [1, 2], size=1)


def test_statuses_are_those_of_the_kernels_and_have_sentences() -> None:
    assert len(RATE_STATUS) == kernels.UNSETTLED + 1
    assert [f.code for f in RATE_FAULTS if f"finding.{f.code}.what" not in catalogue()] == []


@st.composite
def loans(draw: st.DrawFn) -> list[tuple[date, int]]:
    """A drawdown, perhaps in two tranches, and repayments on days of any distance."""
    day, rows = DRAWN, [(DRAWN, -draw(st.integers(10_000, 10**11)))]
    if draw(st.booleans()):
        day += timedelta(draw(st.integers(1, 200)))
        rows.append((day, -draw(st.integers(1, 10**10))))
    lent = -sum(amount for _, amount in rows)
    count = draw(st.integers(1, 24))
    for _ in range(count):
        day += timedelta(draw(st.integers(2, 400)))
        rows.append((day, max(1, lent * draw(st.integers(30, 180)) // (100 * count))))
    return rows


@given(loans())
@settings(max_examples=60, deadline=None)
def test_equals_the_decimal_twin(rows: list[tuple[date, int]]) -> None:
    found = effective_rates(flows([0] * len(rows), [day for day, _ in rows], [amount for _, amount in rows]))
    assert found.status[0] == 0
    span = (rows[-1][0] - DRAWN).days
    near = Decimal(float(found.daily[0]))
    exact = rate_between(rows, near - Decimal("1e-4"), near + Decimal("1e-4"))
    assert abs(near - exact) * span < Decimal("2e-14")


@given(st.lists(st.integers(-1000, 1000), min_size=3, max_size=7), st.sampled_from([30, 91, 365]))
@settings(max_examples=150, deadline=None)
def test_a_single_rate_is_claimed_only_where_there_is_one(amounts: list[int], every: int) -> None:
    contract = one(*amounts, every=every)
    name = status_of(contract)
    span = every * (len(amounts) - 1)
    grid = [Decimal(k) / 40 / span for k in range(-240, 241)]
    rows = contract.of(0)
    seen = sign_changes(rows, grid)
    assert seen <= {"ok": 1, "no_sign_change": 0, "no_root": 0, "overflow": 1}.get(name, len(amounts))
    if name == "ok":
        rate = Decimal(float(effective_rates(contract).daily[0]))
        width = Decimal("1e-9") / span
        assume(value_of_all(rows, rate) != 0)
        assert value_of_all(rows, rate - width) * value_of_all(rows, rate + width) < 0


def test_neither_order_nor_threads_nor_neighbours_change_a_bit() -> None:
    random = np.random.default_rng(5)
    size, dues = 9_000, 12
    days = 19_000 + np.cumsum(random.integers(27, 95, (size, dues + 1)), axis=1)
    amounts = np.concatenate(
        [-random.integers(10**6, 10**9, (size, 1)), random.integers(10**5, 10**8, (size, dues))], 1
    )
    book = Flows(np.arange(size + 1) * (dues + 1), days.ravel(), amounts.ravel())
    one_thread, two = effective_rates(book, threads=1), effective_rates(book, threads=2)
    order = random.permutation(size)
    shuffled = effective_rates(Flows(book.offsets, days[order].ravel(), amounts[order].ravel()))
    assert np.array_equal(one_thread.daily, two.daily)
    assert np.array_equal(one_thread.daily[order], shuffled.daily)
    guessed = effective_rates(book, guess=0.04)
    assert (np.abs(guessed.daily - one_thread.daily) <= 1e-13 * np.abs(one_thread.daily) + 1e-17).all()


def test_columns_in_any_order_make_the_same_flows() -> None:
    frame = pl.DataFrame(
        {"c": [1, 0, 1, 0], "on": [DRAWN + timedelta(d) for d in (365, 0, 0, 365)], "fen": [105, -9, -100, 10]}
    )
    found = flows(frame["c"], frame["on"], frame["fen"])
    assert found.of(0) == [(DRAWN, -9), (DRAWN + timedelta(365), 10)]
    assert found.offsets.tolist() == [0, 2, 4]
