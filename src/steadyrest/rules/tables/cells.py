"""Cells of decision tables: what a test accepts, as intervals of whole numbers or a list of words.

    -                   anything, also a missing value         missing             only a missing value
    30   < 30   >= 30   a number, a day, an order              [30..90)  (0..1]    an interval, its ends in or out
    A    A, B           one of several words                   not(A, B)           a value that is none of them
    true  false         a flag                                 present             any value that is not missing

Several tests with commas between accept what one of them accepts. Money is written in the unit of the column (yuan or
fen), a rate in percent or 1e-7, a day as YYYY-MM-DD. Only `-` and `missing` say anything of a missing value: for all
others it is unknown whether they hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from steadyrest.errors import RuleError
from steadyrest.rules.types import INTEGER_KINDS, nearest
from steadyrest.schema.registry import Column, Kind

LOWEST, HIGHEST = -(2**63), 2**63 - 1
ANY, MISSING, PRESENT = "-", "missing", "present"
PLACES: Final[Mapping[str, int]] = {"yuan": 2, "fen": 0, "percent": 5, "e7": 0}
UNITS: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.MONEY: ("yuan", "fen"), Kind.RATE: ("percent", "e7")}
"""The units in which cells of a kind may be written."""

_INTERVAL: Final = re.compile(r"([\[\(\]])\s*(.*?)\s*\.\.\s*(.*?)\s*([\]\)\[])")
_NOT: Final = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_ORDER: Final = re.compile(r"(<=|>=|<|>)\s*(.+)")
_MAX_LETTERS: Final = 2_000
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell accepts: intervals in order that do not touch, or words; `takes_missing` for `-` and `missing`.

    `intervals` is null for a column of words and `words` for one of numbers; `but` turns a list of words around.
    """

    intervals: tuple[Interval, ...] | None
    words: frozenset[str] | None
    but: bool
    takes_missing: bool

    @property
    def is_any(self) -> bool:
        """Whether everything is accepted."""
        whole = self.intervals == ((LOWEST, HIGHEST),) or (self.words == frozenset() and self.but)
        return whole and self.takes_missing

    def accepts(self, value: int | str | None) -> bool | None:
        """Whether a value (a number of the order, or a word) is accepted; null where that is not known."""
        if value is None:
            return True if self.takes_missing else None
        if self.intervals is not None:
            return any(low <= value <= high for low, high in self.intervals)  # type: ignore[operator]
        assert self.words is not None
        return (value in self.words) is not self.but


def is_ordered(column: Column) -> bool:
    """Whether cells of a column are numbers: amounts, counts, rates, days and flags."""
    return column.kind in INTEGER_KINDS or column.kind in (Kind.DAY, Kind.FLAG)


def read_cell(text: str, column: Column, unit: str = "") -> Cell:
    """A cell from its text; `RuleError` says what it does not understand and what it would."""
    clean = text.strip()
    if len(clean) > _MAX_LETTERS:
        raise RuleError("rule.cell_long", limit=_MAX_LETTERS)
    if clean in ("", ANY):
        return _any(column)
    if clean == PRESENT:
        return replace(_any(column), takes_missing=False)
    if clean == MISSING:
        return Cell((), None, False, True) if is_ordered(column) else Cell(None, frozenset(), False, True)
    turned = _NOT.fullmatch(clean)
    body = turned.group(1) if turned else clean
    parts = re.split(r",(?![^\[\(]*\.\.[^\]\)\[]*[\]\)\[])", body)
    if not is_ordered(column):
        words = frozenset(_word(part, column) for part in parts)
        return Cell(None, words, bool(turned), False)
    intervals = _merged([_interval(part.strip(), column, unit) for part in parts])
    return Cell(_complement(intervals) if turned else intervals, None, False, False)


def _any(column: Column) -> Cell:
    return Cell(((LOWEST, HIGHEST),), None, False, True) if is_ordered(column) else Cell(None, frozenset(), True, True)


def _word(text: str, column: Column) -> str:
    word = text.strip().strip('"')
    if not word:
        raise RuleError("rule.cell_blank")
    if column.codes and word not in column.codes:
        raise RuleError("rule.cell_word", word=word, column=column.name, nearest=nearest(word, column.codes))
    return word


def _interval(text: str, column: Column, unit: str) -> Interval:
    between = _INTERVAL.fullmatch(text)
    if between:
        opening, low, high, closing = between.groups()
        bottom = number_of(low, column, unit) + (opening != "[")
        top = number_of(high, column, unit) - (closing != "]")
        if bottom > top:
            raise RuleError("rule.cell_empty", text=text)
        return bottom, top
    order = _ORDER.fullmatch(text)
    if order is None:
        value = number_of(text, column, unit)
        return value, value
    sign, bound = order.group(1), number_of(order.group(2), column, unit)
    return {"<": (LOWEST, bound - 1), "<=": (LOWEST, bound), ">": (bound + 1, HIGHEST), ">=": (bound, HIGHEST)}[sign]


def number_of(text: str, column: Column, unit: str = "") -> int:
    """A value of an ordered column as the whole number it is compared by."""
    clean = text.strip()
    if column.kind is Kind.DAY:
        try:
            return date.fromisoformat(clean).toordinal()
        except ValueError:
            raise RuleError("rule.cell_value", text=clean, column=column.name, expected="2022-07-31") from None
    if column.kind is Kind.FLAG:
        if clean not in ("true", "false"):
            raise RuleError("rule.cell_value", text=clean, column=column.name, expected="true | false")
        return int(clean == "true")
    places = PLACES.get(unit, 0)
    try:
        scaled = Decimal(clean).scaleb(places)
        whole = int(scaled)
    except (InvalidOperation, ValueError, OverflowError):
        raise RuleError("rule.cell_value", text=clean, column=column.name, expected="1200") from None
    if whole != scaled or not LOWEST < whole < HIGHEST:
        raise RuleError("rule.cell_places", text=clean, column=column.name, places=places)
    return whole


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for low, high in sorted(intervals):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _complement(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    low = LOWEST
    for start, stop in intervals:
        if start > low:
            found.append((low, start - 1))
        low = stop + 1
    if low <= HIGHEST:
        found.append((low, HIGHEST))
    return tuple(found)


def value_text(value: int, column: Column, unit: str = "") -> str:
    """A number of the order as a cell shows it."""
    if column.kind is Kind.DAY:
        return date.fromordinal(value).isoformat()
    if column.kind is Kind.FLAG:
        return "true" if value else "false"
    places = PLACES.get(unit, 0)
    return f"{Decimal(value).scaleb(-places):f}"


def cell_text(cell: Cell, column: Column, unit: str = "") -> str:
    """A cell as text; reading it again gives the same cell."""
    if cell.is_any:
        return ANY
    if cell.takes_missing:
        return MISSING
    if replace(cell, takes_missing=True).is_any:
        return PRESENT
    if cell.words is not None:
        order: Callable[[str], object] = column.codes.index if column.codes else str
        words = ", ".join(sorted(cell.words, key=order))  # type: ignore[arg-type]
        return f"not({words})" if cell.but else words
    assert cell.intervals is not None
    return ", ".join(_interval_text(low, high, column, unit) for low, high in cell.intervals)


def _interval_text(low: int, high: int, column: Column, unit: str) -> str:
    if low == high:
        return value_text(low, column, unit)
    if low == LOWEST:
        return f"<= {value_text(high, column, unit)}"
    if high == HIGHEST:
        return f">= {value_text(low, column, unit)}"
    return f"[{value_text(low, column, unit)}..{value_text(high, column, unit)}]"
