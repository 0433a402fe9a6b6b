"""The returns of a book at a report date: official tables, totals, registers, and the change order for the core system.

The book is read once into parts; what returns say differently is worked out part by part. Official files of the book
are then streamed through with those fields changed; tables the book has no file of are written from the registry.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from steadyrest import exchange
from steadyrest.desks.supervision.credit import corrections, credit_view
from steadyrest.desks.supervision.layout import OF_CUSTOMER
from steadyrest.desks.supervision.orders import booked, change_orders
from steadyrest.desks.supervision.reported import REPORTED, reported
from steadyrest.desks.supervision.totals import KEYS, by_household, summed
from steadyrest.errors import UsageError
from steadyrest.exchange.export import as_text, official_batches, official_files, official_rows, patched
from steadyrest.exchange.files import RawTable
from steadyrest.exchange.mapping import Source, load_mapping
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
_STOCKS: Final = {"JS_201_CLDWDK": "corporate", "JS_201_CLGRDK": "personal"}
_RECEIPTS: Final = {"IE_005_504": "corporate"}
_FLOWS: Final = {"JS_201_DWDKFS": "JS_201_CLDWDK", "JS_201_GRDKFS": "JS_201_CLGRDK"}
"""Flow table -> the stock table whose fields it shares."""
_FIRMS, _CUSTOMER = "JS_102_FTYKHX", "customer_"
ORDER_FILE: Final = "change_order.csv"


@dataclass(slots=True)
class Written:
    """Rows by file name, and the states of the order that was checked."""

    rows: dict[str, int] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)


def write_returns(
    book: Path, report_on: date, out: Path, order: Path | None = None, mapping: str | Path | None = None
) -> Written:
    """Write all returns into an empty or new folder. `order` is last month's change order, to be checked;
    `mapping` as in `exchange.read_book`.

    Errors as in `exchange.read_book`; a folder that holds other files is a `UsageError`.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError("call.folder_not_empty", path=out)
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "read"
        read = exchange.read_book(book, mapping=mapping, into=into)
        (out / "official").mkdir(parents=True)
        done = Written()
        changes = _lists(into, read.parts, report_on, out, done, order)
        _official(official_files(book, mapping), into, read.parts, changes, out / "official", report_on, done)
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


def _official(
    files: Sequence[tuple[RawTable, Source]],
    into: Path,
    parts: int,
    changes: pl.DataFrame,
    out: Path,
    report_on: date,
    done: Written,
) -> None:
    held = set()
    for table, source in files:
        told = _told(source, changes)
        for rows in official_batches(table, source):
            whole = rows if told is None else patched(rows, told.columns[0], told)
            _append(out / f"{source.name}.csv", whole, done, is_new=source.name not in held)
            held.add(source.name)
    known = {source.name: source for source in load_mapping("extracts").sources}
    for name, ledger in (_STOCKS | _RECEIPTS).items():
        if name not in held:
            for rows in _from_registry(known[name], ledger, into, parts, changes):
                _append(out / f"{name}.csv", rows, done, is_new=name not in held)
                held.add(name)
    for name, stock in _FLOWS.items():
        if name not in held:
            for part in range(parts):
                rows = _payouts(known[name], known[stock], _STOCKS[stock], into, part, report_on)
                _append(out / f"{name}.csv", rows, done, is_new=part == 0)


def _payouts(flow: Source, stock: Source, ledger: str, into: Path, part: int, report_on: date) -> pl.DataFrame:
    """The receipts paid out in the month of the report as rows of a flow table. A deferral or an extension is no payout
    (D7); collections need the bank's own flows.
    """
    is_new = pl.col("drawn_on").is_between(report_on.replace(day=1), report_on)
    loans = exchange.load_part(into, "loan", part).filter(is_new & (pl.col("ledger") == ledger))
    core = exchange.load_part(into, "core_receipt", part).select("loan_id", "original_principal_fen")
    paid = pl.coalesce("original_principal_fen", "balance_fen")
    rows = loans.join(core, on="loan_id", how="left", maintain_order="left").with_columns(
        paid.alias("amount_fen"),
        pl.when(pl.col("currency") == "CNY").then(paid).otherwise("balance_cny_fen").alias("amount_cny_fen"),
        pl.concat_str(pl.lit("FF-"), "loan_id").alias("flow_id"),
        pl.lit("1").alias("flow_kind"),
        pl.lit("LF01").alias("flow_state"),
    )
    whole = _with_customers(rows, into, part)
    told, shared = official_rows(flow, whole, _repeated(flow)), official_rows(stock, whole)
    named = [shared[name] for name in flow.order if name in shared.columns and told[name].null_count() == rows.height]
    return told.with_columns(named)


def _told(source: Source, changes: pl.DataFrame) -> pl.DataFrame | None:
    """The changes under the official names of a table of loans; a field that is now empty is a blank."""
    specs = {spec.column.name: spec for spec in source.tables.get("loan", ())}
    if "loan_id" not in specs:
        return None
    compact = source.name.startswith("IE_")
    names = [name for name in REPORTED if name in specs]
    texts = [as_text(specs[name], is_compact=compact).fill_null("").alias(specs[name].sources[0]) for name in names]
    return changes.select(pl.col("loan_id").alias(specs["loan_id"].sources[0]), *texts)


def _with_customers(loans: pl.DataFrame, into: Path, part: int) -> pl.DataFrame:
    """Loans with the columns of their borrowers, each led by `customer_`."""
    firms = exchange.load_part(into, "enterprise", part)
    named = firms.rename({name: f"{_CUSTOMER}{name}" for name in firms.columns if name != "borrower_id"})
    return loans.join(named, on="borrower_id", how="left", maintain_order="left")


def _repeated(source: Source) -> dict[str, pl.Expr]:
    """Fields that a loan table repeats of the borrower."""
    fields = [field for field in OF_CUSTOMER if field in source.order]
    (source,) = (item for item in load_mapping("pboc").sources if item.name == _FIRMS)
    specs = {spec.sources[0]: spec for spec in source.tables["enterprise"] if spec.sources}
    own = {field: specs[OF_CUSTOMER[field]] for field in fields}
    return {field: as_text(spec, name=f"{_CUSTOMER}{spec.column.name}") for field, spec in own.items()}


def _from_registry(
    source: Source, ledger: str, into: Path, parts: int, changes: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Official rows of receipts of one ledger, as reported."""
    for part in range(parts):
        loans = exchange.load_part(into, "loan", part).filter(pl.col("ledger") == ledger)
        for name in source.tables:
            if name not in ("loan", "enterprise"):
                more = exchange.load_part(into, name, part)
                loans = loans.join(more, on="loan_id", how="left", suffix="_more", maintain_order="left")
        told = changes.with_columns(is_told=True)
        both = loans.join(told, on="loan_id", how="left", suffix="_told", maintain_order="left")
        named = [pl.when(pl.col("is_told")).then(f"{name}_told").otherwise(name).alias(name) for name in REPORTED]
        whole = _with_customers(both.with_columns(named), into, part)
        yield official_rows(source, whole, _repeated(source))


def _append(path: Path, rows: pl.DataFrame, done: Written, *, is_new: bool) -> None:
    stream: BinaryIO
    with path.open("wb" if is_new else "ab") as stream:
        rows.write_csv(stream, include_header=is_new)
    done.rows[path.name] = done.rows.get(path.name, 0) + rows.height
