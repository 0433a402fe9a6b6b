"""Where the parts of a book go: Parquet in the registry's words, or CSV files as a layout draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


class Sink(Protocol):
    """A book being written: rows are added part by part, in order."""

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append rows of one registered table."""

    def close(self) -> dict[str, int]:
        """Finish all files; rows by file name."""


class ParquetSink:
    """One Parquet file a table, with registry names and codes as text; a row group a part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append rows of one registered table."""
        name = f"{table}.parquet"
        data = frame.with_columns(pl.col(pl.Enum).cast(pl.String)).to_arrow(compat_level=pl.CompatLevel.oldest())
        plain = data.replace_schema_metadata(None)
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._folder / name, plain.schema, compression="zstd")
        if plain.num_rows:
            self._writers[name].write_table(pa.table(plain), row_group_size=plain.num_rows)
        self._rows[name] = self._rows.get(name, 0) + frame.height

    def close(self) -> dict[str, int]:
        """Finish all files; rows by file name."""
        for writer in self._writers.values():
            writer.close()
        return self._rows


Layout = Callable[[str, pl.DataFrame], Iterator[tuple[str, pl.DataFrame]]]


class CsvSink:
    """One CSV file (UTF-8) a table of a layout; the layout turns a registered table into files and their columns."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self._folder = folder
        self._layout = layout
        self._files: dict[str, BinaryIO] = {}
        self._rows: dict[str, int] = {}

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append rows of one registered table."""
        for name, rows in self._layout(table, frame):
            is_new = name not in self._files
            if is_new:
                self._files[name] = (self._folder / name).open("wb")
            rows.write_csv(self._files[name], include_header=is_new)
            self._rows[name] = self._rows.get(name, 0) + rows.height

    def append(self, name: str, text: str, rows: int) -> None:
        """Append raw lines to a file that has begun; a line may hold what no typed row could."""
        self._files[name].write(text.encode())
        self._rows[name] += rows

    def close(self) -> dict[str, int]:
        """Finish all files; rows by file name."""
        for stream in self._files.values():
            stream.close()
        return self._rows
