"""Predicates as Polars expressions. A Boolean null is the third truth value; Polars' own logic is Kleene's."""

from __future__ import annotations

from functools import reduce

import polars as pl

from steadyrest.rules.syntax import (
    Among,
    And,
    Between,
    ColumnRef,
    Compare,
    Constant,
    Exists,
    Leaf,
    Node,
    Not,
    Operand,
    Or,
)


def to_polars(node: Node) -> pl.Expr:
    """The expression of a predicate: true, false, or null for unknown."""
    if isinstance(node, Not):
        return ~to_polars(node.part)
    if isinstance(node, And):
        return reduce(lambda left, right: left & right, map(to_polars, node.parts))
    if isinstance(node, Or):
        return reduce(lambda left, right: left | right, map(to_polars, node.parts))
    return _leaf(node)


def _leaf(leaf: Leaf) -> pl.Expr:
    if isinstance(leaf, Exists):
        return pl.col(leaf.column.name).is_not_null()
    if isinstance(leaf, Among):
        column = pl.col(leaf.column.name)
        equals = (column == _operand(value, leaf.column) for value in leaf.values)
        return reduce(lambda left, right: left | right, equals)
    if isinstance(leaf, Between):
        column = pl.col(leaf.column.name)
        return (column >= _operand(leaf.low, leaf.column)) & (column <= _operand(leaf.high, leaf.column))
    return _compare(leaf)


def _compare(leaf: Compare) -> pl.Expr:
    left, right = pl.col(leaf.left.name), _operand(leaf.right, leaf.left)
    if isinstance(leaf.right, Constant) and leaf.right.value is True and leaf.operator == "==":
        return left
    operations = {
        "==": left.__eq__,
        "!=": left.__ne__,
        "<": left.__lt__,
        "<=": left.__le__,
        ">": left.__gt__,
        ">=": left.__ge__,
    }
    return operations[leaf.operator](right)


def _operand(operand: Operand, column: ColumnRef) -> pl.Expr:
    if isinstance(operand, ColumnRef):
        return pl.col(operand.name)
    return pl.lit(operand.value, dtype=column.column.polars)
