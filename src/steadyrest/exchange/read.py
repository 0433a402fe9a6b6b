"""Reading a book: files in, typed and validated tables split by borrower out, and a finding for all that is wrong.

    open and recognise -> for each file, batch by batch: convert, judge, place, write -> links, ledger, read.json

Only one batch of one file is in memory at a time, beside the hashes of the keys seen. Rows read = rows accepted +
rows quarantined, for every file.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from steadyrest.exchange.control import promises
from steadyrest.exchange.dialect import GUESS
from steadyrest.exchange.mapping import Mapping, registry_sources
from steadyrest.exchange.needs import lacks
from steadyrest.exchange.owners import reading_order
from steadyrest.exchange.reader import Item, Progress, Reader
from steadyrest.exchange.recognise import SYNTHETIC, candidates, choose, data_files, match, open_all, refuse
from steadyrest.exchange.result import BookRead, write_read
from steadyrest.schema import PARTICULARS, TABLES
from steadyrest.text import LANGUAGES, Text, label

PART_ROWS: Final = 500_000


def read_book(
    book: Path,
    *,
    mapping: str | Path | None = None,
    evidence: Path | None = None,
    decisions: Path | None = None,
    into: Path,
    part_rows: int = PART_ROWS,
    particulars: bool = False,
    progress: Progress | None = None,
) -> BookRead:
    """Read a book (a file or a folder) into the work folder `into`, which is made anew.

    `mapping` is a shipped name or a YAML file; without it the book is recognised by its headers. `evidence` and
    `decisions` are files of these two tables, with registry names or as the sheets that a run and the template write.
    `particulars` also reads what official tables say beyond what desks need.
    Parts = loans / `part_rows`, at least one. `progress` is told the file and the rows read so far.

    Raises `InputError` for a file that cannot be used as a whole, or a book without loans; `UsageError` for a path or
    a mapping that does not exist. Whatever is wrong with single rows becomes findings.
    """
    files, controls, passed = data_files(book)
    known = candidates(mapping)
    tables = open_all(files, known[0].dialect if mapping is not None else GUESS)
    chosen, sources = choose([table for table, _ in tables], known)
    unread = frozenset[str]() if particulars else PARTICULARS.keys()
    items = [Item(table, path, source.without(unread)) for (table, path), source in zip(tables, sources, strict=True)]
    for table, path in (("evidence", evidence), ("decision", decisions)):
        items += _beside(table, path, taken={item.raw.name for item in items})
    items.sort(key=lambda item: (reading_order(item.source.table), item.raw.name))
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    expected = Counter[str]()
    for item in items:
        expected.update(dict.fromkeys(item.source.tables, item.raw.rows_about))
    promised = list(promises(controls, files))
    reader = Reader(into, max(1, -(-expected["loan"] // part_rows)), expected, items, progress, promised)
    try:
        counts = [reader.read(number) for number in range(len(items))]
    finally:
        reader.writers.abandon()
    reader.finish(chosen.owners_by_link)
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


def _beside(table: str, path: Path | None, taken: set[str]) -> list[Item]:
    """The file of one table that is handed over beside the book; other sheets of the same workbook are passed over.

    A name that a file of the book has already gets the name of the table in front, so that findings tell them apart.
    """
    if path is None:
        return []
    only = Mapping(table, TABLES[table].label, tuple(registry_sources(table)))
    files, _, _ = data_files(path)
    tables = open_all(files)
    found = [(raw, at, match(only, raw)) for raw, at in tables]
    if not any(source for _, _, source in found):
        refuse(tables[0][0], [only])
    for raw, _, _ in found:
        raw.name = f"{table}/{raw.name}" if raw.name in taken else raw.name
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
