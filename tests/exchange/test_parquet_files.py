"""Parquet: types as they stand, and files that are broken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from steadyrest.errors import InputError
from steadyrest.exchange import parquet
from steadyrest.schema import TABLES
from tests.exchange.books import FIRM, LOAN, book, codes, read, whole

TYPED = pl.DataFrame([LOAN]).with_columns(
    pl.col("balance_fen").cast(pl.Int64),
    pl.col("nominal_rate_e7").cast(pl.Int32),
    pl.col("drawn_on", "maturity_on").str.to_date(),
    pl.col("quality").cast(TABLES["loan"]["quality"].polars),
)


def with_loans(folder: Path, frame: pl.DataFrame) -> Path:
    """A book whose loans are a Parquet file."""
    path = book(folder)
    (path / "loan.csv").unlink()
    frame.write_parquet(path / "loan.parquet")
    return path


def test_typed_columns_are_taken_as_they_stand(tmp_path: Path) -> None:
    found = read(with_loans(tmp_path, TYPED), tmp_path)
    assert codes(found) == []
    assert whole(found, "loan").equals(whole(read(book(tmp_path / "text"), tmp_path / "text"), "loan"))


def test_decimals_floats_and_days_of_other_types(tmp_path: Path) -> None:
    frame = TYPED.with_columns(
        pl.Series("balance_fen", [Decimal("100000000.00")]),
        pl.Series("nominal_rate_e7", [385000.0]),
        pl.Series("drawn_on", [20210815]),
        pl.Series("maturity_on", [date(2022, 8, 15)]).cast(pl.Datetime),
        pl.Series("quality", ["FQ01"], dtype=pl.Categorical),
    )
    found = read(with_loans(tmp_path, frame), tmp_path)
    assert codes(found) == []
    assert whole(found, "loan").row(0, named=True)["drawn_on"] == date(2021, 8, 15)


def test_a_cut_off_file(tmp_path: Path) -> None:
    folder = with_loans(tmp_path, TYPED)
    path = folder / "loan.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"input\.broken: loan\.parquet"):
        read(folder, tmp_path)


def test_a_column_that_holds_lists(tmp_path: Path) -> None:
    frame = TYPED.with_columns(pl.Series("balance_fen", [[1, 2]]))
    with pytest.raises(InputError, match=r"input\.column_type"):
        read(with_loans(tmp_path, frame), tmp_path)


def test_a_row_group_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP_BYTES", 100)
    with pytest.raises(InputError, match=r"input\.zip_bomb"):
        read(with_loans(tmp_path, TYPED), tmp_path)


def test_rows_are_numbered_over_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 10)
    frame = pl.concat([TYPED] * 35).with_columns(
        pl.int_range(35).cast(pl.String).alias("loan_id"),
        pl.when(pl.int_range(35) % 17 == 16).then(-1).otherwise(5).alias("balance_fen"),
    )
    found = read(with_loans(tmp_path, frame), tmp_path)
    assert codes(found) == [
        ("LOAN-005", "quarantine", "balance_fen", 17),
        ("LOAN-005", "quarantine", "balance_fen", 34),
    ]


def test_a_file_beside_the_book_of_the_same_name_is_told_apart(tmp_path: Path) -> None:
    folder = book(tmp_path)
    row = {"borrower_id": FIRM["borrower_id"], "evidence_kind": "temporary_difficulty", "holds": "1"}
    for path, day in ((folder / "evidence.csv", "2022-07-01"), (tmp_path / "evidence.csv", "2022-07-02")):
        pl.DataFrame([{**row, "as_of_on": day}]).write_csv(path)
    found = read(folder, tmp_path, evidence=tmp_path / "evidence.csv")
    assert [file.name for file in found.files if file.table == "evidence"] == ["evidence.csv", "evidence/evidence.csv"]
