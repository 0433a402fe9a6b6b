"""The values that matter to predicates: a small model of every column, enough to tell two predicates apart.

A test only asks where a value stands among the constants and the columns it is compared with. So a few values around
each constant, one of every sort that no constant names, and null stand for all others: what holds on all rows of these
values holds on all rows there are. The rows are not listed but searched, column by column; a branch ends as soon as
the columns still open cannot change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

from steadyrest.rules.interpreter import Row, Truth, evaluate
from steadyrest.rules.syntax import And, ColumnRef, Constant, Exists, Leaf, Node, Not, Or, column_refs, leaves, operands
from steadyrest.rules.types import ORDERED_KINDS, Value, neighbours, never_null
from steadyrest.schema.registry import Column, Kind

STEP_LIMIT: Final = 20_000
"""So many steps a search takes; beyond them nothing is proved."""

Model: TypeAlias = Mapping[str, tuple[Value | None, ...]]
Verdicts: TypeAlias = frozenset[Truth]

_ALL: Final[Verdicts] = frozenset({True, False, None})
_KNOWN: Final[Verdicts] = frozenset({True, False})


class TooLarge(Exception):
    """The search was given up. It does not leave this package."""


def witness(left: Node, right: Node) -> Row | None:
    """A row on which two predicates differ, without the columns that do not matter; null when none was found."""
    try:
        return _difference(left, right)
    except TooLarge:
        return None


def same(left: Node, right: Node) -> bool:
    """Whether two predicates are proved to give the same verdict on every row."""
    try:
        return _difference(left, right) is None
    except TooLarge:
        return False


def verdicts(node: Node) -> Verdicts:
    """The verdicts a predicate has on some row; all three when the search is given up."""
    found: set[Truth] = set()
    try:
        for _, (verdict,) in _regions((node,), lambda possible: possible[0] <= found):
            found.add(verdict)
    except TooLarge:
        return _ALL
    return frozenset(found)


def model(*nodes: Node) -> Model:
    """For each column of the predicates the values that matter, null last where the registry allows it."""
    tests = tuple(leaf for node in nodes for leaf in leaves(node))
    found: dict[str, Column] = {ref.name: ref.column for node in nodes for ref in column_refs(node)}
    values: dict[str, tuple[Value | None, ...]] = {}
    for group in _groups(tests):
        inside = tuple(leaf for leaf in tests if leaf.column.name in group)
        for name in group:
            candidates = _values(found[name], inside, len(group))
            null = () if never_null(found[name]) else (None,)
            values[name] = (*_distinct(candidates, name, inside, len(group)), *null)
    return {name: values[name] for name in found}


def possible(node: Node, row: Row) -> Verdicts:
    """The verdicts that are still possible when columns missing from the row may have any value."""
    if isinstance(node, Not):
        return frozenset(None if verdict is None else not verdict for verdict in possible(node.part, row))
    if isinstance(node, And | Or):
        return _joined([possible(part, row) for part in node.parts], decisive=isinstance(node, Or))
    if all(ref.name in row for ref in column_refs(node)):
        return frozenset({evaluate(node, row)})
    return _KNOWN if isinstance(node, Exists) else _ALL


def _joined(parts: list[Verdicts], decisive: bool) -> Verdicts:
    """What a disjunction (`decisive` true) or conjunction (false) of independent parts can come to."""
    found: set[Truth] = {decisive} if any(decisive in part for part in parts) else set()
    if all(part - {decisive} for part in parts) and any(None in part for part in parts):
        found.add(None)
    if all((not decisive) in part for part in parts):
        found.add(not decisive)
    return frozenset(found)


def _difference(left: Node, right: Node) -> Row | None:
    def alike(possible: tuple[Verdicts, ...]) -> bool:
        return possible[0] == possible[1] and len(possible[0]) == 1

    return next((row for row, _ in _regions((left, right), alike)), None)


def _regions(
    nodes: tuple[Node, ...], is_settled: Callable[[tuple[Verdicts, ...]], bool]
) -> Iterator[tuple[Row, tuple[Truth, ...]]]:
    """Rows that decide all predicates, with the verdicts; branches that are settled are left out."""
    columns = tuple(model(*nodes).items())
    steps = 0

    def descend(row: dict[str, Value | None]) -> Iterator[tuple[Row, tuple[Truth, ...]]]:
        nonlocal steps
        steps += 1
        if steps > STEP_LIMIT:
            raise TooLarge
        found = tuple(possible(node, row) for node in nodes)
        if is_settled(found):
            return
        if all(len(item) == 1 for item in found):
            yield row, tuple(next(iter(item)) for item in found)
            return
        name, values = columns[len(row)]
        for value in values:
            yield from descend({**row, name: value})

    return descend({})


def _groups(tests: tuple[Leaf, ...]) -> tuple[frozenset[str], ...]:
    """Columns that are compared with each other, directly or through others."""
    groups: tuple[frozenset[str], ...] = ()
    for leaf in tests:
        linked = frozenset({leaf.column.name, *(item.name for item in operands(leaf) if isinstance(item, ColumnRef))})
        touched = [group for group in groups if group & linked]
        groups = (*(group for group in groups if not group & linked), linked.union(*touched))
    return groups


def _values(column: Column, tests: tuple[Leaf, ...], width: int) -> tuple[Value, ...]:
    """Constants, and enough other values that `width` columns can stand in any order in every gap."""
    operand_values = (item.value for leaf in tests for item in operands(leaf) if isinstance(item, Constant))
    named = tuple(dict.fromkeys(operand_values))
    if column.kind is Kind.FLAG:
        return (True, False)
    if column.kind in ORDERED_KINDS:
        return _around(named or _start(column), column, width)
    fresh = column.codes or map(str, range(len(named) + width))
    return (*named, *(word for word in fresh if word not in named))


def _start(column: Column) -> tuple[Value, ...]:
    if column.kind is Kind.DAY:
        return (date(2022, 7, 4),)
    return (0.0,) if column.kind is Kind.RATIO else (0,)


def _around(named: tuple[Value, ...], column: Column, width: int) -> tuple[Value, ...]:
    found = dict.fromkeys(named)
    edge = named
    for _ in range(width):
        edge = tuple(value for item in edge for value in neighbours(item, column))
        found |= dict.fromkeys(edge)
    return tuple(found)


def _distinct(candidates: tuple[Value, ...], name: str, tests: tuple[Leaf, ...], width: int) -> tuple[Value, ...]:
    """One value for each set of verdicts, where the column is compared with no other column."""
    if width > 1:
        return candidates
    kept: dict[tuple[Truth, ...], Value] = {}
    for value in candidates:
        kept.setdefault(tuple(evaluate(leaf, {name: value}) for leaf in tests), value)
    return tuple(kept.values())
