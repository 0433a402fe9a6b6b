"""The syntax tree of the rule language: frozen nodes, typed when they are made by the parser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOf
from typing import TypeAlias

from steadyrest.schema.registry import Column

Value: TypeAlias = int | str | bool | date | float
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
    """A literal, or the value of a dated parameter; `parameter` keeps the name it came from."""

    value: Value
    parameter: str = ""


Operand: TypeAlias = ColumnRef | Constant


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`; the left side is always a column."""

    left: ColumnRef
    operator: Operator
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """`column in (...)`."""

    column: ColumnRef
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`column between low and high`, both ends included."""

    column: ColumnRef
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Exists:
    """`exists column`: true or false, never unknown."""

    column: ColumnRef


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene negation."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Kleene conjunction."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene disjunction."""

    parts: tuple[Node, ...]


Leaf: TypeAlias = Compare | Among | Between | Exists
Node: TypeAlias = Leaf | Not | And | Or


def leaves(node: Node) -> tuple[Leaf, ...]:
    """All tests of a predicate, left to right."""
    if isinstance(node, Not):
        return leaves(node.part)
    if isinstance(node, And | Or):
        return tuple(leaf for part in node.parts for leaf in leaves(part))
    return (node,)


def columns(node: Node) -> frozenset[str]:
    """Names of all columns a predicate looks at."""
    found: set[str] = set()
    for leaf in leaves(node):
        if isinstance(leaf, Compare):
            found.add(leaf.left.name)
            operands: tuple[Operand, ...] = (leaf.right,)
        elif isinstance(leaf, Between):
            found.add(leaf.column.name)
            operands = (leaf.low, leaf.high)
        else:
            found.add(leaf.column.name)
            operands = ()
        found.update(item.name for item in operands if isinstance(item, ColumnRef))
    return frozenset(found)


def text_of(node: Node) -> str:
    """A predicate written back as text; parsing it again gives the same tree."""
    if isinstance(node, Not):
        return f"not {_grouped(node.part)}"
    if isinstance(node, And):
        return " and ".join(_grouped(part) for part in node.parts)
    if isinstance(node, Or):
        return " or ".join(_grouped(part) for part in node.parts)
    return _leaf_text(node)


def _grouped(node: Node) -> str:
    return f"({text_of(node)})" if isinstance(node, And | Or) else text_of(node)


def _leaf_text(leaf: Leaf) -> str:
    if isinstance(leaf, Compare):
        return f"{leaf.left.name} {leaf.operator} {operand_text(leaf.right)}"
    if isinstance(leaf, Among):
        return f"{leaf.column.name} in ({', '.join(operand_text(value) for value in leaf.values)})"
    if isinstance(leaf, Between):
        return f"{leaf.column.name} between {operand_text(leaf.low)} and {operand_text(leaf.high)}"
    return f"exists {leaf.column.name}"


def operand_text(operand: Operand) -> str:
    """A column name, or a literal as the parser reads it; a parameter is written as its value."""
    if isinstance(operand, ColumnRef):
        return operand.name
    value = operand.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)
