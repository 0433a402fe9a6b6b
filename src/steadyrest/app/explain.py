"""Explanations of a finished run: its tables, its journal, and the original book where it is at hand."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import polars as pl

from steadyrest import exchange, report
from steadyrest.book.content import file_sha256
from steadyrest.book.explain import Answer, Explanation, explain_cell, explain_loan, nothing_hidden
from steadyrest.book.manifest import Manifest
from steadyrest.book.run_folder import Row, open_run, whole_tables
from steadyrest.errors import InputError, UsageError
from steadyrest.schema import TABLES
from steadyrest.store.journal import read_journal


def explain(
    run_folder: Path,
    loan_id: str,
    table: str | None = None,
    column: str | None = None,
    *,
    book: Path | None = None,
    unmask: bool = False,
    **where: object,
) -> Answer:
    """Why a receipt, or one column of its rows in a result table, is what it is.

    `where` narrows the rows of the table by key columns (option_no, version, sequence). Inputs that are not in the
    run are read from the original book, or from `book` where it lies now; without it the explanation names them as
    not at hand. Raises `RunError` for what the run does not hold.
    """
    if (table is None) != (column is None) or (where and table is None):
        raise UsageError("call.table_and_column")
    if book is not None and not book.exists():
        raise UsageError("call.missing_path", path=book)
    manifest = Manifest.read(run_folder / "manifest.json")
    source = book or next(Path(item.path) for item in manifest.inputs if item.role == "book")
    reader = partial(_inputs, manifest, source) if source.exists() else None
    opened = open_run(run_folder, read_journal(run_folder / "journal.sqlite"), reader)
    found: Explanation
    with whole_tables(run_folder):
        if table is None or column is None:
            found = explain_loan(opened, loan_id)
        else:
            found = explain_cell(opened, loan_id, table, column, **where)
    return Answer(found, nothing_hidden if unmask else report.masker)


def _inputs(manifest: Manifest, book: Path, loan_id: str) -> dict[str, list[Row]]:
    """The rows of the original book that belong to one receipt and its borrower, read again."""
    roles = {item.role: item for item in manifest.inputs}
    if file_sha256(book) != roles["book"].sha256:
        raise InputError("input.changed", path=book)
    mapping = roles["mapping"].path if "mapping" in roles else manifest.mapping
    with tempfile.TemporaryDirectory() as folder:
        read = exchange.read_book(
            book,
            mapping=mapping,
            evidence=_path(manifest.evidence),
            decisions=_path(manifest.decisions),
            into=Path(folder) / "read",
            part_rows=manifest.part_rows,
        )
        return _rows_of(read, loan_id)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _rows_of(read: exchange.BookRead, loan_id: str) -> dict[str, list[Row]]:
    """Rows by table: those of the receipt, and those of its borrower where a table is kept by borrower."""
    found: dict[str, list[Row]] = {}
    for part in range(read.parts):
        loan = exchange.load_part(read.folder, "loan", part).filter(pl.col("loan_id") == loan_id)
        if not loan.height:
            continue
        borrower = loan["borrower_id"][0]
        for name in (table for table in read.tables if table in TABLES):
            frame = exchange.load_part(read.folder, name, part)
            keys = {"loan_id": loan_id, "borrower_id": borrower, "from_borrower_id": borrower}
            mine = next((pl.col(key) == value for key, value in keys.items() if key in frame.columns), None)
            if mine is not None:
                found[name] = frame.filter(mine).to_dicts()
    return found
