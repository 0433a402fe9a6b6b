"""Kernels of decision tables: where a value stands among the bounds of its column, and which rows hold.

Rows are bits of words of 64. For each place of a column two sets of rows are known: those whose cell holds there and
those whose cell holds or is unknown there; a row of data is the intersection over its columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import kernel


@kernel
def place_numbers(values: Any, valid: Any, starts: Any, first: int, out: Any) -> None:
    """The place of each number among the starts of the segments (ascending, the first is the lowest number there is).

    Places count on from `first`; a missing value stands at the place behind the last segment.
    """
    for i in range(values.size):
        if not valid[i]:
            out[i] = first + starts.size
            continue
        low, high = 0, starts.size
        while high - low > 1:
            middle = (low + high) // 2
            if starts[middle] <= values[i]:
                low = middle
            else:
                high = middle
        out[i] = first + low


@kernel
def first_hits(places: Any, holds: Any, may: Any, out: Any) -> None:
    """The first row that is not false, as its bit, or -1 for none; -2 where that row is unknown."""
    columns, words = places.shape[0], holds.shape[1]
    for i in range(places.shape[1]):
        found = -1
        for w in range(words):
            true, maybe = holds[places[0, i], w], may[places[0, i], w]
            for c in range(1, columns):
                true &= holds[places[c, i], w]
                maybe &= may[places[c, i], w]
            if maybe:
                low = maybe & (~maybe + np.uint64(1))
                found = 64 * w + _bit(low) if true & low else -2
                break
        out[i] = found


@kernel
def only_hits(places: Any, holds: Any, may: Any, groups: Any, out: Any) -> None:
    """The row that holds where all rows that hold or may hold are of one group: its bit, -1 for none, -2 where a
    missing value matters, -3 where rows of two groups hold.
    """
    columns, words = places.shape[0], holds.shape[1]
    for i in range(places.shape[1]):
        hit, group, is_open, is_torn = -1, -1, False, False
        maybe_group, is_split = -1, False
        for w in range(words):
            true, maybe = holds[places[0, i], w], may[places[0, i], w]
            for c in range(1, columns):
                true &= holds[places[c, i], w]
                maybe &= may[places[c, i], w]
            while maybe:
                low = maybe & (~maybe + np.uint64(1))
                row = 64 * w + _bit(low)
                maybe &= ~low
                if true & low:
                    if hit < 0:
                        hit, group = row, groups[row]
                    elif groups[row] != group:
                        is_torn = True
                else:
                    is_open = True
                if maybe_group < 0:
                    maybe_group = groups[row]
                elif groups[row] != maybe_group:
                    is_split = True
        if is_torn:
            out[i] = -3
        elif is_open and (hit < 0 or is_split):
            out[i] = -2
        else:
            out[i] = hit


@kernel
def count_hits(places: Any, holds: Any, may: Any, counts: Any) -> None:
    """How many rows hold; -2 where one is unknown."""
    columns, words = places.shape[0], holds.shape[1]
    for i in range(places.shape[1]):
        count, is_open = 0, False
        for w in range(words):
            true, maybe = holds[places[0, i], w], may[places[0, i], w]
            for c in range(1, columns):
                true &= holds[places[c, i], w]
                maybe &= may[places[c, i], w]
            is_open |= true != maybe
            while true:
                true &= true - np.uint64(1)
                count += 1
        counts[i] = -2 if is_open else count


@kernel
def list_hits(places: Any, holds: Any, counts: Any, out: Any) -> None:
    """The bits of the rows that hold, row of data after row of data; those with a count below 1 have none."""
    columns, words, at = places.shape[0], holds.shape[1], 0
    for i in range(places.shape[1]):
        if counts[i] < 1:
            continue
        for w in range(words):
            true = holds[places[0, i], w]
            for c in range(1, columns):
                true &= holds[places[c, i], w]
            while true:
                low = true & (~true + np.uint64(1))
                out[at] = 64 * w + _bit(low)
                at += 1
                true &= ~low


@kernel
def _bit(low: np.uint64) -> int:
    """Which bit a word with one bit is."""
    found = 0
    for step in (32, 16, 8, 4, 2, 1):
        if low >> np.uint64(found + step):
            found += step
    return found
