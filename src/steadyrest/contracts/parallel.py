"""Chunks of loans over threads. Kernels release the GIL and chunks share nothing, so the answer does not depend on how
many threads there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Final, TypeAlias, TypeVar

import numpy as np

from steadyrest.contracts.instalment import exact_known
from steadyrest.contracts.kernels import layout
from steadyrest.contracts.rates import Matrix
from steadyrest.contracts.schedule import Resolved

SMALL: Final = 4_096
"""Fewer loans than this are not worth another thread."""
_CHUNKS_PER_THREAD: Final = 4
_NOBODY: Final = np.zeros(0, np.int64)

T = TypeVar("T")
Kernel: TypeAlias = Callable[[int, int, Matrix, Matrix], int]
"""(first loan, loan to stop before, exact instalments of the first, scratch) -> the loan it stopped at."""


def over_chunks(households: Matrix, threads: int | None, work: Callable[[range], T]) -> list[T]:
    """What `work` gives for each chunk, in order; a household is never split. `threads` None = one a processor."""
    workers = threads or os.cpu_count() or 1
    parts = chunks(households, workers * _CHUNKS_PER_THREAD if workers > 1 else 1)
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, parts))


def chunks(households: Matrix, wanted: int) -> Sequence[range]:
    """About `wanted` ranges of loans, each of whole households and not small."""
    size = households.size
    wanted = max(min(wanted, size // SMALL), 1)
    cuts = [0]
    for number in range(1, wanted):
        cut = max(size * number // wanted, 1)
        later = np.flatnonzero(households[cut:] != households[cut - 1])
        cuts.append(cut + int(later[0]) if later.size else size)
    return [range(low, high) for low, high in pairwise([*cuts, size]) if high > low] or [range(0)]


def run(resolved: Resolved, balances: Matrix, as_of: int, loans: range, kernel: Kernel) -> None:
    """Run a batch kernel over a range of loans. It stops at a loan whose instalment float64 cannot round for certain;
    that one is settled exactly, and the kernel goes on from there.
    """
    scratch = np.zeros((layout.SCRATCH_ROWS, layout.WIDTH), np.int64)
    at, known = loans.start, _NOBODY
    while at < loans.stop:
        at = kernel(at, loans.stop, known, scratch)
        if at < loans.stop:
            known = exact_known(resolved, at, int(balances[at]), as_of, scratch)
