"""Carrying amounts: bits that come again, decimals, and a walk whose parts add up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from steadyrest.contracts import EvenPrincipal, LoanTerms, project, resolve, terms_frame
from steadyrest.errors import UsageError
from steadyrest.measures import Flows, amortised_cost, carrying_amounts, effective_rates, flows, later, loan_flows
from tests.reference.rate_twin import present_value

DRAWN = date(2022, 1, 20)


def loan(fee: int = 5_000_00) -> Flows:
    terms = LoanTerms("L1", 100_000_000, DRAWN, date(2024, 1, 20), EvenPrincipal(), nominal_rate_e7=435_000)
    resolved = resolve(terms_frame([terms]))
    cash = project(resolved)
    return loan_flows(resolved, cash, pl.Series([fee]))


def test_on_the_first_day_the_amount_is_what_was_paid_out() -> None:
    contract = loan()
    daily = effective_rates(contract).daily
    assert carrying_amounts(contract, daily, DRAWN)[0] == pytest.approx(100_000_000 - 5_000_00, abs=1e-6)
    assert carrying_amounts(contract, daily, date(2024, 1, 20))[0] == 0.0


def test_without_a_fee_and_with_compounding_at_the_due_days_the_amount_is_the_balance() -> None:
    contract = flows([0] * 3, [DRAWN, DRAWN + timedelta(365), DRAWN + timedelta(730)], [-100_00, 60_00, 4725])
    daily = effective_rates(contract).daily
    assert effective_rates(contract).annual[0] == pytest.approx(0.05, abs=1e-14)
    assert carrying_amounts(contract, daily, DRAWN + timedelta(365))[0] == pytest.approx(45_00, abs=1e-9)


def test_equals_decimals_on_any_day() -> None:
    contract = loan()
    daily = effective_rates(contract).daily
    for day in (DRAWN, date(2022, 2, 19), date(2022, 2, 20), date(2023, 6, 1), date(2024, 1, 19)):
        exact = present_value(contract.of(0), Decimal(float(daily[0])), day)
        assert carrying_amounts(contract, daily, day)[0] == pytest.approx(float(exact), rel=1e-14)


def test_the_same_rate_gives_the_same_bits_however_it_is_asked() -> None:
    contract = loan()
    daily = effective_rates(contract).daily
    on = date(2022, 8, 31)
    whole = carrying_amounts(contract, daily, on)
    cut = carrying_amounts(later(contract, np.array([(on - date(1970, 1, 1)).days])), daily.copy(), [on], threads=1)
    assert whole.tobytes() == cut.tobytes()


def test_no_rate_no_amount() -> None:
    contract = flows([0, 0], [DRAWN, DRAWN + timedelta(30)], [5, 6])
    daily = effective_rates(contract).daily
    assert np.isnan(carrying_amounts(contract, daily, DRAWN)[0])
    assert amortised_cost(contract, daily, [date(2022, 12, 31)]).height == 0


def test_the_walk_adds_up_to_the_fen() -> None:
    contract = loan()
    daily = effective_rates(contract).daily
    ends = [date(2021, 12, 31), *(date(2022 + m // 12, m % 12 + 1, 28) for m in range(30))]
    walk = amortised_cost(contract, daily, ends)
    assert walk["to_on"][0] == date(2022, 1, 28)
    assert walk["to_on"][-1] == date(2024, 1, 28)
    assert walk["closing_fen"][-1] == 0
    assert (walk["opening_fen"] + walk["interest_fen"] + walk["cash_fen"] == walk["closing_fen"]).all()
    assert walk["opening_fen"].to_list() == [0, *walk["closing_fen"].to_list()[:-1]]
    assert walk["interest_fen"].sum() == contract.amounts.sum()
    on = walk["to_on"][4]
    assert walk["closing_fen"][4] == round(carrying_amounts(contract, daily, on)[0])


def test_the_walk_grows_at_the_rate_where_no_cash_flows() -> None:
    contract = flows([0, 0], [DRAWN, DRAWN + timedelta(730)], [-(10**9), 1_102_500_000])
    walk = amortised_cost(
        contract, effective_rates(contract).daily, [DRAWN, DRAWN + timedelta(365), DRAWN + timedelta(800)]
    )
    assert walk["interest_fen"].to_list() == [0, 50_000_000, 52_500_000]


def test_periods_that_end_before_the_last_flow_keep_it_in_the_closing_amount() -> None:
    contract = loan()
    walk = amortised_cost(contract, effective_rates(contract).daily, [date(2022, 6, 30)])
    assert walk.height == 1
    assert walk["closing_fen"][0] > 0


def test_calls_that_do_not_fit_are_refused() -> None:
    contract = loan()
    daily = effective_rates(contract).daily
    with pytest.raises(UsageError, match="ends_order"):
        amortised_cost(contract, daily, [date(2022, 2, 1), date(2022, 1, 1)])
    with pytest.raises(UsageError, match="rates_apart"):
        carrying_amounts(contract, np.zeros(2), DRAWN)
    with pytest.raises(UsageError, match="days_apart"):
        carrying_amounts(contract, daily, [DRAWN, DRAWN])
