"""What the witnesses of a clause must show: a condition failed alone, unknown alone, and both sides of its boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from steadyrest.policy import Clause
from steadyrest.rules import Condition, columns, leaves, positive
from steadyrest.rules.syntax import Between, ColumnRef, Compare, Operand
from steadyrest.schema import TABLES
from steadyrest.schema.registry import NEVER, Kind

ORDERED: Final = (Kind.DAY, Kind.MONEY, Kind.COUNT, Kind.RATE)
What = Literal["fail", "unknown", "at", "past"]


@dataclass(frozen=True, slots=True)
class Boundary:
    """An ordered test: the column, what it is compared with, and the differences just inside and just outside."""

    column: str
    right: Operand
    inside: int
    outside: int


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to show of one condition. A failed soft condition refers to a person: its bit is `unknown`."""

    clause: Clause
    condition: Condition
    what: What
    boundary: Boundary | None = None
    number: int = 0

    @property
    def loan_id(self) -> str:
        """A receipt id that says what its receipt shows."""
        suffix = f"{self.what}{self.number}" if self.number else self.what
        return f"W-{self.clause.slug}-{self.condition.bit}-{suffix}"

    @property
    def masks(self) -> tuple[int, int]:
        """The masks the clause must have: (fail, unknown)."""
        bit = 1 << self.condition.bit
        if self.what == "at":
            return 0, 0
        return (0, bit) if self.what == "unknown" or self.condition.is_soft else (bit, 0)


def goals(clause: Clause) -> tuple[Goal, ...]:
    """All goals of a clause; further boundaries of one condition are numbered from 2."""
    found: list[Goal] = []
    for condition in clause.conditions:
        found += [Goal(clause, condition, "fail"), Goal(clause, condition, "unknown")]
        for number, boundary in enumerate(boundaries(condition), 1):
            suffix = number if number > 1 else 0
            found += [
                Goal(clause, condition, "at", boundary, suffix),
                Goal(clause, condition, "past", boundary, suffix),
            ]
    return tuple(found)


def boundaries(condition: Condition) -> tuple[Boundary, ...]:
    """The ordered tests of a condition as it reads without negation."""
    found: list[Boundary] = []
    for leaf in leaves(positive(condition.node)):
        if leaf.column.column.kind not in ORDERED:
            continue
        if isinstance(leaf, Between):
            found += [_boundary(leaf.column, ">=", leaf.low), _boundary(leaf.column, "<=", leaf.high)]
        elif isinstance(leaf, Compare) and leaf.operator in _SIDES:
            found.append(_boundary(leaf.column, leaf.operator, leaf.right))
    return tuple(found)


_SIDES: Final = {"<=": (0, 1), "<": (-1, 0), ">=": (0, -1), ">": (1, 0)}


def _boundary(column: ColumnRef, operator: str, right: Operand) -> Boundary:
    inside, outside = _SIDES[operator]
    return Boundary(column.name, right, inside, outside)


def is_never_null(name: str) -> bool:
    """Whether a fact is never null: the registry says so, or the input column of that name is required."""
    inputs = TABLES["loan"].by_name() | TABLES["enterprise"].by_name()
    return TABLES["loan_facts"][name].null == NEVER or (name in inputs and inputs[name].required)


def never_unknown(goal: Goal) -> bool:
    """Whether the goal asks for an unknown condition whose columns are all never null."""
    return goal.what == "unknown" and all(is_never_null(name) for name in columns(goal.condition.node))


def reached(goal: Goal, facts: pl.DataFrame, masks: pl.DataFrame) -> pl.Series:
    """Which rows reach the goal."""
    fail, unknown = goal.masks
    meets = (pl.col("fail") == fail) & (pl.col("unknown") == unknown)
    whole = pl.concat([facts, masks], how="horizontal")
    if goal.condition.is_soft and goal.what in ("fail", "unknown"):
        is_null = pl.any_horizontal(pl.col(name).is_null() for name in sorted(columns(goal.condition.node)))
        meets &= is_null if goal.what == "unknown" else ~is_null
    if goal.boundary is not None:
        meets &= _difference(goal.boundary) == (goal.boundary.inside if goal.what == "at" else goal.boundary.outside)
    return whole.select(meets.fill_null(False)).to_series()


def _difference(boundary: Boundary) -> pl.Expr:
    """The column less what it is compared with, in days, fen or counts."""
    kind = TABLES["loan_facts"][boundary.column].polars
    right = pl.col(boundary.right.name) if isinstance(boundary.right, ColumnRef) else pl.lit(boundary.right.value, kind)
    return _whole(pl.col(boundary.column)) - _whole(right)


def _whole(value: pl.Expr) -> pl.Expr:
    return value.to_physical().cast(pl.Int64)
