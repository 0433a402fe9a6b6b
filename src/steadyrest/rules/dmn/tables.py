"""Decision tables of DMN: every hit policy over unary tests (DMN 1.5, 8.2.8 and 8.2.11)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Final

from steadyrest.rules.dmn.builtins import BUILTINS
from steadyrest.rules.dmn.feel import Scope, expression, unary_tests
from steadyrest.rules.dmn.model import Output, Table
from steadyrest.rules.dmn.read import DmnError
from steadyrest.rules.dmn.values import Value, equal

HIT_POLICIES: Final = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
_MANY: Final = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def table_value(table: Table, scope: Scope, names: Collection[str]) -> Value:
    """What a table gives; null where its hit policy is broken, or no rule holds and there is no default."""
    if table.hit_policy not in HIT_POLICIES:
        raise DmnError(f"the hit policy {table.hit_policy!r} is not known; known are {', '.join(HIT_POLICIES)}")
    values = [expression(column.expression, names)(scope) for column in table.inputs]
    for column, value in zip(table.inputs, values, strict=True):
        if column.allowed and value is not None and unary_tests(column.allowed, names)(value, scope) is False:
            return None
    hits = [
        [expression(cell, names)(scope) if cell not in ("", "-") else None for cell in outputs]
        for tests, outputs in table.rules
        if _holds(tests, values, scope, names)
    ]
    if not hits:
        return _default(table, scope, names)
    return _decided(table, hits, scope, names)


def _holds(tests: Sequence[str], values: Sequence[Value], scope: Scope, names: Collection[str]) -> bool:
    return all(unary_tests(test, names)(value, scope) is True for test, value in zip(tests, values, strict=False))


def _default(table: Table, scope: Scope, names: Collection[str]) -> Value:
    if not any(output.default for output in table.outputs):
        return None
    found = [expression(output.default, names)(scope) if output.default else None for output in table.outputs]
    return _result(table.outputs, found)


def _decided(table: Table, hits: list[list[Value]], scope: Scope, names: Collection[str]) -> Value:
    policy, outputs = table.hit_policy, table.outputs
    if policy in ("PRIORITY", "OUTPUT ORDER"):
        hits = sorted(hits, key=cmp_to_key(_by_priority(outputs, scope, names)))
    if policy == "COLLECT" and table.aggregation:
        return _aggregated(table.aggregation, [_result(outputs, hit) for hit in hits])
    if policy in _MANY:
        return [_result(outputs, hit) for hit in hits]
    if policy == "UNIQUE" and len(hits) > 1:
        return None
    if policy == "ANY" and any(equal(hits[0], hit) is not True for hit in hits[1:]):
        return None
    return _result(outputs, hits[0])


def _result(outputs: Sequence[Output], found: Sequence[Value]) -> Value:
    """One output is its value; several are a context."""
    if len(outputs) == 1:
        return found[0]
    return {output.name: value for output, value in zip(outputs, found, strict=True)}


def _by_priority(outputs: Sequence[Output], scope: Scope, names: Collection[str]):  # type: ignore[no-untyped-def]
    """Compare two hits by the order of the values of their outputs; a value that is not listed comes last."""
    orders = [expression(f"[{output.values}]", names)(scope) if output.values else [] for output in outputs]

    def ranks(hit: Sequence[Value]) -> list[int]:
        return [
            next((at for at, known in enumerate(order) if equal(known, value)), len(order))
            for order, value in zip(orders, hit, strict=True)
        ]

    return lambda one, other: (ranks(one) > ranks(other)) - (ranks(one) < ranks(other))


def _aggregated(aggregation: str, values: list[Value]) -> Value:
    if aggregation == "COUNT":
        return Decimal(len(values))
    function = BUILTINS.get({"SUM": "sum", "MIN": "min", "MAX": "max"}.get(aggregation, ""))
    if function is None:
        raise DmnError(f"the aggregation {aggregation!r} is not known; known are SUM, MIN, MAX, COUNT")
    return function.call(values)
