"""The demo book, read and run: every finding code has its dirty row, and every witness the masks it promises."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import app, exchange
from steadyrest.policy import packs_folder
from steadyrest.rules import masks_of
from steadyrest.synth import SynthSummary, write_book
from steadyrest.synth.dirt import NATURAL, NOT_IN_LAYOUT, recipes
from steadyrest.synth.witness import demo_snapshot, goals, search
from steadyrest.text import catalogue

AS_OF = date(2022, 7, 31)
IMPOSSIBLE = {
    "W-n4-3-fail": "implied",  # a first unpaid due after 2022 has a last due after 2022
    "W-n4-3-past": "implied",
    "W-n4-4-unknown": "never_null",  # last_due_on is never null
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SynthSummary]:
    folder = tmp_path_factory.mktemp("demo") / "book"
    return folder, write_book(folder, loans=300)


@pytest.fixture(scope="module")
def read(book: tuple[Path, SynthSummary]) -> exchange.BookRead:
    return exchange.read_book(book[0], into=book[0].parent / "read")


@pytest.fixture(scope="module")
def tables(book: tuple[Path, SynthSummary]) -> Path:
    out = book[0].parent / "run"
    app.run(app.Request(book=book[0], out=out, as_of=AS_OF, overlays=(packs_folder() / "demo_overlay",)))
    return out / "tables"


def codes() -> set[str]:
    return {key.split(".")[1] for key in catalogue() if key.startswith("finding.")}


def test_every_finding_code_of_a_book_is_planted(book: tuple[Path, SynthSummary]) -> None:
    planted = {recipe.code for recipe in recipes()} | set(NATURAL)
    assert set(book[1].dirt) == planted
    # Of a decision sheet, of measures no run takes yet, of control files and split files, and of core receipts.
    elsewhere = ("DECISION-", "MEASURE-", "BUNCHING-", "FILE-", "TERMS-006", "TERMS-007")
    assert codes() - planted == set(NOT_IN_LAYOUT) | {code for code in codes() if code.startswith(elsewhere)}


def test_every_planted_code_is_found_on_its_own_row(book: tuple[Path, SynthSummary], tables: Path) -> None:
    found = pl.read_parquet(tables / "finding.parquet")
    said = pl.concat_str(pl.col("row_id", "value", "args").fill_null(""), separator=" ")
    for code, mark in book[1].dirt.items():
        of_code = found.filter(pl.col("code") == code)
        mine = of_code.filter(said.str.contains(mark, literal=True))
        if code == "ROW-001":  # a row that cannot be cut into cells has no id; what was set aside shows which it was
            aside = pl.read_parquet(tables / "quarantine.parquet").filter(pl.col("codes") == code)
            assert of_code.height == aside.height == 1
            assert mark in aside["raw"][0]
        elif code == "OPTIONAL-001":
            assert of_code.height > 5
        elif code == "RELIEF-003":  # once for each clause that would propose
            assert mine.height >= 1
        else:
            assert mine.height == 1, code


def test_rows_read_are_rows_accepted_and_quarantined(read: exchange.BookRead, book: tuple[Path, SynthSummary]) -> None:
    assert (read.mapping, read.is_synthetic) == ("pboc", True)
    counted = {item.name: item.rows_read for item in read.files}
    assert counted == {name: rows for name, rows in book[1].files.items() if name.endswith(".csv")}
    assert all(item.rows_read == item.rows_accepted + item.rows_quarantined for item in read.files)


def test_only_dirty_rows_are_set_aside_or_wrong(read: exchange.BookRead, book: tuple[Path, SynthSummary]) -> None:
    """The drawn book and the witnesses are clean: what is wrong on reading is what was planted."""
    wrong = exchange.findings(read.folder).collect().filter(pl.col("severity") != "warning")
    marks = [mark for mark in book[1].dirt.values() if mark] + ["D-"]
    people = pl.read_csv(book[0] / "JS_102_FTYKHX.csv", infer_schema=False, truncate_ragged_lines=True)
    marks += people.filter(pl.col("客户名称").str.contains("D-"))["客户证件代码"].to_list()
    said = pl.concat_str(pl.col("row_id", "value").fill_null(""), separator=" ")
    marks.append("B0000/")  # the branch of the dirty receipts, in the ledger
    stray = wrong.filter(~said.str.contains_any(marks) & (pl.col("code") != "ROW-001"))
    assert stray.is_empty(), stray.rows()


def test_the_ledger_differs_by_what_was_set_aside(read: exchange.BookRead) -> None:
    differences = exchange.findings(read.folder).collect().filter(pl.col("code").str.starts_with("LEDGER-"))
    assert set(differences["row_id"]) >= {"B0000/CNY"}
    assert differences["row_id"].str.starts_with("B0000/").all()


def test_every_witness_has_its_masks_in_the_run(book: tuple[Path, SynthSummary], tables: Path) -> None:
    snapshot = demo_snapshot(AS_OF)
    wanted = {goal.loan_id: goal for clause in (*snapshot.screens, *snapshot.definitions) for goal in goals(clause)}
    assert book[1].impossible == IMPOSSIBLE
    assert set(book[1].witnesses) == set(wanted) - set(IMPOSSIBLE)
    masks = pl.read_parquet(tables / "eligibility.parquet")
    facts = pl.read_parquet(tables / "loan_facts.parquet")
    rows = {row["loan_id"]: row for row in facts.join(masks, on="loan_id").iter_rows(named=True)}
    for loan_id in book[1].witnesses:
        goal, row = wanted[loan_id], rows[loan_id]
        by_row = masks_of(goal.clause.conditions, row)
        assert (by_row.fail, by_row.unknown) == goal.masks, loan_id
        if goal.clause.kind == "screen":
            assert (row[f"{goal.clause.slug}_fail"], row[f"{goal.clause.slug}_unknown"]) == goal.masks, loan_id


@pytest.mark.parametrize("as_of", [date(2020, 6, 30), date(2021, 3, 31), date(2022, 12, 31)])
def test_other_days_have_witnesses_for_their_own_clauses(as_of: date) -> None:
    snapshot = demo_snapshot(as_of)
    found, impossible = search(snapshot)
    wanted = sum(len(goals(clause)) for clause in (*snapshot.screens, *snapshot.definitions))
    assert len(found) + len(impossible) == wanted
    assert len(found) > 3 * len(impossible)
