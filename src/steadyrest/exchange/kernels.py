"""Kernels of reading: a set of keys by open addressing over 96-bit hashes, and looks through a column's letters."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import inlined, kernel


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


TRIM, WIDE, NOT_DAY, NOT_NUMBER, LIKE_NUMBER = 1, 2, 4, 8, 16
"""Marks of a column of text: some cell is blank, is `\\N` or has blanks around it; holds a letter of the full-width
block; is no plain YYYY-MM-DD from 1900 to 2199; is no plain decimal of up to 18 digits before the point; looks like a
number that a spreadsheet has made of an identifier."""


@kernel
def look_at_column(letters: Any, offsets: Any, valid: Any, marks: Any, places: Any) -> None:
    """Marks of one column, and the most decimals of its cells; null rows are passed over."""
    for i in range(valid.size):
        if valid[i]:
            marks[0] |= _look(letters, offsets[i], offsets[i + 1], marks[0], places, 0)
            for at in range(offsets[i], offsets[i + 1] - 1):
                if letters[at] == 0xEF and (letters[at + 1] == 0xBC or letters[at + 1] == 0xBD):
                    marks[0] |= WIDE


@kernel
def look_at_block(letters: Any, separator: int, marks: Any, places: Any) -> bool:
    """Marks of every column of a block of records without quotes; False when a record has another number of cells.

    An empty cell is none. A record ends with a line feed, which a carriage return may precede.
    """
    cell = np.uint8(separator)
    column, start = 0, 0
    mark = marks[0]
    for at in range(letters.size):
        letter = letters[at]
        if letter == 0xEF:
            if letters[at + 1] == 0xBC or letters[at + 1] == 0xBD:
                mark |= WIDE
        elif letter == cell or letter == 10:
            stop = at
            if letter == 10 and stop > start and letters[stop - 1] == 13:
                stop -= 1
            if stop > start:
                mark |= _look(letters, start, stop, mark, places, column)
            marks[column] = mark
            start = at + 1
            column += 1
            if letter == 10:
                if column != marks.size:
                    return False
                column = 0
            elif column == marks.size:
                return False
            mark = marks[column]
    return column == 0


@inlined
def _look(letters: Any, start: int, stop: int, mark: int, places: Any, column: int) -> int:
    """The marks of one cell but for WIDE. A mark that the column has is not looked for again."""
    if stop == start:
        return TRIM | NOT_DAY | NOT_NUMBER
    found = 0
    first, last = letters[start], letters[stop - 1]
    # Most cells begin and end with a visible letter of ASCII: the calls are for the others.
    is_odd = first <= 32 or last <= 32 or first == 0x5C or first >= 0xC2 or last >= 0x80
    if is_odd and not mark & TRIM and _has_blanks(letters, start, stop):
        found |= TRIM
    if not mark & NOT_DAY and not _is_day(letters, start, stop):
        found |= NOT_DAY
    if not mark & NOT_NUMBER:
        decimals = _decimals(letters, start, stop)
        if decimals < 0:
            found |= NOT_NUMBER
        elif decimals > places[column]:
            places[column] = decimals
    if 48 <= first <= 57 and stop - start >= 4:
        second = letters[start + 1]
        if second == 46 or second == 69 or second == 101 or (stop - start >= 18 and _ends_in_zeros(letters, stop)):
            found |= LIKE_NUMBER
    return found


@kernel
def _has_blanks(letters: Any, start: int, stop: int) -> bool:
    """Whether a cell is `\\N`, or begins or ends with a blank of ASCII or Unicode."""
    size = stop - start
    if letters[start] <= 32 or letters[stop - 1] <= 32:
        return True
    if size == 2 and letters[start] == 0x5C:  # \N
        return True
    # Unicode blanks: C2 85, C2 A0, or three bytes E1 9A 80, E2 80 .., E2 81 9F, E3 80 80.
    if size >= 2 and (letters[start] == 0xC2 or letters[stop - 2] == 0xC2):
        return True
    return size >= 3 and (_is_blank(letters, start) or _is_blank(letters, stop - 3))


@kernel
def _is_blank(letters: Any, at: int) -> bool:
    """Whether three bytes may be a blank of Unicode."""
    return 0xE1 <= letters[at] <= 0xE3 and letters[at + 1] in (0x9A, 0x80, 0x81)


@kernel
def _is_digit(letter: int) -> bool:
    return 48 <= letter <= 57


@kernel
def _is_day(letters: Any, start: int, stop: int) -> bool:
    """Whether a cell is written YYYY-MM-DD, in a year from 1900 to 2199: other years stand for no day at all."""
    if stop - start != 10 or letters[start + 4] != 45 or letters[start + 7] != 45:
        return False
    century = 10 * (letters[start] - 48) + letters[start + 1] - 48
    if century < 19 or century > 21:
        return False
    for k in range(2, 10):  # noqa: SIM110 (a kernel knows no generators)
        if k != 4 and k != 7 and not _is_digit(letters[start + k]):
            return False
    return True


@kernel
def _decimals(letters: Any, start: int, stop: int) -> int:
    """The decimals of a plain number (a sign, up to 18 digits, a point and digits); -1 for anything else."""
    at = start + 1 if letters[start] == 45 else start
    first = at
    while at < stop and _is_digit(letters[at]):
        at += 1
    if at == first or at - first > 18:
        return -1
    if at == stop:
        return 0
    if letters[at] != 46:
        return -1
    point = at
    at += 1
    while at < stop and _is_digit(letters[at]):
        at += 1
    return at - point - 1 if at == stop and at - point > 1 else -1


@kernel
def _ends_in_zeros(letters: Any, stop: int) -> bool:
    return bool(letters[stop - 1] == 48 and letters[stop - 2] == 48 and letters[stop - 3] == 48)
