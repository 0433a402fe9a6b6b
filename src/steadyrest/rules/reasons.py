"""Why a row met a condition or did not: test, actual value, threshold, distance, and the first change that helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from steadyrest.rules.conditions import Condition
from steadyrest.rules.interpreter import Row, Truth, evaluate, gap, operand_value, value_in
from steadyrest.rules.syntax import (
    Among,
    And,
    Between,
    ColumnRef,
    Exists,
    Leaf,
    Node,
    Not,
    Or,
    column_refs,
    leaves,
    operands,
    positive,
    text_of,
)
from steadyrest.rules.types import Value, neighbours
from steadyrest.rules.words import amount_words, currency_of, fill, listed, value_words, words
from steadyrest.schema.registry import Column, Kind
from steadyrest.text import Text, label

Test: TypeAlias = Leaf | Not
"""A test of a positive predicate."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One field and the nearest value of it with which the condition would be met. A null value means: empty."""

    column: str
    value: Value | None
    actual: Value | None
    sentence: Text


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition as it came out, told by the test that decided it.

    `threshold` holds what the test compares with, columns by their value in the row. `distance` is how far the value
    is from passing (days, fen, 1e-7, units), null where there is no order or nothing failed. `tests` are the reasons
    of all tests, left to right, when there are several.
    """

    column: str
    test: str
    actual: Value | None
    threshold: tuple[Value | None, ...]
    distance: int | float | None
    verdict: Truth
    counterfactual: Counterfactual | None
    sentence: Text
    tests: tuple[Reason, ...] = ()


def explain(condition: Condition | Node, row: Row) -> Reason:
    """The reason of a condition or predicate in a row. A failed soft condition says that a person decides."""
    node = positive(condition.node if isinstance(condition, Condition) else condition)
    is_soft = isinstance(condition, Condition) and condition.is_soft
    verdict = evaluate(node, row)
    change = counterfactual(node, row)
    tests = _tests(node)
    test = _deciding(tests, row, verdict, change)
    distance = _distance(test, row)
    short = None if distance is None else _short(distance, _leaf(test).column.column, node, row)
    return Reason(
        column=_leaf(test).column.name,
        test=text_of(test),
        actual=value_in(row, _leaf(test).column.name),
        threshold=tuple(operand_value(operand, row) for operand in operands(_leaf(test))),
        distance=distance,
        verdict=verdict,
        counterfactual=change,
        sentence=_sentence(node, row, verdict, short, is_soft),
        tests=tuple(explain(part, row) for part in tests) if len(tests) > 1 else (),
    )


def counterfactual(node: Node, row: Row) -> Counterfactual | None:
    """The first field, left to right, that alone could make the predicate pass, with the nearest value that does.

    When it cannot be told, missing fields come first. Null when the predicate passes, or when no single field helps.
    """
    verdict = evaluate(node, row)
    if verdict is True:
        return None
    fields = _registered(node)
    if verdict is None:
        fields = tuple(sorted(fields, key=lambda column: value_in(row, column.name) is not None))
    for column in fields:
        actual = value_in(row, column.name)
        helping = [value for value in _candidates(node, row, column) if evaluate(node, {**row, column.name: value})]
        if helping:
            value = min(helping, key=lambda value: _change(actual, value))
            after, before = (value_words(item, column, currency_of(row)) for item in (value, actual))
            met = fill("words.equal", column=column.label, value=after)
            sentence = fill("reason.counterfactual", test=met, actual=before)
            return Counterfactual(column.name, value, actual, sentence)
    return None


def _candidates(node: Node, row: Row, column: Column) -> tuple[Value | None, ...]:
    """The values at which a test of the column can turn, the other columns being as the row has them."""
    if column.kind is Kind.FLAG:
        return True, False, None
    known = dict.fromkeys(value for leaf in leaves(node) for value in _other_sides(leaf, row, column.name))
    around = dict.fromkeys(near for value in known for near in neighbours(value, column))
    return *known, *around, *column.codes, None


def _other_sides(leaf: Leaf, row: Row, name: str) -> Iterator[Value]:
    """What a test compares the column with, on whichever side the column stands."""
    sides = (leaf.column, *operands(leaf))
    if any(isinstance(side, ColumnRef) and side.name == name for side in sides):
        values = (operand_value(side, row) for side in sides if not (isinstance(side, ColumnRef) and side.name == name))
        yield from (value for value in values if value is not None)


def _change(actual: Value | None, value: Value | None) -> tuple[bool, int | float]:
    """How great a change is. Emptying a field is the last resort; values without order keep the order of their list."""
    distance = gap(actual, value)
    return value is None, 0 if distance is None else abs(distance)


def _tests(node: Node) -> tuple[Test, ...]:
    """The tests of a positive predicate, left to right; a negated one stays negated."""
    if isinstance(node, And | Or):
        return tuple(test for part in node.parts for test in _tests(part))
    return (node,)


def _leaf(test: Test) -> Leaf:
    if isinstance(test, Not):
        assert isinstance(test.part, Among | Exists), "positive() leaves negation before these two only"
        return test.part
    return test


def _deciding(tests: tuple[Test, ...], row: Row, verdict: Truth, change: Counterfactual | None) -> Test:
    """The first test with the verdict of the whole, and among those the one on the field that would help."""
    deciding = [test for test in tests if evaluate(test, row) is verdict]
    helping = [test for test in deciding if change is not None and _leaf(test).column.name == change.column]
    return (helping or deciding)[0]


def _distance(test: Test, row: Row) -> int | float | None:
    if evaluate(test, row) is not False or isinstance(test, Not | Among | Exists):
        return None
    actual = value_in(row, test.column.name)
    if isinstance(test, Between):
        low, high = operand_value(test.low, row), operand_value(test.high, row)
        return next((short for short in (gap(low, actual), gap(actual, high)) if short is not None and short > 0), None)
    distance = gap(actual, operand_value(test.right, row))
    if distance is None:
        return None
    # To pass a strict test, or `!=`, a whole number or a day must go one unit beyond the threshold.
    beyond = test.operator in ("<", ">", "!=") and test.column.column.kind is not Kind.RATIO
    return abs(distance) + beyond


def _sentence(node: Node, row: Row, verdict: Truth, distance: Text | None, is_soft: bool) -> Text:
    test = words(node, row)
    if verdict is None:
        found = fill("reason.unknown", test=test, missing=_missing(node, row))
    elif verdict:
        found = fill("reason.passed", test=test, actual=_actual(node, row))
    elif distance is None:
        found = fill("reason.failed", test=test, actual=_actual(node, row))
    else:
        found = fill("reason.failed_by", test=test, actual=_actual(node, row), distance=distance)
    referred = is_soft and verdict is False
    return listed((found, label("rules.reason.referred")), "next") if referred else found


def _short(distance: int | float, column: Column, node: Node, row: Row) -> Text:
    """How far the value is off; the field is named when the condition looks at several."""
    amount = amount_words(distance, column, currency_of(row))
    return amount if len(_registered(node)) == 1 else fill("words.short", column=column.label, value=amount)


def _actual(node: Node, row: Row) -> Text:
    """The value of the only column, or every column with its value."""
    found = [
        (column, value_words(value_in(row, column.name), column, currency_of(row))) for column in _registered(node)
    ]
    if len(found) == 1:
        return found[0][1]
    return listed(fill("words.pair", column=column.label, value=value) for column, value in found)


def _missing(node: Node, row: Row) -> Text:
    return listed(column.label for column in _registered(node) if value_in(row, column.name) is None)


def _registered(node: Node) -> tuple[Column, ...]:
    return tuple({ref.name: ref.column for ref in column_refs(node)}.values())
