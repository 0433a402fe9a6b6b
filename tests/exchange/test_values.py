"""Cells to values: exact, by unit, or unreadable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.exchange.mapping import ColumnSpec
from steadyrest.exchange.values import cell, months_after, value
from steadyrest.schema import TABLES
from steadyrest.units import format_fen, format_rate_e7

LOAN = TABLES["loan"]
MONEY = ColumnSpec(LOAN["balance_fen"], ("x",), unit="yuan")
RATE = ColumnSpec(LOAN["nominal_rate_e7"], ("x",), unit="percent")
DAY = ColumnSpec(LOAN["drawn_on"], ("x",))
FLAG = ColumnSpec(LOAN["is_first_loan"], ("x",))
CODE = ColumnSpec(LOAN["quality"], ("x",))
COUNT = ColumnSpec(TABLES["enterprise"]["employees"], ("x",))
TEXT = ColumnSpec(LOAN["loan_id"], ("x",))


def read(spec: ColumnSpec, cells: pl.Series) -> list[object]:
    """Both steps of reading."""
    held = cells.to_frame("x").select(cell(spec, "x", cells.dtype).alias("x"))
    return held.select(value(spec, "x", held.schema["x"]).alias("x"))["x"].to_list()


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("$1,000.00 ", 100000),
        ("-12,345,678.90", -1234567890),
        ("￥3", 300),
        ("１２３．４５", 12345),
        ("1.100", 110),
        ("90071992547409.93", 9007199254740993),
        ("1.005", None),
        ("1,23.00", None),
        ("1e5", None),
        ("twelve", None),
        ("10000000000000000.00", None),
        ("", None),
    ],
)
def test_money_in_text_is_exact_or_unreadable(text: str, fen: int | None) -> None:
    assert read(MONEY, pl.Series([text])) == [fen]


@given(st.integers(-(10**16), 10**16))
def test_every_printed_amount_comes_back(fen: int) -> None:
    assert read(MONEY, pl.Series([format_fen(fen)])) == [fen]


@given(st.integers(0, 10**9))
def test_every_printed_rate_comes_back(rate_e7: int) -> None:
    assert read(RATE, pl.Series([format_rate_e7(rate_e7)])) == [rate_e7]


@given(st.integers(-(10**13), 10**13))
def test_a_float_of_two_decimals_is_that_decimal(fen: int) -> None:
    assert read(MONEY, pl.Series([fen / 100])) == [fen]


def test_floats_with_more_decimals_are_unreadable() -> None:
    cells = pl.Series([1.005, 0.1 + 0.2, float("nan"), float("inf"), None])
    assert read(MONEY, cells) == [None, None, None, None, None]


def test_units() -> None:
    assert read(replace(MONEY, unit="wan"), pl.Series(["1.234567", "1.2345678"])) == [1234567, None]
    assert read(replace(MONEY, unit="fen"), pl.Series([5, 10**17])) == [5, None]
    assert read(MONEY, pl.Series([5, 10**16])) == [500, None]
    assert read(RATE, pl.Series(["5.20000", "4.58075", "4.580751", "3.65%"])) == [520000, 458075, None, 365000]
    assert read(replace(RATE, unit="fraction"), pl.Series(["0.0365"])) == [365000]
    assert read(COUNT, pl.Series(["12", "12.0", "12.5"])) == [12, 12, None]


def test_days() -> None:
    styles = replace(DAY, dates=("YYYY-MM-DD", "YYYYMMDD", "M/D/YYYY", "D-Mon-YY", "Mon-YYYY", "serial"),
                     pivot=date(2014, 12, 31))  # fmt: skip
    text = ["2022-07-31", "20220731", "7/22/1980", "24-Jun-91", "1-Jan-15", "31-Dec-14", "Jan-2015", "44773"]
    assert read(styles, pl.Series(text)) == [
        date(2022, 7, 31), date(2022, 7, 31), date(1980, 7, 22), date(1991, 6, 24), date(1915, 1, 1),
        date(2014, 12, 31), date(2015, 1, 1), date(2022, 7, 31),
    ]  # fmt: skip
    assert read(DAY, pl.Series(["2022-02-30", "2022/7/1", "2022-07-31 00:00:00", "31.07.2022", "1850-01-01"])) == [
        None, date(2022, 7, 1), date(2022, 7, 31), None, None,
    ]  # fmt: skip
    assert read(DAY, pl.Series([datetime(2022, 7, 31, 12)])) == [date(2022, 7, 31)]


def test_days_that_stand_for_none_are_missing_not_unreadable() -> None:
    for cells in (pl.Series(["9999-12-31", "00010101"]), pl.Series([date(9999, 12, 31), date(1, 1, 1)])):
        held = cells.to_frame("x").select(cell(DAY, "x", cells.dtype))
        assert held["x"].null_count() == 2


def test_flags_and_codes_take_the_first_word() -> None:
    assert read(FLAG, pl.Series(["1", "是", "0 否", "N", "maybe"])) == [True, True, False, False, None]
    assert read(FLAG, pl.Series([1, 0, 2])) == [True, False, None]
    assert read(CODE, pl.Series(["FQ01", "FQ02 关注类", " FQ03 ", "FQ9"])) == ["FQ01", "FQ02", "FQ03", None]


def test_translation_slice_and_lookup() -> None:
    translated = replace(CODE, codes={"ok": "FQ01"}, otherwise=None)
    assert read(translated, pl.Series(["ok", "other", None])) == ["FQ01", None, None]
    assert read(replace(translated, otherwise="FQ05"), pl.Series(["ok", "other", None])) == ["FQ01", "FQ05", None]
    assert read(replace(TEXT, cut=(0, 2)), pl.Series(["451120"])) == ["45"]


def test_numbers_as_identifiers() -> None:
    assert read(TEXT, pl.Series([77418292, 1])) == ["77418292", "1"]
    assert read(TEXT, pl.Series([12.0, 9.1e17])) == ["12", "9.1e+17"]


@given(st.lists(st.from_regex(r"-?[0-9]{1,15}(\.[0-9]{1,3})?", fullmatch=True), min_size=1, max_size=5))
def test_a_column_of_plain_numbers_reads_as_its_cells_do(texts: list[str]) -> None:
    mixed = read(MONEY, pl.Series([*texts, "not a number"]))
    assert read(MONEY, pl.Series(texts)) == mixed[:-1]


@given(st.lists(st.from_regex(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True), min_size=1, max_size=5))
def test_a_column_of_iso_days_reads_as_its_cells_do(texts: list[str]) -> None:
    assert read(DAY, pl.Series(texts)) == read(DAY, pl.Series([*texts, "not a day"]))[:-1]


def test_months_after_stays_within_the_month() -> None:
    frame = pl.DataFrame({"start": [date(2022, 1, 31), date(2020, 2, 29)], "months": [1, 12]})
    assert frame.select(months_after(pl.col("start"), pl.col("months")))["start"].to_list() == [
        date(2022, 2, 28),
        date(2021, 2, 28),
    ]
