"""Whole books: counts, marker, determinism, and refusals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from steadyrest import exchange
from steadyrest.book.content import file_sha256
from steadyrest.errors import UsageError
from steadyrest.schema import TABLES
from steadyrest.synth import write_book
from steadyrest.synth.pboc import official_fields
from steadyrest.synth.write import FIRST_AS_OF, LAST_AS_OF, places_of

Layout = Literal["pboc", "steadyrest"]


@pytest.mark.parametrize("layout", ["pboc", "steadyrest"])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, layout: Layout) -> None:
    for name in ("one", "two"):
        write_book(tmp_path / name, loans=1500, layout=layout, dirt=False, witnesses=False)
    write_book(tmp_path / "other", loans=1500, layout=layout, seed=1, dirt=False, witnesses=False)
    one, two, other = (file_sha256(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two != other


def test_the_book_is_pinned(tmp_path: Path) -> None:
    """The draws are integer arithmetic on raw bits: no library version or machine may change them."""
    write_book(tmp_path, loans=200, borrowers=80, dirt=False, witnesses=False)
    loan = pl.read_csv(tmp_path / "JS_201_CLDWDK.csv", infer_schema=False)
    first = loan.select("贷款借据编码", "贷款实际投向", "贷款发放日期", "贷款余额", "利率水平").row(0)
    assert first == PINNED


PINNED = ("LN0000000002", "F522", "2022-02-21", "153112.33", "4.59000")


def test_counts_marker_and_sums(tmp_path: Path) -> None:
    made = write_book(tmp_path, loans=2000, borrowers=700, layout="steadyrest", dirt=False, witnesses=False)
    loan = pl.read_parquet(tmp_path / "loan.parquet")
    assert (loan.height, loan["borrower_id"].n_unique()) == (2000, 700)
    assert dict(loan.group_by("currency").agg(pl.col("balance_fen").sum()).iter_rows()) == made.balances_fen
    marker = json.loads((tmp_path / "synthetic.json").read_text("utf-8"))
    assert marker["synthetic"] is True
    assert marker["seed"] == made.seed
    assert "合成数据" in (tmp_path / "SYNTHETIC.md").read_text("utf-8")
    for name, rows in made.files.items():
        frame = pl.read_parquet(tmp_path / name)
        assert frame.height == rows
        assert frame.columns == list(TABLES[name.removesuffix(".parquet")].names)


def test_official_tables_have_their_official_fields(tmp_path: Path) -> None:
    made = write_book(tmp_path, loans=1000, dirt=False, witnesses=False)
    official = [name for name in made.files if name.startswith("JS_")]
    assert sorted(official) == ["JS_102_FTYKHX.csv", "JS_102_GRKHXX.csv", "JS_201_CLDWDK.csv", "JS_201_CLGRDK.csv"]
    for name in official:
        frame = pl.read_csv(tmp_path / name, infer_schema=False)
        assert frame.columns == official_fields(name.removesuffix(".csv"))
        assert frame.height == made.files[name]
    loans = pl.read_csv(tmp_path / "JS_201_CLDWDK.csv", infer_schema=False)
    assert loans["贷款余额"].str.contains(r"^\d+\.\d{2}$").all()
    assert loans["利率水平"].str.contains(r"^\d+\.\d{5}$").all()
    assert made.files["JS_201_CLDWDK.csv"] + made.files["JS_201_CLGRDK.csv"] == 1000


def test_the_layouts_hold_the_same_book(tmp_path: Path) -> None:
    one = write_book(tmp_path / "a", loans=1000, layout="pboc", dirt=False, witnesses=False)
    two = write_book(tmp_path / "b", loans=1000, layout="steadyrest", dirt=False, witnesses=False)
    assert one.balances_fen == two.balances_fen


def test_an_older_synthetic_book_is_replaced_and_other_files_are_not(tmp_path: Path) -> None:
    write_book(tmp_path / "book", loans=100, layout="steadyrest", dirt=False, witnesses=False)
    write_book(tmp_path / "book", loans=100, layout="pboc", dirt=False, witnesses=False)
    assert not list((tmp_path / "book").glob("*.parquet"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "loan.csv").write_text("loan_id\n")
    with pytest.raises(UsageError, match=r"synth\.folder"):
        write_book(tmp_path / "mine", loans=100)
    assert (tmp_path / "mine" / "loan.csv").read_text() == "loan_id\n"


@pytest.mark.parametrize(
    ("loans", "borrowers"), [(0, None), (10, 11), (10, 0), (30_000_000, None), (15_000_000, 15_000_000)]
)
def test_impossible_numbers_are_refused(tmp_path: Path, loans: int, borrowers: int | None) -> None:
    with pytest.raises(UsageError, match=r"synth\.counts"):
        write_book(tmp_path, loans=loans, borrowers=borrowers)


@pytest.mark.parametrize("as_of", [FIRST_AS_OF, LAST_AS_OF])
def test_the_first_and_the_last_day_have_a_book_and_those_beyond_have_none(tmp_path: Path, as_of: date) -> None:
    write_book(tmp_path / "book", loans=3000, as_of=as_of, layout="steadyrest", witnesses=False)
    drawn = pl.read_parquet(tmp_path / "book" / "loan.parquet")["drawn_on"]
    assert drawn.is_between(date(2018, 12, 1), as_of).all()
    beyond = as_of + timedelta(days=1 if as_of == LAST_AS_OF else -1)
    with pytest.raises(UsageError, match=r"synth\.as_of"):
        write_book(tmp_path / "none", loans=10, as_of=beyond)
    assert not (tmp_path / "none").exists()


def test_parts_cover_the_book_without_gap() -> None:
    places = list(places_of(120_001, 300_007))
    assert sum(place.borrowers for place in places) == 120_001
    assert sum(place.loans for place in places) == 300_007
    for before, after in pairwise(places):
        assert after.first_borrower == before.first_borrower + before.borrowers
        assert after.first_loan == before.first_loan + before.loans


def test_a_small_book_of_one_borrower(tmp_path: Path) -> None:
    made = write_book(tmp_path, loans=1, as_of=date(2022, 7, 31), dirt=False, witnesses=False)
    assert made.loans == made.borrowers == 1


def test_the_demonstration_book_is_large_enough(tmp_path: Path) -> None:
    made = write_book(tmp_path, loans=20_000)
    firms, persons = (made.files[f"{name}.csv"] for name in ("JS_102_FTYKHX", "JS_102_GRKHXX"))
    loans = made.files["JS_201_CLDWDK.csv"] + made.files["JS_201_CLGRDK.csv"]
    assert made.borrowers == 8000
    assert loans >= 20_000 + len(made.witnesses)
    assert firms + persons >= 8000 + len(made.witnesses)


def test_the_typed_layout_reads_back_without_errors(tmp_path: Path) -> None:
    made = write_book(tmp_path / "book", loans=3000, layout="steadyrest")
    read = exchange.read_book(tmp_path / "book", into=tmp_path / "read")
    assert read.mapping == "steadyrest"
    assert {item.name: item.rows_accepted for item in read.files} == made.files
    assert exchange.findings(read.folder).filter(pl.col("severity") != "warning").collect().is_empty()
