"""Append-only, idempotent, chained: what was recorded cannot be changed without showing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from steadyrest.errors import RunError
from steadyrest.schema import TABLES
from steadyrest.store.journal import Entry, read_journal, verify_journal, write_journal

ON = date(2022, 7, 31)
ENTRIES = [Entry("decision", f"decision:{n}", ON, {"loan_id": f"L{n}", "amount_fen": n}) for n in range(1, 6)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def test_entries_come_back_in_order_with_the_registered_columns(path: Path) -> None:
    write_journal(path, ENTRIES)
    rows = list(read_journal(path))
    assert [row["entry_key"] for row in rows] == [entry.key for entry in ENTRIES]
    assert tuple(rows[0]) == TABLES["journal"].names
    assert verify_journal(path) == 5


def test_writing_the_same_again_changes_nothing(path: Path) -> None:
    last = write_journal(path, ENTRIES)
    before = path.read_bytes()
    assert write_journal(path, ENTRIES) == last
    assert path.read_bytes() == before


def test_one_by_one_is_the_same_chain_as_all_at_once(path: Path, tmp_path: Path) -> None:
    for entry in ENTRIES:
        last = write_journal(path, [entry])
    assert last == write_journal(tmp_path / "other.sqlite", ENTRIES)


def test_a_key_with_another_body_is_refused_and_nothing_is_added(path: Path) -> None:
    write_journal(path, ENTRIES[:2])
    with pytest.raises(RunError) as caught:
        write_journal(path, [ENTRIES[2], Entry("decision", "decision:1", ON, {"loan_id": "L1", "amount_fen": 2})])
    assert "amount_fen" in str(caught.value)
    assert verify_journal(path) == 2


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET body = replace(body, '\"amount_fen\":3', '\"amount_fen\":4') WHERE sequence = 3",
        "DELETE FROM journal WHERE sequence = 2",
        "UPDATE journal SET as_of_on = '2022-08-31' WHERE sequence = 5",
        "UPDATE journal SET entry_kind = 'other' WHERE sequence = 1",
        "UPDATE journal SET sequence = CASE sequence WHEN 4 THEN 40 ELSE sequence END",
    ],
)
def test_tampering_breaks_the_chain(path: Path, tampering: str) -> None:
    write_journal(path, ENTRIES)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(tampering).rowcount
    with pytest.raises(RunError) as caught:
        verify_journal(path)
    assert caught.value.code == "run.journal_broken"
