"""What the language knows about values: kinds and units of columns, dated parameters, and which values fit a column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final, TypeAlias

from steadyrest.schema.registry import NEVER, Column, Kind

Value: TypeAlias = int | str | bool | date | float
Scope: TypeAlias = Mapping[str, Column]

INTEGER_KINDS: Final = frozenset({Kind.COUNT, Kind.MONEY, Kind.RATE, Kind.MASK})
ORDERED_KINDS: Final = INTEGER_KINDS | {Kind.RATIO, Kind.DAY}
WORD_KINDS: Final = frozenset({Kind.CODE, Kind.TEXT})

PARAMETER_KINDS: Final[Mapping[str, Kind]] = {
    "count": Kind.COUNT,
    "months": Kind.COUNT,
    "days": Kind.COUNT,
    "bp": Kind.COUNT,
    "fen": Kind.MONEY,
    "rate_e7": Kind.RATE,
    "ratio": Kind.RATIO,
    "day": Kind.DAY,
    "flag": Kind.FLAG,
    "code": Kind.CODE,
    "text": Kind.TEXT,
}
"""The units a dated parameter may have, and the kind of column it may be compared with."""

_INT64: Final = range(-(2**63), 2**63)
_MASK: Final = range(2**32)
_COUNT_UNITS: Final = {"months": "months", "days": "days", "0.01 %": "bp"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value of a clause as a predicate sees it under `$name`; a tuple is a list for `in $name`.

    `unit` is a key of `PARAMETER_KINDS`; it must agree with the column the parameter is compared with.
    """

    value: Value | tuple[Value, ...]
    unit: str

    @property
    def kind(self) -> Kind:
        return PARAMETER_KINDS[self.unit]


def unit_of(column: Column) -> str:
    """The unit of a column in the words of `PARAMETER_KINDS`."""
    if column.kind is Kind.COUNT:
        return _COUNT_UNITS.get(column.unit, "count")
    return {Kind.MONEY: "fen", Kind.RATE: "rate_e7"}.get(column.kind, column.kind.value)


def parameter_agrees(column: Column, parameter: Parameter) -> bool:
    """Whether a parameter may stand beside a column: same kind, no months against days; a bare count fits any count."""
    if column.kind in WORD_KINDS:
        return parameter.kind in WORD_KINDS
    return column.kind is parameter.kind and _count_units_agree(unit_of(column), parameter.unit)


def columns_agree(left: Column, right: Column) -> bool:
    """Whether two columns may be compared: same kind, same closed list, no months against days."""
    same = left.kind is right.kind and left.codes == right.codes
    return same and _count_units_agree(unit_of(left), unit_of(right))


def _count_units_agree(left: str, right: str) -> bool:
    return left == right or "count" in (left, right)


def has_type(value: Value, column: Column) -> bool:
    """Whether a literal is of the type of a column; whole numbers may stand beside a ratio, fractions nowhere else."""
    if isinstance(value, bool):
        return column.kind is Kind.FLAG
    if isinstance(value, int):
        return column.kind in INTEGER_KINDS or column.kind is Kind.RATIO
    if isinstance(value, float):
        return column.kind is Kind.RATIO
    if isinstance(value, date):
        return column.kind is Kind.DAY
    return column.kind in WORD_KINDS


def in_range(value: Value, column: Column) -> bool:
    """Whether a literal of the right type can stand in the column in every engine."""
    if isinstance(value, str):
        return is_plain_text(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, bool | date) or value in (_MASK if column.kind is Kind.MASK else _INT64)


def is_plain_text(text: str) -> bool:
    """Whether every engine can hold the text as a literal: no quote, control letter or half of a surrogate pair."""
    return not any(letter < " " or letter in '"\x7f' or "\ud800" <= letter <= "\udfff" for letter in text)


def neighbours(value: Value, column: Column) -> tuple[Value, ...]:
    """The next value below and above in the order of the column; fewer at the ends, none where there is no order."""
    if isinstance(value, bool | str) or column.kind not in ORDERED_KINDS:
        return ()
    if isinstance(value, date):
        ordinals = (value.toordinal() - 1, value.toordinal() + 1)
        return tuple(date.fromordinal(day) for day in ordinals if 1 <= day <= date.max.toordinal())
    if column.kind is Kind.RATIO:
        return math.nextafter(value, -math.inf), math.nextafter(value, math.inf)
    return tuple(item for item in (int(value) - 1, int(value) + 1) if in_range(item, column))


def never_null(column: Column) -> bool:
    """Whether the registry promises a value in every row."""
    return column.required or column.null is NEVER


def nearest(name: str, known: Iterable[str]) -> str:
    """The most similar known name, or a dash when nothing is known.

    >>> nearest("balanse", ["balance", "quality"])
    'balance'
    """
    close = get_close_matches(name, list(known), n=1, cutoff=0.0)
    return close[0] if close else "-"
