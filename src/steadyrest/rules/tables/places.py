"""A table as bits: for every column the segments between the bounds of its cells, and which rows hold in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from steadyrest.rules.tables.cells import LOWEST, Cell, is_ordered
from steadyrest.rules.tables.kernels import place_numbers
from steadyrest.rules.tables.model import Input, Table
from steadyrest.schema.registry import Kind

Bits = np.ndarray[Any, np.dtype[np.uint64]]
OTHER = ""
"""Stands for every word that no cell names; in a column of codes no such word is left."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The places of one column: segments of numbers by their starts, or words; the last place is a missing value."""

    starts: tuple[int, ...]
    words: tuple[str, ...]

    @property
    def count(self) -> int:
        """Places, that of a missing value among them."""
        return (len(self.starts) or len(self.words)) + 1

    def representative(self, place: int) -> int | str | None:
        """A value that stands at a place."""
        if place == self.count - 1:
            return None
        return self.starts[place] if self.starts else self.words[place]


@dataclass(frozen=True, slots=True)
class Bitmap:
    """`holds` and `may`: rows of the table (in the order they are asked) by place; `first` is where a column begins."""

    segments: tuple[Segments, ...]
    first: tuple[int, ...]
    holds: Bits
    may: Bits


@lru_cache(maxsize=64)
def bitmap(table: Table) -> Bitmap:
    """The table as bits; made once for each table."""
    columns = tuple(segments(item, [row.cells[at] for row in table.rows]) for at, item in enumerate(table.inputs))
    first = tuple(np.cumsum([0, *(part.count for part in columns)]).tolist())
    words = -(-len(table.rows) // 64)
    holds, may = (np.zeros((first[-1], words), np.uint64) for _ in range(2))
    for bit, row in enumerate(table.order):
        word, mask = bit // 64, np.uint64(1) << np.uint64(bit % 64)
        for at, part in enumerate(columns):
            cell = table.rows[row].cells[at]
            for place in range(part.count):
                accepted = _accepts(cell, part.representative(place))
                if accepted is not False:
                    may[first[at] + place, word] |= mask
                if accepted:
                    holds[first[at] + place, word] |= mask
    return Bitmap(columns, first[:-1], holds, may)


def _accepts(cell: Cell, value: int | str | None) -> bool | None:
    if value == OTHER and cell.words is not None:
        return cell.but
    return cell.accepts(value)


def segments(item: Input, cells: Sequence[Cell]) -> Segments:
    """The places of a column: no cell tells two values of one place apart."""
    if item.column.kind is Kind.FLAG:
        return Segments((0, 1), ())
    if is_ordered(item.column):
        bounds = {LOWEST}
        for cell in cells:
            for low, high in cell.intervals or ():
                bounds |= {low, min(high + 1, 2**63 - 1)}
        return Segments(tuple(sorted(bounds)), ())
    if item.column.codes:
        return Segments((), item.column.codes)
    named = sorted({word for cell in cells for word in cell.words or ()})
    return Segments((), (*named, OTHER))


def placed(table: Table, frame: pl.DataFrame) -> Any:
    """The place of every value, one row for each input."""
    known = bitmap(table)
    out = np.empty((len(table.inputs), frame.height), np.int32)
    for at, item in enumerate(table.inputs):
        _place(frame[item.column.name], item, known.segments[at], known.first[at], out[at])
    return out


def _place(values: pl.Series, item: Input, part: Segments, first: int, out: Any) -> None:
    if part.starts:
        numbers = _numbers(values, item.column.kind)
        place_numbers(numbers, values.is_not_null().to_numpy(), np.array(part.starts, np.int64), first, out)
        return
    if item.column.codes and values.dtype == item.column.polars:
        codes = values.to_physical().cast(pl.Int32).fill_null(part.count - 1)
    else:
        places = {word: at for at, word in enumerate(part.words)}
        other = places.get(OTHER, part.count - 1)
        codes = values.cast(pl.String).replace_strict(places, default=other, return_dtype=pl.Int32)
        codes = (
            codes.to_frame("x")
            .select(pl.when(values.is_null()).then(part.count - 1).otherwise(pl.col("x")))
            .to_series()
        )
    out[:] = codes.to_numpy() + first


_EPOCH_ORDINAL = 719_163
"""`date(1970, 1, 1).toordinal()`: days are counted from year 1."""


def _numbers(values: pl.Series, kind: Kind) -> Any:
    physical = values.to_physical().cast(pl.Int64).fill_null(0).to_numpy()
    return physical + _EPOCH_ORDINAL if kind is Kind.DAY else physical
