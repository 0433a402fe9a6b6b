"""The syntax tree of a predicate: frozen nodes, typed by the parser, and the same predicate written back as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias
from typing import Literal as OneOf

from steadyrest.rules.types import Value
from steadyrest.schema.registry import Column

Operator = OneOf["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A registered column."""

    column: Column

    @property
    def name(self) -> str:
        return self.column.name


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or the value of a dated parameter; `parameter` keeps the name, which does not make two differ."""

    value: Value
    parameter: str = field(default="", compare=False)


Operand: TypeAlias = ColumnRef | Constant


@dataclass(frozen=True, slots=True)
class Compare:
    """`column operator right`. `at` is the letter the test starts at; it does not make two tests different."""

    column: ColumnRef
    operator: Operator
    right: Operand
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    """`column in (...)`."""

    column: ColumnRef
    values: tuple[Constant, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`column between low and high`, both ends included."""

    column: ColumnRef
    low: Operand
    high: Operand
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exists:
    """`exists column`: true or false, never unknown."""

    column: ColumnRef
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene negation."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Kleene conjunction; of no parts it is true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene disjunction; of no parts it is false."""

    parts: tuple[Node, ...]


Leaf: TypeAlias = Compare | Among | Between | Exists
Node: TypeAlias = Leaf | Not | And | Or

_OPPOSITE: Final[dict[Operator, Operator]] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def leaves(node: Node) -> tuple[Leaf, ...]:
    """All tests of a predicate, left to right."""
    if isinstance(node, Not):
        return leaves(node.part)
    if isinstance(node, And | Or):
        return tuple(leaf for part in node.parts for leaf in leaves(part))
    return (node,)


def operands(leaf: Leaf) -> tuple[Operand, ...]:
    """What a test compares its column with, left to right."""
    if isinstance(leaf, Compare):
        return (leaf.right,)
    if isinstance(leaf, Between):
        return (leaf.low, leaf.high)
    return leaf.values if isinstance(leaf, Among) else ()


def column_refs(node: Node) -> Iterator[ColumnRef]:
    """All columns a predicate looks at, left to right, each as often as it stands there."""
    for leaf in leaves(node):
        yield leaf.column
        yield from (operand for operand in operands(leaf) if isinstance(operand, ColumnRef))


def columns(node: Node) -> frozenset[str]:
    """Names of all columns a predicate looks at."""
    return frozenset(ref.name for ref in column_refs(node))


def parameters_used(node: Node) -> frozenset[str]:
    """Names of all dated parameters a predicate takes its values from."""
    constants = (operand for leaf in leaves(node) for operand in operands(leaf) if isinstance(operand, Constant))
    return frozenset(constant.parameter for constant in constants if constant.parameter)


def positive(node: Node, negated: bool = False) -> Node:
    """The same predicate with negation driven down to its tests, as a person reads what is required.

    `not` remains only before `in` and `exists`. Unknown stays unknown.
    """
    if isinstance(node, Not):
        return positive(node.part, not negated)
    if isinstance(node, And | Or):
        parts = tuple(positive(part, negated) for part in node.parts)
        return And(parts) if isinstance(node, And) is not negated else Or(parts)
    return _opposite(node) if negated else node


def _opposite(leaf: Leaf) -> Node:
    if isinstance(leaf, Compare):
        if isinstance(leaf.right, Constant) and isinstance(leaf.right.value, bool):
            return Compare(leaf.column, leaf.operator, Constant(not leaf.right.value, leaf.right.parameter), leaf.at)
        return Compare(leaf.column, _OPPOSITE[leaf.operator], leaf.right, leaf.at)
    if isinstance(leaf, Between):
        below = Compare(leaf.column, "<", leaf.low, leaf.at)
        return Or((below, Compare(leaf.column, ">", leaf.high, leaf.at)))
    return Not(leaf)


def text_of(node: Node) -> str:
    """A predicate written back as text, parameters as their values; parsing it again gives the same meaning."""
    if isinstance(node, Not):
        return f"not {_grouped(node.part)}"
    if isinstance(node, And):
        return " and ".join(_grouped(part) for part in node.parts)
    if isinstance(node, Or):
        return " or ".join(_grouped(part) for part in node.parts)
    if isinstance(node, Compare):
        return f"{node.column.name} {node.operator} {operand_text(node.right)}"
    if isinstance(node, Among):
        return f"{node.column.name} in ({', '.join(operand_text(value) for value in node.values)})"
    if isinstance(node, Between):
        return f"{node.column.name} between {operand_text(node.low)} and {operand_text(node.high)}"
    return f"exists {node.column.name}"


def _grouped(node: Node) -> str:
    return f"({text_of(node)})" if isinstance(node, And | Or) else text_of(node)


def operand_text(operand: Operand) -> str:
    """A column name, or a literal as the parser reads it."""
    return operand.name if isinstance(operand, ColumnRef) else literal_text(operand.value)


def literal_text(value: Value) -> str:
    """A literal as the parser reads it.

    >>> from datetime import date
    >>> literal_text(True), literal_text("CS02"), literal_text(date(2022, 12, 31)), literal_text(1e-7)
    ('true', '"CS02"', '2022-12-31', '0.0000001')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float):
        digits = f"{Decimal(repr(value)):f}"
        return digits if "." in digits else f"{digits}.0"
    return str(value)
