"""Predicates on one row, with reasons: which test, the actual value, the threshold, the distance, and what would pass.

Standard library only. A row maps column names to plain values; a missing name or None is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from steadyrest.rules.syntax import (
    Among,
    And,
    Between,
    ColumnRef,
    Compare,
    Exists,
    Leaf,
    Node,
    Not,
    Operand,
    Or,
    leaves,
    text_of,
)
from steadyrest.rules.syntax import Value as Plain

Row: TypeAlias = Mapping[str, Plain | None]
Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One test as it came out. `distance` is how far an ordered value is from passing (integer or days), else null."""

    column: str
    test: str
    actual: Plain | None
    verdict: Truth
    distance: int | float | None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The first single change that would turn a failure into a pass."""

    column: str
    test: str
    actual: Plain | None


def evaluate(node: Node, row: Row) -> Truth:
    """True, False, or None for unknown (Kleene).

    >>> from steadyrest.rules.parse import parse
    >>> from steadyrest.schema import TABLES
    >>> node = parse('balance_fen <= 100 or quality == "FQ01"', TABLES["loan"].by_name())
    >>> evaluate(node, {"balance_fen": 100}), evaluate(node, {"balance_fen": 101}), evaluate(node, {})
    (True, None, None)
    """
    if isinstance(node, Not):
        inner = evaluate(node.part, row)
        return None if inner is None else not inner
    if isinstance(node, And | Or):
        verdicts = {evaluate(part, row) for part in node.parts}
        decisive = isinstance(node, Or)
        return decisive if decisive in verdicts else (None if None in verdicts else not decisive)
    return _leaf(node, row)


def explain(node: Node, row: Row) -> tuple[Reason, ...]:
    """Every test of the predicate with its outcome, left to right."""
    return tuple(_reason(leaf, row) for leaf in leaves(node))


def counterfactual(node: Node, row: Row) -> Counterfactual | None:
    """The first test which, turned round alone, makes a failed predicate pass; null when it passes or none does."""
    if evaluate(node, row) is not False:
        return None
    for leaf in leaves(node):
        for wanted in (True, False):
            if _leaf(leaf, row) is not wanted and evaluate(_forced(node, leaf, wanted), row) is True:
                test = text_of(leaf) if wanted else f"not ({text_of(leaf)})"
                return Counterfactual(_subject(leaf).name, test, row.get(_subject(leaf).name))
    return None


def _leaf(leaf: Leaf, row: Row) -> Truth:
    actual = row.get(_subject(leaf).name)
    if isinstance(leaf, Exists):
        return actual is not None
    if isinstance(leaf, Among):
        return None if actual is None else any(actual == value.value for value in leaf.values)
    if isinstance(leaf, Between):
        low, high = _compared(">=", actual, _value(leaf.low, row)), _compared("<=", actual, _value(leaf.high, row))
        return False if False in (low, high) else (None if None in (low, high) else True)
    return _compared(leaf.operator, actual, _value(leaf.right, row))


def _compared(operator: str, left: Plain | None, right: Plain | None) -> Truth:
    if left is None or right is None:
        return None
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    gap = _gap(left, right)
    assert gap is not None, f"{left!r} and {right!r} have no order"
    return {"<": gap < 0, "<=": gap <= 0, ">": gap > 0, ">=": gap >= 0}[operator]


def _gap(left: Plain | None, right: Plain | None) -> int | float | None:
    if isinstance(left, date) and isinstance(right, date):
        return (left - right).days
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left - right
    return None


def _reason(leaf: Leaf, row: Row) -> Reason:
    actual = row.get(_subject(leaf).name)
    return Reason(_subject(leaf).name, text_of(leaf), actual, _leaf(leaf, row), _distance(leaf, actual, row))


def _distance(leaf: Leaf, actual: Plain | None, row: Row) -> int | float | None:
    if _leaf(leaf, row) is not False:
        return None
    if isinstance(leaf, Between):
        below, above = _gap(_value(leaf.low, row), actual), _gap(actual, _value(leaf.high, row))
        return max(item for item in (below, above) if item is not None)
    if isinstance(leaf, Compare) and leaf.operator in ("<", "<=", ">", ">="):
        gap = _gap(actual, _value(leaf.right, row))
        strict = int(leaf.operator in ("<", ">"))
        return None if gap is None else abs(gap) + strict
    return None


def _value(operand: Operand, row: Row) -> Plain | None:
    return row.get(operand.name) if isinstance(operand, ColumnRef) else operand.value


def _subject(leaf: Leaf) -> ColumnRef:
    return leaf.left if isinstance(leaf, Compare) else leaf.column


_ALWAYS: dict[bool, Node] = {True: And(()), False: Or(())}


def _forced(node: Node, leaf: Leaf, wanted: bool) -> Node:
    """The predicate with one test replaced by a constant."""
    if node is leaf:
        return _ALWAYS[wanted]
    if isinstance(node, Not):
        return Not(_forced(node.part, leaf, wanted))
    if isinstance(node, And):
        return And(tuple(_forced(part, leaf, wanted) for part in node.parts))
    if isinstance(node, Or):
        return Or(tuple(_forced(part, leaf, wanted) for part in node.parts))
    return node
