"""From a batch of raw rows to registered rows: what each cell means, and what is wrong with it.

Every problem is a finding. A row that cannot be placed (a required value missing or unreadable, an identifier damaged
by a spreadsheet, a rule of severity `quarantine`) is set aside whole; any other unreadable value becomes null.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.exchange.batch import Batch
from steadyrest.exchange.checks import checks
from steadyrest.exchange.identity import credit_codes_valid, damaged, resident_numbers_valid
from steadyrest.exchange.looks import Look, look
from steadyrest.exchange.mapping import ColumnSpec, Source
from steadyrest.exchange.sink import FindingSink
from steadyrest.exchange.values import SENTINEL_WORDS, cell, code_hints, is_code_like, months_after, value
from steadyrest.rules import to_polars
from steadyrest.schema import TABLES, Kind, Table
from steadyrest.schema.registry import NOT_SUPPLIED

Rows = np.ndarray[Any, np.dtype[np.bool_]]
_QUARANTINE: Final = "quarantine"
_SIGNED: Final = frozenset({"decision"})
"""Tables whose rows people sign: one with a cell that cannot be read is not taken as if the cell were blank."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """The columns of one target table and the source column of each; None for a constant."""

    table: Table
    columns: tuple[tuple[ColumnSpec, str | None], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Registered columns that the file does not carry."""
        carried = {spec.column.name for spec, _ in self.columns}
        return tuple(name for name in self.table.names if name not in carried)


@dataclass(frozen=True, slots=True)
class Plan:
    """How the columns of one file become those of its tables; the first table is the counted one."""

    source: Source
    tables: tuple[TablePlan, ...]
    names: tuple[str, ...]


def plan(source: Source, header: tuple[str, ...]) -> Plan:
    """Bind a source to the header of a file."""
    tables = []
    for name, specs in source.tables.items():
        bound = [(spec, next((item for item in spec.sources if item in header), None)) for spec in specs]
        tables.append(TablePlan(TABLES[name], tuple(
            (spec, found) for spec, found in bound if found is not None or spec.constant is not None
        )))  # fmt: skip
    return Plan(source, tuple(tables), tuple(name for name in header if name in source.names))


@dataclass(slots=True)
class Seen:
    """What the rows of one file held: values by table and column, rows without one, and words with no counterpart."""

    present: Counter[tuple[str, str]] = field(default_factory=Counter)
    absent: Counter[tuple[str, str]] = field(default_factory=Counter)
    unmatched: Counter[tuple[str, str]] = field(default_factory=Counter)


