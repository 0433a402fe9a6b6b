"""The shape of the column registry: what a column and a table are.

One registry is the type system, the validator's source and the documentation of every table. A `Column` says its
type, unit, labels, what null means, where it stands in the official return and which ACTUS term it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import polars as pl

from steadyrest.text import Text


class Kind(StrEnum):
    """The type of a column; each kind has one Polars type and one set of tests in the rule language."""

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    RATIO = "ratio"
    DAY = "day"
    FLAG = "flag"
    MASK = "mask"


_POLARS: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.COUNT: pl.Int64(),
    Kind.MONEY: pl.Int64(),
    Kind.RATE: pl.Int64(),
    Kind.RATIO: pl.Float64(),
    Kind.DAY: pl.Date(),
    Kind.FLAG: pl.Boolean(),
    Kind.MASK: pl.UInt32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One registered column.

    `codes` names a closed list (the column is then a Polars Enum of it); `null` says what a missing value means;
    `official` lists fields of official layouts as `layout:table.field`; `personal` columns are masked on the way out.
    """

    name: str
    kind: Kind
    label: Text
    null: Text
    codes: tuple[str, ...] = ()
    official: tuple[str, ...] = ()
    actus: str = ""
    personal: bool = False
    required: bool = False

    @property
    def polars(self) -> pl.DataType:
        """The Polars type the column has in every table."""
        return pl.Enum(self.codes) if self.codes else _POLARS[self.kind]

    @property
    def unit(self) -> str:
        """The unit, told by the suffix of the name."""
        for suffix, unit in _UNITS.items():
            if self.name.endswith(suffix):
                return unit
        return ""


_UNITS = {"_fen": "fen", "_rate_e7": "1e-7 a year", "_months": "months", "_days": "days", "_on": "day", "_bp": "0.01 %"}


@dataclass(frozen=True, slots=True)
class Table:
    """One registered table: its key, its columns in order, and the sentence that says what a row is."""

    name: str
    label: Text
    row: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...] = field(default=())
    is_input: bool = True

    def __getitem__(self, name: str) -> Column:
        return self.by_name()[name]

    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order they are written."""
        return tuple(column.name for column in self.columns)

    def polars(self) -> dict[str, pl.DataType]:
        """The Polars schema, in order."""
        return {column.name: column.polars for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """A frame of this table with no rows."""
        return pl.DataFrame(schema=self.polars())


def required(column: Column) -> Column:
    """The same column where a row without it is quarantined."""
    return replace(column, required=True)


NOT_SUPPLIED = Text(zh="报送方未提供", en="not supplied by the source")
NOT_APPLICABLE = Text(zh="不适用", en="does not apply")
NOT_YET = Text(zh="尚未发生", en="has not happened yet")
NEVER = Text(zh="不为空", en="never null")


def column(
    name: str,
    kind: Kind,
    zh: str,
    en: str,
    *,
    null: Text = NOT_SUPPLIED,
    codes: tuple[str, ...] = (),
    official: tuple[str, ...] = (),
    actus: str = "",
) -> Column:
    """Register one column; the fewest words that say everything."""
    return Column(name, kind, Text(zh=zh, en=en), null, codes=codes, official=official, actus=actus)


def key(name: str, zh: str, en: str, *official: str) -> Column:
    """An identifier without which a row cannot be placed."""
    return Column(name, Kind.TEXT, Text(zh=zh, en=en), NEVER, official=official, required=True)


def personal(column: Column) -> Column:
    """The same column, masked in every output unless asked otherwise."""
    return replace(column, personal=True)
