"""Rate segments of floating loans: the quote in force on each reset day, where it changes the rate."""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import add_months, month_position

NO_RATE = -1


@kernel
def quote_on(days: Any, day: int) -> int:
    """The place of the last quote on or before a day, -1 before the first."""
    low, high = 0, days.size
    while low < high:
        middle = (low + high) // 2
        if days[middle] <= day:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def write_segments(loans: Any, days: Any, quotes: Any, start: Any, out: Any) -> int:
    """Write (day, rate) of each loan one after the other and return their number; `start` gets the offsets.

    `loans` has the columns floats, drawn, maturity, cycle in months, benchmark, spread in 1e-7, fixed rate, floor,
    cap; `quotes` one column a benchmark. With `out` of no rows nothing is written, so that a first call can count.
    """
    n, counts = 0, out.shape[0] == 0
    for i in range(loans.shape[0]):
        start[i] = n
        drawn, cycle = loans[i, 1], loans[i, 3]
        if not loans[i, 0]:
            if not counts:
                out[n, 0], out[n, 1] = drawn, loans[i, 6]
            n += 1
            continue
        life = (month_position(loans[i, 2]) // 12 - month_position(drawn) // 12) * 12 + 24
        last = -2
        for reset in range(max(life, 0) // cycle + 1):
            day = add_months(drawn, reset * cycle)
            place = quote_on(days, day)
            rate = NO_RATE
            if place >= 0 and loans[i, 7] <= loans[i, 8]:
                rate = min(max(quotes[place, loans[i, 4]] + loans[i, 5], loans[i, 7]), loans[i, 8])
            if rate == last:
                continue
            if not counts:
                out[n, 0], out[n, 1] = day, rate
            n, last = n + 1, rate
    start[loans.shape[0]] = n
    return n