class Work:
    """One batch on its way: its raw rows, the rows set aside with their codes, and where findings go."""

    def __init__(self, batch: Batch, plan: Plan, sink: FindingSink, seen: Seen) -> None:
        self.plan, self.sink, self.seen = plan, sink, seen
        self.raw, self.rows = _told(batch, plan.source)
        self.aside = np.zeros(self.raw.height, np.bool_)
        self.dropped: dict[str, Rows] = {}
        self.keys: dict[str, pl.DataFrame] = {}
        self._codes: list[tuple[str, Rows]] = []
        self._waiting: list[tuple[str, str, str, str, pl.DataFrame]] = []
        self.ragged = batch.ragged
        self._looks = dict(batch.looks)

    @property
    def primary(self) -> str:
        return self.plan.source.table

    def look(self, name: str) -> Look:
        """The look of a raw column of text, taken once."""
        if name not in self._looks:
            self._looks[name] = look(self.raw[name])
        return self._looks[name]

    def report(self, code: str, severity: str, table: str, column: str, hit: Rows, values: pl.Series | None = None,
               args: pl.Series | None = None) -> None:  # fmt: skip
        """A finding for each hit row; `quarantine` sets the row aside, or leaves it out of a second table."""
        if not hit.any():
            return
        if severity == _QUARANTINE and table != self.primary:
            severity = "error"
            self.dropped[table] = self.dropped.get(table, np.zeros(self.raw.height, np.bool_)) | hit
        elif severity == _QUARANTINE:
            self.aside |= hit
            self._codes.append((code, hit))
        named = {"row_number": self.rows, "row_id": self.ids(table)}
        named |= {} if values is None else {"value": values}
        named |= {} if args is None else {"args": args}
        rows = pl.DataFrame(named).filter(pl.Series(hit))
        if table == self.primary:
            self.sink.add(code, severity, table, column, rows)
        else:
            self._waiting.append((code, severity, table, column, rows))

    def release(self, table: str, told: Rows) -> None:
        """Write the findings of a second table about the rows `told`; what an earlier row has told is no matter."""
        numbers = self.rows.filter(pl.Series(told))
        mine = [item for item in self._waiting if item[2] == table]
        self._waiting = [item for item in self._waiting if item[2] != table]
        for code, severity, _, column, rows in mine:
            self.sink.add(code, severity, table, column, rows.filter(pl.col("row_number").is_in(numbers.implode())))

    def ids(self, table: str) -> pl.Series:
        """What names a row of a table in its findings: the cells of its key."""
        cells = pl.all().cast(pl.String).fill_null("")
        return self.keys[table].select(pl.concat_str(cells, separator="/").alias("row_id"))["row_id"]

    def finish(self) -> int:
        """Write the rows set aside, ragged ones among them; returns how many there are."""
        hit = pl.Series(self.aside)
        codes = pl.Series(_joined(self._codes, self.aside), dtype=pl.String)
        raw = self.raw.filter(hit).select(_cells_as_json().alias("raw"))
        rows = raw.with_columns(self.rows.filter(hit).cast(pl.Int64).alias("row_number"), codes.alias("codes"))
        self.sink.set_aside(self.primary, rows)
        if self.ragged:
            numbers, texts = zip(*self.ragged, strict=True)
            found = pl.DataFrame({"row_number": numbers, "row_id": [None] * len(numbers), "value": texts})
            self.sink.add("ROW-001", _QUARANTINE, self.primary, "", found)
            named = found.select("row_number", pl.lit("ROW-001").alias("codes"), pl.col("value").alias("raw"))
            self.sink.set_aside(self.primary, named)
        return int(self.aside.sum()) + len(self.ragged)


def _told(batch: Batch, source: Source) -> tuple[pl.DataFrame, pl.Series]:
    """The rows that say something: notes of a sheet and rows left open are not rows of the table."""
    keep = pl.lit(True)
    if source.has_notes and batch.frame.width:
        keep &= ~pl.col(batch.frame.columns[0]).str.starts_with("#").fill_null(False)
    if source.skip_blank and source.skip_blank in batch.frame.columns:
        blank = pl.col(source.skip_blank).cast(pl.String).str.strip_chars().fill_null("") == ""
        keep &= ~blank
    mask = batch.frame.select(keep.alias("keep")).to_series()
    if len(mask) != batch.frame.height:
        return batch.frame, batch.rows
    return batch.frame.filter(mask), batch.rows.filter(mask)


def _cells_as_json() -> pl.Expr:
    return pl.struct(pl.all().cast(pl.String)).struct.json_encode()


def _joined(codes: list[tuple[str, Rows]], aside: Rows) -> list[str]:
    at = np.flatnonzero(aside)
    found: dict[int, dict[str, None]] = {int(row): {} for row in at}
    for code, hit in codes:
        for row in np.flatnonzero(hit):
            found[int(row)][code] = None
    return [" ".join(sorted(found[int(row)])) for row in at]


def convert(work: Work) -> dict[str, pl.DataFrame]:
    """The registered rows of each table, all rows of the batch in order; `work` says which are set aside."""
    done = {item.table.name: _table(work, item) for item in work.plan.tables}
    for name, words in work.plan.source.lists.items():
        if name in work.raw.columns:
            text = work.raw[name].cast(pl.String).str.strip_chars()
            hit = (~text.is_in(list(words)) & text.is_not_null() & (text != "")).to_numpy()
            work.report("VALUE-003", "warning", work.primary, name, hit, text)
    return done


