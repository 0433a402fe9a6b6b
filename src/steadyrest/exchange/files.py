"""What a file is, told by its bytes, and the tables it holds: a text or Parquet file one, a workbook one a sheet."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeAlias

from steadyrest.errors import InputError
from steadyrest.exchange.delimited import TextTable
from steadyrest.exchange.dialect import GUESS, Settings
from steadyrest.exchange.guard import reading
from steadyrest.exchange.packed import GZIP, opened
from steadyrest.exchange.parquet import ParquetTable
from steadyrest.exchange.workbook import SheetTable, open_sheets

RawTable: TypeAlias = ParquetTable | SheetTable | TextTable
"""A table of a file before any meaning is given to it: `name` (the file, with `#sheet` for a sheet), `header`,
`rows_about` (exact unless quoted cells hold line breaks), `guess` (what was found out, for the log), and `batches`."""


def open_tables(path: Path, name: str, settings: Settings = GUESS) -> list[RawTable]:
    """The tables of one file; kind and dialect are told by its bytes. What is named a workbook or Parquet and is text
    is broken."""
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise InputError("input.broken", path=name, detail=error.strerror or type(error).__name__) from None
    if not start:
        raise InputError("input.empty", path=name)
    if start.startswith(GZIP):
        start = _unpacked_start(path, name)
        if start.startswith((b"PAR1", b"PK", *_FOREIGN)):
            raise InputError("input.wrong_type", path=name, kind="gzip")
        return [TextTable(path, name, settings)]
    if start.startswith(b"PAR1"):
        return [ParquetTable(path, name)]
    if start.startswith(b"PK\x03\x04"):
        return list(open_sheets(path, name))
    for signature, kind in _FOREIGN.items():
        if start.startswith(signature):
            raise InputError("input.wrong_type", path=name, kind=kind)
    if path.suffix.lower() in _BINARY:
        raise InputError("input.wrong_content", path=name, suffix=path.suffix.lower())
    return [TextTable(path, name, settings)]


def _unpacked_start(path: Path, name: str) -> bytes:
    with reading(name), opened(path) as stream:
        start = stream.read(8)
    if not start:
        raise InputError("input.empty", path=name)
    return start


_BINARY = (".xlsx", ".xlsm", ".parquet")
"""Names of files that are never text."""
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"ARROW1": "arrow",
    b"SQLite f": "sqlite",
    b"PK\x05\x06": "zip",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"\x89PNG": "png",
}


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
