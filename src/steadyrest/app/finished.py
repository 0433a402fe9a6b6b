"""Whether a finished run is still whole: every table with its rows, and a journal that opens.

Counts come from the metadata of the files, so the look is cheap; hashes are compared by who needs to be sure.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steadyrest.book.manifest import Manifest
from steadyrest.book.run_folder import whole_tables
from steadyrest.errors import RunError
from steadyrest.store.journal import read_journal


def check_whole(manifest: Manifest, out: Path) -> None:
    """Raise `RunError` with the name of the first file of a finished run that is gone, damaged or of other rows."""
    for name, facts in manifest.tables.items():
        file = out / "tables" / f"{name}.parquet"
        if not file.is_file():
            raise RunError("run.file_lost", path=out, file=f"tables/{file.name}")
        rows = _rows(file, out)
        if rows != facts.rows:
            raise RunError("run.rows_differ", path=out, file=f"tables/{file.name}", rows=facts.rows, found=rows)
    _check_journal(out / "journal.sqlite", out)


def _rows(file: Path, out: Path) -> int:
    with whole_tables(out):
        return int(pl.scan_parquet(file).select(pl.len()).collect().item())


def _check_journal(file: Path, out: Path) -> None:
    if not file.is_file():
        raise RunError("run.file_lost", path=out, file=file.name)
    if next(read_journal(file), None) is None:
        raise RunError("run.journal_broken", path=file.name, sequence=1)
