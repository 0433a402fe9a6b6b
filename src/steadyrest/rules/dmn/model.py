"""What a DMN model is: decisions and what they need, boxed expressions, and the types values must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Type:
    """An item definition: a base type or components, allowed values as unary tests, one value or a list of them."""

    name: str
    base: str = ""
    components: Mapping[str, Type] = field(default_factory=dict)
    allowed: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """An expression as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested; `allowed` are unary tests of all it may hold."""

    expression: str
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results. `values` are in order of priority; `default` is an expression."""

    name: str
    values: str = ""
    default: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; a rule is its input entries and its output entries."""

    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Named entries, each sees the ones before; an entry without a name is the result."""

    entries: tuple[tuple[str, Boxed], ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a business knowledge model by name, with bound parameters."""

    function: str
    bindings: tuple[tuple[str, Boxed], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A boxed list."""

    items: tuple[Boxed, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A boxed relation: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition with its parameters (name, type)."""

    parameters: tuple[tuple[str, str], ...]
    body: Boxed


Boxed: TypeAlias = Literal | Table | Context | Invocation | Items | Relation | Function


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, or a business knowledge model, whose body is a function."""

    id: str
    name: str
    type_ref: str
    needs: tuple[str, ...]
    body: Boxed


@dataclass(frozen=True, slots=True)
class Model:
    """A whole model. Inputs are (name, type); decisions and functions stand by id."""

    name: str
    inputs: Mapping[str, tuple[str, str]]
    decisions: Mapping[str, Decision]
    types: Mapping[str, Type]
