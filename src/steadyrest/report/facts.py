"""What a report must know of a run besides its tables: dates, rules, files, control totals, weak points.

The composition root fills these records; the report reads them and the result tables, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from steadyrest.book.manifest import ControlTotal, FileFacts
from steadyrest.text import Text, label


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """One condition of a clause: its bit in the two masks, and what it asks in words."""

    bit: int
    title: Text


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """One clause of the snapshot. `reason` is null for a clause in force, otherwise says why it is not.

    `kind` is `screen` for a clause under which relief can be given; other clauses define words or state norms.
    `citation` names document and article.
    """

    clause_id: str
    slug: str
    title: Text
    citation: Text
    strength: str
    grade: str
    kind: str = "screen"
    reason: Text | None = None
    conditions: tuple[ConditionFacts, ...] = ()

    @property
    def is_active(self) -> bool:
        """In force on the two dates of the run."""
        return self.reason is None

    @property
    def is_screen(self) -> bool:
        """In force, and a clause under which loans are screened for relief."""
        return self.is_active and self.kind == "screen"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A finished run. `lacks` names what the tape does not carry; `warnings` are weak points of the run.

    `marks` holds, by section, what its figures depend on that nobody has verified. `pseudonym_key` is the bank's own
    secret for pseudonyms of borrowers; empty, they can be guessed by trying numbers. Where the tape does not name its
    borrowers, no households are counted.
    """

    as_of_on: date
    valid_on: date
    known_on: date
    clauses: tuple[ClauseFacts, ...]
    files: tuple[FileFacts, ...]
    totals: tuple[ControlTotal, ...]
    mapping: str
    code_version: str
    snapshot_hash: str
    warnings: tuple[Text, ...] = ()
    lacks: tuple[Text, ...] = ()
    is_synthetic: bool = False
    is_unmasked: bool = False
    names_borrowers: bool = True
    pseudonym_key: str = ""
    marks: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    def clause_title(self, clause_id: str | None) -> Text:
        """The title of a clause; an id outside the snapshot stands for itself, none for an agreement of the book."""
        if clause_id is None:
            return label("report.no_clause")
        for clause in self.clauses:
            if clause.clause_id == clause_id:
                return clause.title
        return Text(zh=clause_id, en=clause_id)
