"""Discounting at a daily log-rate. Every present value is summed in this one way, so a rate gives the same bits again.

Flows are taken in the order of their days. The factor between two of them is v^gap: months have 28 to 31 days and
business-day rules move them by a few, so the powers 27 to 34 stand in a table and only other gaps need an exponential.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from steadyrest.accelerate import kernel

SHORTEST: Final = 27
POWERS: Final = 8
COUNT: Final = np.uint64(POWERS)


@kernel
def fill_powers(rate: float, table: Any) -> None:
    """v^27 to v^34 with v = exp(-rate)."""
    v = math.exp(-rate)
    v2 = v * v
    v4 = v2 * v2
    low = math.exp(-SHORTEST * rate)
    table[0], table[1], table[2] = low, low * v, low * v2
    table[3] = table[1] * v2
    table[4], table[5] = low * v4, table[1] * v4
    table[6], table[7] = table[2] * v4, table[3] * v4


@kernel
def present_value(days: Any, amounts: Any, first: int, stop: int, since: int, rate: float, table: Any) -> float:
    """Value on day `since` of the flows from `first` to before `stop`, in fen; the table must be filled."""
    value, worth, day = 0.0, 1.0, since
    for k in range(first, stop):
        gap = days[k] - day
        place = np.uint64(gap - SHORTEST)  # a shorter gap becomes a very large number: one comparison, and no call
        worth *= table[place] if place < COUNT else math.exp(-rate * gap)
        day = days[k]
        value += worth * amounts[k]
    return value


@kernel
def value_and_slopes(
    days: Any, amounts: Any, first: int, stop: int, since: int, rate: float, table: Any
) -> tuple[float, float, float]:
    """Value on day `since`, less its first and its second derivative by the rate: sums with days and days squared."""
    value, slope, curve, worth, day = 0.0, 0.0, 0.0, 1.0, since
    for k in range(first, stop):
        gap = days[k] - day
        place = np.uint64(gap - SHORTEST)
        worth *= table[place] if place < COUNT else math.exp(-rate * gap)
        day = days[k]
        part, age = worth * amounts[k], float(day - since)
        value += part
        slope += part * age
        curve += part * age * age
    return value, slope, curve


@kernel
def first_after(days: Any, first: int, stop: int, day: int) -> int:
    """Position of the first flow after a day."""
    low, high = first, stop
    while low < high:
        middle = (low + high) // 2
        if days[middle] > day:
            high = middle
        else:
            low = middle + 1
    return low
