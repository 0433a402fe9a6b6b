"""From a cell to a registered value, as column expressions; money and rates in text never pass through a float.

A column is read in two steps: `cell` gives what the source says (null for nothing), `value` what it means (null when
it cannot be read). A cell that is there and has no value is unreadable: a finding for the caller to write.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache, partial, reduce
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest import reference
from steadyrest.errors import UsageError
from steadyrest.exchange.looks import Look, look
from steadyrest.exchange.mapping import PLACES, ColumnSpec
from steadyrest.schema import Column, Kind
from steadyrest.units import FEN_LIMIT

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_SENTINELS: Final = (date(9999, 12, 31), date(1, 1, 1), date(1899, 12, 31), date(1899, 12, 30))
"""Days that extracts write for "no date"."""
SENTINEL_WORDS: Final = ("9999-12-31", "99991231", "0001-01-01", "00010101", "1899-12-31", "18991231")
_FULL_WIDTH: Final = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
"""Letters, digits and marks of the full-width block, as written by input methods, to those of ASCII."""
_EXACT_FLOAT: Final = 2.0**53
_EPOCH: Final = date(1899, 12, 30)
_WORDS_HINTED, _LETTERS_COMPARED, _CODES_LISTED = 200, 40, 12
"""Bounds on what a hint costs: distinct words of a batch, letters of a word, codes of a list."""
_NUMBERS: Final = frozenset({Kind.MONEY, Kind.RATE, Kind.COUNT})


def check_day(name: str, day: date | None) -> None:
    """Refuse a day of a call outside those a file may hold with a `UsageError`; none is no day."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise UsageError("call.date_range", option=name, value=day, earliest=EARLIEST, latest=LATEST)


def is_plain(spec: ColumnSpec, dtype: pl.DataType) -> bool:
    """Whether the source column already has the registered type and unit, so that its cells are taken as they are."""
    same = dtype == spec.column.polars and dtype != pl.String
    return not spec.has_steps and same and PLACES.get(spec.unit, 0) == 0 and spec.column.kind is not Kind.RATIO


def cell(spec: ColumnSpec, name: str, dtype: pl.DataType, seen: Look | None = None) -> pl.Expr:
    """What the source says, trimmed; null for a blank, a word for "missing", or a day that stands for none.

    `seen` is the look of a column of text, where it has been taken.
    """
    source = pl.col(name)
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        day = source.cast(pl.Date)
        return pl.when(~day.is_in(_SENTINELS)).then(day)
    if is_plain(spec, dtype) or (dtype.is_numeric() and spec.column.kind in _NUMBERS and not spec.missing):
        return source.fill_nan(None) if dtype.is_float() else source
    text = _as_text(source, dtype)
    if seen is None or not seen.is_trimmed:
        text = text.str.strip_chars()
    if is_code_like(spec.column) and (seen is None or not seen.is_narrow):
        text = text.map_batches(_narrowed, return_dtype=pl.String)
    blanks = (
        *(("", r"\N") if seen is None or not seen.is_trimmed else ()),
        *spec.missing,
        *(SENTINEL_WORDS if spec.column.kind is Kind.DAY else ()),
    )
    if blanks:
        text = pl.when(~reduce(pl.Expr.or_, (text == blank for blank in blanks))).then(text)
    if spec.is_guarded:
        text = text.str.replace(r"^'([=+\-@\t\r])", "$1")
    return text.str.slice(*spec.cut) if spec.cut else text


def is_code_like(column: Column) -> bool:
    """Whether a column holds codes, identifiers or days, in which a full-width letter means the one of ASCII."""
    coded = column.kind in (Kind.CODE, Kind.DAY, Kind.FLAG)
    return coded or (column.kind is Kind.TEXT and column.name.endswith(("_id", "_number", "_code", "_kind")))


def _narrowed(cells: pl.Series) -> pl.Series:
    if look(cells).is_narrow:
        return cells
    return cells.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))


