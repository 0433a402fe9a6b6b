"""The reading of the files of a book, one after the other: convert, drop repeated keys, place, write."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl

from steadyrest.errors import InputError
from steadyrest.exchange.batch import Batch
from steadyrest.exchange.control import Promise
from steadyrest.exchange.convert import Rows, Seen, Work, convert, plan
from steadyrest.exchange.core_facts import settle
from steadyrest.exchange.files import RawTable, sha256
from steadyrest.exchange.keys import Hashed, Parts
from steadyrest.exchange.ledger import loan_sums, tie_out
from steadyrest.exchange.links import link_owners
from steadyrest.exchange.mapping import Source
from steadyrest.exchange.owners import Owners, reading_order
from steadyrest.exchange.packed import stem_of
from steadyrest.exchange.partition import PartWriters
from steadyrest.exchange.result import FileCount
from steadyrest.exchange.sink import FindingSink, book_findings
from steadyrest.schema import TABLES

Progress: TypeAlias = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Item:
    """One table of one file, and the source of the mapping it is."""

    raw: RawTable
    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class _Placed:
    """Rows of a batch that can be used, with the part of each, and which of them have a key that is new."""

    usable: Rows
    hashed: Hashed
    parts: Parts
    is_new: Rows


class Reader:
    """The state of one reading: open part files, keys seen, and what every file held."""

    def __init__(
        self,
        into: Path,
        parts: int,
        expected: Counter[str],
        items: Sequence[Item],
        progress: Progress | None,
        promised: Sequence[Promise] = (),
    ) -> None:
        feeds = [table for item in items for table in item.source.tables]
        self.into, self.items, self.progress, self.promised = into, items, progress, promised
        self.owners = Owners(parts, expected, with_contracts=bool({"guarantee", "contract"} & set(feeds)))
        self.writers = PartWriters(into)
        self.seen = Seen()
        self.has_ledger = "ledger_control" in feeds
        self.sums: list[pl.DataFrame] = []
        self.sink = FindingSink("")
        self.written: dict[str, int] = {}

    def tables(self) -> tuple[str, ...]:
        """The registered tables that the book has files of."""
        return tuple(name for name in TABLES if name in self.written)

    def read(self, number: int) -> FileCount:
        """Read one file through; then close the tables that no later file feeds."""
        item = self.items[number]
        bound = plan(item.source, item.raw.header)
        self.sink = FindingSink(item.raw.name)
        before = Seen(self.seen.present.copy(), self.seen.absent.copy(), self.seen.unmatched.copy())
        rows = aside = accepted = 0
        for name in item.source.tables:
            self.written.setdefault(name, 0)
        is_held = self._is_held(item)
        for batch in () if is_held else _ahead(item.raw.batches(bound.names)):
            work = Work(batch, bound, self.sink, self.seen)
            accepted += self._batch(work)
            aside += work.finish()
            rows += work.raw.height + len(work.ragged)
            if self.progress is not None:
                self.progress(item.raw.name, rows)
        assert rows == accepted + aside, f"{item.raw.name}: {rows} read, {accepted} accepted, {aside} set aside"
        self._file_findings(before)
        self.sink.write(self.into, number)
        later = {table for following in self.items[number + 1 :] for table in following.source.tables}
        for name in item.source.tables.keys() - later:
            self.writers.close(name)
            self.owners.forget(name)
        return FileCount(item.raw.name, item.source.table, rows, accepted, aside, sha256(item.path))

    def _is_held(self, item: Item) -> bool:
        """Whether a control file promises another number of rows: then the file is not read, and that is a finding."""
        said = [promise for promise in self.promised if promise.file == item.raw.name and promise.rows is not None]
        for promise in said:
            if promise.rows == -1:
                self.sink.whole("FILE-004", "warning", item.source.table, "", control=promise.control)
            elif (found := _rows_of(item.raw, promise.rows or 0)) != promise.rows:
                numbers = {"control": promise.control, "promised": promise.rows, "found": found}
                self.sink.whole("FILE-001", "error", item.source.table, "", **numbers)
                return True
        return False

    def _batch(self, work: Work) -> int:
        """Convert, drop repeated keys, place and write one batch; returns the rows accepted."""
        frames = convert(work)
        placed: dict[str, _Placed] = {}
        with_new = work.plan.source.with_new
        for name in _placing(frames, with_new):
            kept = ~work.aside & ~work.dropped.get(name, np.zeros_like(work.aside))
            if name in with_new:
                base = placed[with_new[name]]
                is_new = np.zeros_like(kept)
                is_new[base.usable] = base.is_new
                kept &= is_new
            placed[name] = self._keyed(work, name, frames[name], kept)
        for name, found in placed.items():
            self._referred(work, name, frames[name], found)
            if name != work.primary:
                told = np.ones_like(work.aside)
                told[found.usable] = found.is_new
                if name in with_new:
                    told &= found.usable | work.aside
                work.release(name, told)
            rows = found.hashed.rows if found.is_new.all() else found.hashed.rows.filter(pl.Series(found.is_new))
            self.writers.add(name, rows, found.parts[found.is_new])
            self.written[name] += rows.height
            if name == "loan" and self.has_ledger:
                self.sums.append(loan_sums(rows))
        return int((~work.aside).sum())

    def _keyed(self, work: Work, table: str, frame: pl.DataFrame, usable: Rows) -> _Placed:
        """Where rows go and which stay. A repeated key is a finding in the counted table, silent in the others."""
        hashed = Hashed(frame if usable.all() else frame.filter(pl.Series(usable)))
        parts = self.owners.place(table, hashed)
        is_new = self.owners.keys(table).add(hashed.of(*TABLES[table].key), parts)
        if table == work.primary and not is_new.all():
            repeated = usable.copy()
            repeated[usable] = ~is_new
            work.report("KEY-001", "quarantine", table, TABLES[table].key[0], repeated, work.ids(table))
        self.owners.add(table, hashed, parts)
        return _Placed(usable, hashed, parts, is_new)

    def _referred(self, work: Work, table: str, frame: pl.DataFrame, found: _Placed) -> None:
        """Rows that name a loan or a borrower the book does not know stay, with a finding."""
        for code, column, hit in self.owners.unknown(table, found.hashed):
            if (hit & found.is_new).any():
                whole = np.zeros_like(found.usable)
                whole[found.usable] = hit & found.is_new
                work.report(code, "error", table, column, whole, frame[column])

    def _file_findings(self, before: Seen) -> None:
        for code, severity, now, then in (
            ("OPTIONAL-001", "warning", self.seen.absent, before.absent),
            ("VALUE-004", "warning", self.seen.unmatched, before.unmatched),
        ):
            for (table, column), count in sorted((now - then).items()):
                self.sink.whole(code, severity, table, column, rows=count)

    def finish(self, owners_by_link: bool) -> None:
        """What can only be told when all files are read: owners and their firms, and the ledger."""
        if not self.written.get("loan"):
            raise InputError("input.no_loans", path=self.items[0].raw.name)
        if not self.written.keys().isdisjoint(("core_receipt", "agreement_extra", "owner_mark")):
            self._settle()
        if "customer_link" in self.written:
            link_owners(self.into, self.owners.parts, owners_by_link)
        absent = list(self._absent())
        if absent:
            self._write(book_findings(absent), 9998)
        ledgers = [item.raw.name for item in self.items if "ledger_control" in item.source.tables]
        if ledgers:
            rows = list(tie_out(self.into, self.sums, self.owners.parts, ledgers[0]))
            if rows:
                self._write(book_findings(rows), 9999)

    def _settle(self) -> None:
        """Arrears, plans and terms that only the core system's own receipts tell."""
        told = settle(self.into, self.owners.parts, 9997)
        for name in ("arrears", "core_plan", *(("loan_terms",) if told else ())):
            self.written.setdefault(name, 0)
        for name in ("original_principal_fen", "amortisation", "interest_cycle_months"):
            self.seen.present["loan_terms", name] += told

    def _write(self, found: pl.DataFrame, number: int) -> None:
        folder = self.into / "finding"
        folder.mkdir(exist_ok=True)
        found.write_ipc(folder / f"{number}.arrow", compression="lz4")

    def _absent(self) -> Iterator[dict[str, object]]:
        """Files that a control file names and parts of a split file that the book does not hold."""
        held = {item.raw.name for item in self.items}
        for promise in self.promised:
            if promise.file not in held:
                yield _of_file("FILE-002", "", promise.file, control=promise.control)
        split: dict[str, dict[int, Item]] = {}
        for item in self.items:
            stem, part = stem_of(item.raw.name, item.source.name)
            if part is not None:
                split.setdefault(stem, {})[part] = item
        for stem, parts in sorted(split.items()):
            lacking = sorted(set(range(min(parts), max(parts) + 1)) - parts.keys())
            if len(parts) > 1 and lacking:
                table = parts[min(parts)].source.table
                yield _of_file("FILE-003", table, stem, missing=", ".join(map(str, lacking[:20])), last=max(parts))


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches in order; while one is worked on, the next is read."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


def _placing(tables: Iterable[str], with_new: Mapping[str, str]) -> list[str]:
    """The tables of a source in the order in which their rows find their places: what is followed comes first."""
    ordered = [name for name in sorted(tables, key=reading_order) if name not in with_new]
    for name, base in with_new.items():
        ordered.insert(ordered.index(base) + 1, name)
    return ordered


def _rows_of(table: RawTable, promised: int) -> int:
    """The rows of a file; counted one by one where its lines do not tell (line breaks inside of quotes)."""
    if table.rows_about == promised:
        return promised
    return sum(batch.frame.height + len(batch.ragged) for batch in table.batches(table.header[:1]))


def _of_file(code: str, table: str, file: str, **args: object) -> dict[str, object]:
    return {
        "code": code,
        "severity": "error",
        "table": table,
        "source_file": file,
        "row_number": 0,
        "args": json.dumps(args, ensure_ascii=False, sort_keys=True),
    }
