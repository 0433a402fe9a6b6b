"""The sheet of decisions that a run writes is read back as it stands, as Excel and as text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import exchange
from steadyrest.report import RunFacts, write_decisions
from steadyrest.schema import TABLES
from tests.exchange.books import book, codes, faults, loan, read, whole

AS_OF = date(2022, 7, 31)
DECIDED = {
    "loan_id": "J1",
    "option_no": 1,
    "clause_id": "cn.cbirc.2022-70.n2",
    "decision": "approved",
    "reason": "=暂时困难",
    "proposer": "甲",
    "approver": "乙",
    "decided_on": AS_OF,
    "new_due_on": None,
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A run with one accepted decision and one open option, and its two sheets."""
    tables = tmp_path / "tables"
    tables.mkdir()
    known = TABLES["decision"]
    pl.DataFrame([DECIDED], schema=known.polars()).write_parquet(tables / "decision.parquet")
    options = [{"loan_id": number, "option_no": 1, "clause_id": DECIDED["clause_id"], "is_proposed": True}
               for number in ("J1", "J2")]  # fmt: skip
    pl.concat([TABLES["option"].empty(), pl.DataFrame(options)], how="diagonal").write_parquet(
        tables / "option.parquet"
    )
    write_decisions(tables, RunFacts(AS_OF, AS_OF, AS_OF, (), (), (), "steadyrest", "1", "0"), tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["decisions.xlsx", "decisions.csv"])
def test_the_sheet_comes_back(written: Path, name: str) -> None:
    folder = book(written, loan=[loan(), loan(loan_id="J2")])
    found = read(folder, written, decisions=written / name)
    assert faults(found) == []
    assert whole(found, "decision").to_dicts() == [DECIDED]
    counted = next(file for file in found.files if file.table == "decision")
    assert (counted.rows_read, counted.rows_quarantined) == (1, 0)


def test_a_decision_without_an_approver_is_set_aside(written: Path) -> None:
    path = written / "decisions.csv"
    path.write_text(path.read_text("utf-8-sig").replace("乙", ""), "utf-8-sig")
    found = read(book(written), written, decisions=path)
    assert ("REQUIRED-001", "quarantine", "approver", 1) in codes(found)
    assert exchange.load_part(found.folder, "decision", 0).height == 0


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("aprove", {"nearest": "approved"}),
        ("SIGNED", {"nearest": "signed"}),
        ("好", {"codes": ["approved", "refused", "signed"]}),
    ],
)
def test_a_misspelt_decision_is_a_finding_about_its_code(
    word: str, hint: dict[str, object], written: Path, tmp_path: Path
) -> None:
    path = written / "decisions.csv"
    path.write_text(path.read_text("utf-8-sig").replace("approved", word), "utf-8-sig")
    found = read(book(tmp_path), tmp_path, decisions=path)
    row = exchange.findings(found.folder).filter(field="decision").collect().row(0, named=True)
    assert (row["code"], row["severity"], row["value"].partition(" ")[0]) == ("VALUE-002", "quarantine", word)
    assert (row["row_number"], json.loads(row["args"])) == (1, hint)
    assert exchange.load_part(found.folder, "decision", 0).height == 0


def test_a_decision_with_a_day_that_cannot_be_read_is_not_taken_as_proposed(written: Path, tmp_path: Path) -> None:
    path = written / "decisions.csv"
    frame = pl.read_csv(path, infer_schema=False)
    due = next(name for name in frame.columns if "new_due_on" in name)
    frame.with_columns(pl.lit("年底前").alias(due)).write_csv(path)
    found = read(book(tmp_path), tmp_path, decisions=path)
    assert ("REQUIRED-002", "quarantine", "new_due_on", 1) in codes(found)
    assert exchange.load_part(found.folder, "decision", 0).height == 0