def _table(work: Work, item: TablePlan) -> pl.DataFrame:
    cells, values, stood = _read(work, item)
    table = item.table
    work.keys[table.name] = cells.select(table.key)
    for spec, name in item.columns:
        if name is not None:
            values = _judge(work, table, spec, cells[spec.column.name], values)
        else:
            work.seen.present[table.name, spec.column.name] += 0 if spec.stand_in else work.raw.height
    values = _damaged(work, table, values, stood)
    if table.name == "enterprise":
        _identity(work, values)
    _check(work, table, values)
    return values


def _read(work: Work, item: TablePlan) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Look]]:
    """Cells as the source says them, their values in the registered columns, and the looks of cells that stand."""
    raw = work.raw
    stood = _standing(work, item)
    texts = {
        spec.column.name: raw[name].alias(spec.column.name)
        for spec, name in item.columns
        if name and spec.column.kind is Kind.TEXT and spec.column.name in stood
    }
    quick = {**_quick_codes(raw, item), **texts}
    slow = [(spec, name) for spec, name in item.columns if spec.column.name not in quick]
    cells = _evaluated(raw, [_cell(work, spec, name, spec.column.name in stood) for spec, name in slow])
    values = _evaluated(cells, [_value(spec, cells, stood) for spec, _ in slow])
    values = values.with_columns(
        months_after(pl.col(spec.months_after), pl.col(spec.column.name)).alias(spec.column.name)
        for spec, _ in slow
        if spec.months_after
    )
    absent = [pl.lit(None, item.table[name].polars).alias(name) for name in item.missing]
    values = values.with_columns(*quick.values(), *absent).select(item.table.names)
    return cells.with_columns(*quick.values(), *absent), values.cast(pl.Schema(item.table.polars())), stood


def _standing(work: Work, item: TablePlan) -> dict[str, Look]:
    """Columns whose cells can be taken as they stand: nothing to trim, to narrow, to translate, or that is none."""
    found = {}
    for spec, name in item.columns:
        if name is None or spec.has_steps or work.raw.schema[name] != pl.String:
            continue
        seen = work.look(name)
        if not seen.is_trimmed or (is_code_like(spec.column) and not seen.is_narrow):
            continue
        if spec.column.kind is Kind.DAY and not seen.are_days and work.raw[name].is_in(list(SENTINEL_WORDS)).any():
            continue
        found[spec.column.name] = seen
    return found


def _cell(work: Work, spec: ColumnSpec, name: str | None, stands: bool) -> pl.Expr:
    if name is None:
        return pl.lit(spec.constant, pl.String).alias(spec.column.name)
    kind = work.raw.schema[name]
    seen = work.look(name) if kind == pl.String else None
    return (pl.col(name) if stands else cell(spec, name, kind, seen)).alias(spec.column.name)


def _value(spec: ColumnSpec, cells: pl.DataFrame, stood: Map[str, Look]) -> pl.Expr:
    name = spec.column.name
    return value(spec, name, cells.schema[name], stood.get(name)).alias(name)


def _quick_codes(raw: pl.DataFrame, item: TablePlan) -> dict[str, pl.Series]:
    """Code columns all of whose words are codes as they stand: no trimming, no translation, nothing unreadable."""
    asked = [
        pl.col(name).cast(spec.column.polars, strict=False).alias(spec.column.name)
        for spec, name in item.columns
        if name and spec.column.codes and not spec.has_steps and raw.schema[name] == pl.String
    ]
    sources = {spec.column.name: name for spec, name in item.columns if name}
    read = raw.select(asked)
    return {name: read[name] for name in read.columns if read[name].null_count() == raw[sources[name]].null_count()}


def _evaluated(frame: pl.DataFrame, expressions: list[pl.Expr]) -> pl.DataFrame:
    """All expressions over a frame, parts they share worked out once; constants get the height of the frame."""
    at = pl.int_range(pl.len()).alias("\0at")
    return frame.lazy().select(at, *expressions).drop("\0at").collect()


