"""Findings of the desk as rows of the registered table `finding`."""

from __future__ import annotations

import polars as pl

from steadyrest.desks.stage import Tables
from steadyrest.schema import TABLES

_FINDING = TABLES["finding"]


def findings(
    rows: pl.DataFrame,
    *,
    code: str | pl.Expr,
    severity: str | pl.Expr,
    table: str,
    field: str | pl.Expr,
    row_id: str,
    value: pl.Expr | None = None,
    clause: pl.Expr | None = None,
    args: pl.Expr | None = None,
    source: str | None = None,
) -> pl.DataFrame:
    """One finding a row. Text arguments are constants, except `row_id`, which names a column.

    `args` is a struct of the values a sentence may show. The row number is null: a stage sees rows, not files.
    """

    def constant(given: str | pl.Expr) -> pl.Expr:
        return pl.lit(given) if isinstance(given, str) else given

    nothing = pl.lit(None, pl.String)
    columns = {
        "code": constant(code),
        "severity": constant(severity),
        "table": pl.lit(table),
        "source_file": pl.lit(source, pl.String),
        "row_number": pl.lit(None, pl.Int64),
        "row_id": pl.col(row_id),
        "field": constant(field),
        "value": nothing if value is None else value,
        "clause": nothing if clause is None else clause,
        "args": nothing if args is None else args.struct.json_encode(),
    }
    return rows.select(columns[name].cast(kind).alias(name) for name, kind in _FINDING.polars().items())


def add_findings(tables: Tables, *found: pl.DataFrame) -> pl.DataFrame:
    """The findings of earlier stages and these, in an order that does not depend on how they were found."""
    earlier = tables.get("finding", _FINDING.empty())
    return pl.concat([earlier, *found]).sort("code", "row_id", "field", "value", "args", nulls_last=True)
