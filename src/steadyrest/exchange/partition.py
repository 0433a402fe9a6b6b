"""The book split by borrower: registered rows go to the Arrow file of their part, batch by batch, in file order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import polars as pl
import pyarrow as pa

from steadyrest.schema import TABLES

_WAITING: Final = 2
_OPTIONS: Final = pa.ipc.IpcWriteOptions(compression="lz4")


def part_path(folder: Path, table: str, part: int) -> Path:
    """Where the rows of a table and part stand."""
    return folder / table / f"{part:04d}.arrow"


class PartWriters:
    """Open files by table and part. A table is closed when its last source has been read.

    Rows are put in order and compressed by one thread of its own, while the next batch is read; so the order within a
    part is that of the calls. At most `_WAITING` batches wait.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, dict[int, tuple[BinaryIO, pa.ipc.RecordBatchFileWriter]]] = {}
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def add(self, table: str, frame: pl.DataFrame, parts: np.ndarray[Any, np.dtype[np.int32]]) -> None:
        """Append rows, each to its part; the order within a part is that of the frame."""
        if frame.height:
            self._waiting.append(self._thread.submit(self._write, table, frame, parts))
        while len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def close(self, table: str) -> None:
        """Finish the files of a table."""
        while self._waiting:
            self._waiting.popleft().result()
        for stream, writer in self._open.pop(table, {}).values():
            writer.close()
            stream.close()

    def abandon(self) -> None:
        """Let go of the thread and of files still open: reading is over, or it has failed."""
        self._thread.shutdown(cancel_futures=True)
        for writers in self._open.values():
            for stream, _ in writers.values():
                stream.close()
        self._open.clear()

    def _write(self, table: str, frame: pl.DataFrame, parts: np.ndarray[Any, np.dtype[np.int32]]) -> None:
        order = np.argsort(parts, kind="stable")
        ordered = parts[order]
        if ordered[0] != ordered[-1]:
            frame = frame[order]
        rows = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        for start, stop in pairwise([*starts.tolist(), ordered.size]):
            self._writer(table, int(ordered[start]), rows.schema).write_table(rows.slice(start, stop - start))

    def _writer(self, table: str, part: int, schema: pa.Schema) -> pa.ipc.RecordBatchFileWriter:
        writers = self._open.setdefault(table, {})
        if part not in writers:
            path = part_path(self._folder, table, part)
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("wb")
            writers[part] = (stream, pa.ipc.new_file(stream, schema, options=_OPTIONS))
        return writers[part][1]


def read_part(folder: Path, table: str, part: int, schema: str | None = None) -> pl.DataFrame:
    """The registered rows of a part; no file is no rows."""
    known = TABLES[schema or table]
    path = part_path(folder, table, part)
    return pl.read_ipc(path).cast(pl.Schema(known.polars())) if path.is_file() else known.empty()


def write_part(folder: Path, table: str, part: int, frame: pl.DataFrame) -> None:
    """Replace the rows of a part."""
    path = part_path(folder, table, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.rechunk().write_ipc(path, compression="lz4")
