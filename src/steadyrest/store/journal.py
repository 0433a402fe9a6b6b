"""The journal: append-only, hash-chained, idempotent, in plain portable SQL on SQLite.

Each entry hashes its canonical body together with the hash of the entry before, so a changed, removed or reordered
entry breaks the chain. Adding an entry whose key exists changes nothing when the body is the same and is refused with
the differing fields when it is not.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from steadyrest.errors import RunError

_GENESIS = "0" * 64
_CREATE = """
CREATE TABLE journal (
    sequence BIGINT PRIMARY KEY,
    entry_kind VARCHAR(40) NOT NULL,
    entry_key VARCHAR(200) NOT NULL UNIQUE,
    as_of_on CHAR(10) NOT NULL,
    body TEXT NOT NULL,
    previous_hash CHAR(64) NOT NULL,
    entry_hash CHAR(64) NOT NULL
)
"""
_COLUMNS = "sequence, entry_kind, entry_key, as_of_on, body, previous_hash, entry_hash"


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact to be recorded: its kind, the key that makes it unique, the business day, and its content."""

    kind: str
    key: str
    as_of_on: date
    body: Mapping[str, object]


def canonical(body: Mapping[str, object]) -> str:
    """The one way a body is written: sorted keys, no blanks, UTF-8 kept.

    >>> canonical({"b": 1, "a": "延期"})
    '{"a":"延期","b":1}'
    """
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_journal(path: Path, entries: Iterable[Entry]) -> str:
    """Append entries to the journal at `path` (created when absent) in one transaction; returns the last hash.

    Raises `RunError` when a key is there already with another body, or the file is no journal.
    """
    with _opened(path, "rwc") as connection, connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal'").fetchone():
            connection.execute(_CREATE)
        sequence, last_hash = _tail(connection)
        for entry in entries:
            if _is_recorded(connection, entry):
                continue
            sequence += 1
            row = _chained(sequence, entry, last_hash)
            connection.execute(f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            last_hash = str(row[-1])
    return last_hash


def read_journal(path: Path) -> Iterator[dict[str, object]]:
    """All entries in order, as rows of the registered table `journal`; `RunError` when the file is no journal."""
    with _opened(path, "ro") as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY sequence"):
            yield dict(row)


def verify_journal(path: Path) -> int:
    """Recompute the whole chain; returns the number of entries, raises `RunError` at the first that does not fit."""
    last_hash, count = _GENESIS, 0
    for row in read_journal(path):
        count += 1
        entry = Entry(str(row["entry_kind"]), str(row["entry_key"]), date.fromisoformat(str(row["as_of_on"])), {})
        expected = _hash(count, entry, str(row["body"]), last_hash)
        if row["sequence"] != count or row["previous_hash"] != last_hash or row["entry_hash"] != expected:
            raise RunError("run.journal_broken", path=path.name, sequence=count)
        last_hash = expected
    return count


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """A connection; what the database says of the file becomes an error of the run."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise RunError("run.journal_unusable", path=path.name, detail=str(error)) from error


def _tail(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT sequence, entry_hash FROM journal ORDER BY sequence DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, _GENESIS)


def _is_recorded(connection: sqlite3.Connection, entry: Entry) -> bool:
    row = connection.execute("SELECT body FROM journal WHERE entry_key = ?", (entry.key,)).fetchone()
    if row is None:
        return False
    before = json.loads(row[0])
    after = json.loads(canonical(entry.body))
    if before != after:
        fields = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        raise RunError("run.journal_differs", key=entry.key, fields=", ".join(fields))
    return True


def _chained(sequence: int, entry: Entry, last_hash: str) -> tuple[object, ...]:
    body = canonical(entry.body)
    entry_hash = _hash(sequence, entry, body, last_hash)
    return sequence, entry.kind, entry.key, entry.as_of_on.isoformat(), body, last_hash, entry_hash


def _hash(sequence: int, entry: Entry, body: str, last_hash: str) -> str:
    head = canonical({"as_of": entry.as_of_on.isoformat(), "key": entry.key, "kind": entry.kind, "sequence": sequence})
    return hashlib.sha256(f"{last_hash}\n{head}\n{body}".encode()).hexdigest()
