"""From the manifest of a run and its rules to the facts a report prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest import reference
from steadyrest.book.manifest import Manifest
from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.report.facts import ClauseFacts, ConditionFacts, RunFacts
from steadyrest.report.tables import plain, scan
from steadyrest.schema import TABLES
from steadyrest.text import Text, label

_DATED: Final[Mapping[str, tuple[str, ...]]] = {
    "lpr": ("wall", "relief", "decisions"),
    "relending_rates": (),
    "calendar": ("relief", "decisions"),
}
"""Reference series by the sections of the report whose figures depend on them."""


def gather(manifest: Manifest, snapshot: PolicySnapshot, pseudonym_key: str = "") -> RunFacts:
    """Everything a report says of a run besides its tables."""
    clauses = [_clause(clause, None) for clause in snapshot.clauses]
    clauses += [_clause(clause, reason) for clause, reason in snapshot.inactive]
    stale = _stale(manifest.as_of, snapshot)
    return RunFacts(
        as_of_on=manifest.as_of,
        valid_on=manifest.valid_on,
        known_on=manifest.known_on,
        clauses=tuple(clauses),
        files=manifest.files,
        totals=manifest.control_totals,
        mapping=manifest.mapping,
        code_version=manifest.code_version,
        snapshot_hash=manifest.snapshot_hash,
        warnings=(*_nothing_in_force(snapshot), *stale.values()),
        lacks=tuple(_lacks(manifest)),
        is_synthetic=manifest.is_synthetic,
        is_unmasked=manifest.is_unmasked,
        names_borrowers=manifest.names_borrowers,
        pseudonym_key=pseudonym_key,
        marks=_marks(stale),
    )


def _clause(clause: Clause, reason: Text | None) -> ClauseFacts:
    citation = Text(zh=f"{clause.document.zh} {clause.article.zh}", en=f"{clause.document.en}, {clause.article.en}")
    return ClauseFacts(
        clause_id=clause.id,
        slug=clause.slug,
        title=clause.title,
        citation=citation,
        strength=clause.strength,
        grade=clause.grade,
        kind=clause.kind,
        reason=reason,
        conditions=tuple(ConditionFacts(condition.bit, condition.title) for condition in clause.conditions),
    )


def _stale(as_of: date, snapshot: PolicySnapshot) -> dict[str, Text]:
    """Reference series that nobody has verified up to the last day they are needed for, each with a sentence.

    Rates are needed for the as-of date, the calendar for every cap as well: a new due date is rolled by it.
    """
    caps = [clause.relief.cap_on for clause in snapshot.screens if clause.relief and clause.relief.cap_on]
    found = {}
    for name in _DATED:
        known = reference.source(name)
        needed = max([as_of, *caps]) if name == "calendar" else as_of
        if known.last_verified_on is not None and known.last_verified_on < needed:
            on = known.last_verified_on.isoformat()
            found[name] = label("report.stale").format(zh=known.title.zh, en=known.title.en, on=on)
    return found


def _nothing_in_force(snapshot: PolicySnapshot) -> Iterator[Text]:
    """The sentence a reader needs when no clause could be screened."""
    if not snapshot.screens:
        yield label("report.no_screens", on=snapshot.valid_on.isoformat())


def _marks(stale: Mapping[str, Text]) -> dict[str, tuple[Text, ...]]:
    sections = {section for name in stale for section in _DATED[name]}
    return {section: tuple(text for name, text in stale.items() if section in _DATED[name]) for section in sections}


def _lacks(manifest: Manifest) -> Iterator[Text]:
    """One sentence that names what the tape does not carry, and one where that leaves households uncounted."""
    columns = [TABLES[table][name].label for table, names in manifest.lacks.items() for name in names]
    if columns:
        zh, en = "、".join(item.zh for item in columns), ", ".join(item.en for item in columns)
        yield label("report.lacks").format(zh=zh, en=en)
    if not manifest.names_borrowers:
        yield label("report.no_households")


def plain_rows(tables: Path, name: str) -> Iterator[dict[str, object]]:
    """The rows of a small result table as plain JSON values, in the order of the file."""
    frame = plain(scan(tables, name).collect())
    days = [column for column, kind in frame.schema.items() if kind == pl.Date]
    yield from frame.with_columns(pl.col(days).dt.to_string()).iter_rows(named=True)
