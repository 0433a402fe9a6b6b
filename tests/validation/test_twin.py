"""The independent twin finds nothing in a run as it is, and every cell that is planted wrong."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import app
from steadyrest.policy import packs_folder
from steadyrest.schema import TABLES
from tests.desks.relief.made_up import made_up
from validation.twin.__main__ import main
from validation.twin.cells import Spec, value
from validation.twin.compare import differences
from validation.twin.facts import computed_size

AS_OF = date(2022, 7, 31)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a small book in the registry's own layout, with the decisions of the sheet."""
    root = tmp_path_factory.mktemp("twin")
    book, sheet = root / "book", root / "decisions.csv"
    book.mkdir()
    for name, frame in made_up(loans=60).items():
        if name in TABLES and frame.height and name != "linked_enterprise":
            frame.write_parquet(book / f"{name}.parquet")
    overlays = (packs_folder() / "demo_overlay",)
    first = app.Request(book=book, out=root / "first", as_of=AS_OF, overlays=overlays, with_report=False)
    app.run(first)
    option = pl.read_parquet(root / "first" / "tables" / "option.parquet").filter("is_proposed")
    rows = option.select("loan_id", "option_no", proposer=pl.lit("Wang"), approver=pl.lit("Li"))
    signed = [rows.with_columns(decision=pl.lit(word), decided_on=pl.lit(AS_OF)) for word in ("approved", "signed")]
    pl.concat(signed).write_csv(sheet)
    app.run(
        app.Request(
            book=book,
            out=root / "run",
            as_of=AS_OF,
            overlays=overlays,
            decisions=sheet,
            with_report=False,
            part_rows=20,
        )
    )
    return root / "run"


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_nothing_differs_in_a_run_as_it_is(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed = pl.read_parquet(finished / "tables" / "amendment.parquet").filter(pl.col("option_no") > 0)
    assert signed.height
    assert main([str(finished), "--jobs", "1"]) == 0
    passed, failed = last_line(capsys).replace(" passed", "").replace(" failed", "").split(", ")
    assert int(passed) > 150
    assert failed == "0"


def test_households_are_null_where_the_tape_names_no_borrower(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loans = {
        "LoanNr_ChkDgt": ["11", "12", "13"],
        "NAICS": ["332710", "0", "541330"],
        "Term": ["84", "60", "240"],
        "DisbursementDate": ["2/28/2009", "24-Jun-11", "1/31/2012"],
        "DisbursementGross": ["$60,000.00 ", "$1,000.00 ", "$25,000.00 "],
        "MIS_Status": ["P I F", "P I F", "CHGOFF"],
    }
    pl.DataFrame(loans).write_csv(tmp_path / "SBAnational.csv")
    request = app.Request(
        book=tmp_path / "SBAnational.csv",
        out=tmp_path / "run",
        as_of=date(2014, 6, 30),
        valid_on=AS_OF,
        known_on=AS_OF,
        with_report=False,
    )
    manifest = app.run(request)
    assert not manifest.names_borrowers
    found = pl.read_parquet(tmp_path / "run" / "tables" / "clause_result.parquet")
    assert found["households"].null_count() == found.height > 0
    assert found.filter(pl.col("clause_id") == found["clause_id"][0])["receipts"].sum() == 3
    assert main([str(tmp_path / "run"), "--jobs", "1"]) == 0
    found.with_columns(households="receipts").write_parquet(tmp_path / "run" / "tables" / "clause_result.parquet")
    assert main([str(tmp_path / "run"), "--jobs", "1"]) == 1
    assert "expected None, found" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("eligibility", "n2_fail"),
        ("option", "extra_interest_fen"),
        ("amendment", "interest_after_fen"),
        ("cash_flow", "principal_due_fen"),
        ("cash_flow_month", "households"),
        ("clause_result", "balance_fen"),
    ],
)
def test_one_wrong_cell_is_found(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, column: str
) -> None:
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    path = run / "tables" / f"{table}.parquet"
    frame = pl.read_parquet(path)
    first = pl.int_range(pl.len()) == 0
    frame.with_columns(pl.when(first).then(pl.col(column) + 1).otherwise(column).alias(column)).write_parquet(path)
    assert main([str(run), "--jobs", "1"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-1].endswith(", 1 failed")
    assert any(line.startswith(f"{table} ") and f" {column}: expected" in line for line in out)


def test_a_row_that_is_missing_or_too_much_is_found(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    path = run / "tables" / "option.parquet"
    frame = pl.read_parquet(path)
    stranger = frame.head(1).with_columns(loan_id=pl.lit("NOBODY"))
    pl.concat([frame.tail(-1), stranger]).write_parquet(path)
    assert main([str(run), "--jobs", "1"]) == 1
    assert last_line(capsys).endswith(", 2 failed")


def test_an_input_that_has_changed_since_is_refused(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book"
    shutil.copytree(finished.parent / "book", book)
    frame = pl.read_parquet(book / "loan.parquet")
    frame.with_columns(pl.col("balance_fen") + 1).write_parquet(book / "loan.parquet")
    assert main([str(finished), "--book", str(book), "--jobs", "1"]) == 1
    assert last_line(capsys) == "0 passed, 1 failed"


def test_a_folder_without_a_run_is_a_failure_and_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert last_line(capsys) == "0 passed, 1 failed"


def test_rows_are_compared_by_key_and_cell_by_cell() -> None:
    ours = [{"id": 1, "a": 2, "b": None}, {"id": 2, "a": 3, "b": None}]
    theirs = [{"id": 1, "a": 2, "b": 0}]
    found = [str(item) for item in differences("t", ("id",), ("id", "a", "b"), ours, theirs)]
    assert found == ["t 1 b: expected None, found 0", "t 2 row: expected a row, found (no row)"]


@pytest.mark.parametrize(
    ("name", "unit", "cell", "meaning"),
    [
        ("balance_fen", "yuan", "$1,234.50 ", 123450),
        ("balance_fen", "yuan", "1.234", None),
        ("balance_fen", "yuan", 12.3, 1230),
        ("nominal_rate_e7", "percent", "4.35%", 435000),
        ("drawn_on", "", "2022-02-30", None),
        ("drawn_on", "", "99991231", None),
        ("quality", "", "FQ01 normal", "FQ01"),
    ],
)
def test_a_cell_means_what_the_mapping_says(name: str, unit: str, cell: object, meaning: object) -> None:
    column = TABLES["loan"][name]
    assert value(Spec(column, ("x",), unit), {"x": cell}) == meaning


def test_a_size_is_reached_when_every_measure_reaches_it() -> None:
    industry = {"employees": 300, "revenue_fen": 2_000_000_000}
    assert computed_size("C34", industry, "2017") == "medium"
    assert computed_size("C34", {**industry, "employees": 299}, "2017") == "small"
    assert computed_size("C34", {**industry, "employees": None}, "2017") is None
    assert computed_size("C34", {"employees": 5, "revenue_fen": None}, "2017") == "micro"
    assert computed_size("T", industry, "2017") is None
