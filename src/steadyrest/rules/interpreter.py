"""Predicates on one row: true, false or unknown. Standard library only; the yardstick for the other two back ends.

A row maps column names to plain values. A missing name, None, and a ratio that is not a number are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from steadyrest.rules.syntax import Among, And, Between, ColumnRef, Exists, Leaf, Node, Not, Operand, Operator, Or
from steadyrest.rules.types import Value

Row: TypeAlias = Mapping[str, Value | None]
Truth: TypeAlias = bool | None


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
        decisive = isinstance(node, Or)
        verdict: Truth = not decisive
        for part in node.parts:
            found = evaluate(part, row)
            if found is decisive:
                return decisive
            verdict = None if found is None else verdict
        return verdict
    return _test(node, row)


def value_in(row: Row, name: str) -> Value | None:
    """The value a row has in a column, with everything unknown as None."""
    value = row.get(name)
    return None if value != value else value


def operand_value(operand: Operand, row: Row) -> Value | None:
    """The value an operand has in a row."""
    return value_in(row, operand.name) if isinstance(operand, ColumnRef) else operand.value


def gap(left: Value | None, right: Value | None) -> int | float | None:
    """left - right in units or days; null when one is unknown, they have no order, or both are without bound."""
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, date) and isinstance(right, date):
        return left.toordinal() - right.toordinal()
    if isinstance(left, int | float) and isinstance(right, int | float):
        difference = left - right
        return None if difference != difference else difference
    return None


def _test(leaf: Leaf, row: Row) -> Truth:
    actual = value_in(row, leaf.column.name)
    if isinstance(leaf, Exists):
        return actual is not None
    if isinstance(leaf, Among):
        return None if actual is None else actual in [value.value for value in leaf.values]
    if isinstance(leaf, Between):
        low = _compared(">=", actual, operand_value(leaf.low, row))
        high = _compared("<=", actual, operand_value(leaf.high, row))
        return False if low is False or high is False else None if low is None or high is None else True
    return _compared(leaf.operator, actual, operand_value(leaf.right, row))


def _compared(operator: Operator, left: Value | None, right: Value | None) -> Truth:
    if left is None or right is None:
        return None
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    sign = _order(left, right)
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def _order(left: Value, right: Value) -> int:
    """-1, 0 or 1. Not the sign of the difference: that of two huge ratios would not be a number."""
    if isinstance(left, date) and isinstance(right, date):
        return (left > right) - (left < right)
    assert isinstance(left, int | float), f"{left!r} has no order"
    assert isinstance(right, int | float), f"{right!r} has no order"
    return (left > right) - (left < right)
