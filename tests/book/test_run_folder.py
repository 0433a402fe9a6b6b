"""Opening a run, and what it says of what it does not have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest.book.manifest import Manifest
from steadyrest.book.run_folder import RunFolder, open_run
from steadyrest.errors import RunError
from steadyrest.schema import TABLES

DAY = date(2022, 7, 31)
MANIFEST = Manifest(
    code_version="0",
    as_of=DAY,
    valid_on=DAY,
    known_on=DAY,
    mapping="pboc",
    inputs=(),
    overlays=(),
    snapshot_hash="00",
    files=(),
    tables={},
    control_totals=(),
    is_synthetic=True,
    is_unmasked=False,
    parts=1,
    part_rows=1,
)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run of a thousand receipts and nothing else."""
    (tmp_path / "tables").mkdir()
    ids = [f"JJ{number:06d}" for number in range(0, 5_000, 5)]
    rows = [{"loan_id": name, "ledger": "corporate"} for name in ids]
    frame = pl.DataFrame(rows, schema=TABLES["loan_facts"].polars())
    frame.write_parquet(tmp_path / "tables" / "loan_facts.parquet")
    return RunFolder(tmp_path, MANIFEST, ())


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("JJ000016", "JJ00001"), ("XJ004000", "JJ004000"), ("JJ00400", "JJ004000"), ("zzz", "JJ"), ("", "JJ")],
)
def test_an_unknown_receipt_is_answered_with_the_nearest_one(run: RunFolder, typed: str, nearest: str) -> None:
    with pytest.raises(RunError) as caught:
        run.loan(typed)
    assert caught.value.code == "run.no_loan"
    assert str(caught.value.values["nearest"]).startswith(nearest)


def test_an_empty_run_has_no_nearest_receipt(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        RunFolder(tmp_path, MANIFEST, ()).loan("A1")
    assert caught.value.values["nearest"] == "–"


def test_a_table_that_was_not_written_has_no_rows(run: RunFolder) -> None:
    assert not run.wrote("option")
    assert run.rows("option", loan_id="JJ000005") == []


def test_rows_are_found_by_value_code_and_null(run: RunFolder) -> None:
    assert len(run.rows("loan_facts", ledger="corporate")) == 1_000
    assert run.rows("loan_facts", ledger="no such code") == []
    assert [row["loan_id"] for row in run.rows("loan_facts", loan_id="JJ000005", quality=None)] == ["JJ000005"]
    assert run.rows("loan_facts", loan_id="JJ000005", ledger="personal") == []


def test_an_unknown_table_is_answered_with_those_there_are(run: RunFolder) -> None:
    with pytest.raises(RunError) as caught:
        run.table("loan")
    assert caught.value.code == "run.no_table"
    assert "loan_facts" in str(caught.value.values["known"])


def test_a_folder_without_manifest_or_without_snapshot_is_not_a_finished_run(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        open_run(tmp_path, [])
    assert caught.value.code == "run.not_finished"
    (tmp_path / "manifest.json").write_text(MANIFEST.to_json(), "utf-8")
    with pytest.raises(RunError) as caught:
        open_run(tmp_path, [{"entry_kind": "decision", "body": "{}"}])
    assert caught.value.code == "run.not_finished"
