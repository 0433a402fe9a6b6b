"""Kernels of the key set: open addressing over 96-bit hashes, each with the part of the book it belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import kernel

Slots = Any


@kernel
def insert_keys(
    high: Any, low: Any, part: Any, slots_high: Slots, slots_low: Slots, slots_part: Slots, is_new: Any
) -> int:
    """Add keys in order; `is_new` says which were not there. Returns how many were added. A free slot has part -1."""
    mask = np.uint64(slots_part.size - 1)
    added = 0
    for i in range(high.size):
        at = high[i] & mask
        while slots_part[at] >= 0 and not (slots_high[at] == high[i] and slots_low[at] == low[i]):
            at = (at + np.uint64(1)) & mask
        is_new[i] = slots_part[at] < 0
        if is_new[i]:
            slots_high[at] = high[i]
            slots_low[at] = low[i]
            slots_part[at] = part[i]
            added += 1
    return added


@kernel
def find_keys(high: Any, low: Any, slots_high: Slots, slots_low: Slots, slots_part: Slots, out: Any) -> None:
    """The part of each key, or -1 for a key that is not there."""
    mask = np.uint64(slots_part.size - 1)
    for i in range(high.size):
        at = high[i] & mask
        while slots_part[at] >= 0 and not (slots_high[at] == high[i] and slots_low[at] == low[i]):
            at = (at + np.uint64(1)) & mask
        out[i] = slots_part[at]


@kernel
def weighted_sums(letters: Any, values: Any, weights: Any, out: Any) -> None:
    """Sum of letter value times weight for each row of fixed-width text; -1 where a letter has no value."""
    for i in range(letters.shape[0]):
        total = np.int64(0)
        for k in range(weights.size):
            value = values[letters[i, k]]
            if value < 0:
                total = np.int64(-1)
                break
            total += value * weights[k]
        out[i] = total
