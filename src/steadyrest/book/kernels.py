"""Kernels of the content hash: 64-bit mixing of cells, written so that no library version can change it."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import kernel

Bits = np.ndarray[Any, np.dtype[np.uint64]]


@kernel
def _mix(value: np.uint64) -> np.uint64:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit."""
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
    return value


@kernel
def hash_integers(values: Any, valid: Any, seed: np.uint64, out: Bits) -> None:
    """Hash integer cells; a null differs from every value."""
    for i in range(values.size):
        if valid[i]:
            out[i] = _mix(_mix(np.uint64(values[i]) ^ seed) + np.uint64(1))
        else:
            out[i] = _mix(seed + np.uint64(0x9E3779B97F4A7C15))


@kernel
def hash_texts(data: Any, offsets: Any, valid: Any, seed: np.uint64, out: Bits) -> None:
    """Hash UTF-8 cells given as bytes and offsets, eight bytes at a time; the length is part of the hash."""
    for i in range(valid.size):
        if not valid[i]:
            out[i] = _mix(seed + np.uint64(0x9E3779B97F4A7C15))
            continue
        start, stop = offsets[i], offsets[i + 1]
        state = seed ^ _mix(np.uint64(stop - start) + np.uint64(2))
        position = start
        while position < stop:
            word = np.uint64(0)
            for k in range(min(8, stop - position)):
                word |= np.uint64(data[position + k]) << np.uint64(8 * k)
            state = _mix(state ^ word)
            position += 8
        out[i] = state


@kernel
def mix_rows(rows: Bits, cells: Bits) -> None:
    """Fold one column's cell hashes into the row hashes."""
    for i in range(rows.size):
        rows[i] = _mix(rows[i] + cells[i])


@kernel
def sum_lanes(rows: Bits) -> tuple[np.uint64, np.uint64]:
    """The two sums of the row hashes, modulo 2^64 each."""
    low = np.uint64(0)
    high = np.uint64(0)
    for i in range(rows.size):
        low += rows[i]
        high += _mix(rows[i] + np.uint64(0xD1B54A32D192ED03))
    return low, high
