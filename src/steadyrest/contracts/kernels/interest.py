"""Interest of a period: daily balances x rate / basis, cut where the rate changes, rounded as the terms say."""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.layout import (
    DAY_COUNT,
    MATURITY,
    PER_SEGMENT,
    RATE,
    RATE_FROM,
    RATE_SINCE,
    RATE_TO,
    ROUNDING,
)
from steadyrest.contracts.kernels.money import days_between, divisor_of, rounded, simple_interest


@kernel
def rate_at(t: Any, rates: Any, i: int, day: int) -> int:
    """The rate in force on a day."""
    r = t[i, RATE_FROM]
    while r + 1 < t[i, RATE_TO] and rates[r + 1, RATE_SINCE] <= day:
        r += 1
    return int(rates[r, RATE])


@kernel
def stretch(t: Any, rates: Any, i: int, start: int, end: int, balance: int) -> tuple[int, int]:
    """Interest of a constant balance as whole fen and remainder; every rate segment is rounded if the terms say so."""
    day_count, stop = t[i, DAY_COUNT], t[i, RATE_TO]
    r = t[i, RATE_FROM]
    while r + 1 < stop and rates[r + 1, RATE_SINCE] <= start:
        r += 1
    whole = rest = 0
    divisor = divisor_of(day_count)
    while start < end:
        until = end
        if r + 1 < stop and rates[r + 1, RATE_SINCE] < end:
            until = rates[r + 1, RATE_SINCE]
        factor = rates[r, RATE] * days_between(start, until, day_count, t[i, MATURITY])
        fen, left = simple_interest(balance, factor, divisor)
        if t[i, PER_SEGMENT]:
            whole += rounded(fen, left, divisor, t[i, ROUNDING])
        else:
            whole += fen
            rest += left
        start = until
        r += 1
    return whole, rest


@kernel
def settled(t: Any, i: int, whole: int, rest: int) -> int:
    """Round what a settlement has added up to, once."""
    divisor = divisor_of(t[i, DAY_COUNT])
    return rounded(whole + rest // divisor, rest % divisor, divisor, t[i, ROUNDING])


@kernel
def period_interest(t: Any, rates: Any, i: int, start: int, end: int, balance: int) -> int:
    """Interest of a period with one balance throughout, in fen."""
    if t[i, RATE_TO] - t[i, RATE_FROM] == 1:
        day_count, divisor = t[i, DAY_COUNT], divisor_of(t[i, DAY_COUNT])
        factor = rates[t[i, RATE_FROM], RATE] * days_between(start, end, day_count, t[i, MATURITY])
        fen, left = simple_interest(balance, factor, divisor)
        return rounded(fen, left, divisor, t[i, ROUNDING])
    whole, rest = stretch(t, rates, i, start, end, balance)
    return settled(t, i, whole, rest)
