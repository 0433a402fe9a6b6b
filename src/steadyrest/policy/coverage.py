"""How far the law in hand is carried out: the Notice item by item, and every instrument with its packs.

An item of the Notice names the clauses that speak of it, or the reason why not yet; an instrument names its packs, or
why it has none: no parameters in hand, or not for banks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from steadyrest.errors import PackError
from steadyrest.policy import fields
from steadyrest.policy.fields import Fields
from steadyrest.policy.load import load_library, packs_folder
from steadyrest.policy.reader import Entry, read
from steadyrest.policy.sources import Library
from steadyrest.rules.types import nearest
from steadyrest.schema import closed
from steadyrest.text import Text


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One item of the Notice. `not_yet` says what no code carries out so far; null when everything is done."""

    id: str
    title: Text
    clauses: tuple[str, ...]
    not_yet: Text | None


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """One instrument of the facts: the packs that hold it, or the word of `without` and a note why none does."""

    id: str
    packs: tuple[str, ...]
    without: str | None
    note: Text | None


def coverage(library: Library | None = None, path: Path | None = None) -> tuple[CoverageRow, ...]:
    """All items of `coverage.yaml` against a library, the shipped one unless given.

    An item without a clause and without a reason, or with an unknown clause, is a `PackError`.
    """
    found = _fields(path)
    fields.both(found["document"])
    ids = tuple(source.id for source in (library or load_library()).clauses)
    return tuple(_row(item, ids) for item in fields.items(found["items"]))


def instruments(library: Library | None = None, path: Path | None = None) -> tuple[InstrumentRow, ...]:
    """All instruments of `coverage.yaml` against the packs of a library, the shipped one unless given.

    A pack that is not there, an instrument without packs and without a reason, or named twice, is a `PackError`.
    """
    ids = tuple(pack.id for pack in (library or load_library()).all_packs)
    rows: dict[str, InstrumentRow] = {}
    for entry in _fields(path).several("instruments", fields.items):
        row = _instrument(entry, ids)
        if row.id in rows:
            raise PackError("pack.instrument_twice", place=entry.place, id=row.id)
        rows[row.id] = row
    return tuple(rows.values())


def _fields(path: Path | None) -> Fields:
    file = path or packs_folder() / "cn" / "coverage.yaml"
    return Fields(read(file, f"{file.parent.name}/{file.name}"), ("document", "items"), ("instruments",))


def _instrument(entry: Entry, ids: Iterable[str]) -> InstrumentRow:
    found = Fields(entry, ("id",), ("packs", "without", "note"))
    row = InstrumentRow(
        id=fields.text(found["id"]),
        packs=found.several("packs", fields.texts),
        without=found.maybe("without", lambda item: fields.word(item, closed("without_pack"))),
        note=found.maybe("note", fields.both),
    )
    for id in row.packs:
        if id not in ids:
            raise PackError("pack.unknown_pack", place=entry.place, id=id, nearest=nearest(id, ids))
    if bool(row.packs) == (row.without is not None and row.note is not None):
        raise PackError("pack.pack_or_reason", place=entry.place, id=row.id)
    return row


def _row(entry: Entry, ids: Iterable[str]) -> CoverageRow:
    found = Fields(entry, ("id", "title"), ("clauses", "not_yet"))
    row = CoverageRow(
        id=fields.text(found["id"]),
        title=fields.both(found["title"]),
        clauses=found.default("clauses", fields.texts, ()),
        not_yet=found.maybe("not_yet", fields.both),
    )
    for id in row.clauses:
        if id not in ids:
            raise PackError("pack.unknown_clause", place=entry.place, id=id, nearest=nearest(id, ids))
    if not row.clauses and row.not_yet is None:
        raise PackError("pack.not_covered", place=entry.place, id=row.id)
    return row
