"""Mutants of a predicate: what a scenario test must be able to tell from the rule.

The whole negated; each date moved by a day, each integer by one unit, both ways; `<=` against `<`, `>=` against `>`;
list members taken out, and the codes next to them in the closed list put in; flags turned round. A mutant that says
the same as the rule or as an earlier mutant is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from steadyrest.rules.domain import witness
from steadyrest.rules.interpreter import Row, evaluate
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
    Operator,
    Or,
    text_of,
)
from steadyrest.rules.types import in_range, neighbours
from steadyrest.schema.registry import Column

_STRICTNESS: Final[dict[Operator, Operator]] = {"<=": "<", "<": "<=", ">=": ">", ">": ">="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong predicate and what was changed, in the language of rules."""

    change: str
    node: Node


def mutants(node: Node) -> Iterator[Mutant]:
    """All mutants of a predicate, each different from the predicate and from the others on some row.

    Values of dated parameters stand as constants in the predicate, so they are moved as well.
    """
    kept: list[tuple[Node, Row]] = []
    for mutant in (Mutant(f"not ({text_of(node)})", Not(node)), *_inside(node, lambda changed: changed)):
        row = witness(mutant.node, node)
        if row is not None and all(_differ(mutant.node, row, other, at) for other, at in kept):
            kept.append((mutant.node, row))
            yield mutant


def _differ(left: Node, left_row: Row, right: Node, right_row: Row) -> bool:
    """Whether two mutants differ. Most do on a row that tells one of them from the rule, and that is soon seen."""
    seen = any(evaluate(left, row) is not evaluate(right, row) for row in (left_row, right_row))
    return seen or witness(left, right) is not None


def _inside(node: Node, rebuild: Callable[[Node], Node]) -> Iterator[Mutant]:
    if isinstance(node, Not):
        yield from _inside(node.part, lambda changed: rebuild(Not(changed)))
    elif isinstance(node, And | Or):
        for index, part in enumerate(node.parts):
            yield from _inside(part, _replacing(node, index, rebuild))
    else:
        for changed in _changed(node):
            yield Mutant(f"{text_of(node)} -> {text_of(changed)}", rebuild(changed))


def _replacing(node: And | Or, index: int, rebuild: Callable[[Node], Node]) -> Callable[[Node], Node]:
    def put(changed: Node) -> Node:
        return rebuild(replace(node, parts=(*node.parts[:index], changed, *node.parts[index + 1 :])))

    return put


def _changed(leaf: Leaf) -> Iterator[Node]:
    if isinstance(leaf, Among):
        yield from _lists(leaf)
    elif isinstance(leaf, Between):
        yield from _intervals(leaf)
    elif not isinstance(leaf, Exists):
        yield from _comparisons(leaf)


def _lists(leaf: Among) -> Iterator[Node]:
    if len(leaf.values) > 1:
        for index in range(len(leaf.values)):
            yield replace(leaf, values=leaf.values[:index] + leaf.values[index + 1 :])
    listed = [value.value for value in leaf.values]
    for code in _codes_beside(leaf):
        if code not in listed:
            yield replace(leaf, values=(*leaf.values, Constant(code)))


def _codes_beside(leaf: Among) -> Iterator[str]:
    codes = leaf.column.column.codes
    for place in (codes.index(str(value.value)) for value in leaf.values if codes):
        yield from codes[max(place - 1, 0) : place + 2]


def _intervals(leaf: Between) -> Iterator[Node]:
    column = leaf.column.column
    yield from (replace(leaf, low=low) for low in _moved(leaf.low, column))
    yield from (replace(leaf, high=high) for high in _moved(leaf.high, column))
    # An end that is a column cannot be moved, but it can be left out.
    if isinstance(leaf.low, ColumnRef):
        yield And((Compare(leaf.column, ">", leaf.low), Compare(leaf.column, "<=", leaf.high)))
    if isinstance(leaf.high, ColumnRef):
        yield And((Compare(leaf.column, ">=", leaf.low), Compare(leaf.column, "<", leaf.high)))


def _comparisons(leaf: Compare) -> Iterator[Node]:
    if leaf.operator in _STRICTNESS:
        yield replace(leaf, operator=_STRICTNESS[leaf.operator])
    if isinstance(leaf.right, Constant) and isinstance(leaf.right.value, bool):
        yield replace(leaf, right=replace(leaf.right, value=not leaf.right.value))
    yield from (replace(leaf, right=moved) for moved in _moved(leaf.right, leaf.column.column))


def _moved(operand: Operand, column: Column) -> tuple[Constant, ...]:
    if not isinstance(operand, Constant):
        return ()
    moved = (value for value in neighbours(operand.value, column) if in_range(value, column))
    return tuple(replace(operand, value=value) for value in moved)
