"""From the parts of a run to its result tables: one Parquet file a table, in the order of the parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from steadyrest.book.content import add_hashes, frame_hash
from steadyrest.book.parts import ADDED, KEPT, PASSED, FrameFacts, Sums, facts_of, sums
from steadyrest.schema import TABLES

_ROW_GROUP = 500_000


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows, content hash, and exact sums of the money columns by currency of one result table."""

    rows: int
    content_hash: str
    sums: Sums


def merge(folders: Sequence[Path], tables: Path, unknown: Collection[str] = ()) -> dict[str, Merged]:
    """Write every result table into `tables`; a file that is there was written whole and stays.

    `folders` are stored parts (`parts.store`), each with some or all of the tables. Rows of added tables are summed by
    key, those of the others are put one part after the other. Counts in `unknown` are null in the added tables.
    """
    tables.mkdir(parents=True, exist_ok=True)
    known = [(folder, facts_of(folder)) for folder in folders]
    found = {}
    for name in (*KEPT, *PASSED, *ADDED):
        files = [folder / f"{name}.arrow" for folder, facts in known if name in facts]
        if name in ADDED:
            found[name] = _add(name, files, tables / f"{name}.parquet", unknown)
        else:
            _concatenate(files, tables / f"{name}.parquet")
            found[name] = _total([facts[name] for _, facts in known if name in facts])
    return found


def _concatenate(files: Sequence[Path], out: Path) -> None:
    if out.exists():
        return
    temporary = out.with_suffix(".tmp")
    pl.scan_ipc(list(files)).sink_parquet(temporary, compression="zstd", row_group_size=_ROW_GROUP)
    temporary.rename(out)


def _total(parts: Sequence[FrameFacts]) -> Merged:
    added: Sums = {}
    for part in parts:
        for currency, amounts in part["sums"].items():
            known = added.setdefault(currency, dict.fromkeys(amounts, 0))
            for name, amount in amounts.items():
                known[name] += amount
    rows = sum(part["rows"] for part in parts)
    whole = add_hashes(int(part["hash"], 16) for part in parts)
    return Merged(rows, f"{whole:032x}", added)


def _add(name: str, files: Sequence[Path], out: Path, unknown: Collection[str]) -> Merged:
    table = TABLES[name]
    amounts = [column for column in table.names if column not in table.key]
    frame = pl.scan_ipc(list(files)).group_by(table.key).agg(pl.col(amounts).sum()).collect()
    frame = frame.with_columns(pl.lit(None).alias(column) for column in amounts if column in unknown)
    frame = frame.select(pl.col(column).cast(kind) for column, kind in table.polars().items()).sort(table.key)
    if not out.exists():
        temporary = out.with_suffix(".tmp")
        frame.write_parquet(temporary, compression="zstd")
        temporary.rename(out)
    return Merged(frame.height, f"{frame_hash(frame):032x}", sums(name, frame))
