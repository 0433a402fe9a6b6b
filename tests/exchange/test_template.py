"""The template: its samples are a book of their own once their marks are taken off, and it goes through a run."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from steadyrest import app, exchange
from steadyrest.errors import InputError
from steadyrest.exchange.mapping import header_text
from steadyrest.exchange.template import SAMPLE_MARK, TEMPLATE_TABLES, samples
from steadyrest.schema import TABLES

AS_OF = date(2022, 7, 31)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    exchange.write_template(tmp_path / "template.xlsx")
    return tmp_path / "template.xlsx"


def unmarked(template: Path, path: Path) -> Path:
    """The same cells, the samples without their marks; the line of units keeps its own."""
    pages = fastexcel.read_excel(template)
    with xlsxwriter.Workbook(path) as target:
        for index, name in enumerate(TEMPLATE_TABLES, start=1):
            header, units, *rows = pages.load_sheet(index, header_row=None, dtypes="string").to_polars().rows()
            page = target.add_worksheet(name)
            for at, row in enumerate((header, units)):
                page.write_row(at, 0, row)
            for at, (first, *others) in enumerate(rows, start=2):
                assert first.startswith(SAMPLE_MARK)
                page.write_row(at, 0, [first.removeprefix(SAMPLE_MARK.strip()), *others])
    return path


def test_the_samples_name_every_sheet_and_registered_columns_only() -> None:
    assert samples().keys() == set(TEMPLATE_TABLES)
    for name, rows in samples().items():
        known = TABLES[name]
        needed = {column.name for column in known.columns if column.required} | set(known.key)
        for row in rows:
            assert needed <= row.keys() <= set(known.names)


def test_the_template_as_it_is_holds_no_row(template: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"input\.no_loans"):
        exchange.read_book(template, into=tmp_path / "read")
    cells = fastexcel.read_excel(template).load_sheet(1, header_row=None, dtypes="string").to_polars()
    assert cells.row(0)[0] == header_text(TABLES["loan"]["loan_id"])
    assert str(cells.row(2)[0]).startswith(SAMPLE_MARK)


def test_the_template_has_a_sheet_a_table_and_drop_downs(template: Path) -> None:
    assert len(fastexcel.read_excel(template).sheet_names) == len(TEMPLATE_TABLES) + 2
    with zipfile.ZipFile(template) as archive:
        assert b"dataValidation" in archive.read("xl/worksheets/sheet2.xml")


def test_the_samples_without_their_marks_are_a_book_without_a_finding(template: Path, tmp_path: Path) -> None:
    book = unmarked(template, tmp_path / "book.xlsx")
    out = tmp_path / "run"
    manifest = app.run(app.Request(book=book, out=out, as_of=AS_OF, with_report=False))
    assert [file.rows_accepted for file in manifest.files] == [len(samples()[file.table]) for file in manifest.files]
    found = {name: pl.read_parquet(out / "tables" / f"{name}.parquet") for name in ("finding", "loan_facts", "option")}
    assert found["finding"].to_dicts() == []
    assert found["loan_facts"]["schedule_state"].to_list() == ["projected"]
    proposed = found["option"].filter("is_proposed").row(0, named=True)
    loan, due = samples()["loan"][0], samples()["agreement"][0]["new_due_on"]
    assert (proposed["clause_id"], proposed["new_due_on"]) == ("cn.cbirc.2022-70.n2", due)
    assert proposed["deferred_principal_fen"] == int(loan["balance_fen"]) * 100  # type: ignore[call-overload]
