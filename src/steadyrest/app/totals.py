"""Control totals: what came in against what went out, and what Polars summed against what DuckDB finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from steadyrest import exchange
from steadyrest.book import merge
from steadyrest.book.manifest import ControlTotal
from steadyrest.errors import RunError
from steadyrest.store.totals import duckdb_totals


def carried(book: exchange.BookRead, merged: Mapping[str, merge.Merged], tables: Path) -> Iterator[ControlTotal]:
    """Totals in = out: the receipts that reading accepted against the receipts of the facts, counted by DuckDB."""
    accepted = sum(file.rows_accepted for file in book.files if file.table == "loan")
    found = duckdb_totals(tables / "loan_facts.parquet", ("balance_fen",), by="currency")
    yield _tied("loan", "rows", "", accepted, sum(amounts["rows"] for amounts in found.values()))
    loans = pl.scan_ipc(sorted((book.folder / "loan").glob("*.arrow"))).group_by("currency")
    for currency, fen in loans.agg(pl.col("balance_fen").sum()).sort("currency").collect().iter_rows():
        yield _tied("loan", "balance_fen", currency, fen, found[currency]["balance_fen"])


def controlled(merged: Mapping[str, merge.Merged], tables: Path) -> tuple[ControlTotal, ...]:
    """Rows and money of every table as Polars summed them in memory and as DuckDB finds them in the files."""
    return tuple(total for name, facts in merged.items() for total in _control_table(name, facts, tables))


def _control_table(name: str, facts: merge.Merged, tables: Path) -> Iterator[ControlTotal]:
    fields = tuple(next(iter(facts.sums.values()), {}))
    by = "currency" if any(facts.sums) else None
    found = duckdb_totals(tables / f"{name}.parquet", fields, by=by)
    yield _tied(name, "rows", "", facts.rows, sum(part["rows"] for part in found.values()))
    for currency, amounts in sorted(facts.sums.items()):
        for field, amount in amounts.items():
            yield _tied(name, field, currency, amount, found.get(currency, {}).get(field, 0))


def _tied(table: str, field: str, currency: str, polars: int, duckdb: int) -> ControlTotal:
    if polars != duckdb:
        raise RunError("run.totals_differ", table=table, field=field)
    return ControlTotal(table=table, field=field, currency=currency, polars=polars, duckdb=duckdb)
