"""How many rates make flows worth nothing: intervals are proven empty, proven to hold one, or halved.

Inflows and outflows, taken apart, are worth less at every higher rate, and so are they weighted by their days. Values
at the two ends of an interval therefore bound value and slope inside it.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from steadyrest.accelerate import kernel

UNSETTLED_COUNT: Final = -1
NARROW: Final = 1e-11
"""An interval of this width x days that is still open holds roots that touch: more than one."""
INTERVALS: Final = 20_000
DEPTH: Final = 128

IN, OUT, IN_DAYS, OUT_DAYS = range(4)


@kernel
def isolate(
    days: Any, amounts: Any, first: int, stop: int, since: int, opening: float, widest: float
) -> tuple[int, float, float, int]:
    """(number of roots within the widest rates, ends of the interval of the last found, sign at its lower end).

    Two stands for two or more; the search ends there. -1 is a search that took too many intervals.
    """
    span = days[stop - 1] - since
    ends = np.empty((DEPTH, 2))
    known = np.empty((DEPTH, 2, 4))
    ends[0, 0], ends[0, 1] = -widest, widest
    for side in range(2):
        sums(days, amounts, first, stop, since, opening, ends[0, side], known[0, side])
    count, low, high, sign, size = 0, 0.0, 0.0, 0, 1
    for _ in range(INTERVALS):
        if size == 0 or count > 1:
            return count, low, high, sign
        at = size - 1
        a, b = known[at, 0], known[at, 1]
        left, right = ends[at, 0], ends[at, 1]
        if b[IN] > a[OUT] or a[IN] < b[OUT]:
            size -= 1
        elif b[IN_DAYS] > a[OUT_DAYS] or a[IN_DAYS] < b[OUT_DAYS]:
            size -= 1
            at_left, at_right = a[IN] - a[OUT], b[IN] - b[OUT]
            if at_left * at_right < 0.0 or at_right == 0.0:  # a root on an end belongs to the interval below it
                count, low, high, sign = count + 1, left, right, 1 if at_left > 0.0 else -1
        elif (right - left) * span < NARROW:
            return 2, left, right, 0
        else:
            if size == DEPTH:
                return UNSETTLED_COUNT, left, right, 0
            middle = 0.5 * (left + right)
            ends[size, 0], ends[size, 1], ends[at, 0] = left, middle, middle
            known[size, 0] = a
            sums(days, amounts, first, stop, since, opening, middle, known[size, 1])
            known[at, 0] = known[size, 1]
            size += 1
    return UNSETTLED_COUNT, low, high, 0


@kernel
def sums(days: Any, amounts: Any, first: int, stop: int, since: int, opening: float, rate: float, into: Any) -> None:
    """Value of inflows and of outflows, and both weighted by their days."""
    into[IN], into[OUT], into[IN_DAYS], into[OUT_DAYS] = max(opening, 0.0), max(-opening, 0.0), 0.0, 0.0
    for k in range(first, stop):
        gap = days[k] - since
        value = abs(amounts[k]) * math.exp(-rate * gap)
        side = 0 if amounts[k] > 0 else 1
        into[IN + side] += value
        into[IN_DAYS + side] += value * gap
