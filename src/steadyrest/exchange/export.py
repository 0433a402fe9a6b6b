"""Official files out: a mapping read backwards, and files of the book with the fields that returns tell differently.

A file that came in goes out cell for cell as it came; only fields of receipts that are reported differently change. So
reading it, writing it and reading it again gives the same bytes in the official fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.exchange.dialect import GUESS
from steadyrest.exchange.files import RawTable
from steadyrest.exchange.mapping import PLACES, ColumnSpec, Source
from steadyrest.exchange.official import is_official
from steadyrest.exchange.recognise import candidates, choose, data_files, open_all
from steadyrest.schema import PARTICULARS, Kind

NO_DAY: Final = "99991231"


def official_files(book: Path, mapping: str | Path | None = None) -> list[tuple[RawTable, Source]]:
    """The official files of a book with the table each is."""
    files, _, _ = data_files(book)
    known = candidates(mapping)
    tables = [table for table, _ in open_all(files, known[0].dialect if mapping is not None else GUESS)]
    _, sources = choose(tables, known)
    return [(table, source) for table, source in zip(tables, sources, strict=True) if is_official(source)]


def official_batches(table: RawTable, source: Source) -> Iterator[pl.DataFrame]:
    """The rows of an official file, batch by batch: cells as text under the official names."""
    names = {code: name for name, code in source.other_names.items()}
    for batch in table.batches(tuple(table.header)):
        yield batch.frame.cast(pl.String).rename({code: names[code] for code in batch.frame.columns if code in names})


def patched(rows: pl.DataFrame, receipt: str, changes: pl.DataFrame) -> pl.DataFrame:
    """Rows of an official file with the fields of `changes` (key column `receipt`, null = unchanged, blank = empty)."""
    fields = [name for name in changes.columns if name != receipt and name in rows.columns]
    both = rows.with_columns(pl.col(receipt).str.strip_chars().alias("\0key")).join(
        changes.rename({receipt: "\0key"}), on="\0key", how="left", suffix="\0new", maintain_order="left"
    )
    told = [pl.coalesce(f"{name}\0new", name).replace("", None).alias(name) for name in fields]
    return both.with_columns(told).select(rows.columns)


def official_rows(source: Source, rows: pl.DataFrame, also: Mapping[str, pl.Expr] | None = None) -> pl.DataFrame:
    """Registered columns as the fields of an official table in their order, all text; a field nobody holds is empty.

    Columns of `rows` are led by their table (`loan.balance_fen`), but for those of its key. What a table of particulars
    holds as it was filed goes before the other columns; `also` gives fields that the mapping does not read.
    """
    held: dict[str, list[pl.Expr]] = {name: [cell] for name, cell in (also or {}).items()}
    for table in source.tables:
        for spec in source.tables[table]:
            known = [name for name in (f"{table}.{spec.column.name}", spec.column.name) if name in rows.columns]
            if spec.sources and known:
                cell = as_text(spec, is_compact=is_compact(source), name=known[0])
                others = held.setdefault(spec.sources[0], [])
                others.insert(0 if table in PARTICULARS else len(others), cell)
    empty = [pl.lit(None, pl.String)]
    return rows.select(pl.coalesce(held.get(name, empty)).alias(name) for name in source.order)


def is_compact(source: Source) -> bool:
    """Whether days of an official table are written YYYYMMDD, with 99991231 for none: those of EAST are."""
    return source.name.startswith("IE_")


def as_text(spec: ColumnSpec, *, is_compact: bool = False, name: str = "") -> pl.Expr:
    """A registered column (in the frame under `name`) as the cells its mapping reads: the inverse of `values`."""
    cell, kind = pl.col(name or spec.column.name), spec.column.kind
    if kind in (Kind.MONEY, Kind.RATE):
        return _decimal(cell, PLACES[spec.unit])
    if kind is Kind.DAY:
        return cell.dt.to_string("%Y%m%d").fill_null(NO_DAY) if is_compact else cell.dt.to_string("%Y-%m-%d")
    if kind is Kind.FLAG:
        return pl.when(cell).then(pl.lit(spec.is_true[0])).when(~cell).then(pl.lit(spec.is_false[0]))
    if spec.codes:
        words = {code: word for word, code in reversed(list(spec.codes.items()))}
        return cell.cast(pl.String).replace_strict(words, default=None, return_dtype=pl.String)
    return cell.cast(pl.String)


def _decimal(value: pl.Expr, places: int) -> pl.Expr:
    if not places:
        return value.cast(pl.String)
    scale = 10**places
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    rest = (value.abs() % scale).cast(pl.String).str.zfill(places)
    return pl.concat_str(sign, (value.abs() // scale).cast(pl.String), pl.lit("."), rest)
