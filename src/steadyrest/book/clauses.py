"""The clauses of a run as its journal keeps them: everything an explanation cites, in plain JSON.

`snapshot_body` writes the body of the journal entry of kind `snapshot`; `clauses_of` reads it back, and parses every
condition again from its text. So a run explains itself by what it was run with, whatever the packs say today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from steadyrest.errors import RuleError, RunError
from steadyrest.policy import PolicySnapshot, canonical
from steadyrest.rules import Condition, parse
from steadyrest.schema import TABLES
from steadyrest.text import Text

ENTRY_KIND: Final = "snapshot"


@dataclass(frozen=True, slots=True)
class ReliefRecord:
    """What a clause allows: programme, legal forms, window of old due dates, parts, and the cap on the new one."""

    programme: str
    legal_forms: tuple[str, ...]
    window_from: date | None
    window_to: date | None
    parts: str
    cap_on: date | None
    cap_strength: str


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """An active clause with its citation. Conditions are predicates over `loan_facts`, parameters as their values."""

    id: str
    slug: str
    kind: str
    title: Text
    document: Text
    article: Text
    quote: str
    strength: str
    grade: str
    source: str
    effective_from: date
    effective_to: date | None
    known_from: date
    defines: str | None
    confirmed_by: str | None
    open_readings: tuple[Text, ...]
    conditions: tuple[Condition, ...]
    relief: ReliefRecord | None

    @property
    def is_screen(self) -> bool:
        """Relief can be given under it."""
        return self.kind == "screen"

    @property
    def citation(self) -> Text:
        """Document and article."""
        return Text(
            zh=f"{self.document.zh}{self.article.zh}", en=", ".join(filter(None, (self.document.en, self.article.en)))
        )


def snapshot_body(snapshot: PolicySnapshot) -> dict[str, object]:
    """The journal body of a snapshot: plain values only, active clauses in their order."""
    return {
        "valid_on": snapshot.valid_on.isoformat(),
        "known_on": snapshot.known_on.isoformat(),
        "hash": snapshot.hash,
        "overlays": list(snapshot.overlays),
        "clauses": [canonical(clause) for clause in snapshot.clauses],
    }


def clauses_of(body: Mapping[str, Any]) -> tuple[ClauseRecord, ...]:
    """The clauses of a journal body, in its order; a body that is not one raises `RunError`."""
    try:
        return tuple(_clause(entry) for entry in body["clauses"])
    except (KeyError, TypeError, ValueError, RuleError) as error:
        raise RunError("run.manifest_damaged", path="journal", detail=str(error)) from error


def _clause(entry: Mapping[str, Any]) -> ClauseRecord:
    relief = entry["relief"]
    return ClauseRecord(
        id=str(entry["id"]),
        slug=str(entry["slug"]),
        kind=str(entry["kind"]),
        title=Text(**entry["title"]),
        document=Text(**entry["document"]),
        article=Text(**entry["article"]),
        quote=str(entry["quote"]),
        strength=str(entry["strength"]),
        grade=str(entry["grade"]),
        source=str(entry["source"]),
        effective_from=date.fromisoformat(entry["effective_from"]),
        effective_to=_day(entry["effective_to"]),
        known_from=date.fromisoformat(entry["known_from"]),
        defines=entry["defines"],
        confirmed_by=entry["confirmed_by"],
        open_readings=tuple(Text(**item) for item in entry["open_readings"]),
        conditions=tuple(_condition(item) for item in entry["conditions"]),
        relief=None if relief is None else _relief(relief),
    )


def _condition(entry: Mapping[str, Any]) -> Condition:
    node = parse(str(entry["test"]), TABLES["loan_facts"].by_name())
    return Condition(int(entry["bit"]), str(entry["id"]), node, Text(**entry["title"]), bool(entry["soft"]))


def _relief(entry: Mapping[str, Any]) -> ReliefRecord:
    return ReliefRecord(
        programme=str(entry["programme"]),
        legal_forms=tuple(entry["legal_forms"]),
        window_from=_day(entry["window_from"]),
        window_to=_day(entry["window_to"]),
        parts=str(entry["parts"]),
        cap_on=_day(entry["cap_on"]),
        cap_strength=str(entry["cap_strength"]),
    )


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
