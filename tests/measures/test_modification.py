"""Modification gain or loss: made by hand, a worked case of a deferral to the fen, and the ways to decide."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from steadyrest.contracts import Event, Level, LoanTerms, event_frame, project, resolve, terms_frame
from steadyrest.errors import UsageError
from steadyrest.measures import (
    Flows,
    SubstanceTest,
    carrying_amounts,
    effective_rates,
    flows,
    loan_flows,
    modifications,
)
from tests.shared_data import shared

DRAWN = date(2022, 1, 1)


def years(*amounts: int) -> Flows:
    """One contract with a flow every 365 days."""
    return flows([0] * len(amounts), [DRAWN + timedelta(365 * k) for k in range(len(amounts))], list(amounts))


OLD = years(-10_000_00, 1_000_00, 11_000_00)
"""Ten percent, carried at 10,000.00 after the first interest."""
AFTER_ONE_YEAR = DRAWN + timedelta(365)
LATER = years(-10_000_00, 1_000_00, 0, 11_000_00)
"""The last payment a year later, without interest for that year: worth 11,000 / 1.21."""


def result(after: Flows = LATER, **how: object) -> dict[str, object]:
    daily = effective_rates(OLD).daily
    return modifications(OLD, after, daily, AFTER_ONE_YEAR, **how).row(0, named=True)  # type: ignore[arg-type]


def test_a_year_without_interest_is_a_loss_of_an_eleventh() -> None:
    found = result(test=SubstanceTest(verdict="never"))
    assert found["carrying_before_fen"] == 1_000_000
    assert found["carrying_after_fen"] == 909_091
    assert found["modification_gain_fen"] == -90_909
    assert found["difference_e7"] == 909_090
    assert found["is_substantial"] is False
    assert found["daily_log_rate"] == effective_rates(OLD).daily[0]


def test_normal_interest_on_what_is_deferred_leaves_no_loss() -> None:
    found = result(years(-10_000_00, 1_000_00, 0, 12_100_00))
    assert found["modification_gain_fen"] == 0
    assert found["difference_e7"] == 0


def test_the_threshold_is_a_parameter_and_reached_at_equality() -> None:
    at = SubstanceTest(threshold_e7=909_090)
    assert result(test=at)["is_derecognised"] is True
    assert result(test=at)["modification_gain_fen"] is None
    exactly = modifications(OLD, years(-1, 0, 990_000_0 // 9), effective_rates(OLD).daily, AFTER_ONE_YEAR)
    assert exactly["tested_after_fen"][0] == 1_000_000
    tenth = modifications(OLD, years(-1, 0, 990_000), effective_rates(OLD).daily, AFTER_ONE_YEAR)
    assert tenth["tested_after_fen"][0] == 900_000
    assert tenth["is_substantial"][0] is True


def test_fees_and_costs_count_in_the_test_where_the_bank_says_so() -> None:
    fees, costs = pl.Series([30_000]), pl.Series([50_000])
    within = result(fees_fen=fees, costs_fen=costs)
    assert within["tested_after_fen"] == 909_091 + 30_000 - 50_000
    assert within["is_substantial"] is True
    without = result(fees_fen=fees, costs_fen=costs, test=SubstanceTest(with_fees=False))
    assert without["tested_after_fen"] == 909_091
    assert without["modification_gain_fen"] == -90_909


def test_fees_and_costs_move_the_amount_and_the_rate_that_follows() -> None:
    found = result(fees_fen=pl.Series([9_091]), test=SubstanceTest(verdict="never"))
    assert found["adjusted_fen"] == 900_000
    assert found["modification_gain_fen"] == -90_909
    assert found["daily_log_rate"] == pytest.approx(np.log(1_100_000 / 900_000) / 730, rel=1e-13)


def test_a_given_verdict_is_taken_as_it_is() -> None:
    given = SubstanceTest(verdict="given")
    assert result(test=given, is_derecognised=pl.Series([True]))["is_derecognised"] is True
    open_case = result(test=given, is_derecognised=pl.Series([None], dtype=pl.Boolean))
    assert (open_case["is_derecognised"], open_case["modification_gain_fen"]) == (None, None)
    with pytest.raises(UsageError, match="verdict_missing"):
        result(test=given)


def test_impossible_ways_are_refused() -> None:
    with pytest.raises(UsageError, match=r"measures\.verdict"):
        SubstanceTest(verdict="perhaps")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="threshold"):
        SubstanceTest(threshold_e7=0)


def test_without_an_original_rate_nothing_is_claimed() -> None:
    found = modifications(OLD, LATER, np.array([np.nan]), AFTER_ONE_YEAR).row(0, named=True)
    assert found.pop("status") == "no_root"
    assert set(found.values()) == {None}


def test_amounts_beyond_64_bits_of_products_are_compared_exactly() -> None:
    big = 9 * 10**15
    before, after = years(-big, 0, big), years(-big, 0, big - big // 10)
    found = modifications(before, after, np.array([0.0]), AFTER_ONE_YEAR).row(0, named=True)
    assert (found["difference_e7"], found["is_substantial"]) == (1_000_000, True)


def test_the_worked_deferral_to_the_fen() -> None:
    case = json.loads(shared("data/worked_modification.json").read_text("utf-8"))
    loan, relief, expect = case["loan"], case["relief"], case["expect"]
    resume = date.fromisoformat(relief["deferred_interest_due"])
    terms = LoanTerms(
        "W1",
        loan["principal_fen"],
        date.fromisoformat(loan["start"]),
        date.fromisoformat(relief["original_maturity"]),
        Level(),
        nominal_rate_e7=loan["rate_ppm"] * 10,
        day_count="A360",
    )
    frame = terms_frame([terms])
    plain = resolve(frame)
    cash = project(plain)
    slide = Event(
        "W1",
        1,
        date.fromisoformat(relief["effective"]),
        "shift",
        from_on=cash.rows["due_on"][relief["deferred_instalments"][0] - 1],
        shift_months=len(relief["deferred_instalments"]),
        interest_treatment="first_resumed",
    )
    moved = resolve(frame, event_frame([slide]))
    cash_moved = project(moved)
    assert cash_moved.rows.filter(pl.col("deferred_interest_fen") > 0)["due_on"].to_list() == [resume]
    assert cash_moved.loans["last_due_on"][0] == date.fromisoformat(relief["new_maturity"])
    assert cash.loans["interest_fen"][0] == expect["total_interest_base_fen"]
    assert cash_moved.loans["interest_fen"][0] == expect["total_interest_modified_fen"]

    fee = pl.Series([loan["upfront_fee_fen"]])
    before, after = loan_flows(plain, cash, fee), loan_flows(moved, cash_moved, fee)
    rates = effective_rates(before)
    assert round(float(rates.annual[0]), 10) == expect["eir_act365"]
    exact = {
        "gca_before_fen": carrying_amounts(before, rates.daily, slide.effective_on)[0],
        "gca_after_fen": carrying_amounts(after, rates.daily, slide.effective_on)[0],
    }
    assert {name: round(float(value), 2) for name, value in exact.items()} == {name: expect[name] for name in exact}
    found = modifications(before, after, rates.daily, slide.effective_on).row(0, named=True)
    assert found["modification_gain_fen"] == round(expect["modification_gain_fen"])
    assert found["carrying_before_fen"] == round(expect["gca_before_fen"])
    assert found["is_substantial"] is False
