"""Decision tables as sheets that people maintain: one sheet, drop-downs, frozen heads; read back to the same table.

    row 1   hit policy, and its word          row 2   what each column is: input, output, note
    row 3   its registered name               row 4   unit, kind or allowed values
    row 5   labels                            row 6 on: the rules, one a row

A cell with a formula is refused with its address: what a formula shows is not what somebody wrote and signed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.parsers import expat

import fastexcel
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from steadyrest.errors import InputError, RuleError, UsageError
from steadyrest.exchange.guard import check_archive, reading
from steadyrest.rules.tables import HIT_POLICIES, Input, Output, Table, cell_text, result_text, table
from steadyrest.rules.tables.model import MAX_INPUTS, MAX_OUTPUTS
from steadyrest.rules.types import nearest
from steadyrest.schema import TABLES
from steadyrest.schema.registry import Kind
from steadyrest.text import Text, label


class WrongCell(InputError):
    """What the rule language says of a cell, behind its address; the advice is that of the rule language."""

    def __init__(self, path: str, cell: str, cause: RuleError) -> None:
        super().__init__("input.table_cell", path=path, cell=cell)
        self.cause = cause

    @property
    def what(self) -> Text:
        """Address, then the complaint."""
        place, said = super().what, self.cause.what
        return Text(zh=f"{place.zh}{said.zh}", en=f"{place.en}{said.en}")

    @property
    def todo(self) -> Text:
        """As the rule language says."""
        return self.cause.todo


_FACTS: Final = TABLES["loan_facts"].by_name()
_HEAD: Final = 5
_SPARE: Final = 500
"""Rows below the rules that have the drop-downs too."""
_INPUT, _OUTPUT, _NOTE = "input", "output", "note"


def write_table_sheet(path: Path, known: Table, title: Text) -> None:
    """Write a workbook with one table."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title.zh)[:31] or "table")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4EDF3", "bottom": 1})
        note = book.add_format({"italic": True, "font_color": "#666666", "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        page.write_row(0, 0, ["hit_policy", known.hit_policy, title.both], note)
        page.data_validation(0, 1, 0, 1, {"validate": "list", "source": list(HIT_POLICIES)})
        for at, (role, name, said, words) in enumerate(_columns(known)):
            page.set_column(at, at, 22, text)
            for row, cell in ((1, role), (2, name), (3, said)):
                page.write_string(row, at, cell, note)
            page.write_string(4, at, words, head)
        page.set_row(4, 40)
        for row, cells in enumerate(_rules(known), start=_HEAD):
            for at, cell in enumerate(cells):
                page.write_string(row, at, cell, text)
        _choices(page, known)
        page.freeze_panes(_HEAD, 1)


def _columns(known: Table) -> Iterator[tuple[str, str, str, str]]:
    """(role, name, unit or values, label) of every column."""
    for item in known.inputs:
        yield _INPUT, item.column.name, item.unit, item.label.both
    for output in known.outputs:
        values = ", ".join(map(str, output.values))
        yield _OUTPUT, output.name, "; ".join(filter(None, (output.kind.value, output.unit, values))), output.label.both
    yield _NOTE, _NOTE, "", label("table.note").both


def _rules(known: Table) -> Iterator[list[str]]:
    for row in known.rows:
        cells = [cell_text(cell, item.column, item.unit) for cell, item in zip(row.cells, known.inputs, strict=True)]
        results = [result_text(value, output) for value, output in zip(row.results, known.outputs, strict=True)]
        yield [*cells, *results, row.note]


def _choices(page: xlsxwriter.worksheet.Worksheet, known: Table) -> None:
    """Drop-downs of codes: a warning only, because a cell may list several."""
    last = _HEAD + len(known.rows) + _SPARE
    listed = [item.column.codes for item in known.inputs] + [tuple(map(str, output.values)) for output in known.outputs]
    for at, codes in enumerate(listed):
        if codes and len(",".join(("-", *codes))) <= 255:
            rule = {"validate": "list", "source": ["-", *codes], "error_type": "warning"}
            page.data_validation(_HEAD, at, last, at, rule)


def read_table_sheet(path: Path) -> Table:
    """The table of the first sheet of a workbook.

    Raises `InputError` with the address of the cell for a formula, an unknown column, too many columns, or a cell that
    is not understood.
    """
    name = path.name
    if not path.is_file():
        raise UsageError("call.missing_path", path=path)
    check_archive(path, name)
    with reading(name):
        for address in _formulas(path):
            raise InputError("input.table_formula", path=name, cell=address)
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
        rows = [[(cell or "").strip() for cell in row] for row in sheet.to_polars().rows()]
    if len(rows) <= _HEAD or rows[0][0] != "hit_policy":
        raise InputError("input.table_head", path=name)
    return _read(name, rows)


def _read(name: str, rows: Sequence[Sequence[str]]) -> Table:
    roles = [cell for cell in rows[1] if cell]
    if len(roles) > MAX_INPUTS + MAX_OUTPUTS + 1:
        limit = MAX_INPUTS + MAX_OUTPUTS
        raise InputError(
            "input.table_width", path=name, found=len(roles), limit=limit, cell=f"{xl_col_to_name(limit)}2"
        )
    inputs = [_input(name, at, rows) for at, role in enumerate(roles) if role == _INPUT]
    outputs = [_output(name, at, rows) for at, role in enumerate(roles) if role == _OUTPUT]
    width, whole = len(inputs), len(inputs) + len(outputs)
    if roles[:whole] != [_INPUT] * width + [_OUTPUT] * len(outputs):
        raise InputError("input.table_head", path=name)
    body = [(at, row) for at, row in enumerate(rows[_HEAD:], start=_HEAD + 1) if any(row[:whole])]
    lines = [(row[:width], row[width:whole], row[whole] if len(row) > whole else "") for _, row in body]
    try:
        return table(rows[0][1], inputs, outputs, lines)
    except RuleError as error:
        raise _addressed(name, error, body, [*rows[2][:whole]]) from None


def _addressed(
    name: str, error: RuleError, body: Sequence[tuple[int, Sequence[str]]], names: Sequence[str]
) -> InputError:
    """The complaint of the rule language at the address of the cell."""
    at, column = getattr(error, "row", None), getattr(error, "column", None)
    cell = f"{xl_col_to_name(names.index(column))}{body[at - 1][0]}" if at and column in names else "B1"
    return WrongCell(name, cell, error)


def _input(name: str, at: int, rows: Sequence[Sequence[str]]) -> Input:
    found = rows[2][at]
    if found not in _FACTS:
        cell = f"{xl_col_to_name(at)}3"
        raise InputError("input.table_column", path=name, cell=cell, name=found, nearest=nearest(found, _FACTS))
    return Input(_FACTS[found], _FACTS[found].label, rows[3][at])


def _output(name: str, at: int, rows: Sequence[Sequence[str]]) -> Output:
    kind, *rest = [part.strip() for part in rows[3][at].split(";")]
    known = [item.value for item in Kind if item not in (Kind.MASK, Kind.RATIO)]
    if kind not in known:
        raise InputError("input.table_column", path=name, cell=f"{xl_col_to_name(at)}4", name=kind,
                         nearest=nearest(kind, known))  # fmt: skip
    unit = rest.pop(0) if Kind(kind) in (Kind.MONEY, Kind.RATE) and rest else ""
    values = tuple(word.strip() for part in rest for word in part.split(",") if word.strip())
    words = rows[4][at].split(" / ")
    return Output(rows[2][at], Kind(kind), Text(words[0], words[-1]), unit, values)


def _formulas(path: Path) -> Iterator[str]:
    """Addresses of the cells of the first sheets that hold a formula."""
    with zipfile.ZipFile(path) as archive:
        sheets = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
        for name in sheets:
            yield from _formulas_of(archive.read(name))


def _formulas_of(content: bytes) -> list[str]:
    parser, found, cell = expat.ParserCreate(), list[str](), ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell
        if name == "c":
            cell = attributes.get("r", "?")
        elif name == "f":
            found.append(cell)

    parser.StartElementHandler = start
    parser.Parse(content, True)
    return found