def _judge(work: Work, table: Table, spec: ColumnSpec, cells: pl.Series, values: pl.DataFrame) -> pl.DataFrame:
    """Missing and unreadable values of one column."""
    column = spec.column
    read = values[column.name]
    without, unread = cells.null_count(), read.null_count()
    work.seen.present[table.name, column.name] += 0 if spec.stand_in else len(read) - unread
    is_needed = column.required or column.name in table.key
    if without and is_needed:
        work.report("REQUIRED-001", _QUARANTINE, table.name, column.name, cells.is_null().to_numpy())
    elif without and column.null is NOT_SUPPLIED:
        work.seen.absent[table.name, column.name] += without
    if unread == without:
        return values
    hit = (read.is_null() & cells.is_not_null()).to_numpy()
    if spec.months_after:
        hit &= values[spec.months_after].is_not_null().to_numpy()  # its own finding says that the start is missing
    is_needed |= table.name in _SIGNED
    if spec.lookup is not None and not is_needed:
        work.seen.unmatched[table.name, column.name] += int(hit.sum())
    elif column.codes and spec.lookup is None:
        words, severity = cells.cast(pl.String), _QUARANTINE if is_needed else "error"
        work.report("VALUE-002", severity, table.name, column.name, hit, words, code_hints(spec, words, hit))
    else:
        code, severity = ("REQUIRED-002", _QUARANTINE) if is_needed else ("VALUE-001", "error")
        work.report(code, severity, table.name, column.name, hit, cells.cast(pl.String))
    return values


def _identifiers(table: Table) -> Iterator[str]:
    for column in table.columns:
        if column.kind is Kind.TEXT and not column.codes and column.name.endswith(("_id", "id_number")):
            yield column.name


def _damaged(work: Work, table: Table, values: pl.DataFrame, stood: Map[str, Look]) -> pl.DataFrame:
    """Identifiers that a spreadsheet has turned into numbers are never matched: set aside, or taken out."""
    told = [name for name in _identifiers(table) if values[name].null_count() < values.height]
    names = [name for name in told if (stood.get(name) or look(values[name])).may_be_damaged]
    suspects = values.select(damaged(pl.col(name)).fill_null(False).alias(name) for name in names)
    for name in names:
        if not suspects[name].any():
            continue
        hit = (suspects[name] & ~resident_numbers_valid(values[name]).fill_null(False)).to_numpy()
        is_needed = table[name].required or name in table.key
        work.report("ID-001", _QUARANTINE if is_needed else "error", table.name, name, hit, values[name])
        if not is_needed:
            values = values.with_columns(pl.when(~pl.Series(hit)).then(pl.col(name)).alias(name))
    return values


def _identity(work: Work, values: pl.DataFrame) -> None:
    """Check characters of credit codes and resident numbers, told apart by the kind of document or of borrower."""
    frame = values.select(
        pl.coalesce("id_number", "borrower_id").alias("number"),
        pl.col("id_kind").alias("kind"),
        pl.col("borrower_kind").cast(pl.String).is_in(["person", "owner"]).alias("is_person"),
        pl.col("id_number").is_not_null().alias("is_given"),
    )
    has_shape = pl.col("number").str.contains(r"^[0-9]{17}[0-9X]$")
    by_shape = pl.when(pl.col("is_person")).then(has_shape).otherwise(pl.col("is_given"))
    kind = pl.col("kind")
    told = frame.select(
        pl.when(kind == "A01").then(pl.lit("firm"))
        .when(kind == "B01").then(pl.lit("person"))
        .when(kind.is_null() & by_shape).then(pl.when("is_person").then(pl.lit("person")).otherwise(pl.lit("firm")))
        .alias("as")
    )["as"]  # fmt: skip
    number = frame["number"]
    for who, code, valid in (("firm", "ID-002", credit_codes_valid), ("person", "ID-003", resident_numbers_valid)):
        wrong = (told == who).fill_null(False) & ~valid(number).fill_null(True)
        work.report(code, "warning", "enterprise", "id_number", wrong.to_numpy(), number)


def _check(work: Work, table: Table, values: pl.DataFrame) -> None:
    rules = checks().get(table.name, ())
    if not rules:
        return
    broken = values.select((~to_polars(rule.test)).fill_null(False).alias(rule.code) for rule in rules)
    totals = broken.select(pl.all().any()).row(0, named=True)
    for rule in rules:
        if totals[rule.code]:
            hit = broken[rule.code].to_numpy()
            work.report(rule.code, rule.severity, table.name, rule.field, hit, values[rule.field].cast(pl.String))
