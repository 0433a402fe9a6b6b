"""Rows of a file on their way: a frame of raw cells with the number of each row."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

BATCH_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table in file order. `rows` numbers them from 1; `ragged` are (row number, cells as they were)."""

    frame: pl.DataFrame
    rows: pl.Series
    ragged: tuple[tuple[int, str], ...] = ()
