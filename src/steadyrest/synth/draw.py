"""Seeded draws in integer arithmetic on the raw bits of PCG64: the same numbers on any machine and library version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_BITS = np.uint64(32)


class Draw:
    """One stream of draws, named by the seed and a path of numbers; streams do not disturb one another."""

    def __init__(self, seed: int, *path: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *path]))

    def _unit(self, size: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """Uniform 32-bit fractions."""
        return self._bits.random_raw(size) >> _BITS

    def whole(self, low: int | Ints, high: int | Ints, size: int) -> Ints:
        """Uniform integers in [low, high); the span must stay below 2^31."""
        span = np.maximum(np.asarray(high, np.int64) - np.asarray(low, np.int64), 1).astype(np.uint64)
        return np.asarray(low, np.int64) + ((self._unit(size) * span) >> _BITS).astype(np.int64)

    def skewed(self, low: int | Ints, high: int | Ints, size: int) -> Ints:
        """Integers in [low, high) with most of the weight near `low`: the least of three draws."""
        return np.minimum(
            np.minimum(self.whole(low, high, size), self.whole(low, high, size)), self.whole(low, high, size)
        )

    def chance(self, per_mille: int | Ints, size: int) -> Flags:
        """True with the given probability."""
        return self.whole(0, 1000, size) < np.asarray(per_mille, np.int64)

    def pick(self, weights: Sequence[int], size: int) -> Ints:
        """Positions drawn by small integer weights."""
        table = np.repeat(np.arange(len(weights), dtype=np.int64), np.asarray(weights, np.int64))
        return table[self.whole(0, table.size, size)]
