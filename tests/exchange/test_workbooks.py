"""Excel: a filled template is a book, the sheet of decisions is read as it is written, bombs are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from steadyrest.errors import InputError
from steadyrest.exchange.mapping import header_text
from steadyrest.exchange.template import code_words
from steadyrest.schema import TABLES, Kind
from tests.exchange.books import FIRM, LOAN, Row, book, codes, faults, loan, read, whole

TERMS = {"loan_id": "J1", "original_principal_fen": "150000000", "amortisation": "bullet", "interest_cycle_months": "3"}


def fill(path: Path, tables: Mapping[str, Sequence[Row]]) -> Path:
    """A workbook as a branch fills in the template: numbers as numbers, dates as dates, codes as chosen."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as target:
        for name, rows in tables.items():
            page = target.add_worksheet(name)
            for index, column in enumerate(TABLES[name].columns):
                page.write_string(0, index, header_text(column))
                page.write_string(1, index, "# 单位 / unit" if index == 0 else "")
                for at, row in enumerate(rows, start=2):
                    cell = row.get(column.name, "")
                    if not cell:
                        continue
                    if column.kind is Kind.MONEY:
                        page.write_number(at, index, int(cell) / 100)
                    elif column.kind is Kind.RATE:
                        page.write_number(at, index, int(cell) / 100_000)
                    elif column.kind is Kind.DAY:
                        page.write_datetime(at, index, datetime.fromisoformat(cell))
                    elif column.codes:
                        page.write_string(at, index, code_words(column, cell))
                    else:
                        page.write_string(at, index, cell)
    return path


def test_a_filled_template_is_the_same_book_as_its_tables(tmp_path: Path) -> None:
    loans = [LOAN, loan(loan_id="J2", balance_fen="12345678901", nominal_rate_e7="458075")]
    plain = read(book(tmp_path, loan=loans, loan_terms=[TERMS]), tmp_path / "a")
    path = fill(tmp_path / "branch.xlsx", {"loan": loans, "enterprise": [FIRM], "loan_terms": [TERMS]})
    sheets = read(path, tmp_path / "b")
    assert sheets.mapping == "steadyrest"
    assert faults(sheets) == codes(plain) == []
    for table in plain.tables:
        assert whole(sheets, table).equals(whole(plain, table))
    assert {file.name for file in sheets.files} == {f"branch.xlsx#{name}" for name in plain.tables}


def bomb(path: Path, size: int) -> Path:
    """A workbook one of whose members unpacks to `size` bytes of nothing."""
    with xlsxwriter.Workbook(path) as target:
        target.add_worksheet()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * size)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(bomb(tmp_path / "bomb.xlsx", 64 << 20), tmp_path)
    assert error.value.code == "input.zip_bomb"


def test_an_archive_that_lies_about_its_size_is_broken(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.xlsx", 64 << 20)
    body = bytearray(path.read_bytes())
    at = body.rfind(b"xl/media/bomb.bin") - 46
    body[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(body)
    with pytest.raises(InputError) as error:
        read(path, tmp_path)
    assert error.value.code in ("input.broken", "input.zip_bomb")


def test_a_cut_off_workbook(tmp_path: Path) -> None:
    path = fill(tmp_path / "branch.xlsx", {"loan": [LOAN], "enterprise": [FIRM]})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match=r"input\.broken"):
        read(path, tmp_path)


def test_a_number_in_place_of_an_identifier_is_never_matched(tmp_path: Path) -> None:
    names = [header_text(column) for column in TABLES["loan"].columns]
    cells = dict(zip(TABLES["loan"].names, names, strict=True))
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as target:
        page = target.add_worksheet("loan")
        page.write_row(0, 0, names)
        for at, row in enumerate([LOAN, loan(loan_id="9.12345678901234E+17")], start=1):
            for name, value in row.items():
                text = f"{int(value) / 100:.2f}" if name == "balance_fen" else value
                text = "3.85" if name == "nominal_rate_e7" else text
                page.write_string(at, names.index(cells[name]), text)
    found = read(tmp_path / "book.xlsx", tmp_path)
    assert faults(found) == [("ID-001", "quarantine", "loan_id", 2)]
