"""Deciding: the value of a decision from the inputs, through the decisions and functions it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from steadyrest.rules.dmn.feel import Scope, expression, unary_tests
from steadyrest.rules.dmn.model import (
    Boxed,
    Context,
    Decision,
    Function,
    Invocation,
    Items,
    Literal,
    Model,
    Relation,
    Table,
    Type,
)
from steadyrest.rules.dmn.operations import called
from steadyrest.rules.dmn.read import DmnError
from steadyrest.rules.dmn.tables import table_value
from steadyrest.rules.dmn.values import Callable_, Months, Value

BASES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "number": Decimal, "string": str, "boolean": bool, "date": date, "time": time, "date and time": datetime,
    "dateTime": datetime, "days and time duration": timedelta, "dayTimeDuration": timedelta,
    "years and months duration": Months, "yearMonthDuration": Months,
}  # fmt: skip
MAX_NEEDS: Final = 64


def decide(model: Model, name: str, inputs: Mapping[str, Value]) -> Value:
    """The value of a decision by its name. Inputs that are not given are null.

    `DmnError` for a name that is not there, a cycle, or an expression that is not of FEEL.
    """
    found = next((item for item in model.decisions.values() if item.name == name), None)
    if found is None:
        raise DmnError(f"the model has no decision {name!r}")
    return _Run(model, inputs).value(found.id, ())


class _Run:
    """One evaluation: decisions already decided, and the names that expressions may use."""

    def __init__(self, model: Model, inputs: Mapping[str, Value]) -> None:
        self.model, self.inputs = model, inputs
        self.done: dict[str, Value] = {}
        self.names = frozenset(_names(model)) | {*inputs}

    def value(self, id: str, path: tuple[str, ...]) -> Value:
        """The value of a decision, an input or a function by its id."""
        if id in self.model.inputs:
            name, type_ref = self.model.inputs[id]
            return typed(self.model, type_ref, self.inputs.get(name))
        if id in path or len(path) > MAX_NEEDS:
            raise DmnError(f"the decision {id!r} needs itself")
        if id not in self.model.decisions:
            raise DmnError(f"{id!r} is needed and not in the model")
        if id not in self.done:
            decision = self.model.decisions[id]
            scope = {self._name(need): self.value(need, (*path, id)) for need in decision.needs}
            self.done[id] = typed(self.model, decision.type_ref, self.boxed(decision.body, scope, decision))
        return self.done[id]

    def _name(self, id: str) -> str:
        if id in self.model.inputs:
            return self.model.inputs[id][0]
        return self.model.decisions[id].name if id in self.model.decisions else id

    def boxed(self, body: Boxed, scope: Scope, of: Decision) -> Value:
        """The value of a boxed expression."""
        names = self.names | scope.keys()
        if isinstance(body, Literal):
            return expression(body.text, names)(scope)
        if isinstance(body, Table):
            return table_value(body, scope, names)
        if isinstance(body, Context):
            return self._context(body, scope, of)
        if isinstance(body, Items):
            return [self.boxed(item, scope, of) for item in body.items]
        if isinstance(body, Relation):
            rows = [[self.boxed(cell, scope, of) for cell in row] for row in body.rows]
            return [dict(zip(body.columns, row, strict=False)) for row in rows]
        if isinstance(body, Invocation):
            bound = {name: self.boxed(argument, scope, of) for name, argument in body.bindings}
            return called(expression(body.function, names)(scope), [], bound)
        return self._function(body, scope, of)

    def _context(self, body: Context, scope: Scope, of: Decision) -> Value:
        found: dict[str, Value] = {}
        for name, entry in body.entries:
            value = self.boxed(entry, {**scope, **found}, of)
            if not name:
                return value
            found[name] = value
        return found

    def _function(self, body: Function, scope: Scope, of: Decision) -> Callable_:
        names = tuple(name for name, _ in body.parameters)

        def call(*values: Value) -> Value:
            if len(values) != len(names):
                return None
            given = zip(body.parameters, values, strict=True)
            own = {name: typed(self.model, type_ref, value) for (name, type_ref), value in given}
            return self.boxed(body.body, {**scope, **own}, of)

        return Callable_(names, call)


def typed(model: Model, type_ref: str, value: Value) -> Value:
    """A value as its type has it: a list of one for a single value, and back; null for what does not conform."""
    if value is None or isinstance(value, Callable_) or type_ref in ("", "Any"):
        return value
    if type_ref in BASES:
        return _based(type_ref, value)
    known = model.types.get(type_ref)
    return value if known is None else _conform(model, known, value)


def _based(base: str, value: Value) -> Value:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    is_right = isinstance(value, BASES[base]) and not (base == "date" and isinstance(value, datetime))
    return value if is_right else None


def _conform(model: Model, known: Type, value: Value) -> Value:
    if known.is_list:
        items = value if isinstance(value, list) else [value]
        found = [_single(model, known, item) for item in items]
        return None if any(new is None and old is not None for new, old in zip(found, items, strict=True)) else found
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return _single(model, known, value)


def _single(model: Model, known: Type, value: Value) -> Value:
    if value is None:
        return None
    if known.components:
        if not isinstance(value, Mapping):
            return None
        return {**value, **{name: _component(model, part, value.get(name)) for name, part in known.components.items()}}
    found = typed(model, known.base, value) if known.base else value
    is_allowed = not known.allowed or unary_tests(known.allowed, ())(found, {}) is not False
    return found if is_allowed else None


def _component(model: Model, known: Type, value: Value) -> Value:
    return value if value is None else _conform(model, known, value)


def _names(model: Model) -> Iterator[str]:
    """All names that an expression of the model may use."""
    yield from (name for name, _ in model.inputs.values())
    for decision in model.decisions.values():
        yield decision.name
        yield from _names_in(decision.body)
    for known in model.types.values():
        yield from _components(known)


def _components(known: Type) -> Iterator[str]:
    for name, part in known.components.items():
        yield name
        yield from _components(part)


def _names_in(body: Boxed) -> Iterator[str]:
    if isinstance(body, Context):
        for name, entry in body.entries:
            yield name
            yield from _names_in(entry)
    elif isinstance(body, Function):
        yield from (name for name, _ in body.parameters)
        yield from _names_in(body.body)
    elif isinstance(body, Relation):
        yield from body.columns
    elif isinstance(body, Table):
        yield from (output.name for output in body.outputs if output.name)
    elif isinstance(body, Invocation):
        for name, argument in body.bindings:
            yield name
            yield from _names_in(argument)
