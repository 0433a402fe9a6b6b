"""Reading a book: files in, typed and validated tables split by borrower out, and a finding for all that is wrong.

    open and recognise -> for each file, batch by batch: convert, judge, place, write -> links, ledger, read.json

Only one batch of one file is in memory at a time, beside the hashes of the keys seen. Rows read = rows accepted +
rows quarantined, for every file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from steadyrest.errors import InputError
from steadyrest.exchange.convert import Plan, Rows, Seen, Work, convert, plan
from steadyrest.exchange.files import RawTable, sha256
from steadyrest.exchange.findings import FindingSink, book_findings
from steadyrest.exchange.keys import Hashed, Parts
from steadyrest.exchange.ledger import loan_sums, tie_out
from steadyrest.exchange.links import link_owners
from steadyrest.exchange.mapping import Mapping, Source, registry_sources
from steadyrest.exchange.needs import lacks
from steadyrest.exchange.owners import Owners, follows, reading_order
from steadyrest.exchange.partition import PartWriters
from steadyrest.exchange.recognise import SYNTHETIC, candidates, choose, data_files, match, open_all, refuse
from steadyrest.exchange.result import LINKED, BookRead, FileCount, write_read
from steadyrest.schema import TABLES
from steadyrest.text import LANGUAGES, Text, label

PART_ROWS: Final = 500_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Item:
    """One table of one file, and the source of the mapping it is."""

    raw: RawTable
    path: Path
    source: Source


def read_book(
    book: Path,
    *,
    mapping: str | Path | None = None,
    evidence: Path | None = None,
    decisions: Path | None = None,
    into: Path,
    part_rows: int = PART_ROWS,
    progress: Progress | None = None,
) -> BookRead:
    """Read a book (a file or a folder) into the work folder `into`, which is made anew.

    `mapping` is a shipped name or a YAML file; without it the book is recognised by its headers. `evidence` and
    `decisions` are files of these two tables, with registry names or as the sheets that a run and the template write.
    Parts = loans / `part_rows`, at least one. `progress` is told the file and the rows read so far.

    Raises `InputError` for a file that cannot be used as a whole, or a book without loans; `UsageError` for a path or
    a mapping that does not exist. Whatever is wrong with single rows becomes findings.
    """
    files, passed = data_files(book)
    tables = open_all(files)
    chosen, sources = choose([table for table, _ in tables], candidates(mapping))
    items = [Item(table, path, source) for (table, path), source in zip(tables, sources, strict=True)]
    items += _beside("evidence", evidence) + _beside("decision", decisions)
    items.sort(key=lambda item: (reading_order(item.source.table), item.raw.name))
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    expected = sum(item.raw.rows_about for item in items if "loan" in item.source.tables)
    reader = _Reader(into, max(1, -(-expected // part_rows)), expected, items, progress)
    counts = [reader.read(number) for number in range(len(items))]
    reader.finish(chosen)
    result = BookRead(
        mapping=chosen.name,
        files=tuple(counts),
        parts=reader.owners.parts,
        tables=reader.tables(),
        lacks=lacks(reader.seen),
        is_synthetic=book.is_dir() and (book / SYNTHETIC).is_file(),
        folder=into,
        notes=tuple(_notes(chosen, items, passed)),
    )
    write_read(result)
    return result


def _beside(table: str, path: Path | None) -> list[Item]:
    """The file of one table that is handed over beside the book; other sheets of the same workbook are passed over."""
    if path is None:
        return []
    only = Mapping(table, TABLES[table].label, tuple(registry_sources(table)))
    files, _ = data_files(path)
    tables = open_all(files)
    found = [(raw, at, match(only, raw)) for raw, at in tables]
    if not any(source for _, _, source in found):
        refuse(tables[0][0], [only])
    return [Item(raw, at, source) for raw, at, source in found if source is not None]


def _notes(chosen: Mapping, items: Sequence[Item], passed: Sequence[str]) -> list[Text]:
    """What was guessed, passed over and taken for granted, for the log."""
    file = label("exchange.note.file")
    guesses = [
        Text(*(file[code].format(path=item.raw.name, table=item.source.table, guess=item.raw.guess[code])
               for code in LANGUAGES))
        for item in items
    ]  # fmt: skip
    return [*guesses, *(label("exchange.note.passed", path=name) for name in passed), *chosen.readings]


@dataclass(frozen=True, slots=True)
class _Placed:
    """Rows of a batch that can be used, with the part of each, and which of them have a key that is new."""

    usable: Rows
    hashed: Hashed
    parts: Parts
    is_new: Rows


class _Reader:
    """The state of one reading: open part files, keys seen, and what every file held."""

    def __init__(self, into: Path, parts: int, expected: int, items: Sequence[Item], progress: Progress | None) -> None:
        feeds = [table for item in items for table in item.source.tables]
        self.into, self.items, self.progress = into, items, progress
        self.owners = Owners(parts, expected, with_contracts=bool({"guarantee", "contract"} & set(feeds)))
        self.writers = PartWriters(into)
        self.seen = Seen()
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
            if name == "loan":
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
            work.report("KEY-001", "quarantine", table, TABLES[table].key[0], repeated, work.ids[table])
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

    def finish(self, mapping: Mapping) -> None:
        """What can only be told when all files are read: owners and their firms, and the ledger."""
        if not self.written.get("loan"):
            raise InputError("input.no_loans", path=self.items[0].raw.name)
        if "customer_link" in self.written:
            link_owners(self.into, self.owners.parts, mapping.owners_by_link)
        ledgers = [item.raw.name for item in self.items if "ledger_control" in item.source.tables]
        if ledgers:
            rows = list(tie_out(self.into, self.sums, self.owners.parts, ledgers[0]))
            if rows:
                folder = self.into / "finding"
                folder.mkdir(exist_ok=True)
                book_findings(rows).write_ipc(folder / "9999.arrow", compression="lz4")


__all__ = ["LINKED", "PART_ROWS", "Plan", "follows", "read_book"]
