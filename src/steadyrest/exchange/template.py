"""The workbook for a branch without an extract: a sheet a table, bilingual headers, drop-downs, units, sample rows.

Filled in, the same file is a book. Its sheets are the registered tables, so there is nothing to keep in step: labels,
kinds and code lists come from the registry. The samples stand in `template.toml` and tell of one receipt; with their
marks taken off they are a book of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import xlsxwriter

from steadyrest.exchange.mapping import header_text
from steadyrest.schema import TABLES, Column, Kind, Table
from steadyrest.text import Text, catalogue, label

TEMPLATE_TABLES: Final = (
    "loan",
    "enterprise",
    "loan_terms",
    "customer_link",
    "evidence",
    "application",
    "agreement",
    "consent",
    "arrears",
    "ledger_control",
)
_ROWS: Final = 5_000
"""Rows that have formats and drop-downs; more may be filled in."""
SAMPLE_MARK: Final = "# "
"""Stands before the first cell of a sample row, so that the row is passed over in reading."""
_FIRST_SAMPLE: Final = 2
_MADE_ON: Final = datetime(2022, 7, 31)
_FORMATS: Final = {Kind.MONEY: "#,##0.00", Kind.RATE: "0.00###", Kind.COUNT: "0", Kind.DAY: "yyyy-mm-dd"}


def write_template(path: Path) -> None:
    """Write the template to `path`. The same version writes the same sheets."""
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties(
            {"title": label("exchange.template.title").both, "author": "Steadyrest", "created": _MADE_ON}
        )
        _readme(book)
        ranges = _Choices(book)
        for name in TEMPLATE_TABLES:
            _sheet(book, TABLES[name], ranges)
        ranges.close()


def _readme(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet(_tab(label("exchange.template.readme")))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 100, wrap)
    for row, name in enumerate(("title", "hint", "samples", "money", "needed")):
        page.write_string(row, 0, label(f"exchange.template.{name}").both, wrap)
    for row, name in enumerate(TEMPLATE_TABLES, start=6):
        table = TABLES[name]
        page.write_string(row, 0, f"{table.label.both}: {table.row.both}", wrap)


def _tab(title: Text) -> str:
    return f"{title.zh} {title.en}".replace("# ", "")[:31]


class _Choices:
    """Code lists on a hidden sheet, for drop-downs longer than a cell formula may be."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._lists: dict[tuple[str, ...], str] = {}
        self._columns: list[list[str]] = []

    def source(self, column: Column) -> str | None:
        """The range that holds the choices of a column; None for a column that is free."""
        if column.kind is Kind.FLAG:
            words = [label("exchange.template.yes").both, label("exchange.template.no").both]
        elif column.codes:
            words = [code_words(column, code) for code in column.codes]
        else:
            return None
        key = tuple(words)
        if key not in self._lists:
            letters = xlsxwriter.utility.xl_col_to_name(len(self._columns))
            self._lists[key] = f"=codes!${letters}$1:${letters}${len(words)}"
            self._columns.append(words)
        return self._lists[key]

    def close(self) -> None:
        """Write the lists."""
        page = self._book.add_worksheet("codes")
        for index, words in enumerate(self._columns):
            page.write_column(0, index, words)
        page.hide()


def code_words(column: Column, code: str) -> str:
    """A code and its words, as a cell shows it; reading takes the first word."""
    for key, text in catalogue().items():
        parts = key.split(".")
        if parts[0] == "code" and parts[-1] == code and _codes_of(parts[1]) == column.codes:
            return f"{code} {text.zh}"
    return code


def _codes_of(name: str) -> tuple[str, ...]:
    prefix = f"code.{name}."
    return tuple(key.removeprefix(prefix) for key in catalogue() if key.startswith(prefix))


def _sheet(book: xlsxwriter.Workbook, table: Table, choices: _Choices) -> None:
    page = book.add_worksheet(_tab(table.label))
    base = {"text_wrap": True, "valign": "top", "bg_color": "#E4EDF3", "bottom": 1}
    plain, strong = book.add_format(base), book.add_format({**base, "bold": True})
    note = book.add_format({"italic": True, "font_color": "#666666"})
    page.set_row(0, 44)
    for index, column in enumerate(table.columns):
        needed = column.required or column.name in table.key
        cells = book.add_format({"num_format": _FORMATS.get(column.kind, "@")})
        page.set_column(index, index, 20, cells)
        page.write_string(0, index, header_text(column), strong if needed else plain)
        page.write_string(1, index, _unit(column, index), note)
        for row, sample in enumerate(samples()[table.name], start=_FIRST_SAMPLE):
            _sample(page, row, index, column, sample.get(column.name), cells)
        source = choices.source(column)
        if source is not None:
            page.data_validation(_FIRST_SAMPLE, index, _ROWS, index, {"validate": "list", "source": source})
    page.freeze_panes(1, 1)


def _unit(column: Column, index: int) -> str:
    if index == 0:
        return label("exchange.template.units").both
    if column.codes or column.kind is Kind.FLAG:
        return label("exchange.template.choice").both
    names = {Kind.MONEY: "yuan", Kind.RATE: "percent", Kind.DAY: "day", Kind.COUNT: "count"}
    return label(f"exchange.template.{names[column.kind]}").both if column.kind in names else ""


def _sample(
    page: xlsxwriter.workbook.Worksheet, row: int, index: int, column: Column, value: object, cells: object
) -> None:
    """One cell of a sample row, as a branch would fill it in."""
    if value is None:
        return
    if column.kind is Kind.FLAG:
        page.write_string(row, index, label(f"exchange.template.{'yes' if value else 'no'}").both)
    elif isinstance(value, date):
        page.write_datetime(row, index, datetime.combine(value, datetime.min.time()), cells)
    elif isinstance(value, int | float):
        page.write_number(row, index, value, cells)
    else:
        words = code_words(column, str(value)) if column.codes else str(value)
        page.write_string(row, index, f"{SAMPLE_MARK if index == 0 else ''}{words}", cells)


@cache
def samples() -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The sample rows of every sheet: registered columns in the units of the sheet; a blank cell is left out."""
    text = (resources.files("steadyrest.exchange") / "template.toml").read_text("utf-8")
    found: dict[str, list[dict[str, object]]] = tomllib.loads(text)
    return found
