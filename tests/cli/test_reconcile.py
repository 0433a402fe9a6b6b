"""`steadyrest reconcile` over the extracts of the made-up bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import app, exchange, synth
from steadyrest.app.run import run as run_book
from tests.cli.called import call

AS_OF = "2022-07-31"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extracts") / "book"
    synth.write_book(folder, loans=600, layout="extracts", dirt=False)
    return folder


def test_the_extracts_hold_the_same_loans_as_the_returns(book: Path, tmp_path: Path) -> None:
    synth.write_book(tmp_path / "plain", loans=600, layout="pboc", dirt=False, witnesses=False)
    found = {}
    for name, folder in (("extracts", book), ("pboc", tmp_path / "plain")):
        into = tmp_path / name
        read = exchange.read_book(folder, into=into)
        assert read.mapping == name
        assert sum(file.rows_quarantined for file in read.files) == 0
        found[name] = [exchange.load_part(into, table, 0) for table in ("loan", "enterprise", "arrears")]
    for ours, theirs in zip(found["extracts"], found["pboc"], strict=True):
        key = [name for name in ("loan_id", "borrower_id", "due_on") if name in ours.columns]
        dropped = ["rate_type"] if "rate_type" in ours.columns else []
        amounts = [name for name in ours.columns if name not in dropped]
        if "principal_fen" in ours.columns:  # EAST adds the arrears of a receipt up
            sums = (
                rows.group_by("loan_id").agg(pl.col("principal_fen", "interest_fen").sum()) for rows in (ours, theirs)
            )
            assert next(sums).sort("loan_id").equals(next(sums).sort("loan_id"))
        else:
            assert ours.select(amounts).sort(key).equals(theirs.select(amounts).sort(key))


def test_the_next_instalments_are_compared_to_the_fen(book: Path, tmp_path: Path) -> None:
    found = call("reconcile", book, "--as-of", AS_OF, "--json", "--out", tmp_path / "rest.csv")
    told = found.json
    counts = pl.DataFrame(told["by_branch"])
    assert found.code == 1
    assert counts["receipts"].sum() == 600
    assert 0.7 < told["share"] < 1
    assert told["share"] == pytest.approx(sum(counts["reproduced"]) / (600 - sum(counts["no_plan"])))
    assert pl.read_csv(tmp_path / "rest.csv").height == len(told["rest"]) > 0
    assert {row["state"] for row in told["rest"]} <= {"not_reproduced", "ambiguous"}


def test_a_person_sees_branches_products_and_the_nearest_form(book: Path) -> None:
    out = call("reconcile", book, "--as-of", AS_OF, "--lang", "en").out
    assert "Next instalments against the core system" in out
    assert "F022 operating" in out
    assert "Reproduced to the fen" in out
    assert "下期应还与核心系统核对" in call("reconcile", book, "--as-of", AS_OF).out


def test_a_run_projects_what_is_told_and_leaves_the_rest_as_needs_data(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run_book(app.Request(book=book, out=out, as_of=date(2022, 7, 31), with_report=False))
    facts = pl.read_parquet(out / "tables" / "loan_facts.parquet")
    assert facts.filter("has_terms").height > 400
    found = pl.read_parquet(out / "tables" / "finding.parquet")
    untold = found.filter(pl.col("code").is_in(["TERMS-006", "TERMS-007"]))["row_id"]
    assert facts.filter(pl.col("loan_id").is_in(untold.implode()))["has_terms"].any() is False
