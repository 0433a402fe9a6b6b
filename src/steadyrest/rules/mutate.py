"""Mutants of a predicate: what a scenario test must be able to tell from the rule.

Each condition negated; each date moved by a day, each integer by one unit, both ways; `<=` against `<`, `>=` against `>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from steadyrest.rules.syntax import (
    Among,
    And,
    Between,
    Compare,
    Constant,
    Exists,
    Leaf,
    Node,
    Not,
    Operator,
    Or,
    Value,
    operand_text,
    text_of,
)

_NEIGHBOUR: dict[Operator, Operator] = {"<=": "<", "<": "<=", ">=": ">", ">": ">="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong predicate and the sentence that says what was changed."""

    change: str
    node: Node


def mutants(node: Node) -> Iterator[Mutant]:
    """All mutants of a predicate. Dated parameters are constants here, so they are moved as well."""
    yield Mutant(f"not ({text_of(node)})", Not(node))
    yield from _parts(node, lambda changed: changed)


def nudged(value: Value) -> tuple[Value, ...]:
    """A date a day to either side, an integer a unit to either side, nothing for other values.

    >>> nudged(7), nudged("C")
    ((6, 8), ())
    """
    if isinstance(value, bool | str | float):
        return ()
    if isinstance(value, date):
        return value - timedelta(days=1), value + timedelta(days=1)
    return value - 1, value + 1


def _parts(node: Node, rebuild: Callable[[Node], Node]) -> Iterator[Mutant]:
    if isinstance(node, Not):
        yield from _parts(node.part, lambda changed: rebuild(Not(changed)))
    elif isinstance(node, And | Or):
        for index, part in enumerate(node.parts):
            yield from _parts(part, _replacing(node, index, rebuild))
    else:
        for change, leaf in _leaves(node):
            yield Mutant(f"{text_of(node)} -> {change}", rebuild(leaf))


def _replacing(node: And | Or, index: int, rebuild: Callable[[Node], Node]) -> Callable[[Node], Node]:
    def put(changed: Node) -> Node:
        return rebuild(replace(node, parts=(*node.parts[:index], changed, *node.parts[index + 1 :])))

    return put


def _leaves(leaf: Leaf) -> Iterator[tuple[str, Leaf]]:
    if isinstance(leaf, Exists):
        return
    if isinstance(leaf, Among):
        for index, value in enumerate(leaf.values):
            rest = leaf.values[:index] + leaf.values[index + 1 :]
            if rest:
                yield f"without {operand_text(value)}", replace(leaf, values=rest)
        return
    if isinstance(leaf, Between):
        for name in ("low", "high"):
            bound = leaf.low if name == "low" else leaf.high
            for moved in _moved(bound):
                yield (
                    f"{name} {operand_text(moved)}",
                    replace(leaf, low=moved) if name == "low" else replace(leaf, high=moved),
                )
        return
    if leaf.operator in _NEIGHBOUR:
        yield _NEIGHBOUR[leaf.operator], replace(leaf, operator=_NEIGHBOUR[leaf.operator])
    for moved in _moved(leaf.right):
        yield operand_text(moved), replace(leaf, right=moved)


def _moved(operand: object) -> tuple[Constant, ...]:
    if not isinstance(operand, Constant):
        return ()
    return tuple(replace(operand, value=value) for value in nudged(operand.value))


__all__ = ["Compare", "Mutant", "mutants", "nudged"]
