"""Parquet files, read row group by row group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from steadyrest.errors import InputError
from steadyrest.exchange.batch import BATCH_ROWS, Batch
from steadyrest.exchange.guard import ROW_GROUP_BYTES, check_cells, check_header, reading
from steadyrest.text import Text, label


class ParquetTable:
    """One Parquet file. Its metadata is checked before any page is unpacked."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        with reading(name), pq.ParquetFile(path) as file:
            metadata = file.metadata
            self.header = tuple(file.schema_arrow.names)
            self.rows_about = metadata.num_rows
            for index in range(metadata.num_row_groups):
                size = metadata.row_group(index).total_byte_size
                if size > ROW_GROUP_BYTES:
                    raise InputError("input.zip_bomb", path=name, size=size, limit=ROW_GROUP_BYTES)
        check_header(list(self.header), name)

    @property
    def guess(self) -> Text:
        """The kind of file."""
        return label("exchange.guess.parquet")

    def batches(self, names: tuple[str, ...]) -> Iterator[Batch]:
        """The rows of the columns `names`, in order."""
        wanted = [name for name in self.header if name in names]
        at = 1
        with reading(self.name):
            frames = pl.scan_parquet(self.path, glob=False).select(wanted).collect_batches(chunk_size=BATCH_ROWS)
            for found in frames:
                for frame in found.iter_slices(BATCH_ROWS):
                    self._check(frame, at)
                    yield Batch(frame, pl.int_range(at, at + frame.height, eager=True))
                    at += frame.height
        if at - 1 != self.rows_about:
            raise InputError("input.broken", path=self.name, detail=f"{at - 1} / {self.rows_about}")

    def _check(self, frame: pl.DataFrame, at: int) -> None:
        check_cells(frame, self.name, at)
        for name, dtype in frame.schema.items():
            if dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration, pl.Time):
                raise InputError("input.column_type", path=self.name, name=name, kind=str(dtype)[:40])
