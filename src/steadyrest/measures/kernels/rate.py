"""The effective rate: the daily log-rate at which flows are worth nothing on the day of the first.

Where the flows, added up by day, change sign once there is one such rate, and Halley's steps (Newton's with the second
derivative) inside a bracket find it; a step that leaves the bracket is replaced by halving it. Where they change sign
more often, `roots` counts the rates first, and only a single one is taken.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from steadyrest.accelerate import kernel
from steadyrest.measures.kernels.discount import POWERS, fill_powers, first_after, present_value, value_and_slopes
from steadyrest.measures.kernels.roots import isolate

OK, NO_FLOWS, UNSORTED, OVERFLOW, NO_SIGN_CHANGE, SEVERAL_ROOTS, NO_ROOT, UNSETTLED = range(8)

AMOUNT_LIMIT: Final = 2**53
"""Amounts up to here are whole numbers in float64 too."""
WIDEST: Final = 1.9
"""The largest log-rate a day, up or down, that is looked for: beyond it the rate a year leaves float64."""
EXPONENT_LIMIT: Final = 600.0
"""Rate x days stays below it, so that no discounted amount leaves float64."""
CLOSE: Final = 1e-5
"""A step of this size x days is the last: the next would be of the size of its cube."""
NARROWEST: Final = 1e-18
STEPS: Final = 200


@kernel
def solve_all(
    offsets: Any, days: Any, amounts: Any, guess: Any, first: int, stop: int, rates: Any, status: Any, steps: Any
) -> None:
    """Rate, status and number of steps of the contracts from `first` to before `stop`."""
    table = np.empty(POWERS)
    for i in range(first, stop):
        start, end = offsets[i], offsets[i + 1]
        if start == end:
            status[i], rates[i], steps[i] = NO_FLOWS, np.nan, 0
            continue
        status[i], rates[i], steps[i] = solve(days, amounts, start, end, days[start], 0.0, guess[i], table)


@kernel
def solve(
    days: Any, amounts: Any, first: int, stop: int, since: int, opening: float, guess: float, table: Any
) -> tuple[int, float, int]:
    """(status, rate, steps) of an opening amount on day `since` and the flows that follow it."""
    status, changes, sign, start = shape(days, amounts, first, stop, since, opening)
    if status != OK:
        return status, np.nan, 0
    span = days[stop - 1] - since
    high = widest(span)
    low = -high
    if changes > 1:
        count, low, high, sign = isolate(days, amounts, first, stop, since, opening, high)
        if count != 1:
            return (NO_ROOT if count == 0 else SEVERAL_ROOTS if count > 1 else UNSETTLED), np.nan, 0
    start = guess if guess != 0.0 else start
    return search(days, amounts, first, stop, since, opening, start, low, high, sign, table)


@kernel
def shape(days: Any, amounts: Any, first: int, stop: int, since: int, opening: float) -> tuple[int, int, int, float]:
    """(status, changes of sign of the daily sums, sign of the last of them, step from a rate of zero).

    The sign of the last daily sum is the sign of the value at very low rates.
    """
    changes = sign = 0
    day, net, value, slope, curve = since, opening, opening, 0.0, 0.0
    for k in range(first, stop):
        if days[k] < day:
            return UNSORTED, 0, 0, 0.0
        if abs(amounts[k]) > AMOUNT_LIMIT:
            return OVERFLOW, 0, 0, 0.0
        if days[k] > day:
            if net * sign < 0.0:
                changes += 1
            sign = sign if net == 0.0 else 1 if net > 0.0 else -1
            day, net = days[k], 0.0
        amount, age = float(amounts[k]), float(day - since)
        net += amount
        value += amount
        slope += amount * age
        curve += amount * age * age
    if net * sign < 0.0:
        changes += 1
    sign = sign if net == 0.0 else 1 if net > 0.0 else -1
    return (OK if changes else NO_SIGN_CHANGE), changes, sign, step(value, slope, curve)


@kernel
def step(value: float, slope: float, curve: float) -> float:
    """Halley's step, or Newton's where the second derivative would turn it; 0 where there is none."""
    below = 2.0 * slope * slope - value * curve
    if below > 0.0:
        return 2.0 * value * slope / below
    return value / slope if slope != 0.0 else 0.0


@kernel
def widest(span: int) -> float:
    """The largest rate, up or down, at which discounted amounts stay within float64."""
    return min(WIDEST, EXPONENT_LIMIT / span)


@kernel
def search(
    days: Any,
    amounts: Any,
    first: int,
    stop: int,
    since: int,
    opening: float,
    rate: float,
    low: float,
    high: float,
    sign: int,
    table: Any,
) -> tuple[int, float, int]:
    """The only root between `low` and `high`, from a first rate; the value has the sign `sign` left of it."""
    span = days[stop - 1] - since
    edge = widest(span)
    for count in range(1, STEPS + 1):
        if not low < rate < high:
            rate = 0.5 * (low + high)
            if not low < rate < high or (high - low) * span < NARROWEST:
                break  # the bracket is as narrow as the numbers allow
        fill_powers(rate, table)
        value, slope, curve = value_and_slopes(days, amounts, first, stop, since, rate, table)
        value += opening
        if value * sign > 0.0:
            low = rate
        else:
            high = rate
        move = step(value, slope, curve)
        rate += move
        is_last = abs(move) * span < CLOSE and abs(move * curve) < CLOSE * abs(slope)
        if is_last and slope * sign > 0.0 and low <= rate <= high:
            return OK, rate, count
        if slope * sign <= 0.0:
            rate = low  # the value rises here: halve the bracket
    if low == -edge or high == edge:  # the value never changed its sign: the root lies outside
        return OVERFLOW, np.nan, STEPS
    return OK, 0.5 * (low + high), STEPS


@kernel
def follow(
    offsets: Any,
    days: Any,
    amounts: Any,
    pieces: Any,
    reset: Any,
    guess: Any,
    first: int,
    stop: int,
    rates: Any,
    status: Any,
    opening: Any,
) -> None:
    """Rates of floating contracts, one for each piece between resets.

    Contract i has the pieces pieces[i] to before pieces[i + 1]; the flows of a piece are those projected at its reset
    day, strictly after it. The first piece starts from its own first flow. A later one starts from what the piece
    before is worth on the reset day, so a reset leaves the carrying amount as it is.
    """
    table = np.empty(POWERS)
    for i in range(first, stop):
        for j in range(pieces[i], pieces[i + 1]):
            start, end = offsets[j], offsets[j + 1]
            rates[j], opening[j] = np.nan, 0.0
            if start == end:
                status[j] = NO_FLOWS
                continue
            since = days[start]
            if j > pieces[i]:
                since = reset[j]
                if status[j - 1] != OK:
                    status[j] = status[j - 1]
                    continue
                fill_powers(rates[j - 1], table)
                left = first_after(days, offsets[j - 1], start, since)
                opening[j] = present_value(days, amounts, left, start, since, rates[j - 1], table)
            status[j], rates[j], _ = solve(days, amounts, start, end, since, -opening[j], guess[j], table)
