"""Rows of a table as predicates of the rule language, and the table as one Polars or SQL expression."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from steadyrest.errors import RuleError
from steadyrest.rules.polars_backend import to_polars
from steadyrest.rules.sql_backend import to_sql
from steadyrest.rules.syntax import Among, And, Between, ColumnRef, Compare, Constant, Exists, Node, Not, Or
from steadyrest.rules.tables.cells import HIGHEST, LOWEST, Cell
from steadyrest.rules.tables.model import Input, Table
from steadyrest.schema.registry import Kind

NONE, OPEN = 0, -2
"""What the expressions give where no row holds, and where a missing value matters; else the row, from 1."""


def nodes(table: Table) -> tuple[Node, ...]:
    """Each row as the conjunction of its cells, in the order in which rows are asked."""
    return tuple(
        And(tuple(_test(cell, item) for cell, item in zip(table.rows[row].cells, table.inputs, strict=True)
                  if not cell.is_any))
        for row in table.order
    )  # fmt: skip


def _test(cell: Cell, item: Input) -> Node:
    ref = ColumnRef(item.column)
    if cell.takes_missing:
        return Not(Exists(ref))
    if replace(cell, takes_missing=True).is_any:
        return _present(ref)
    if cell.words is not None:
        found = Among(ref, tuple(Constant(word) for word in sorted(cell.words)))
        return Not(found) if cell.but else found
    assert cell.intervals is not None
    parts = tuple(_between(ref, low, high) for low, high in cell.intervals)
    return parts[0] if len(parts) == 1 else Or(parts)


def _present(ref: ColumnRef) -> Node:
    """A value that is there, and unknown where it is not: a comparison with itself."""
    return Compare(ref, "==", ref)


def _between(ref: ColumnRef, low: int, high: int) -> Node:
    bottom, top = (_constant(value, ref.column.kind) for value in (low, high))
    if low == high:
        return Compare(ref, "==", bottom)
    if low == LOWEST:
        return Compare(ref, "<=", top)
    return Compare(ref, ">=", bottom) if high == HIGHEST else Between(ref, bottom, top)


def _constant(value: int, kind: Kind) -> Constant:
    if kind is Kind.DAY:
        return Constant(date.fromordinal(min(max(value, 1), date.max.toordinal())))
    return Constant(bool(value) if kind is Kind.FLAG else value)


def polars_rule(table: Table) -> pl.Expr:
    """The deciding row of a `first` or `priority` table as a chain of when and then."""
    _need_first(table)
    chain: pl.Expr = pl.lit(NONE, pl.Int64)
    for row, node in reversed(list(zip(table.order, nodes(table), strict=True))):
        verdict = to_polars(node)
        chain = pl.when(verdict).then(pl.lit(row + 1, pl.Int64)).when(verdict.is_null()).then(OPEN).otherwise(chain)
    return chain


def sql_rule(table: Table) -> str:
    """The same as a SQL CASE."""
    _need_first(table)
    parts = []
    for row, node in zip(table.order, nodes(table), strict=True):
        verdict = to_sql(node)
        parts.append(f"WHEN {verdict} THEN {row + 1} WHEN {verdict} IS NULL THEN {OPEN}")
    return f"CASE {' '.join(parts)} ELSE {NONE} END"


def _need_first(table: Table) -> None:
    if table.hit_policy not in ("first", "priority"):
        raise RuleError("rule.table_first", policy=table.hit_policy)
