"""Lazy access to the result tables of a finished run folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steadyrest.schema import TABLES


def has(tables: Path, name: str) -> bool:
    """The run wrote this table."""
    return (tables / f"{name}.parquet").is_file()


def scan(tables: Path, name: str) -> pl.LazyFrame:
    """A result table, lazily. A registered table that the run did not write has no rows."""
    if has(tables, name):
        return pl.scan_parquet(tables / f"{name}.parquet")
    return TABLES[name].empty().lazy()


def rows(tables: Path, name: str) -> int:
    """Number of rows, from the file's own count; 0 for a table that was not written."""
    if not has(tables, name):
        return 0
    return int(scan(tables, name).select(pl.len()).collect().item())


def collect(query: pl.LazyFrame) -> pl.DataFrame:
    """Run a query in parts, so that a large table is never held whole; rows come in any order."""
    return query.collect(engine="streaming")


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with code columns as text, for small results."""
    codes = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    return frame.with_columns(pl.col(codes).cast(pl.String)) if codes else frame
