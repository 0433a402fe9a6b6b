"""How far the Notice is carried out: each of its items with the clauses that speak of it, or the reason why not yet."""

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
from steadyrest.text import Text


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One item of the Notice. `not_yet` says what no code carries out so far; null when everything is done."""

    id: str
    title: Text
    clauses: tuple[str, ...]
    not_yet: Text | None


def coverage(library: Library | None = None, path: Path | None = None) -> tuple[CoverageRow, ...]:
    """All items of `coverage.yaml` against a library, the shipped one unless given.

    An item without a clause and without a reason, or with an unknown clause, is a `PackError`.
    """
    file = path or packs_folder() / "cn" / "coverage.yaml"
    found = Fields(read(file, f"{file.parent.name}/{file.name}"), ("document", "items"))
    fields.both(found["document"])
    ids = tuple(source.id for source in (library or load_library()).clauses)
    return tuple(_row(item, ids) for item in fields.items(found["items"]))


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
