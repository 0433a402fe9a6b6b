"""Carrying amounts: what flows after a day are worth on it at a given rate, for many contracts and many days."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import kernel
from steadyrest.measures.kernels.discount import POWERS, fill_powers, first_after, present_value


@kernel
def value_all(offsets: Any, days: Any, amounts: Any, rates: Any, on: Any, first: int, stop: int, values: Any) -> None:
    """Value of the flows after day on[i] at the rate of the contract; a contract without a rate has none."""
    table = np.empty(POWERS)
    for i in range(first, stop):
        if not np.isfinite(rates[i]):
            values[i] = np.nan
            continue
        fill_powers(rates[i], table)
        start = first_after(days, offsets[i], offsets[i + 1], on[i])
        values[i] = present_value(days, amounts, start, offsets[i + 1], on[i], rates[i], table)


@kernel
def walk_all(
    offsets: Any, days: Any, amounts: Any, rates: Any, ends: Any, rows: Any, first: int, stop: int, into: Any
) -> None:
    """Closing value and cash of each period. `rows` is (first row, first period end) of each contract, one more row."""
    closing, cash = into
    table = np.empty(POWERS)
    for i in range(first, stop):
        at, stop_at = offsets[i], offsets[i + 1]
        if not np.isfinite(rates[i]):
            continue
        fill_powers(rates[i], table)
        for row in range(rows[i, 0], rows[i + 1, 0]):
            end = ends[rows[i, 1] + row - rows[i, 0]]
            paid = 0
            while at < stop_at and days[at] <= end:
                paid += amounts[at]
                at += 1
            cash[row] = paid
            closing[row] = present_value(days, amounts, at, stop_at, end, rates[i], table)
