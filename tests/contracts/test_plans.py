"""Repayment plans in the words of a contract, and agreements: who pays what, when."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from steadyrest.contracts import (
    Balloon,
    Bullet,
    EvenPrincipal,
    Event,
    InterestOnly,
    Level,
    LoanTerms,
    PaymentHoliday,
    Plan,
    event_frame,
    in_force,
    level_instalment,
    missing_fields,
    project,
    resolve,
    terms_frame,
)
from steadyrest.contracts.amortisation import columns
from steadyrest.contracts.instalment import actual_instalment
from steadyrest.errors import UsageError
from tests.contracts.cases import rows_of, sums
from tests.reference.schedule_twin import Row

START, END = date(2022, 1, 31), date(2023, 1, 31)


def dues(plan: Plan, *events: Event, cycle: int = 1, fen: int = 1_200_000, **more: Any) -> list[Row]:
    """Dues of a one-year loan of 12,000 yuan at 3.6 %."""
    loan = LoanTerms("L", fen, START, END, plan, 360_000, interest_cycle_months=cycle, **more)
    (rows,) = rows_of(project(resolve(terms_frame([loan]), event_frame(events))))
    assert isinstance(rows, list), rows
    return rows


def principals(rows: list[Row]) -> list[int]:
    """The principal of each due."""
    return [row.principal_due_fen for row in rows]


def test_dues_fall_on_the_last_day_of_a_shorter_month_and_never_drift() -> None:
    days = [row.due_on for row in dues(EvenPrincipal())]
    assert days[:4] == [date(2022, 2, 28), date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31)]


def test_even_principal() -> None:
    assert principals(dues(EvenPrincipal())) == [100_000] * 12
    assert principals(dues(EvenPrincipal(3))) == [0, 0, 300_000] * 4
    assert principals(dues(EvenPrincipal(), fen=1_000_000)) == [83_333] * 11 + [83_337]


@pytest.mark.parametrize("cycle", [1, 3])
def test_bullet_with_monthly_or_quarterly_interest(cycle: int) -> None:
    rows = dues(Bullet(), cycle=cycle)
    assert principals(rows) == [0] * (12 // cycle - 1) + [1_200_000]
    assert all(row.interest_due_fen > 0 for row in rows)


def test_interest_only_first() -> None:
    rows = dues(InterestOnly(3, Level()), day_count="30E360")
    assert principals(rows)[:3] == [0, 0, 0]
    assert {sum((row.principal_due_fen, row.interest_due_fen)) for row in rows[3:-1]} == {
        level_instalment(1_200_000, 360_000, 9)
    }


def test_a_payment_holiday_pays_its_interest_after_it_or_at_the_end() -> None:
    then = EvenPrincipal()
    resumed, at_end = dues(PaymentHoliday(2, then)), dues(PaymentHoliday(2, then, "at_end"))
    assert resumed[0].due_on == at_end[0].due_on == date(2022, 4, 30)
    held = sums(dues(EvenPrincipal()))[1]
    assert sums(resumed) == sums(at_end)
    assert sums(resumed)[1] > held
    assert resumed[0].interest_due_fen - at_end[0].interest_due_fen == 3_360 + 3_720
    assert at_end[-1].interest_due_fen - resumed[-1].interest_due_fen == 3_360 + 3_720


def test_a_balloon_stays_until_maturity() -> None:
    assert principals(dues(Balloon(600_000, EvenPrincipal()))) == [50_000] * 11 + [650_000]


def test_a_level_instalment_by_actual_days_leaves_no_odd_last_one() -> None:
    rows = dues(Level(), level_rate_basis="actual")
    payments = [row.principal_due_fen + row.interest_due_fen for row in rows]
    assert len(set(payments[:-1])) == 1
    assert abs(payments[-1] - payments[0]) <= 12
    twelfths = dues(Level())
    assert abs(twelfths[-1].principal_due_fen + twelfths[-1].interest_due_fen - payments[0]) > 12


def test_prefixes_nest_in_one_order_only() -> None:
    assert columns(PaymentHoliday(2, InterestOnly(3, Balloon(5, Level()))))["balloon_fen"] == 5
    with pytest.raises(UsageError, match=r"contracts\.plan_order"):
        columns(InterestOnly(1, PaymentHoliday(1, Level())))  # type: ignore[arg-type]


def test_instalments_are_exact() -> None:
    assert level_instalment(1_200_000, 0, 12) == 100_000
    assert actual_instalment(1_200_000, [Fraction(3, 1000)] * 12) == level_instalment(1_200_000, 360_000, 12)


@pytest.mark.parametrize(("rounding", "first"), [("half_up", 16), ("half_even", 16), ("up", 16), ("down", 15)])
def test_an_instalment_exactly_on_a_tie_is_rounded_by_its_rule(rounding: str, first: int) -> None:
    """31 fen in two instalments without interest: 15.5 each."""
    loan = LoanTerms("L", 31, START, date(2022, 3, 31), Level(), 0, instalment_rounding=rounding)
    (rows,) = rows_of(project(resolve(terms_frame([loan]))))
    assert isinstance(rows, list)
    assert principals(rows) == [first, 31 - first]


def test_an_instalment_too_near_a_tie_for_floats_is_settled_exactly() -> None:
    """At 1,000 % a year the instalment is a hair above the interest: rounded up, it repays one fen."""
    loan = LoanTerms(
        "L",
        10**15,
        START,
        date(2062, 1, 31),
        Level(),
        100_000_000,
        interest_cycle_months=12,
        day_count="30E360",
        instalment_rounding="up",
    )
    (rows,) = rows_of(project(resolve(terms_frame([loan]))))
    assert isinstance(rows, list)
    assert rows[0].principal_due_fen == 1


def park(new_due_on: date | None, **more: Any) -> Event:
    """Dues of May to July 2022 are deferred."""
    return Event(
        "L",
        1,
        date(2022, 5, 1),
        "park",
        from_on=date(2022, 5, 1),
        to_on=date(2022, 7, 31),
        new_due_on=new_due_on,
        **more,
    )


def test_park_to_one_day_moves_the_deferred_amounts_and_no_other() -> None:
    rows = dues(EvenPrincipal(), park(date(2022, 12, 30), deferred_part="principal"))
    by_day = {row.due_on: row for row in rows}
    assert by_day[date(2022, 12, 30)].principal_due_fen == 300_000
    assert [by_day[day].principal_due_fen for day in (date(2022, 5, 31), date(2022, 6, 30), date(2022, 7, 31))] == [
        0,
        0,
        0,
    ]
    assert principals(rows).count(100_000) == 9


def test_park_beyond_maturity_lets_interest_run_on() -> None:
    rows = dues(EvenPrincipal(), park(date(2023, 4, 15), deferred_part="principal"))
    assert [row.due_on for row in rows][-3:] == [date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 15)]
    assert rows[-1].principal_due_fen == 300_000


def test_park_spreads_principal_over_the_dues_after_the_window() -> None:
    rows = dues(EvenPrincipal(), park(None, deferred_part="principal", spread_periods=3), fen=1_800_000)
    assert principals(rows) == [150_000] * 3 + [0] * 3 + [300_000] * 3 + [150_000] * 3


def test_deferred_interest_is_due_at_the_end_resumed_or_spread() -> None:
    plain = dues(Bullet())
    held = sum(row.interest_due_fen for row in plain[3:6])

    def moved(**more: Any) -> list[int]:
        return [row.deferred_interest_fen for row in dues(Bullet(), park(None, deferred_part="interest", **more))]

    assert moved(interest_treatment="at_end") == [0] * 8 + [held]
    assert moved(interest_treatment="first_resumed") == [0, 0, 0, held] + [0] * 5
    spread = moved(interest_treatment="spread", spread_periods=2)
    assert sum(spread) == held
    assert [n for n, fen in enumerate(spread) if fen] == [3, 4]


def test_shift_moves_the_deferred_and_all_later_instalments() -> None:
    event = Event("L", 1, date(2022, 5, 1), "shift", None, "principal", date(2022, 5, 1), shift_months=3)
    rows = dues(EvenPrincipal(), event)
    assert principals(rows) == [100_000] * 3 + [0] * 3 + [100_000] * 9
    assert rows[-1].due_on == date(2023, 4, 30)


def test_an_extension_moves_what_is_due_on_the_last_day_only() -> None:
    rows = dues(EvenPrincipal(), Event("L", 1, date(2023, 1, 10), "extension", new_due_on=date(2023, 7, 31)))
    assert principals(rows) == [100_000] * 11 + [0] * 6 + [100_000]
    assert rows[-1].due_on == date(2023, 7, 31)


def test_events_count_when_known_and_not_reversed() -> None:
    first = Event("L", 1, date(2022, 5, 1), "park", date(2022, 6, 1))
    second = Event("L", 2, date(2022, 4, 1), "shift")
    undo = Event("L", 3, date(2022, 7, 1), "reversal", reverses=1)
    redo = Event("L", 4, date(2022, 8, 1), "reversal", reverses=3)
    other = Event("M", 1, date(2022, 1, 1), "extension")

    def kept(*events: Event, known_on: date | None = None) -> list[tuple[str, int]]:
        return in_force(event_frame(events), known_on).select("loan_id", "sequence").rows()

    assert kept(first, second, other) == [("L", 2), ("L", 1), ("M", 1)]
    assert kept(first, second, known_on=date(2022, 5, 31)) == [("L", 2)]
    assert kept(first, second, undo, other) == [("L", 2), ("M", 1)]
    assert kept(first, second, undo, redo) == [("L", 2), ("L", 1)]
    assert kept(first, undo, known_on=date(2022, 6, 30)) == [("L", 1)]


def test_missing_terms_are_named_and_nothing_is_guessed() -> None:
    frame = pl.DataFrame(
        {"loan_id": ["a", "b", "c"], "rate_type": [None, "RF01", "RF02"], "amortisation": ["level"] * 3}
    )
    needed = ["original_principal_fen", "drawn_on", "maturity_on", "interest_cycle_months"]
    assert [sorted(names) for names in missing_fields(frame)] == [
        sorted([*needed, "rate_type"]),
        sorted([*needed, "nominal_rate_e7"]),
        sorted([*needed, "benchmark", "spread_bp", "reset_cycle_months"]),
    ]
    assert project(resolve(frame)).loans["status"].to_list() == ["missing"] * 3