def _as_text(source: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A number as an identifier: whole floats lose their point, others keep it and will be refused or quarantined."""
    if dtype.is_float():
        whole = (source.round() == source) & (source.abs() < _EXACT_FLOAT)
        return (
            pl.when(whole).then(source.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(source.cast(pl.String))
        )
    return source.cast(pl.String)


def value(spec: ColumnSpec, name: str, dtype: pl.DataType, seen: Look | None = None) -> pl.Expr:
    """What a cell of `cell` means, in the registered type; null when it cannot be read.

    `dtype` is that of the cell, `seen` the look of a column whose cells stand as the source has them.
    """
    column, source = spec.column, pl.col(name)
    if spec.months_after:
        return _number(source, dtype, 0, 12_000)
    if dtype == pl.String and (spec.codes or spec.lookup):
        source = _translated(spec, source)
    if column.kind is Kind.DAY:
        return _day(spec, source, dtype, seen)
    if column.kind is Kind.MONEY:
        return _number(source, dtype, PLACES[spec.unit], FEN_LIMIT, seen)
    if column.kind is Kind.RATE:
        return _number(source, dtype, PLACES[spec.unit], 10**12, seen)
    if column.kind is Kind.COUNT:
        return _number(source, dtype, 0, 10**15, seen)
    if column.kind is Kind.FLAG:
        return _flag(spec, source, dtype)
    if column.kind is Kind.RATIO:
        return source.cast(pl.Float64, strict=False)
    if column.codes and dtype != column.polars:
        code = source.cast(pl.String)
        kind = column.polars
        return _either(code, partial(_quick_code, kind=kind), partial(_coded, kind=kind), kind)
    return source


def _quick_code(cells: pl.Series, kind: pl.DataType) -> pl.Series | None:
    """Words that are all codes."""
    codes = cells.cast(kind, strict=False)
    return codes if codes.null_count() == cells.null_count() else None


def _coded(code: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A code, or the code in front of its words."""
    first = code.str.split_exact(" ", 1).struct.field("field_0")
    return pl.coalesce(code.cast(kind, strict=False), first.cast(kind, strict=False))


def _translated(spec: ColumnSpec, source: pl.Expr) -> pl.Expr:
    if spec.codes is not None:
        default = pl.when(source.is_not_null()).then(pl.lit(spec.otherwise, pl.String))
        source = source.replace_strict(dict(spec.codes), default=default, return_dtype=pl.String)
    if spec.lookup is not None:
        known = reference.table(spec.lookup.table).select(spec.lookup.key, spec.lookup.value).drop_nulls()
        source = source.replace_strict(known[spec.lookup.key], known[spec.lookup.value], default=None,
                                       return_dtype=pl.String)  # fmt: skip
    return source


def _number(source: pl.Expr, dtype: pl.DataType, places: int, limit: int, seen: Look | None = None) -> pl.Expr:
    """An integer of 10^-places. More decimals than that, other letters, or a size beyond the limit cannot be read."""
    if dtype.is_float():
        whole = source.map_batches(lambda cells: _exact(cells, places), return_dtype=pl.Int64)
    elif dtype.is_integer():
        whole = source.cast(pl.Int64, strict=False)
        if places:
            whole = pl.when(whole.abs() < limit // 10**places).then(whole * 10**places)
    elif seen is not None and seen.are_numbers(places):
        whole = source.map_batches(partial(_plain_number, places=places), return_dtype=pl.Int64)
    else:
        quick, slow = partial(_quick_number, places=places), partial(_scaled_text, places=places)
        whole = _either(source.cast(pl.String), quick, slow, pl.Int64())
    return pl.when(whole.abs() < limit).then(whole)


def _exact(cells: pl.Series, places: int) -> pl.Series:
    """Floats that are the nearest ones to a decimal of so many places, as that decimal; null for any other."""
    numbers = cells.cast(pl.Float64).fill_null(np.nan).to_numpy()
    scale = 10.0**places
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(numbers * scale)
        is_exact = (np.abs(scaled) < _EXACT_FLOAT) & (scaled / scale == numbers)
    whole = pl.Series(cells.name, np.where(is_exact, scaled, 0.0)).cast(pl.Int64)
    return whole.set(pl.Series(~is_exact), None)


def _scaled_text(text: pl.Expr, places: int) -> pl.Expr:
    """Exact decimal text: thousands in groups of three, a currency sign in front, a percent sign behind."""
    ascii_text = text.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))
    bare = ascii_text.str.replace(r"^([+-]?)[$¥￥]\s*", "$1")
    if places == PLACES["percent"]:
        bare = bare.str.strip_suffix("%")
    grouped = bare.str.contains(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    number = pl.when(grouped).then(bare.str.replace_all(",", "", literal=True)).otherwise(bare)
    tail = rf"(\.[0-9]{{1,{places}}}0*)?" if places else r"(\.0+)?"
    readable = number.str.contains(rf"^[+-]?[0-9]{{1,20}}{tail}$")
    exact = pl.when(readable).then(number.str.strip_prefix("+")).cast(pl.Decimal(38, places), strict=False)
    return exact.to_physical().cast(pl.Int64, strict=False)


def _flag(spec: ColumnSpec, source: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return source
    quick = partial(_quick_flag, is_true=spec.is_true, is_false=spec.is_false)
    return _either(source.cast(pl.String), quick, partial(_flagged, spec=spec), pl.Boolean())


def _quick_flag(cells: pl.Series, is_true: tuple[str, ...], is_false: tuple[str, ...]) -> pl.Series | None:
    """Words that all are among those for yes and no."""
    words = {word: word in is_true for word in cells.drop_nulls().unique()}
    if not words.keys() <= {*is_true, *is_false}:
        return None
    return cells.replace_strict(words, default=None, return_dtype=pl.Boolean)


def _flagged(text: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    # The first word decides, so that "是 / yes" and "1 是" read as what they say.
    head = text.str.split_exact(" ", 1).struct.field("field_0")
    known = ((spec.is_true, True), (spec.is_false, False))
    return pl.coalesce(
        pl.when(side.is_in(list(words))).then(pl.lit(meaning)) for side in (text, head) for words, meaning in known
    )


def _day(spec: ColumnSpec, source: pl.Expr, dtype: pl.DataType, seen: Look | None) -> pl.Expr:
    if dtype == pl.Date:
        day = source
    elif seen is not None and seen.are_days and "YYYY-MM-DD" in spec.dates:
        day = source.str.to_date("%Y-%m-%d", strict=False)
    else:
        quick = _quick_day if "YYYY-MM-DD" in spec.dates else None
        day = _either(source.cast(pl.String), quick, partial(_any_style, spec=spec), pl.Date())
    return pl.when(day.is_between(EARLIEST, LATEST)).then(day)


def _any_style(source: pl.Expr, spec: ColumnSpec) -> pl.Expr:
    """A day in any of the styles of a column; a time of midnight behind it is dropped."""
    text = source.str.replace(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]00:00:00(\.0+)?$", "$1")
    return pl.coalesce([_styled(style, text, spec.pivot) for style in spec.dates])


def _either(
    text: pl.Expr,
    quick: Callable[[pl.Series], pl.Series | None] | None,
    slow: Callable[[pl.Expr], pl.Expr],
    dtype: pl.DataType,
) -> pl.Expr:
    """The quick reader where it finds every cell plain, the full one otherwise; on plain cells they agree."""

    def run(cells: pl.Series) -> pl.Series:
        found = quick(cells) if quick is not None else None
        return cells.to_frame("x").select(slow(pl.col("x"))).to_series().alias(cells.name) if found is None else found

    return text.map_batches(run, return_dtype=dtype)


def _quick_number(cells: pl.Series, places: int) -> pl.Series | None:
    """Plain decimals: digits, and a point with no more digits behind it than the unit has."""
    return _plain_number(cells, places) if look(cells).are_numbers(places) else None


def _plain_number(cells: pl.Series, places: int) -> pl.Series:
    if not places:
        return cells.cast(pl.Int64)
    return cells.cast(pl.Decimal(38, places)).to_physical().cast(pl.Int64, strict=False)


def _quick_day(cells: pl.Series) -> pl.Series | None:
    """Days all written YYYY-MM-DD."""
    return cells.str.to_date("%Y-%m-%d", strict=False) if look(cells).are_days else None


_STYLES: Final = {
    "YYYY-MM-DD": (r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$", "%Y-%m-%d"),
    "YYYYMMDD": (r"^[0-9]{8}$", "%Y%m%d"),
    "YYYY/MM/DD": (r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}$", "%Y/%m/%d"),
    "M/D/YYYY": (r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$", "%m/%d/%Y"),
}


def _styled(style: str, text: pl.Expr, pivot: date | None) -> pl.Expr:
    """One style of writing a day; a text of another style is null."""
    if style in _STYLES:
        shape, form = _STYLES[style]
        return pl.when(text.str.contains(shape)).then(text).str.to_date(form, strict=False)
    if style == "Mon-YYYY":
        whole = pl.when(text.str.contains(r"^[A-Za-z]{3}-[0-9]{4}$")).then(pl.concat_str(pl.lit("01-"), text))
        return whole.str.to_date("%d-%b-%Y", strict=False)
    if style == "serial":
        days = pl.when(text.str.contains(r"^[0-9]{5}$")).then(text).cast(pl.Int64, strict=False)
        return pl.lit(_EPOCH) + pl.duration(days=days)
    assert style == "D-Mon-YY"
    assert pivot is not None
    short = pl.when(text.str.contains(r"^[0-9]{1,2}-[A-Za-z]{3}-[0-9]{2}$")).then(text)
    head, year = short.str.slice(0, short.str.len_chars() - 2), short.str.slice(-2)
    latest = [
        pl.concat_str(head, pl.lit(str(century)), year).str.to_date("%d-%b-%Y", strict=False) for century in (20, 19)
    ]
    return pl.coalesce([pl.when(day <= pivot).then(day) for day in latest])


def months_after(start: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The day some months later; the last day of a month stays within the month."""
    return start.dt.offset_by(pl.concat_str(months.cast(pl.String), pl.lit("mo")))


def code_hints(spec: ColumnSpec, words: pl.Series, hit: np.ndarray[Any, np.dtype[np.bool_]]) -> pl.Series:
    """For each hit row, whose word is no code, what it may stand for, as the arguments of its finding."""
    known = tuple(spec.codes or spec.column.codes)
    asked = words.filter(pl.Series(hit)).unique(maintain_order=True).head(_WORDS_HINTED)
    told = {word: _code_hint(word, known) for word in asked}
    return words.replace_strict(told, default=None, return_dtype=pl.String)


@lru_cache(maxsize=4096)
def _code_hint(word: str, known: tuple[str, ...]) -> str:
    """The nearest code where one is near, else the codes of the list, the first of a long one."""
    folded = {code.casefold(): code for code in known}
    near = get_close_matches(word.partition(" ")[0][:_LETTERS_COMPARED].casefold(), folded, n=1)
    hint = {"nearest": folded[near[0]]} if near else {"codes": known[:_CODES_LISTED]}
    return json.dumps(hint, ensure_ascii=False)
