"""Limits on what is read, and the one sentence a broken file becomes.

Bytes read are bounded: a file, an archive member, a row group, a record and a cell each have a limit that is checked
before (or while) it is unpacked, whatever the file declares of itself.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl
import pyarrow as pa

from steadyrest.errors import InputError

CELL_BYTES: Final = 1 << 20
RECORD_BYTES: Final = 16 << 20
WORKBOOK_BYTES: Final = 128 << 20
UNPACKED_BYTES: Final = 512 << 20
UNPACKED_RATIO: Final = 200
SMALL_BYTES: Final = 16 << 20
"""An archive that unpacks to less than this may have any ratio."""
MEMBERS: Final = 10_000
ROW_GROUP_BYTES: Final = 4 << 30
COLUMNS: Final = 2_000
_CHUNK: Final = 1 << 20

_BROKEN = (
    pl.exceptions.PolarsError,
    pa.ArrowException,
    fastexcel.FastExcelError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    MemoryError,
    RuntimeError,
)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever a library says of a broken file becomes one `InputError` that names the file."""
    try:
        yield
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError("input.broken", path=name, detail=_first_line(error)) from None
    except BaseException as error:
        # A native parser that panics raises outside of `Exception`; interrupts pass through.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError("input.broken", path=name, detail="parser stopped") from None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:160].replace("{", "(").replace("}", ")")


def check_archive(path: Path, name: str) -> None:
    """Refuse an archive that would unpack beyond the limits: by what it declares, then by what is really in it."""
    size = path.stat().st_size
    if size > WORKBOOK_BYTES:
        raise InputError("input.too_large", path=name, size=size, limit=WORKBOOK_BYTES)
    with reading(name), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            raise InputError("input.zip_bomb", path=name, size=len(members), limit=MEMBERS)
        _within(name, sum(member.file_size for member in members), size)
        unpacked = 0
        for member in members:
            with archive.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    unpacked += len(chunk)
                    _within(name, unpacked, size)


def _within(name: str, unpacked: int, packed: int) -> None:
    if unpacked > UNPACKED_BYTES or (unpacked > SMALL_BYTES and unpacked > UNPACKED_RATIO * packed):
        raise InputError("input.zip_bomb", path=name, size=unpacked, limit=UNPACKED_BYTES)


def check_header(names: list[str], file: str) -> None:
    """A header names every column once."""
    if not any(name.strip() for name in names):
        raise InputError("input.empty", path=file)
    if len(names) > COLUMNS:
        raise InputError("input.too_large", path=file, size=len(names), limit=COLUMNS)
    named = [name for name in names if name]
    repeated = sorted({name for name in named if named.count(name) > 1})
    if repeated:
        raise InputError("input.duplicate_header", path=file, name=repeated[0])


def check_cells(frame: pl.DataFrame, file: str, first_row: int) -> None:
    """No text cell beyond the limit."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    if not texts or not frame.height:
        return
    longest = frame.select(pl.col(texts).str.len_bytes().max())
    for name, size in longest.row(0, named=True).items():
        if size is not None and size > CELL_BYTES:
            at = frame.select((pl.col(name).str.len_bytes() > CELL_BYTES).arg_max()).item()
            raise InputError("input.cell_too_long", path=file, row=first_row + int(at), name=name, limit=CELL_BYTES)
