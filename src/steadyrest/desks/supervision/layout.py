"""The fields of official tables: their order, format, codes and which must be filled, from the packaged field list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import polars as pl

from steadyrest import reference

STOCK_OF_UNITS, STOCK_OF_PERSONS = "JS_201_CLDWDK", "JS_201_CLGRDK"
FLOW_OF_UNITS, FLOW_OF_PERSONS = "JS_201_DWDKFS", "JS_201_GRDKFS"
STOCKS: Final = (STOCK_OF_UNITS, STOCK_OF_PERSONS)
_DATA: Final = tomllib.loads((resources.files("steadyrest.desks.supervision") / "layout.toml").read_text("utf-8"))
KEYS: Final[Mapping[str, tuple[str, ...]]] = {table: tuple(key) for table, key in _DATA["keys"].items()}
"""Fields that together name a row once; only tables with an entry are judged."""
NAMES: Final[Mapping[str, str]] = _DATA["names"]
OF_CUSTOMER: Final[Mapping[str, str]] = _DATA["of_customer"]
"""Field of a loan table -> field of the customer table that it repeats."""
CNY_PAIRS: Final[Sequence[tuple[str, str]]] = [(amount, in_cny) for amount, in_cny in _DATA["rules"]["pairs"]]
WHOLE: Final = frozenset(_DATA["rules"]["whole"])
_FILLED, _LOWEST, _SHARED = (frozenset(_DATA["rules"][name]) for name in ("filled", "lowest", "shared"))
_DAYS: Final = tuple(_DATA["rules"]["days"])
CODE_DATES: Final[Mapping[str, Mapping[str, date]]] = {
    name: {item["code"]: item["from_on"] for item in _DATA["code_dates"] if name in item["fields"]}
    for name in {name for item in _DATA["code_dates"] for name in item["fields"]}
}
"""Field -> code -> the first day on which the code can have been reported."""
_LEAST_CODES: Final = 2


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `pattern` is what a cell matches; `codes` are empty where the list is not transcribed.

    `seen_from_on` is the first version of the table in which the field was seen, `code_dates` the first day of codes
    that did not always exist; what the sources do not date has neither.
    """

    name: str
    format: str
    pattern: str
    codes: tuple[str, ...]
    is_filled: bool
    is_day: bool
    only_lowest: bool
    is_ended: bool
    seen_from_on: date | None
    code_dates: Mapping[str, date]


@cache
def fields(table: str) -> tuple[Field, ...]:
    """The fields of an official table in order; none for a table that is not known."""
    rows = reference.table("official_fields").filter(pl.col("table_code") == table).sort("sequence")
    return tuple(
        _field(table, *row) for row in rows.select("field_zh", "format", "is_ended", "seen_from_on").iter_rows()
    )


def names(table: str) -> tuple[str, ...]:
    """Field names in order."""
    return tuple(field.name for field in fields(table))


def _field(table: str, name: str, form: str | None, is_ended: bool, seen: date | None) -> Field:
    form = form or ""
    is_day = form == "C10" and name.endswith(_DAYS)
    return Field(
        name,
        form,
        _pattern(form, is_day),
        _codes(table, name),
        is_filled=name in _FILLED,
        is_day=is_day,
        only_lowest=name in _LOWEST,
        is_ended=is_ended,
        seen_from_on=seen,
        code_dates=CODE_DATES.get(name, {}),
    )


def _pattern(form: str, is_day: bool) -> str:
    if is_day:
        return r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    found = re.fullmatch(r"([CDI])(\.\.)?(\d+)(?:\.(\d+))?", form)
    if found is None:
        return ""
    kind, upto, size, places = found.groups()
    if kind == "D":
        return rf"^-?[0-9]{{1,{int(size) - int(places)}}}\.[0-9]{{{places}}}$"
    if kind == "I":
        return rf"^-?[0-9]{{1,{size}}}$"
    return rf"(?s)^.{{1,{size}}}$" if upto else rf"(?s)^.{{{size}}}$"


def _codes(table: str, name: str) -> tuple[str, ...]:
    known = reference.table("official_codes").filter(field_zh=name)
    own = known.filter(table_code=table)["code"]
    if len(own) < _LEAST_CODES and name in _SHARED:
        own = known.filter(table_code=STOCK_OF_UNITS)["code"]
    if len(own) < _LEAST_CODES and table == STOCK_OF_PERSONS:
        own = known.filter(table_code=STOCK_OF_UNITS)["code"]
    return tuple(own) if len(own) >= _LEAST_CODES else ()
