"""What a policy is once it is resolved: clauses with their conditions, frozen under one day in force and one known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from steadyrest.errors import UsageError
from steadyrest.rules import Condition, Parameter
from steadyrest.rules.tables import Table
from steadyrest.rules.types import nearest
from steadyrest.text import Text

Strength = Literal["shall", "should", "in_principle", "encouraged", "may"]
ClauseKind = Literal["screen", "definition", "norm"]
Grade = Literal["A", "B", "C", "D"]
Parts = Literal["principal", "both"]


@dataclass(frozen=True, slots=True)
class Relief:
    """What a screening clause allows. Windows are old due dates, both ends included; null is open.

    Without `cap_on` the new date is a matter of agreement and nothing is proposed.
    """

    programme: str
    legal_forms: tuple[str, ...]
    window_from: date | None
    window_to: date | None
    parts: Parts
    cap_on: date | None
    cap_strength: Strength


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause on one day. `kind`: a screen can give relief, a definition sets a flag, a norm is obeyed.

    `slug` is the short name its columns begin with; `grade` is that of its source, or that of the bank's own citation
    where a recalled clause was confirmed; `mechanism` names the code that carries a norm out, where it is not these
    conditions. Conditions stand in bit order; parameters hold the values of the day.
    """

    id: str
    slug: str
    kind: ClauseKind
    title: Text
    document: Text
    article: Text
    quote: str
    strength: Strength
    binds: tuple[str, ...]
    grade: Grade
    source: str
    effective_from: date
    effective_to: date | None
    known_from: date
    supersedes: tuple[str, ...]
    status: str
    open_readings: tuple[Text, ...]
    conditions: tuple[Condition, ...]
    parameters: Mapping[str, Parameter]
    relief: Relief | None
    defines: str | None
    mechanism: str | None
    confirmed_by: str | None
    place: str


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A decision table on one day: its rows are those of the rule, or those the bank has given by then."""

    id: str
    slug: str
    title: Text
    document: Text
    article: Text
    grade: Grade
    source: str
    effective_from: date
    effective_to: date | None
    known_from: date
    confirmed_by: str | None
    table: Table


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """The clauses in force on `valid_on` as far as they were known on `known_on`; `hash` is that of its content.

    Active clauses stand by the day they became known, then by id; inactive ones come with the reason. `tables` are the
    decision tables in force that have rows.
    """

    valid_on: date
    known_on: date
    clauses: tuple[Clause, ...]
    inactive: tuple[tuple[Clause, Text], ...]
    overlays: tuple[str, ...]
    hash: str
    tables: tuple[RuledTable, ...] = ()

    @property
    def screens(self) -> tuple[Clause, ...]:
        """Active clauses under which relief can be given."""
        return tuple(clause for clause in self.clauses if clause.kind == "screen")

    @property
    def definitions(self) -> tuple[Clause, ...]:
        """Active clauses that set a flag of the facts."""
        return tuple(clause for clause in self.clauses if clause.kind == "definition")

    def clause(self, id: str) -> Clause:
        """An active clause by its id; `UsageError` with the nearest id when there is none."""
        for clause in self.clauses:
            if clause.id == id:
                return clause
        raise UsageError("call.unknown_name", name=id, nearest=nearest(id, (item.id for item in self.clauses)))
