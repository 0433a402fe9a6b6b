"""Interest worked out from terms and balances alone equals the engine's, due by due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from steadyrest.book.explain.interest import Move, due_days, periods_paid_on
from steadyrest.contracts import (
    Bullet,
    EvenPrincipal,
    Event,
    InterestOnly,
    Level,
    LoanTerms,
    PaymentHoliday,
    event_frame,
    project,
    resolve,
    terms_frame,
)

DRAWN, MATURITY = date(2021, 1, 31), date(2023, 1, 31)
AMOUNT = 123_456_789


def loan(plan: Any, **more: Any) -> LoanTerms:
    """Two years from the last day of January."""
    return LoanTerms("L", AMOUNT, DRAWN, MATURITY, plan, **{"nominal_rate_e7": 437_500, **more})


FLOATING = {"nominal_rate_e7": None, "rate_type": "RF02", "benchmark": "LPR1Y", "spread_bp": 35}
SHAPES = {
    "level": loan(Level()),
    "even principal by quarters": loan(EvenPrincipal(3)),
    "bullet": loan(Bullet(), interest_cycle_months=3, interest_day=20),
    "365": loan(Level(), day_count="A365F"),
    "30E": loan(EvenPrincipal(), day_count="30E360"),
    "interest only": loan(InterestOnly(5, Level())),
    "holiday": loan(PaymentHoliday(4, EvenPrincipal())),
    "floating, reset inside periods": loan(Bullet(), interest_cycle_months=6, reset_cycle_months=1, **FLOATING),
    "floating, per segment": loan(
        Bullet(),
        interest_cycle_months=6,
        reset_cycle_months=1,
        settlement_rounding="per_segment",
        rounding="up",
        **FLOATING,
    ),
    "rounded down": loan(Bullet(), rounding="down", interest_day=31),
}


def check(terms: LoanTerms, event: Event | None, moves: list[Move]) -> int:
    """Compare every due; returns the number of dues."""
    frame = terms_frame([terms])
    rows = project(resolve(frame, event_frame([event] if event else []))).rows.to_dicts()
    assert rows
    for row in rows:
        periods = periods_paid_on(frame.row(0, named=True), rows, moves, row["due_on"])
        assert periods is not None
        assert sum(period.amount_fen for period in periods) == row["interest_due_fen"], row["due_on"]
    return len(rows)


@pytest.mark.parametrize("name", SHAPES)
def test_as_signed(name: str) -> None:
    assert check(SHAPES[name], None, []) > 1


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("part", ["principal", "interest", "both"])
def test_with_a_deferral(name: str, part: str) -> None:
    low, high, target = date(2022, 2, 1), date(2022, 9, 15), date(2022, 9, 29)
    event = Event("L", 1, DRAWN, "park", deferred_part=part, from_on=low, to_on=high, new_due_on=target)
    moves = [] if part == "principal" else [Move(low, high, target)]
    assert check(SHAPES[name], event, moves) > 1


@pytest.mark.parametrize("name", SHAPES)
def test_with_a_deferral_beyond_maturity_or_an_extension(name: str) -> None:
    low, target = date(2022, 11, 1), date(2023, 6, 30)
    event = Event("L", 1, DRAWN, "park", deferred_part="both", from_on=low, to_on=MATURITY, new_due_on=target)
    assert check(SHAPES[name], event, [Move(low, MATURITY, target)]) > 0
    assert check(SHAPES[name], Event("L", 1, DRAWN, "extension", new_due_on=target), []) > 1


def test_terms_without_days_or_rate_give_no_arithmetic() -> None:
    row = terms_frame([SHAPES["level"]]).row(0, named=True)
    due = [{"due_on": MATURITY, "principal_due_fen": 1}]
    assert due_days({**row, "interest_cycle_months": None}, MATURITY) is None
    assert due_days({**row, "maturity_on": DRAWN}, MATURITY) is None
    assert periods_paid_on({**row, "nominal_rate_e7": None}, due, [], MATURITY) is None


def test_a_stretch_shows_what_it_multiplies() -> None:
    terms = terms_frame([SHAPES["bullet"]]).row(0, named=True)
    rows = [{"due_on": MATURITY, "principal_due_fen": AMOUNT}]
    (period,) = periods_paid_on(terms, rows, [], date(2021, 6, 21)) or []
    (stretch,) = period.stretches
    assert (stretch.start, stretch.end, stretch.days, stretch.basis) == (date(2021, 3, 21), date(2021, 6, 21), 92, 360)
    assert (stretch.balance_fen, stretch.rate_e7) == (AMOUNT, 437_500)
    assert period.amount_fen == round(AMOUNT * 0.04375 * 92 / 360)
