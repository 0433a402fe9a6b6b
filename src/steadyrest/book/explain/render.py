"""An explanation on its way out: one JSON object, or lines of text in one language.

`mask` says for a column how its values are hidden, or null for one that is shown; without a mask everything is shown,
so the caller decides in plain sight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from steadyrest.book.explain.tree import Explanation, Fact, Sentence, Value, filled, word
from steadyrest.rules.words import value_words
from steadyrest.schema import Kind
from steadyrest.text import Language, Text
from steadyrest.units import format_fen

Mask: TypeAlias = Callable[[str], Callable[[str], str] | None]

_INDENT = "  "
_WIDEST_LABEL = 36


def nothing_hidden(column: str) -> None:
    """The mask that hides no column."""
    del column


@dataclass(frozen=True, slots=True)
class Answer:
    """An explanation with the mask it goes out under."""

    explanation: Explanation
    mask: Mask

    def as_plain(self) -> dict[str, object]:
        """One JSON object."""
        return as_dict(self.explanation, self.mask)

    def lines(self, language: Language) -> list[str]:
        """Lines of text for a person."""
        return list(as_lines(self.explanation, language, self.mask))


def as_dict(explanation: Explanation, mask: Mask) -> dict[str, object]:
    """The tree as JSON values: days in ISO, money in minor units, each value beside its words in both languages."""
    return {
        "kind": explanation.kind,
        "name": explanation.name,
        "title": _both(explanation.title),
        "says": [_both(sentence.text) for sentence in _told(explanation, mask)],
        "facts": [_fact_dict(fact, mask) for fact in explanation.facts],
        "parts": [as_dict(part, mask) for part in explanation.parts],
    }


def as_lines(explanation: Explanation, language: Language, mask: Mask) -> Iterator[str]:
    """The tree as indented lines; the values of one node stand in one column."""
    yield explanation.title[language]
    for sentence in _told(explanation, mask):
        yield _INDENT + sentence.text[language]
    if not explanation.is_brief:
        yield from _fact_lines(explanation.facts, language, mask)
    for part in explanation.parts:
        for line in as_lines(part, language, mask):
            yield _INDENT + line


def shown(fact: Fact, mask: Mask = nothing_hidden) -> Text:
    """The value of a fact in words: code with label, money with its unit, rate in percent, what a null means."""
    if not fact.is_at_hand:
        return word("not_at_hand")
    if fact.words is not None and mask(fact.masked_as or fact.column.name) is None:
        return fact.words
    value, column = _hidden(fact, mask), fact.column
    if value is None:
        return filled("null", meaning=column.null) if column.null.zh else word("nothing")
    if column.kind is Kind.MONEY and fact.currency != "CNY":
        amount = f"{format_fen(int(str(value)))} {fact.currency}"
        return Text(zh=amount, en=amount)
    if column.kind is Kind.MASK and isinstance(value, int):
        return word("mask_bits", value=value, bits=", ".join(str(bit) for bit in range(32) if value >> bit & 1) or "–")
    return _once(value, value_words(value, column))


def _once(value: Value, words: Text) -> Text:
    """A code of our own whose English label is the code itself is said once."""
    zh, en = (text.removeprefix(f"{value} ") for text in (words.zh, words.en))
    return Text(zh, en) if en.replace(" ", "_") == value else words


def _told(explanation: Explanation, mask: Mask) -> tuple[Sentence, ...]:
    return tuple(item for item in explanation.says if all(mask(name) is None for name in item.quotes))


def _hidden(fact: Fact, mask: Mask) -> Value:
    hide = mask(fact.masked_as or fact.column.name)
    return fact.value if hide is None or fact.value is None else hide(str(fact.value))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _fact_dict(fact: Fact, mask: Mask) -> dict[str, object]:
    value = _hidden(fact, mask)
    return {
        "name": fact.column.name,
        "label": _both(fact.column.label),
        "value": value.isoformat() if isinstance(value, date) else value,
        "unit": fact.currency if fact.column.kind is Kind.MONEY else fact.column.unit,
        "shown": _both(shown(fact, mask)),
        "is_at_hand": fact.is_at_hand,
    }


def _fact_lines(facts: tuple[Fact, ...], language: Language, mask: Mask) -> Iterator[str]:
    labels = [fact.column.label[language] for fact in facts]
    room = min(max(map(width, labels), default=0), _WIDEST_LABEL)
    for name, fact in zip(labels, facts, strict=True):
        yield f"{_INDENT}{name}{' ' * max(room - width(name), 0)}  {shown(fact, mask)[language]}"


def width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two.

    >>> width("借据 A1")
    7
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
