"""Cells of a spreadsheet as exact text: a frame becomes the rows of a sheet's XML in a few column expressions.

Money is written as the decimal of its fen and a rate as the decimal of its 1e-7, so no float comes between; text is
always an inline string, so nothing a source holds can become a formula. Null is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from steadyrest.schema import Kind

CELL_LIMIT = 32_000
"""A cell of text is cut here; the format ends at 32,767."""

_ROWS_AT_ONCE = 20_000
_ROW = "row number"
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL_DAY = date(1900, 3, 1)
_ILLEGAL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"


def rows_xml(frame: pl.DataFrame, kinds: list[Kind], styles: list[str], first_row: int) -> Iterator[bytes]:
    """The `<row>` elements of a frame in UTF-8, some thousand rows at a time.

    `kinds` and `styles` (cell format numbers) stand in the order of the columns.
    """
    numbers = pl.int_range(first_row, first_row + frame.height, eager=True).cast(pl.String).alias(_ROW)
    letters = [column_letters(index) for index in range(frame.width)]
    cells = [_cell(*parts) for parts in zip(frame.columns, kinds, styles, letters, strict=True)]
    row = pl.concat_str(pl.lit('<row r="'), pl.col(_ROW), pl.lit('">'), *cells, pl.lit("</row>"))
    for part in frame.with_columns(numbers).iter_slices(_ROWS_AT_ONCE):
        yield str(part.select(row.str.join()).item()).encode()


def _cell(name: str, kind: Kind, style: str, letters: str) -> pl.Expr:
    place = pl.concat_str(pl.lit(f'<c r="{letters}'), pl.col(_ROW), pl.lit(f'" s="{style}"'))
    value = pl.col(name)
    number = _NUMBERS.get(kind)
    if number is None:
        filled = pl.concat_str(
            place, pl.lit(' t="inlineStr"><is><t xml:space="preserve">'), escaped(value), pl.lit("</t></is></c>")
        )
        return filled.fill_null("")
    return pl.concat_str(place, pl.lit("><v>"), number(value), pl.lit("</v></c>")).fill_null("")


def escaped(value: pl.Expr) -> pl.Expr:
    """Text of one cell: cut at the limit, without characters XML forbids, escaped."""
    clean = value.cast(pl.String).str.replace_all(_ILLEGAL, "").str.slice(0, CELL_LIMIT)
    return clean.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])


def _scaled(value: pl.Expr, places: int) -> pl.Expr:
    """An integer of 10^-places as an exact decimal."""
    size, unit = value.abs(), 10**places
    sign = pl.when(value < 0).then(pl.lit("-")).when(value.is_not_null()).then(pl.lit(""))
    rest = (size % unit).cast(pl.String).str.zfill(places)
    return pl.concat_str(sign, (size // unit).cast(pl.String), pl.lit("."), rest)


def decimal_fen(value: pl.Expr) -> pl.Expr:
    """Fen as a decimal in yuan."""
    return _scaled(value, 2)


def _serial(value: pl.Expr) -> pl.Expr:
    return (value - pl.lit(_EPOCH)).dt.total_days().cast(pl.String)


def fits_serial(day: pl.Series) -> bool:
    """Every day can be a spreadsheet date; before March 1900 spreadsheets disagree with the calendar."""
    return bool((day.drop_nulls() >= _FIRST_SERIAL_DAY).all())


_NUMBERS = {
    Kind.MONEY: decimal_fen,
    Kind.RATE: lambda value: _scaled(value, 7),
    Kind.COUNT: lambda value: value.cast(pl.String),
    Kind.RATIO: lambda value: value.cast(pl.String),
    Kind.DAY: _serial,
}


def column_letters(index: int) -> str:
    """The letters of a column counted from zero.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
