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
    """Conditions in bit order; a bit that is out of range, used twice or retired is a `RuleError`."""
    taken = set(retired)
    ordered = tuple(sorted(conditions, key=lambda condition: condition.bit))
    for condition in ordered:
        if not 0 <= condition.bit <= LAST_BIT:
            raise RuleError("rule.too_many_conditions", bit=condition.bit)
        if condition.bit in taken:
            raise RuleError("rule.bit_reused", bit=condition.bit)
        taken.add(condition.bit)
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
    """The two masks as UInt32 expressions, `fail` and `unknown`."""
    fail: list[pl.Expr] = []
    unknown: list[pl.Expr] = []
    for condition in conditions:
        bit = pl.lit(1 << condition.bit, pl.UInt32)
        none = pl.lit(0, pl.UInt32)
        verdict = to_polars(condition.node)
        if condition.is_soft:
            unknown.append(pl.when(verdict).then(none).otherwise(bit))
        else:
            fail.append(pl.when(~verdict).then(bit).otherwise(none))
            unknown.append(pl.when(verdict.is_null()).then(bit).otherwise(none))
    return _sum(fail), _sum(unknown)


def sql_masks(conditions: Iterable[Condition]) -> tuple[str, str]:
    """The two masks as SQL expressions."""
    fail, unknown = ["0"], ["0"]
    for condition in conditions:
        bit, verdict = 1 << condition.bit, to_sql(condition.node)
        if condition.is_soft:
            unknown.append(f"(CASE WHEN {verdict} THEN 0 ELSE {bit} END)")
        else:
            fail.append(f"(CASE WHEN NOT {verdict} THEN {bit} ELSE 0 END)")
            unknown.append(f"(CASE WHEN {verdict} IS NULL THEN {bit} ELSE 0 END)")
    return " + ".join(fail), " + ".join(unknown)


def _sum(parts: list[pl.Expr]) -> pl.Expr:
    return reduce(lambda left, right: left | right, parts, pl.lit(0, pl.UInt32)) if parts else pl.lit(0, pl.UInt32)


def by_bit(conditions: Iterable[Condition]) -> Mapping[int, Condition]:
    """Conditions by their bit."""
    return {condition.bit: condition for condition in conditions}
