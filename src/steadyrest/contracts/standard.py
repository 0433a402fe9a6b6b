"""Standard loans by the million: period-major, bit-equal to the exact fold.

A loan is standard when nothing has happened to it and its terms are plain (`kernels.period_major.classify`). Loans of
one rhythm make a class. `standard_dues` writes every due, `standard_totals` only sums; loans that are not standard are
named and go through `project` and `totals`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.contracts.instalment import exact_known
from steadyrest.contracts.kernels import layout
from steadyrest.contracts.kernels import period_major as kernels
from steadyrest.contracts.kernels.civil import month_position
from steadyrest.contracts.kernels.fold import fold
from steadyrest.contracts.rates import Matrix
from steadyrest.contracts.schedule import Resolved

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
_EPOCH_POSITION: Final = 1970 * 12


@dataclass(frozen=True, slots=True)
class Classes:
    """Standard loans in the order of their classes, the longest first within one.

    `order`: positions of the loans; `start`: where each class begins in it, one entry more than classes; `rhythms`:
    what the loans of a class share; `periods`: of each loan in the order; `others`: positions of loans that are not
    standard.
    """

    resolved: Resolved
    order: Ints
    start: Ints
    rhythms: Matrix
    known: Matrix
    periods: Ints
    others: Ints

    @property
    def dues(self) -> int:
        """Dues of all standard loans."""
        return int(self.periods.sum())

    def class_of(self, places: Ints) -> Ints:
        """The class of the loans at some places of the order."""
        found: Ints = np.searchsorted(self.start, places, "right").astype(np.int64) - 1
        return found

    @property
    def row_begins(self) -> tuple[Ints, Ints]:
        """(where each class begins in the second, where the dues of each of its periods begin)."""
        longest = self.periods[self.start[:-1]]
        at = np.concatenate([[0], np.cumsum(longest)]).astype(np.int64)
        begins = np.empty(int(at[-1]), np.int64)
        kernels.row_begins(self.start, self.periods, at, begins)
        return at, begins

    @property
    def rows(self) -> Ints:
        """Where the dues of each class begin, one entry more than classes."""
        ends = np.concatenate([[0], np.cumsum(self.periods)])
        found: Ints = ends[self.start]
        return found


@dataclass(frozen=True, slots=True)
class StandardDues:
    """Every due of the standard loans, in fen: class by class, period by period, the loans of a period in the order of
    `classes`. `repaired`: positions of loans that were settled by the exact fold.
    """

    classes: Classes
    principal_fen: Ints
    interest_fen: Ints
    balance_fen: Ints
    repaired: Ints

    def of(self, place: int) -> Ints:
        """Where the dues of the loan at one place of the order stand, from the first to the last."""
        number = int(self.classes.class_of(np.array([place]))[0])
        at, begins = self.classes.row_begins
        first = int(at[number])
        found: Ints = begins[first : first + int(self.classes.periods[place])] + place - self.classes.start[number]
        return found


@dataclass(frozen=True, slots=True)
class StandardTotals:
    """`interest_fen` by loan in the order of `classes`; `months`: `month_position, principal_due_fen,
    interest_due_fen` of all months with dues. `repaired` as in `StandardDues`.
    """

    classes: Classes
    interest_fen: Ints
    months: pl.DataFrame
    repaired: Ints


def classes(resolved: Resolved) -> Classes:
    """Find the standard loans and put those of one rhythm together."""
    known = np.zeros((resolved.size, kernels.CLASS_FIELDS), np.int64)
    kernels.classify(resolved.terms, resolved.rates, 0, resolved.size, known)
    frame = pl.DataFrame({"key": known[:, kernels.KEY], "periods": known[:, kernels.PERIODS]}).with_row_index("at")
    standard = frame.filter(pl.col("key") != kernels.NOT_STANDARD).sort("key", "periods", descending=[False, True])
    order = standard["at"].cast(pl.Int64).to_numpy().copy()
    keys = standard["key"].to_numpy()
    start = np.concatenate([np.flatnonzero(np.diff(keys, prepend=-2)), [keys.size]]).astype(np.int64)
    rhythms = np.zeros((start.size - 1, kernels.RHYTHM_FIELDS), np.int64)
    for number in range(start.size - 1):
        kernels.rhythm_of(resolved.terms, order[start[number]], rhythms, number)
    others = frame.filter(pl.col("key") == kernels.NOT_STANDARD)["at"].cast(pl.Int64).to_numpy().copy()
    return Classes(resolved, order, start, rhythms, known, standard["periods"].to_numpy().copy(), others)


def standard_dues(of: Classes, *, threads: int = 1) -> StandardDues:
    """Every due of the standard loans. The answer does not depend on `threads`."""
    loans, rows = columns_of(of), of.rows
    out = (np.empty(of.dues, np.int64), np.empty(of.dues, np.int64), np.empty(of.dues, np.int64))
    over_classes(
        of, threads, lambda first, stop: kernels.lay_classes(of.start, of.rhythms, loans, rows, first, stop, out)
    )
    near = np.flatnonzero(loans[-1])
    at, begins = of.row_begins
    resolved, scratch = of.resolved, np.zeros((layout.SCRATCH_ROWS, layout.WIDTH), np.int64)
    parts = (resolved.terms, resolved.rates, resolved.events, of.order, near, of.class_of(near))
    kernels.settle_dues(*parts, of.start, at, begins, scratch, out)
    return StandardDues(of, *out, of.order[near])


def standard_totals(of: Classes, *, threads: int = 1) -> StandardTotals:
    """Interest by loan and dues by month of the standard loans, without writing the dues."""
    loans = columns_of(of)
    paid = np.zeros(of.order.size)
    low, high = _month_range(of)
    parts: list[Ints] = []

    def work(first: int, stop: int) -> None:
        months = np.zeros((high - low + 1, 2), np.int64)
        kernels.sum_classes(of.start, of.rhythms, loans, first, stop, paid, low, months)
        parts.append(months)

    over_classes(of, threads, work)
    months = np.sum(parts, axis=0) if parts else np.zeros((1, 2), np.int64)
    near = np.flatnonzero(loans[-1])
    interest = paid.astype(np.int64)
    resolved, scratch = of.resolved, np.zeros((layout.SCRATCH_ROWS, layout.WIDTH), np.int64)
    settled = (resolved.terms, resolved.rates, resolved.events, of.order, near, of.class_of(near))
    kernels.settle_sums(*settled, of.rhythms, loans, scratch, low, interest, months)
    frame = pl.DataFrame(
        {
            "month_position": np.arange(low, low + months.shape[0]),
            "principal_due_fen": months[:, 0],
            "interest_due_fen": months[:, 1],
        }
    )
    return StandardTotals(of, interest, frame.filter(pl.any_horizontal(pl.col("^.*_fen$") != 0)), of.order[near])


def exact_dues(of: Classes, place: int) -> tuple[Ints, Ints, Ints]:
    """Principal, interest and balance of every due of one loan by the exact fold."""
    i, resolved = int(of.order[place]), of.resolved
    scratch = np.zeros((layout.SCRATCH_ROWS, layout.WIDTH), np.int64)
    known = exact_known(resolved, i, layout.NO_BOOK, 0, scratch)
    status, stop = fold(resolved.terms, resolved.rates, resolved.events, i, scratch, known, layout.NO_BOOK, 0)
    assert status == layout.OK, f"loan {i} was standard and has status {status}"
    first = int(scratch[layout.COUNTS, layout.FIRST_ROW])
    principal = scratch[layout.ROW_PRINCIPAL, first:stop].copy()
    balance = principal.sum() - np.cumsum(principal)
    return principal, scratch[layout.ROW_INTEREST, first:stop].copy(), balance


def columns_of(of: Classes) -> tuple[Any, ...]:
    """What the kernels work on, anew: balance, rate factor, instalment, level or not, free periods, periods, maturity,
    near ties.
    """
    size = of.order.size
    floats = [np.empty(size) for _ in range(4)]
    whole = [np.empty(size, np.int64) for _ in range(3)]
    columns = (*floats, *whole)
    kernels.gather(of.resolved.terms, of.resolved.rates, of.known, of.order, 0, size, columns)
    return (*columns, np.zeros(size, np.uint8))


def _month_range(of: Classes) -> tuple[int, int]:
    if not of.order.size:
        return _EPOCH_POSITION, _EPOCH_POSITION
    last = int(of.resolved.terms[of.order, layout.MATURITY].max())
    first = int(of.resolved.terms[of.order, layout.DRAWN].min())
    return month_position(first), month_position(last) + 1


def over_classes(of: Classes, threads: int, work: Callable[[int, int], None]) -> None:
    """Run over ranges of classes of about equal numbers of loans. Kernels release the GIL."""
    count = of.start.size - 1
    if threads <= 1 or count < 2:
        work(0, count)
        return
    goals = np.linspace(0, of.order.size, 4 * threads + 1)
    cuts = np.unique(np.searchsorted(of.start, goals, "left").clip(0, count))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, cuts[:-1].tolist(), cuts[1:].tolist()))
