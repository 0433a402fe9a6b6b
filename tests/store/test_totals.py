"""The second engine: exact sums and row counts of a Parquet file."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steadyrest.store.totals import duckdb_totals


def test_sums_are_exact_beyond_64_bits_and_nulls_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    big = 2**62
    pl.DataFrame({"currency": ["CNY", "CNY", "USD", None], "fen": [big, big, 1, None]}).write_parquet(file)
    assert duckdb_totals(file, ("fen",), by="currency") == {
        "": {"rows": 1, "fen": 0},
        "CNY": {"rows": 2, "fen": 2 * big},
        "USD": {"rows": 1, "fen": 1},
    }
    assert duckdb_totals(file, ())[""] == {"rows": 4}
