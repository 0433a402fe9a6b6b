"""Predicates and values as a person reads them, in Chinese and English, from the labels of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

from steadyrest.rules.interpreter import Row, value_in
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
    positive,
)
from steadyrest.rules.types import Value, unit_of
from steadyrest.schema.codes import closed
from steadyrest.schema.money import money_of
from steadyrest.schema.registry import Column, Kind
from steadyrest.text import Text, catalogue, label
from steadyrest.units import amount_label, format_fen, format_rate_e7

_OPERATOR_WORDS: Final[dict[Operator, str]] = {
    "==": "equal",
    "!=": "unequal",
    "<": "less",
    "<=": "at_most",
    ">": "more",
    ">=": "at_least",
}
_DAY_WORDS: Final[dict[str, str]] = {
    "less": "before",
    "at_most": "not_after",
    "more": "after",
    "at_least": "not_before",
}


def words(node: Node, row: Row | None = None) -> Text:
    """What a predicate requires; with a row, columns that stand as thresholds show their value in it."""
    return _joined(positive(node), row or {})


def value_words(value: Value | None, column: Column, currency: str = "CNY") -> Text:
    """A value with its unit: rates in percent, days in ISO, codes with their label, null as a word.

    Money is in yuan, or in `currency` where the column is of a receipt in another one.
    """
    if value is None:
        return label("rules.words.nothing")
    if isinstance(value, bool):
        return label("rules.words.yes" if value else "rules.words.no")
    if isinstance(value, str):
        return _code(value, column)
    if isinstance(value, date):
        return _same(value.isoformat())
    return amount_words(value, column, currency)


def currency_of(row: Row) -> str:
    """The currency of a row, CNY where it names none."""
    return str(row.get("currency") or "CNY")


def amount_words(amount: int | float, column: Column, currency: str = "CNY") -> Text:
    """A number, or the distance between two values, in the unit of a column; between days it is a number of days."""
    if column.kind is Kind.MONEY and money_of(column.name, currency) != "CNY":
        return _same(f"{format_fen(int(amount))} {currency}")
    if column.kind is Kind.MONEY:
        return Text(zh=amount_label(int(amount), "yuan", "zh"), en=amount_label(int(amount), "yuan", "en"))
    if column.kind is Kind.RATE:
        return _same(format_rate_e7(int(amount)))
    unit = "days" if column.kind is Kind.DAY else unit_of(column)
    if unit in ("days", "months", "bp"):
        return label(f"rules.words.{unit}", n=f"{amount:,}")
    return _same(f"{amount:,}")


def fill(key: str, **texts: Text) -> Text:
    """A sentence of the label table under `rules.`, each language filled with its own words."""
    phrase = label(f"rules.{key}")
    return Text(
        zh=phrase.zh.format(**{name: text.zh for name, text in texts.items()}),
        en=phrase.en.format(**{name: text.en for name, text in texts.items()}),
    )


def listed(items: Iterable[Text], joint: str = "list") -> Text:
    """Texts joined by the sign of a list, or by another word of the label table."""
    found, sign = tuple(items), label(f"rules.words.{joint}")
    return Text(zh=sign.zh.join(item.zh for item in found), en=sign.en.join(item.en for item in found))


def _joined(node: Node, row: Row) -> Text:
    if isinstance(node, And | Or):
        parts = (_grouped(part, row) for part in node.parts)
        return listed(parts, "and" if isinstance(node, And) else "or")
    if isinstance(node, Not):
        assert isinstance(node.part, Among | Exists), "positive() leaves negation before these two only"
        return _test(node.part, row, negated=True)
    return _test(node, row)


def _grouped(node: Node, row: Row) -> Text:
    inner = _joined(node, row)
    return fill("words.group", inner=inner) if isinstance(node, And | Or) else inner


def _test(leaf: Leaf, row: Row, negated: bool = False) -> Text:
    if isinstance(leaf, Exists):
        return fill("words.missing" if negated else "words.known", column=leaf.column.column.label)
    column = leaf.column.column
    if isinstance(leaf, Among):
        values = listed(value_words(item.value, column, currency_of(row)) for item in leaf.values)
        return fill("words.not_among" if negated else "words.among", column=column.label, values=values)
    if isinstance(leaf, Between):
        low, high = _operand(leaf.low, column, row), _operand(leaf.high, column, row)
        return fill("words.between", column=column.label, low=low, high=high)
    return _comparison(leaf, row)


def _comparison(leaf: Compare, row: Row) -> Text:
    column = leaf.column.column
    if isinstance(leaf.right, Constant) and isinstance(leaf.right.value, bool):
        wanted = leaf.right.value is (leaf.operator == "==")
        return fill("words.flag", column=column.label, value=value_words(wanted, column))
    word = _OPERATOR_WORDS[leaf.operator]
    if column.kind is Kind.DAY:
        word = _DAY_WORDS.get(word, word)
    return fill(f"words.{word}", column=column.label, value=_operand(leaf.right, column, row))


def _operand(operand: Operand, column: Column, row: Row) -> Text:
    if not isinstance(operand, ColumnRef):
        return value_words(operand.value, column, currency_of(row))
    value = value_in(row, operand.name)
    if value is None:
        return operand.column.label
    shown = value_words(value, operand.column, currency_of(row))
    return fill("words.threshold", column=operand.column.label, value=shown)


def _same(text: str) -> Text:
    return Text(zh=text, en=text)


def _code(value: str, column: Column) -> Text:
    """An official code with its label; a code of our own, a lower-case word, by its label alone."""
    found = _code_labels(column.codes).get(value)
    if found is None or found == _same(value):
        return _same(value)
    if value.islower():
        return found
    return fill("words.code", code=_same(value), label=found)


@cache
def _code_labels(codes: tuple[str, ...]) -> dict[str, Text]:
    """The labels of a closed list, found by its codes; a column keeps no name of its list."""
    lists = dict.fromkeys(key.split(".")[1] for key in catalogue() if key.startswith("code."))
    name = next((name for name in lists if closed(name) == codes), None)
    return {} if name is None else {code: catalogue()[f"code.{name}.{code}"] for code in codes}
