"""Rows of a file on their way: a frame of raw cells with the number of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from steadyrest.exchange.looks import Look

BATCH_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table in file order. `rows` numbers them from 1; `ragged` are (row number, cells as they were); `looks`
    are those of columns that have been looked at.
    """

    frame: pl.DataFrame
    rows: pl.Series
    ragged: tuple[tuple[int, str], ...] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)
