"""The conditions of one clause or check: each has a bit, and a row gets two masks, `fail` and `unknown`.

A condition is hard or soft. A failed hard condition sets its `fail` bit. A failed soft one (source grade C, or a norm
that binds in principle) refers the case to a person: it sets the `unknown` bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import polars as pl

from steadyrest.errors import RuleError
from steadyrest.rules.interpreter import Row, evaluate
from steadyrest.rules.polars_backend import to_polars
from steadyrest.rules.sql_backend import to_sql
from steadyrest.rules.syntax import Node
from steadyrest.text import Text

LAST_BIT = 31


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its published bit, its id within the clause, and its predicate."""

    bit: int
    id: str
    node: Node
    title: Text
    is_soft: bool = False


@dataclass(frozen=True, slots=True)
class Masks:
    """Bit n stands for condition n; a bit is never in both."""

    fail: int
    unknown: int


def checked(conditions: Iterable[Condition], retired: Iterable[int] = ()) -> tuple[Condition, ...]:
    """Conditions in bit order; a bit out of range, used twice or retired, or an id used twice is a `RuleError`."""
    taken, ids = set(retired), set[str]()
    ordered = tuple(sorted(conditions, key=lambda condition: condition.bit))
    for condition in ordered:
        if not 0 <= condition.bit <= LAST_BIT:
            raise RuleError("rule.bit_range", id=condition.id, bit=condition.bit)
        if condition.bit in taken:
            raise RuleError("rule.bit_reused", id=condition.id, bit=condition.bit)
        if condition.id in ids:
            raise RuleError("rule.id_reused", id=condition.id)
        taken.add(condition.bit)
        ids.add(condition.id)
    return ordered


def masks_of(conditions: Iterable[Condition], row: Row) -> Masks:
    """The masks of one row by the interpreter."""
    fail = unknown = 0
    for condition in conditions:
        verdict = evaluate(condition.node, row)
        if verdict is None or (verdict is False and condition.is_soft):
            unknown |= 1 << condition.bit
        elif verdict is False:
            fail |= 1 << condition.bit
    return Masks(fail, unknown)


def polars_masks(conditions: Iterable[Condition]) -> tuple[pl.Expr, pl.Expr]:
    """The two masks as UInt32 expressions, `fail` and `unknown`; without conditions both are literals."""
    clause = tuple(conditions)
    narrow = _narrowest(clause)
    none = pl.lit(0, narrow)
    fail: list[pl.Expr] = []
    unknown: list[pl.Expr] = []
    for condition in clause:
        bit = pl.lit(1 << condition.bit, narrow)
        verdict = to_polars(condition.node)
        if condition.is_soft:
            unknown.append(pl.when(verdict).then(none).otherwise(bit))
        else:
            fail.append(pl.when(~verdict).then(bit).otherwise(none))
            unknown.append(pl.when(verdict.is_null()).then(bit).otherwise(none))
    return _gathered(fail), _gathered(unknown)


def sql_masks(conditions: Iterable[Condition]) -> tuple[str, str]:
    """The two masks as SQL expressions of type UINTEGER."""
    fail, unknown = ["0"], ["0"]
    for condition in conditions:
        bit, verdict = 1 << condition.bit, to_sql(condition.node)
        if condition.is_soft:
            unknown.append(f"(CASE WHEN {verdict} THEN 0 ELSE {bit} END)")
        else:
            fail.append(f"(CASE WHEN NOT {verdict} THEN {bit} ELSE 0 END)")
            unknown.append(f"(CASE WHEN {verdict} IS NULL THEN {bit} ELSE 0 END)")
    return _sql_sum(fail), _sql_sum(unknown)


def _sql_sum(parts: list[str]) -> str:
    return f"CAST({' + '.join(parts)} AS UINTEGER)"


def by_bit(conditions: Iterable[Condition]) -> Mapping[int, Condition]:
    """Conditions by their bit."""
    return {condition.bit: condition for condition in conditions}


def _narrowest(conditions: tuple[Condition, ...]) -> pl.DataType:
    """The narrowest type that holds the highest bit. The pass is bound by memory: UInt8 halves its time."""
    highest = max((condition.bit for condition in conditions), default=0)
    return pl.UInt8() if highest < 8 else pl.UInt16() if highest < 16 else pl.UInt32()


def _gathered(parts: list[pl.Expr]) -> pl.Expr:
    return reduce(pl.Expr.or_, parts).cast(pl.UInt32) if parts else pl.lit(0, pl.UInt32)
