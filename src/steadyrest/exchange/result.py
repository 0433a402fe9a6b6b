"""What reading a book leaves behind: counts for every file, and tables by part in a work folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from steadyrest.errors import RunError
from steadyrest.exchange.partition import read_part
from steadyrest.schema import TABLES
from steadyrest.text import Text

_READ = "read.json"
LINKED = "linked_enterprise"
"""Borrowers that a borrower of the part owns, with the columns of `enterprise`, whatever part they belong to."""
BOOK_WIDE = ("institution", "branch", "ledger_control")
"""Tables that belong to no borrower: they are the same in every part."""


@dataclass(frozen=True, slots=True)
class FileCount:
    """One file, or one sheet of a workbook: rows read = accepted + quarantined."""

    name: str
    table: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    sha256: str

    def as_plain(self) -> dict[str, object]:
        """The counts as they stand in JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class BookRead:
    """A book that was read into `folder`.

    `lacks` names, by table, the registered columns that a schedule or a clause needs and of which the book holds no
    value. `notes` say what was guessed about the files and what the mapping takes for granted.
    """

    mapping: str
    files: tuple[FileCount, ...]
    parts: int
    tables: tuple[str, ...]
    lacks: Mapping[str, tuple[str, ...]]
    is_synthetic: bool
    folder: Path
    notes: tuple[Text, ...] = field(default=())


def write_read(book: BookRead) -> None:
    """Write `read.json` into the folder of the book: sorted keys, no clock, no path."""
    plain = {
        "mapping": book.mapping,
        "files": [file.as_plain() for file in book.files],
        "parts": book.parts,
        "tables": list(book.tables),
        "lacks": {table: list(names) for table, names in book.lacks.items()},
        "is_synthetic": book.is_synthetic,
        "notes": [{"zh": note.zh, "en": note.en} for note in book.notes],
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (book.folder / _READ).write_text(text, "utf-8")


def load_read(folder: Path) -> BookRead:
    """The book that was read into `folder`; `RunError` when reading did not finish there."""
    path = folder / _READ
    if not path.is_file():
        raise RunError("run.not_finished", path=folder.name)
    plain = json.loads(path.read_text("utf-8"))
    return BookRead(
        plain["mapping"],
        tuple(FileCount(**file) for file in plain["files"]),
        plain["parts"],
        tuple(plain["tables"]),
        {table: tuple(names) for table, names in plain["lacks"].items()},
        plain["is_synthetic"],
        folder,
        tuple(Text(**note) for note in plain["notes"]),
    )


def load_part(folder: Path, table: str, part: int) -> pl.DataFrame:
    """The rows of one part in the registered columns; no rows when the book has none.

    Tables that belong to no borrower are the same in every part. `linked_enterprise` has the columns of `enterprise`.
    """
    if table in BOOK_WIDE:
        return read_part(folder, table, 0)
    return read_part(folder, table, part, "enterprise" if table == LINKED else None)


def findings(folder: Path) -> pl.LazyFrame:
    """All findings of reading, file by file, in row order."""
    return _rows(folder, "finding")


def quarantine(folder: Path) -> pl.LazyFrame:
    """All rows set aside, as they were, with the codes that say why."""
    return _rows(folder, "quarantine")


def _rows(folder: Path, table: str) -> pl.LazyFrame:
    files = sorted((folder / table).glob("*.arrow"))
    return pl.scan_ipc(files).cast(pl.Schema(TABLES[table].polars())) if files else TABLES[table].empty().lazy()
