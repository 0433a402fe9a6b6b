"""The returns of a book at a report date: official tables, totals, registers, and the change order for the core system.

The book is read once into parts; what returns say differently is worked out part by part. Official files of the book
are then streamed through with those fields changed; tables the book has no file of are written from the registry.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from steadyrest import exchange
from steadyrest.app.returns_registry import Registry, writable
from steadyrest.desks.supervision.credit import corrections, credit_view
from steadyrest.desks.supervision.orders import booked, change_orders
from steadyrest.desks.supervision.reported import REPORTED, reported
from steadyrest.desks.supervision.totals import KEYS, by_household, summed
from steadyrest.errors import UsageError
from steadyrest.exchange.export import as_text, is_compact, official_batches, official_files, patched
from steadyrest.exchange.files import RawTable
from steadyrest.exchange.mapping import Source
from steadyrest.schema import TABLES

INPUTS: Final = (
    "loan", "loan_terms", "arrears", "agreement", "agreement_extra", "core_receipt", "core_plan", "owner_mark",
    "enterprise", "linked_enterprise", "customer_link", "credit_line", "evidence",
)  # fmt: skip
_LISTS: Final[Mapping[str, Callable[[Mapping[str, pl.DataFrame], date], pl.DataFrame]]] = {
    "credit_view": credit_view,
    "credit_correction": corrections,
    "change_order": change_orders,
}
_ALWAYS: Final = ("JS_201_CLDWDK", "JS_201_CLGRDK", "IE_005_504", "JS_201_DWDKFS", "JS_201_GRDKFS")
"""Tables that are written although they have no row."""
ORDER_FILE: Final = "change_order.csv"


@dataclass(slots=True)
class Written:
    """Rows by file name, and the states of the order that was checked."""

    rows: dict[str, int] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)


def write_returns(
    book: Path,
    report_on: date,
    out: Path,
    order: Path | None = None,
    mapping: str | Path | None = None,
    *,
    from_registry: bool = False,
) -> Written:
    """Write all returns into an empty or new folder. `order` is last month's change order, to be checked;
    `mapping` as in `exchange.read_book`. Official files of the book go through cell by cell, unless `from_registry`
    asks for every table as the registry has it.

    Errors as in `exchange.read_book`; a folder that holds other files is a `UsageError`.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError("call.folder_not_empty", path=out)
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "read"
        read = exchange.read_book(book, mapping=mapping, into=into, particulars=from_registry)
        (out / "official").mkdir(parents=True)
        done = Written()
        changes = _lists(into, read.parts, report_on, out, done, order)
        files = [] if from_registry else official_files(book, mapping)
        _official(files, Registry(into, read.parts, changes, report_on), out / "official", done)
    return done


def _tables(into: Path, part: int) -> dict[str, pl.DataFrame]:
    return {name: exchange.load_part(into, name, part) for name in INPUTS}


def _lists(into: Path, parts: int, report_on: date, out: Path, done: Written, order: Path | None) -> pl.DataFrame:
    """Totals and registers; returns the fields that official tables tell differently."""
    held: dict[str, list[pl.DataFrame]] = {name: [] for name in (*KEYS, *_LISTS, "changes", "booked")}
    given = None if order is None else _order(order)
    for part in range(parts):
        tables = _tables(into, part)
        for name, frame in by_household(tables, report_on).items():
            held[name].append(frame)
        for name, build in _LISTS.items():
            held[name].append(build(tables, report_on))
        held["changes"].append(_changes(tables, report_on))
        if given is not None:
            held["booked"].append(booked(given, tables))
    whole = {name: summed(name, held[name]) for name in KEYS} | {name: pl.concat(held[name]) for name in _LISTS}
    if given is not None:
        whole["booked"] = _found(held["booked"])
        done.order = dict(whole["booked"]["booking_state"].cast(pl.String).fill_null("-").value_counts().iter_rows())
    for name, frame in whole.items():
        path = out / (ORDER_FILE if name == "change_order" else f"{name}.csv")
        _sheet(frame, "change_order" if name == "booked" else name).write_csv(path)
        done.rows[path.name] = frame.height
    return pl.concat(held["changes"])


def _sheet(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Money in yuan, as people read it; the columns keep their registered names."""
    money = [column.name for column in TABLES[name].columns if column.name.endswith("_fen")]
    texts = [_yuan(column).alias(column) for column in money]
    return frame.with_columns(texts).rename({column: column.removesuffix("_fen") + "_yuan" for column in money})


def _yuan(name: str) -> pl.Expr:
    value = pl.col(name)
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, value.abs() // 100, pl.lit("."), (value.abs() % 100).cast(pl.String).str.zfill(2))


def _order(path: Path) -> pl.DataFrame:
    """A change order as it was written."""
    table = TABLES["change_order"]
    raw = pl.read_csv(path, infer_schema=False)
    lacking = [name for name in table.names if name not in raw.columns]
    if lacking:
        raise UsageError("call.not_an_order", path=path.name, missing=", ".join(lacking))
    return raw.select(
        pl.col(name).str.to_date() if kind == pl.Date else pl.col(name).cast(kind)
        for name, kind in table.polars().items()
    )


def _found(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Each line by the part that holds its receipt; `gone` only where none does."""
    whole = pl.concat(parts).with_columns((pl.col("booking_state") == "gone").fill_null(False).alias("is_gone"))
    return (
        whole.sort("is_gone")
        .unique(["agreement_id", "changed_field"], keep="first", maintain_order=True)
        .drop("is_gone")
    )


def _changes(tables: Mapping[str, pl.DataFrame], report_on: date) -> pl.DataFrame:
    """Receipts whose row in the return differs from the book."""
    both = reported(tables, report_on).join(tables["loan"].select("loan_id", *REPORTED), on="loan_id", suffix="_book")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_book")) for name in REPORTED)
    return both.filter(differs).select("loan_id", *REPORTED)


def _official(files: Sequence[tuple[RawTable, Source]], registry: Registry, out: Path, done: Written) -> None:
    held = set()
    for table, source in files:
        told = _told(source, registry.changes)
        for rows in official_batches(table, source):
            whole = rows if told is None else patched(rows, told.columns[0], told)
            _append(out / f"{source.name}.csv", whole, done, is_new=source.name not in held)
            held.add(source.name)
    for name in writable():
        if name not in held:
            for rows in registry.write(name):
                if rows.height or name in _ALWAYS:
                    _append(out / f"{name}.csv", rows, done, is_new=name not in held)
                    held.add(name)


def _told(source: Source, changes: pl.DataFrame) -> pl.DataFrame | None:
    """The changes under the official names of a table of loans; a field that is now empty is a blank."""
    specs = {spec.column.name: spec for spec in source.tables.get("loan", ())}
    if "loan_id" not in specs:
        return None
    names = [name for name in REPORTED if name in specs]
    texts = [
        as_text(specs[name], is_compact=is_compact(source)).fill_null("").alias(specs[name].sources[0])
        for name in names
    ]
    return changes.select(pl.col("loan_id").alias(specs["loan_id"].sources[0]), *texts)


def _append(path: Path, rows: pl.DataFrame, done: Written, *, is_new: bool) -> None:
    stream: BinaryIO
    with path.open("wb" if is_new else "ab") as stream:
        rows.write_csv(stream, include_header=is_new)
    done.rows[path.name] = done.rows.get(path.name, 0) + rows.height
