"""Due days: the pattern of a contract, its period boundaries, and the pattern going on beyond the last of them.

A due day is a day of the month every so many months. With a settlement day the settlement months end the cycles of
the calendar year, the settlement day is the last day included, and payment falls on the day after it.
"""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import add_months, day_in_month, day_of_month, month_position
from steadyrest.contracts.kernels.layout import (
    COUNTS,
    DAY,
    DRAWN,
    FIRST_DUE,
    INTEREST_CYCLE,
    INTEREST_DAY,
    MATURITY,
    MAX_PERIODS,
    NO_DAY,
    OK,
    PERIODS,
    TOO_LONG,
)


@kernel
def pattern(t: Any, i: int) -> tuple[int, int, int]:
    """(month position of the first due, day of the month, days from it to payment)."""
    drawn, first, cycle = t[i, DRAWN], t[i, FIRST_DUE], t[i, INTEREST_CYCLE]
    settlement = t[i, INTEREST_DAY]
    if settlement > 0:
        position = month_position(drawn)
        position += (cycle - 1 - position % 12 % cycle) % cycle
        if day_in_month(position, settlement) < drawn:
            position += cycle
        return position, settlement, 1
    if first != NO_DAY:
        return month_position(first), day_of_month(first), 0
    return month_position(drawn) + cycle, day_of_month(drawn), 0


@kernel
def boundaries(t: Any, i: int, s: Any) -> int:
    """Write the period boundaries: drawdown, every due day, maturity. Returns the status."""
    position, anchor, lag = pattern(t, i)
    cycle, maturity = t[i, INTEREST_CYCLE], t[i, MATURITY]
    since = max(t[i, FIRST_DUE], t[i, DRAWN] + 1)
    s[DAY, 0] = t[i, DRAWN]
    periods = 1
    due = day_in_month(position, anchor) + lag
    while due < maturity:
        if due >= since:
            if periods >= MAX_PERIODS:
                return TOO_LONG
            s[DAY, periods] = due
            periods += 1
        position += cycle
        due = day_in_month(position, anchor) + lag
    s[DAY, periods] = maturity
    s[COUNTS, PERIODS] = periods
    return OK


@kernel
def next_due(t: Any, i: int, after: int) -> int:
    """The first due day of the pattern after a day."""
    position, anchor, lag = pattern(t, i)
    cycle = t[i, INTEREST_CYCLE]
    after = max(after, t[i, FIRST_DUE] - 1, t[i, DRAWN])
    position += (month_position(after) - position) // cycle * cycle - cycle
    while day_in_month(position, anchor) + lag <= after:
        position += cycle
    return day_in_month(position, anchor) + lag


@kernel
def moved_day(t: Any, i: int, day: int, months: int) -> int:
    """A due day some months later: by the day of the pattern when it is one, else by its own day of the month."""
    _, anchor, lag = pattern(t, i)
    position = month_position(day - lag)
    if day_in_month(position, anchor) + lag == day:
        return day_in_month(position + months, anchor) + lag
    return add_months(day, months)


@kernel
def boundary_from(s: Any, day: int) -> int:
    """Number of the first due boundary on or after a day; one more than the last when there is none."""
    periods = s[COUNTS, PERIODS]
    k = 1
    while k <= periods and s[DAY, k] < day:
        k += 1
    return k
