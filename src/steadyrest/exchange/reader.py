"""The reading of the files of a book, one after the other: convert, drop repeated keys, place, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl

from steadyrest.errors import InputError
from steadyrest.exchange.convert import Rows, Seen, Work, convert, plan
from steadyrest.exchange.files import RawTable, sha256
from steadyrest.exchange.keys import Hashed, Parts
from steadyrest.exchange.ledger import loan_sums, tie_out
from steadyrest.exchange.links import link_owners
from steadyrest.exchange.mapping import Source
from steadyrest.exchange.owners import Owners
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
        self, into: Path, parts: int, expected: Counter[str], items: Sequence[Item], progress: Progress | None
    ) -> None:
        feeds = [table for item in items for table in item.source.tables]
        self.into, self.items, self.progress = into, items, progress
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
        for batch in item.raw.batches(bound.names):
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

    def _batch(self, work: Work) -> int:
        """Convert, drop repeated keys, place and write one batch; returns the rows accepted."""
        frames = convert(work)
        first, *others = frames
        placed = {first: self._keyed(work, first, frames[first], ~work.aside)}
        for name in others:
            kept = ~work.aside & ~work.dropped.get(name, np.zeros_like(work.aside))
            placed[name] = self._keyed(work, name, frames[name], kept)
        for name, found in placed.items():
            self._referred(work, name, frames[name], found)
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
        if "customer_link" in self.written:
            link_owners(self.into, self.owners.parts, owners_by_link)
        ledgers = [item.raw.name for item in self.items if "ledger_control" in item.source.tables]
        if ledgers:
            rows = list(tie_out(self.into, self.sums, self.owners.parts, ledgers[0]))
            if rows:
                folder = self.into / "finding"
                folder.mkdir(exist_ok=True)
                book_findings(rows).write_ipc(folder / "9999.arrow", compression="lz4")
