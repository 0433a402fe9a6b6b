"""No name and no identity number of the book leaves a run, unless a person asks for it."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from tests.cli.called import Called, call

_PERSONAL = (
    ("JS_102_FTYKHX.csv", ("客户名称", "客户证件代码", "实际控制人证件代码")),
    ("JS_102_GRKHXX.csv", ("客户证件代码",)),
    ("consent.csv", ("party_id",)),
    ("customer_link.csv", ("from_borrower_id", "to_borrower_id")),
)


@pytest.fixture(scope="module")
def personal(book: Path) -> frozenset[str]:
    """Every name and number of a borrower, of its links and of a party of a consent, as the files have them."""
    found: set[str] = set()
    for file, fields in _PERSONAL:
        rows = pl.read_csv(book / file, infer_schema=False)
        found |= {value for field in fields for value in rows[field].drop_nulls() if len(value) >= 6}
    assert len(found) > 100
    return frozenset(found)


def _leaks(text: str, personal: frozenset[str]) -> list[str]:
    return sorted(value for value in personal if value in text)


def _text(path: Path) -> str:
    """All text of a file; of a workbook, that of its parts; of the journal, its pages as they are."""
    if path.suffix != ".xlsx":
        return path.read_bytes().decode("utf-8", "replace")
    with ZipFile(path) as parts:
        return "\n".join(parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml"))


def test_no_file_outside_tables_holds_a_name_or_number(run: tuple[Path, Called], personal: frozenset[str]) -> None:
    files = [path for path in run[0].rglob("*") if path.is_file() and path.parent.name != "tables"]
    assert {"report.html", "workbook.xlsx", "decisions.xlsx", "decisions.csv", "journal.sqlite", "manifest.json",
            "run.log"} == {path.name for path in files}  # fmt: skip
    for path in files:
        assert _leaks(_text(path), personal) == [], path.name


def test_no_command_prints_a_name_or_number(
    run: tuple[Path, Called], book: Path, loan: str, personal: frozenset[str]
) -> None:
    cell = ("--table", "enterprise", "--column", "name")
    for called in (
        run[1],
        call("validate", book, "--json"),
        call("validate", book),
        call("explain", run[0], loan),
        call("explain", run[0], loan, "--json"),
        call("explain", run[0], loan, *cell),
    ):
        assert _leaks(called.out + called.err, personal) == []


def test_unmask_shows_them(run: tuple[Path, Called], loan: str, personal: frozenset[str]) -> None:
    facts = pl.read_parquet(run[0] / "tables" / "loan_facts.parquet").filter(pl.col("loan_id") == loan)
    borrower = facts["borrower_id"][0]
    assert borrower in call("explain", run[0], loan, "--unmask").out
    assert borrower not in call("explain", run[0], loan).out


def test_an_unmasked_run_shows_them_so_the_search_finds_what_there_is(
    book: Path, tmp_path: Path, personal: frozenset[str]
) -> None:
    assert call("run", book, "--as-of", "2022-07-31", "--out", tmp_path / "run", "--unmask", "--json").code == 0
    assert len(_leaks(_text(tmp_path / "run" / "workbook.xlsx"), personal)) > 20
