"""Content hashes of tables: the same rows give the same hash, whatever their order, parts, threads or library versions.

Each row is hashed from a canonical encoding of its cells (column name, then null, integer, day or UTF-8 text); the
hash of a table is the sum of its row hashes modulo 2^128. A sum does not care about order, and the hash of a whole is
the sum over its parts, so a book that is split by borrower must add up to the unsplit book.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from steadyrest.book.kernels import hash_integers, hash_texts, mix_rows, sum_lanes

_BATCH_ROWS = 500_000


def frame_hash(frame: pl.DataFrame) -> int:
    """The 128-bit content hash of a frame: two 64-bit sums over the row hashes, the second over a re-mixed copy."""
    rows = np.zeros(frame.height, np.uint64)
    for name in sorted(frame.columns):
        mix_rows(rows, _cells(frame.get_column(name), _seed(name)))
    low, high = sum_lanes(rows)
    return (int(high) << 64) | int(low)


def add_hashes(parts: Iterable[int]) -> int:
    """The hash of a table from the hashes of its parts: lane by lane, modulo 2^64.

    >>> add_hashes([1, (1 << 64) - 1]) == 0
    True
    """
    low = high = 0
    for part in parts:
        low = (low + (part & (2**64 - 1))) % 2**64
        high = (high + (part >> 64)) % 2**64
    return (high << 64) | low


def file_content_hash(path: Path) -> str:
    """The content hash of a Parquet file as 32 hexadecimal digits, read in batches."""
    scan = pl.scan_parquet(path)
    parts = (frame_hash(batch) for batch in scan.collect_batches(chunk_size=_BATCH_ROWS))
    return f"{add_hashes(parts):032x}"


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, or of the sorted names and hashes of a folder's files."""
    if path.is_dir():
        files = (item for item in sorted(path.rglob("*")) if item.is_file())
        lines = (f"{item.relative_to(path).as_posix()}:{file_sha256(item)}" for item in files)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _seed(name: str) -> int:
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _cells(column: pl.Series, seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    out = np.empty(len(column), np.uint64)
    valid = column.is_not_null().to_numpy()
    if isinstance(column.dtype, pl.Enum):
        categories = column.dtype.categories
        by_code = np.append(_cells(categories, seed), np.uint64(0))
        codes = column.to_physical().fill_null(len(categories)).to_numpy()
        out[:] = by_code[codes]
        out[~valid] = hash_null(seed)
    elif column.dtype == pl.String:
        array = column.fill_null("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        _, ends, data = array.buffers()
        assert ends is not None, "a text column has offsets"
        offsets = np.frombuffer(memoryview(ends), np.int64)[array.offset : array.offset + len(array) + 1]
        letters = np.frombuffer(memoryview(data), np.uint8) if data else np.zeros(0, np.uint8)
        hash_texts(letters, offsets, valid, np.uint64(seed), out)
    else:
        hash_integers(_as_integers(column), valid, np.uint64(seed), out)
    return out


def hash_null(seed: int) -> np.uint64:
    """The hash of a missing cell."""
    out = np.empty(1, np.uint64)
    hash_integers(np.zeros(1, np.int64), np.zeros(1, np.bool_), np.uint64(seed), out)
    return np.uint64(out[0])


def _as_integers(column: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if column.dtype.is_float():
        return column.fill_null(0.0).cast(pl.Float64).to_numpy().view(np.int64)
    physical = column.to_physical().cast(pl.Int64).fill_null(0)
    return physical.to_numpy()
