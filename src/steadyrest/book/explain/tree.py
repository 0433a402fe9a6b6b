"""The shape of an explanation: a tree of plain records, the same for a loan, a clause, a condition or a single cell.

Values stay as they are in the tables (fen, 1e-7, days); words are made on the way out, see `render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from steadyrest.schema import Column, Kind
from steadyrest.text import Text, label

Value: TypeAlias = int | float | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value under its registered column. A null that was never looked up (`is_at_hand` false) is not an empty cell.

    `currency` stands beside money; `masked_as` names the column whose mask hides the value, the own one by default;
    `words` say the value where its column has no words of its own for it.
    """

    column: Column
    value: Value
    currency: str = "CNY"
    is_at_hand: bool = True
    masked_as: str = ""
    words: Text | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and the columns it quotes: where one of them is masked, the sentence is left out."""

    text: Text
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node: what it is about (`kind`, `name`, `title`), what is said, the values at hand, and what it rests on.

    Where `is_brief`, title and sentences say all that a person needs, and text leaves the values to the JSON form.
    """

    kind: str
    title: Text
    name: str = ""
    says: tuple[Sentence, ...] = ()
    facts: tuple[Fact, ...] = ()
    parts: tuple[Explanation, ...] = ()
    is_brief: bool = False

    def find(self, kind: str, name: str = "") -> tuple[Explanation, ...]:
        """All nodes of a kind, in the order of the tree; with a name, those of that name."""
        here = (self,) if self.kind == kind and name in ("", self.name) else ()
        return here + tuple(found for part in self.parts for found in part.find(kind, name))

    def value(self, column: str) -> Value:
        """The value under a column; a `KeyError` when the node has none."""
        return {fact.column.name: fact.value for fact in self.facts}[column]


def word(key: str, **values: object) -> Text:
    """A word or sentence of the explanations."""
    return label(f"explain.{key}", **values)


def filled(key: str, **texts: Text) -> Text:
    """A sentence each language of which is filled with its own words."""
    phrase = word(key)
    zh = {name: text.zh for name, text in texts.items()}
    return Text(zh=phrase.zh.format(**zh), en=phrase.en.format(**{name: text.en for name, text in texts.items()}))


def said(key: str, **values: object) -> Sentence:
    """A sentence of the label table that quotes no column."""
    return Sentence(word(key, **values))


def own(name: str, value: Value, kind: Kind = Kind.TEXT) -> Fact:
    """A value that stands in no table, under a label of the explanations."""
    never = Text(zh="", en="")
    return Fact(Column(name, kind, word(f"field.{name}"), never), value)
