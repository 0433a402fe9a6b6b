"""Parts put together: totals by key, and counts that nobody can know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from steadyrest.book import merge, parts
from steadyrest.schema import TABLES


def stored(folder: Path, number: int, households: int) -> Path:
    """A part with one month and nothing else."""
    row = {"month_on": date(2022, 9, 1), "version": "before", "currency": "CNY", "households": households}
    more = {"receipts": households + 1, "principal_due_fen": 100, "interest_due_fen": 7}
    frame = pl.DataFrame([row | more], schema=TABLES["cash_flow_month"].polars())
    every = (*parts.KEPT, *parts.PASSED, *parts.ADDED)
    empty = {name: TABLES[name].empty() for name in every if name in TABLES}
    empty |= {name: pl.DataFrame({"loan_id": ["L1"]}) for name in every if name not in TABLES}
    parts.store(folder / f"{number:04d}", empty | {"cash_flow_month": frame})
    return folder / f"{number:04d}"


def test_months_of_parts_are_added_by_key(tmp_path: Path) -> None:
    folders = [stored(tmp_path, number, households) for number, households in enumerate((3, 4))]
    found = merge.merge(folders, tmp_path / "tables")
    row = pl.read_parquet(tmp_path / "tables" / "cash_flow_month.parquet").row(0, named=True)
    assert (row["households"], row["receipts"], row["principal_due_fen"]) == (7, 9, 200)
    assert found["cash_flow_month"].rows == 1


def test_a_count_that_is_not_known_is_null_and_the_rest_is_added(tmp_path: Path) -> None:
    folders = [stored(tmp_path, number, households) for number, households in enumerate((3, 4))]
    counted = merge.merge(folders, tmp_path / "counted")
    found = merge.merge(folders, tmp_path / "tables", ("households",))
    row = pl.read_parquet(tmp_path / "tables" / "cash_flow_month.parquet").row(0, named=True)
    assert (row["households"], row["receipts"], row["interest_due_fen"]) == (None, 9, 14)
    assert found["cash_flow_month"].sums == counted["cash_flow_month"].sums
    assert found["cash_flow_month"].content_hash != counted["cash_flow_month"].content_hash
