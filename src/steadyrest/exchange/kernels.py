"""Kernels of reading: a set of keys by open addressing over 96-bit hashes, and looks through a column's letters."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import kernel


@kernel
def insert_keys(high: Any, low: Any, part: Any, slots: Any, is_new: Any) -> int:
    """Add keys in order; `is_new` says which were not there. Returns how many were added.

    A slot is two words, so that one look-up is one trip to memory: the first hash, then 32 bits of the second hash
    and the part plus one. A free slot has zero as its second word.
    """
    mask = np.uint64(slots.shape[0] - 1)
    added = 0
    for i in range(high.size):
        at = _slot(high[i], low[i], slots, mask)
        is_new[i] = slots[at, 1] == 0
        if is_new[i]:
            slots[at, 0] = high[i]
            slots[at, 1] = (np.uint64(low[i]) << np.uint64(32)) | np.uint64(part[i] + 1)
            added += 1
    return added


@kernel
def find_keys(high: Any, low: Any, slots: Any, out: Any) -> None:
    """The part of each key, or -1 for a key that is not there."""
    mask = np.uint64(slots.shape[0] - 1)
    for i in range(high.size):
        at = _slot(high[i], low[i], slots, mask)
        out[i] = np.int64(slots[at, 1] & np.uint64(0xFFFFFFFF)) - 1


@kernel
def _slot(high: np.uint64, low: np.uint32, slots: Any, mask: np.uint64) -> np.uint64:
    """The slot of a key, or the free one where it would go."""
    at = high & mask
    while slots[at, 1] != 0 and not (slots[at, 0] == high and slots[at, 1] >> np.uint64(32) == low):
        at = (at + np.uint64(1)) & mask
    return at


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


@kernel
def needs_trim(letters: Any, offsets: Any, valid: Any) -> bool:
    """Whether any text is empty, is `\\N`, or begins or ends with a blank of ASCII or Unicode."""
    for i in range(valid.size):
        if not valid[i]:
            continue
        start, stop = offsets[i], offsets[i + 1]
        if start == stop or letters[start] <= 32 or letters[stop - 1] <= 32:
            return True
        if stop - start == 2 and letters[start] == 0x5C:  # \N
            return True
        # Unicode blanks: C2 85, C2 A0, or three bytes E1 9A 80, E2 80 .., E2 81 9F, E3 80 80.
        size = stop - start
        if size >= 2 and (letters[start] == 0xC2 or letters[stop - 2] == 0xC2):
            return True
        if size >= 3 and (_is_wide(letters, start) or _is_wide(letters, stop - 3)):
            return True
    return False


@kernel
def _is_wide(letters: Any, at: int) -> bool:
    """Whether three bytes may be a blank of Unicode."""
    return 0xE1 <= letters[at] <= 0xE3 and letters[at + 1] in (0x9A, 0x80, 0x81)


@kernel
def may_be_number(letters: Any, offsets: Any, valid: Any) -> bool:
    """Whether any text looks like `9.1E+17` or `9E17` at its beginning, or like 18 digits or more ending in 000."""
    for i in range(valid.size):
        start, stop = offsets[i], offsets[i + 1]
        if not valid[i] or stop - start < 4 or letters[start] < 48 or letters[start] > 57:
            continue
        second = letters[start + 1]
        if second == 46 or second == 69 or second == 101:
            return True
        if stop - start >= 18 and letters[stop - 1] == 48 and letters[stop - 2] == 48 and letters[stop - 3] == 48:
            return True
    return False


@kernel
def has_full_width(letters: Any, offsets: Any, valid: Any) -> bool:
    """Whether any text holds a letter of the full-width block (UTF-8 EF BC or EF BD)."""
    for at in range(offsets[0], offsets[valid.size] - 1):
        if letters[at] == 0xEF and (letters[at + 1] == 0xBC or letters[at + 1] == 0xBD):
            return True
    return False
