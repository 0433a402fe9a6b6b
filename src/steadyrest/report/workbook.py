"""The workbook of a run, and the sheet of decisions that comes back.

The frame of the workbook (formats, headers, widths, drop-downs) is written by xlsxwriter in constant memory with one
row a sheet; the rows themselves are then put in as exact text. That is fifty times faster than a call for each cell,
and money never passes through a float. Same input, same bytes: dates are the as-of date, zip times are 1980.
"""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from steadyrest.report.cells import column_letters, fits_serial, rows_xml
from steadyrest.report.facts import RunFacts
from steadyrest.report.sheets import Sheet, decision_sheet, decision_words, decisions, sheets
from steadyrest.report.words import day
from steadyrest.schema import Column, Kind, closed
from steadyrest.text import LANGUAGES, Text, label

_FORMATS = {
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.RATE: {"num_format": "0.00###%"},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.RATIO: {"num_format": "0.0000"},
    Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "left"},
}
_COMPRESSION = 4
_TEXT_FORMAT = {"num_format": "@", "text_wrap": False}
_PLACEHOLDER = re.compile(r'<row r="2"[^>]*>(.*?)</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="[A-Z]+2" s="(\d+)"')
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(tables: Path, facts: RunFacts, out: Path) -> None:
    """Write `workbook.xlsx` to the file `out`: read-me, then one sheet a result table, `ROWS_A_SHEET` rows at most.

    Tables come from the folder `tables`; a missing one has no sheet. Money is shown in yuan, exact to the fen.
    """
    content = sheets(tables, facts)
    out.write_bytes(_filled(_skeleton(content, facts, with_readme=True), content, first=2))


def write_decisions(tables: Path, facts: RunFacts, folder: Path) -> None:
    """Write `decisions.xlsx` and `decisions.csv` into `folder`, to be filled in and handed back as `--decisions`.

    A row whose decision is blank has not been decided. The CSV holds every row, in UTF-8 with a byte-order mark and
    the registered column names; text that a spreadsheet could take for a formula is led by an apostrophe.
    """
    sheet = decision_sheet(tables, facts)
    (folder / "decisions.xlsx").write_bytes(_filled(_skeleton([sheet], facts, with_readme=False), [sheet], first=1))
    safe = decisions(tables).with_columns(
        _defused(name) for name in ("loan_id", "clause_id", "reason", "proposer", "approver")
    )
    (folder / "decisions.csv").write_bytes(b"\xef\xbb\xbf" + safe.write_csv().encode())


def _defused(name: str) -> pl.Expr:
    is_risky = pl.any_horizontal(pl.col(name).str.starts_with(start) for start in _FORMULA_START)
    return pl.when(is_risky).then(pl.concat_str(pl.lit("'"), pl.col(name))).otherwise(pl.col(name)).alias(name)


def _skeleton(content: list[Sheet], facts: RunFacts, *, with_readme: bool) -> bytes:
    """The workbook with headers and one unfilled row a sheet."""
    stream = BytesIO()
    on = datetime(facts.as_of_on.year, facts.as_of_on.month, facts.as_of_on.day)
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": label("report.title").both, "author": "Steadyrest", "created": on})
        if with_readme:
            _readme(book, content, facts)
        for sheet in content:
            _frame_sheet(book, sheet)
    return stream.getvalue()


