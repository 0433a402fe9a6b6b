"""What the files say before a day is chosen: packs, clauses with dated values, scenarios, and a bank's overlay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from steadyrest.policy.model import ClauseKind, Grade, Parts, Strength
from steadyrest.policy.reader import Entry
from steadyrest.rules.tables import Input, Output
from steadyrest.rules.types import Value
from steadyrest.text import Text

Given: TypeAlias = Mapping[str, Value | None]
Texts: TypeAlias = tuple[str, ...]
Expected: TypeAlias = Value | tuple[Value | None, ...] | None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter, from a day on, as known from a day on."""

    value: Value | tuple[Value, ...]
    from_on: date
    known_from: date
    place: str


@dataclass(frozen=True, slots=True)
class ParameterSource:
    """A parameter: its own dated values, or (`of`) those of the same name in another clause.

    `is_setting` leaves the value to the bank: an overlay may give it, and until then there is none.
    """

    name: str
    unit: str
    values: tuple[DatedValue, ...]
    is_setting: bool
    of: str | None
    place: str


@dataclass(frozen=True, slots=True)
class ConditionSource:
    """One condition as written."""

    bit: int
    id: str
    title: Text
    test: str
    is_soft: bool
    place: str


@dataclass(frozen=True, slots=True)
class ReliefSource:
    """Relief as written; a date may be the name of a parameter, with its dollar sign."""

    programme: str
    legal_forms: tuple[str, ...]
    window_from: date | str | None
    window_to: date | str | None
    parts: Parts
    cap_on: date | str | None
    cap_strength: Strength
    place: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A bank's own word that a recalled clause stands: its citation and grade, who says so, since when."""

    citation: str
    grade: Grade
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class ClauseSource:
    """One clause file. Several files may hold one id when their days in force do not overlap."""

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
    conditions: tuple[ConditionSource, ...]
    retired_bits: tuple[int, ...]
    parameters: tuple[ParameterSource, ...]
    relief: ReliefSource | None
    defines: str | None
    mechanism: str | None
    place: str
    confirmation: Confirmation | None = None
    corrects: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the clause rules on a day, whatever was known then."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a scenario expects of one clause: which conditions fail or stay unknown, and values where it names them."""

    fail: frozenset[str]
    unknown: frozenset[str]
    relief: Mapping[str, Expected]
    parameters: Mapping[str, Expected]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One test beside the rules. Without `given` only the clauses in and out of force are looked at."""

    name: Text
    valid_on: date
    known_on: date
    confirmed: tuple[str, ...]
    given: Given | None
    expect: Mapping[str, Expectation]
    active: tuple[str, ...]
    inactive: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class GivenRows:
    """Rows that a bank gives to a table left to it, with its citation and a name; `entry` is where they stand."""

    table: str
    rows: tuple[Texts, ...]
    examples: tuple[Texts, ...]
    from_on: date
    known_from: date
    citation: str
    name: str
    place: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class TableSource:
    """One decision table of a pack, its cells as texts. A setting has no rows of its own; `given` are a bank's."""

    id: str
    slug: str
    title: Text
    document: Text
    article: Text
    grade: Grade
    source: str
    status: str
    effective_from: date
    effective_to: date | None
    known_from: date
    hit_policy: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Texts, ...]
    examples: tuple[Texts, ...]
    is_setting: bool
    place: str
    given: tuple[GivenRows, ...] = ()
    confirmation: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One instrument: who issued it, its number, its clauses and tables, and their scenarios."""

    id: str
    document: Text
    number: str
    issuer: Text
    issued_on: date
    binds: tuple[str, ...]
    status: str
    note: Text | None
    clauses: tuple[ClauseSource, ...]
    scenarios: tuple[Scenario, ...]
    place: str
    tables: tuple[TableSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A value a bank gives to a parameter that the rule leaves to it."""

    clause: str
    parameter: str
    unit: str
    value: DatedValue
    citation: str
    name: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """A bank's folder: clauses it confirms, values it sets, packs it adds; `hash` is that of its files."""

    id: str
    title: Text
    bank: str
    is_demonstration: bool
    confirmations: Mapping[str, tuple[Confirmation, str]]
    settings: tuple[Setting, ...]
    packs: tuple[Pack, ...]
    scenarios: tuple[Scenario, ...]
    hash: str
    tables: tuple[GivenRows, ...] = ()

    @property
    def label(self) -> str:
        """Id and content, as snapshots name it."""
        return f"{self.id}@{self.hash[:16]}"


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was loaded. `clauses` and `tables` are those of all packs with the overlays laid over them."""

    packs: tuple[Pack, ...]
    overlays: tuple[Overlay, ...] = ()
    clauses: tuple[ClauseSource, ...] = field(default=())
    tables: tuple[TableSource, ...] = field(default=())

    @property
    def all_packs(self) -> tuple[Pack, ...]:
        """The shipped packs and those the overlays add."""
        return (*self.packs, *(pack for overlay in self.overlays for pack in overlay.packs))
