"""Official files judged by the reporting rules, beside what a book has on file."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from steadyrest import exchange
from steadyrest.desks.supervision.check import FOUND, check
from steadyrest.desks.supervision.on_file import on_file
from steadyrest.desks.supervision.receipt import Happening
from steadyrest.exchange.official import read_official

_ASKED = ("loan", "agreement", "arrears", "agreement_extra")


def check_returns(
    files: Sequence[Path], report_on: date, book: Path | None = None, previous: Sequence[Path] = ()
) -> pl.DataFrame:
    """Every breach of a rule in official files: columns `file, table` and those of `supervision.check.FOUND`.

    `book`: the bank's own book, for rules that look at agreements and arrears; `previous`: the files of the month
    before. Errors as in `exchange.official.read_official` and `exchange.read_book`.
    """
    happened = {} if book is None else _on_file(book, report_on)
    before = {table: rows for table, rows, _ in map(read_official, previous)}
    found = [pl.DataFrame(schema={"file": pl.String(), "table": pl.String(), **FOUND})]
    for path in files:
        table, rows, ragged = read_official(path)
        told = check(table, rows, report_on, happened, before.get(table))
        cut = pl.DataFrame({"row": ragged}, schema={"row": pl.Int64()})
        cut = cut.with_columns(rule=pl.lit("F0"), severity=pl.lit("error"))
        whole = pl.concat([told, cut], how="diagonal").with_columns(file=pl.lit(path.name), table=pl.lit(table))
        found.append(whole.select(found[0].columns))
    return pl.concat(found)


def _on_file(book: Path, report_on: date) -> dict[str, list[Happening]]:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "read"
        read = exchange.read_book(book, into=into)
        known: dict[str, list[Happening]] = {}
        for part in range(read.parts):
            known |= on_file({name: exchange.load_part(into, name, part) for name in _ASKED}, report_on)
    return known