def _readme(book: xlsxwriter.Workbook, content: list[Sheet], facts: RunFacts) -> None:
    """The first sheet: what this is, what to know before reading, and where every row can be found."""
    page = book.add_worksheet(_tab(label("report.workbook.readme")))
    strong, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    page.set_column(0, 0, 34, wrap)
    page.set_column(1, 1, 70, wrap)
    page.set_column(2, 3, 18, wrap)
    page.set_column(4, 4, 34, wrap)
    _for_print(page)
    page.set_row(0, 24)
    page.write_string(0, 0, label("report.title").both, book.add_format({"bold": True, "font_size": 15}))
    lines = [Text(*(label("report.subtitle")[code].format(on=day(facts.as_of_on, code)) for code in LANGUAGES))]
    lines += [label("report.synthetic")] if facts.is_synthetic else []
    lines += [
        label("report.workbook.unmasked" if facts.is_unmasked else "report.workbook.masked"),
        label("report.workbook.units"),
    ]
    lines += [*facts.lacks, *facts.warnings]
    at = 1
    for text in lines:
        page.merge_range(at, 0, at, 4, text.both, wrap)
        page.set_row(at, 15 * (1 + len(text.both.encode()) // 170))
        at += 1
    for index, name in enumerate(("sheet", "row", "written", "in_all", "file")):
        page.write_string(at + 1, index, label(f"report.workbook.{name}").both, head)
    for row, sheet in enumerate(content, start=at + 2):
        page.write_string(row, 0, sheet.tab.both, strong)
        page.write_string(row, 1, sheet.row.both)
        page.write_number(row, 2, sheet.frame.height)
        page.write_number(row, 3, sheet.rows_in_all)
        page.write_string(row, 4, sheet.file)
    page.hide_gridlines(2)


def _tab(title: Text) -> str:
    """A tab name within the 31 characters a spreadsheet allows."""
    return re.sub(r"[\[\]:*?/\\]", " ", f"{title.zh} {title.en}")[:31].strip()


def _frame_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    """Header row, then one row of blank cells that carries the format of each column; rows go in order."""
    page = book.add_worksheet(_tab(sheet.tab))
    header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4EDF3", "bottom": 1})
    kinds = [_kind(column, sheet.frame) for column in sheet.columns]
    last_row = max(sheet.frame.height, 1)
    page.set_row(0, 44)
    for index, (column, kind) in enumerate(zip(sheet.columns, kinds, strict=True)):
        page.set_column(index, index, _width(column, kind))
        page.write_string(0, index, header_text(column, kind), header)
    for index, kind in enumerate(kinds):
        page.write_blank(1, index, None, book.add_format(_FORMATS.get(kind, _TEXT_FORMAT)))
    for index, column in enumerate(sheet.columns):
        if column.name == "decision":
            choices = [decision_words(code) for code in closed("decision")]
            page.data_validation(1, index, last_row, index, {"validate": "list", "source": choices})
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    _for_print(page)
    page.autofilter(0, 0, last_row, len(sheet.columns) - 1)


def _for_print(page: Worksheet) -> None:
    """A4 landscape, as many pages down as it takes, one across."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def header_text(column: Column, kind: Kind) -> str:
    """Chinese above English, with the unit where the cell is money."""
    words = (
        label("report.workbook.money").format(zh=column.label.zh, en=column.label.en)
        if kind is Kind.MONEY
        else column.label
    )
    return f"{words.zh}\n{words.en}"


def _kind(column: Column, frame: pl.DataFrame) -> Kind:
    """How a column is written: as its kind; as text where words took the place of codes, or days are too old."""
    if column.codes or column.kind in (Kind.TEXT, Kind.CODE, Kind.FLAG, Kind.MASK):
        return Kind.TEXT
    if column.kind is Kind.DAY and not fits_serial(frame[column.name]):
        return Kind.TEXT
    return column.kind


def _width(column: Column, kind: Kind) -> int:
    wide = {"title": 34, "_why": 52, "raw": 80, "reason": 32, "args": 30}
    for suffix, width in wide.items():
        if column.name.endswith(suffix):
            return width
    return {Kind.MONEY: 18, Kind.DAY: 13, Kind.COUNT: 11}.get(kind, 20)


def _filled(skeleton: bytes, content: list[Sheet], first: int) -> bytes:
    """The skeleton with the rows of each sheet in place of its one unfilled row; sheets are counted from `first`."""
    stream = BytesIO()
    by_name = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(content, start=first)}
    with zipfile.ZipFile(BytesIO(skeleton)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename in by_name:
                body = _with_rows(body.decode(), by_name[entry.filename])
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type, fixed.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(fixed, body, compresslevel=_COMPRESSION)
    return stream.getvalue()


def _with_rows(xml: str, sheet: Sheet) -> bytes:
    found = _PLACEHOLDER.search(xml)
    assert found is not None, "the unfilled row is missing"
    styles = _STYLE.findall(found.group(0))
    kinds = [_kind(column, sheet.frame) for column in sheet.columns]
    last = f"{column_letters(len(sheet.columns) - 1)}{max(sheet.frame.height + 1, 1)}"
    start = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:{last}"', xml[: found.start()])
    body = rows_xml(sheet.frame, kinds, styles, first_row=2)
    return b"".join((start.encode(), *body, xml[found.end() :].encode()))
