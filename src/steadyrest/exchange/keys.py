"""Keys of rows as hashes: which part of the book a row belongs to, which keys were seen, and where they live.

A key is 96 bits of two independent hashes. Among ten million keys the chance that two different ones meet is below
1e-14, and the set takes 16 bytes a slot however long the identifiers are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl

from steadyrest.book.kernels import hash_integers, hash_texts, mix_rows
from steadyrest.exchange.kernels import find_keys, insert_keys

Hashes: TypeAlias = tuple[np.ndarray[Any, np.dtype[np.uint64]], np.ndarray[Any, np.dtype[np.uint32]]]
Parts: TypeAlias = np.ndarray[Any, np.dtype[np.int32]]
_SEEDS: Final = (np.uint64(0x9AE16A3B2F90404F), np.uint64(0xC949D7C7509E6557))
_LOAD: Final = 0.65


def hashes(columns: Sequence[pl.Series]) -> Hashes:
    """The two hashes of each row over the given columns; the same rows hash alike in every batch, file and version."""
    (high, low), *others = (_cells(column) for column in columns)
    for more_high, more_low in others:
        mix_rows(high, more_high)
        mix_rows(low, more_low)
    return high, (low >> np.uint64(32)).astype(np.uint32)


def parts_of(hashed: Hashes, parts: int) -> np.ndarray[Any, np.dtype[np.int32]]:
    """The part of each key: its hash modulo the number of parts."""
    return (hashed[0] % np.uint64(parts)).astype(np.int32)


def _cells(column: pl.Series) -> tuple[Any, Any]:
    """Both hashes of each cell of a column."""
    out = np.empty(len(column), np.uint64), np.empty(len(column), np.uint64)
    valid = column.is_not_null().to_numpy()
    if column.dtype == pl.String or isinstance(column.dtype, pl.Enum):
        letters, offsets = text_buffers(column.cast(pl.String))
        for seed, lane in zip(_SEEDS, out, strict=True):
            hash_texts(letters, offsets, valid, seed, lane)
    else:
        integers = column.to_physical().cast(pl.Int64).fill_null(0).to_numpy()
        for seed, lane in zip(_SEEDS, out, strict=True):
            hash_integers(integers, valid, seed, lane)
    return out


def text_buffers(column: pl.Series) -> tuple[Any, Any]:
    """The UTF-8 bytes of a text column, and where each row begins and the last one ends; a null row is empty."""
    array = column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    buffers: Any = array.buffers()
    offsets = np.frombuffer(buffers[1], np.int64)[array.offset : array.offset + len(array) + 1]
    letters = np.frombuffer(buffers[2], np.uint8) if buffers[2] else np.zeros(0, np.uint8)
    return letters, offsets


class Hashed:
    """The rows of a batch with the hashes of their keys, each worked out once."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self._known: dict[tuple[str, ...], Hashes] = {}

    def of(self, *names: str) -> Hashes:
        """The hashes over some columns."""
        if names not in self._known:
            self._known[names] = hashes([self.rows[name] for name in names])
        return self._known[names]


def picked(hashed: Hashes, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> Hashes:
    """The hashes of some rows."""
    return hashed[0][rows], hashed[1][rows]


class KeySet:
    """Keys seen so far, each with its part."""

    def __init__(self, expected: int = 0) -> None:
        self.count = 0
        self._slots = _free(expected)

    def add(self, hashed: Hashes, parts: Parts) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Add keys in order; true where a key was new, false where it repeats an earlier one."""
        high, low = hashed
        if self.count + high.size > len(self._slots) * _LOAD:
            self._grow(self.count + high.size)
        is_new = np.empty(high.size, np.bool_)
        self.count += insert_keys(high, low, parts, self._slots, is_new)
        return is_new

    def find(self, hashed: Hashes) -> Parts:
        """The part of each key, -1 where it is unknown."""
        out = np.empty(hashed[0].size, np.int32)
        find_keys(*hashed, self._slots, out)
        return out

    def _grow(self, expected: int) -> None:
        held = self._slots[self._slots[:, 1] != 0]
        low = (held[:, 1] >> np.uint64(32)).astype(np.uint32)
        part = (held[:, 1] & np.uint64(0xFFFFFFFF)).astype(np.int32) - 1
        self._slots = _free(2 * expected)
        insert_keys(held[:, 0].copy(), low, part.astype(np.int32), self._slots, np.empty(low.size, np.bool_))


def _free(expected: int) -> Any:
    return np.zeros((1 << max(10, int(expected / _LOAD).bit_length()), 2), np.uint64)
