"""From the library to one frozen snapshot: what was in force on one day, as far as it was known on another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TypeAlias

from steadyrest.errors import RuleError
from steadyrest.policy.canonical import canonical, canonical_table
from steadyrest.policy.errors import RuleInPack
from steadyrest.policy.model import Clause, PolicySnapshot, Relief, RuledTable
from steadyrest.policy.sources import ClauseSource, ConditionSource, DatedValue, Library, ParameterSource, ReliefSource
from steadyrest.policy.tables import tables_of
from steadyrest.rules import Condition, Node, Parameter, checked, parse
from steadyrest.schema import TABLES
from steadyrest.text import Text, label

Index: TypeAlias = Mapping[str, tuple[ClauseSource, ...]]
"""All versions of each clause."""

SCOPE = TABLES["loan_facts"].by_name()


def resolve(library: Library, valid_on: date, known_on: date) -> PolicySnapshot:
    """The snapshot of two days.

    A clause is active when it is in force on `valid_on`, was known on `known_on`, is not superseded by another clause
    of which both are true, and is not merely recalled (grade D) unless an overlay confirmed it by `known_on`.
    """
    index = by_id(library)
    of_day = of_the_day(index, valid_on, known_on)
    standing = {id: (source, _absent(source, valid_on, known_on)) for id, source in of_day.items()}
    replaced = {old: source for source, absent in standing.values() if absent is None for old in source.supersedes}
    active: list[Clause] = []
    inactive: list[tuple[Clause, Text]] = []
    for source, absent in standing.values():
        clause = build(source, index, valid_on, known_on)
        if absent is None and source.id in replaced:
            absent = label("policy.inactive.superseded", by=replaced[source.id].id)
        if absent is None:
            active.append(clause)
        else:
            inactive.append((clause, absent))
    active.sort(key=lambda clause: (clause.known_from, clause.id))
    inactive.sort(key=lambda item: (item[0].known_from, item[0].id))
    overlays = tuple(overlay.label for overlay in library.overlays)
    tables = tables_of(library.tables, valid_on, known_on)
    found = _hash(valid_on, known_on, overlays, active, tables)
    return PolicySnapshot(valid_on, known_on, tuple(active), tuple(inactive), overlays, found, tables)


def build(source: ClauseSource, index: Index, valid_on: date, known_on: date) -> Clause:
    """One clause with the values of the day; outside its days, with those of the nearest day inside.

    Raises `PackError` with file and line for a predicate that is not of the language or a reference that leads nowhere.
    """
    on = _inside(source, valid_on)
    known = max(known_on, source.known_from)
    parameters = _values(source, index, on, known)
    word = source.confirmation if source.confirmation and source.confirmation.on <= known_on else None
    grade = word.grade if word else source.grade
    return Clause(
        id=source.id,
        slug=source.slug,
        kind=source.kind,
        title=source.title,
        document=source.document,
        article=source.article,
        quote=source.quote,
        strength=source.strength,
        binds=source.binds,
        grade=grade,
        source=f"{word.citation} ({source.source})" if word else source.source,
        effective_from=source.effective_from,
        effective_to=source.effective_to,
        known_from=source.known_from,
        supersedes=source.supersedes,
        status=source.status,
        open_readings=source.open_readings,
        conditions=_conditions(source, parameters, is_soft=grade == "C" and source.kind != "definition"),
        parameters=parameters,
        relief=_relief(source.relief, parameters) if source.relief else None,
        defines=source.defines,
        mechanism=source.mechanism,
        confirmed_by=word.name if word else None,
        place=source.place,
    )


def by_id(library: Library) -> dict[str, tuple[ClauseSource, ...]]:
    """All versions of each clause of a library."""
    index: dict[str, tuple[ClauseSource, ...]] = {}
    for source in library.clauses:
        index[source.id] = (*index.get(source.id, ()), source)
    return index


def of_the_day(index: Index, valid_on: date, known_on: date) -> dict[str, ClauseSource]:
    """Of each id the version of the day, as then known."""
    return {id: version_of(versions, valid_on, known_on) for id, versions in index.items()}


def version_of(versions: Sequence[ClauseSource], valid_on: date, known_on: date) -> ClauseSource:
    """The version in force, else the last before, else the first to come; of versions not known yet only where
    none is known. A version is gone from the day on which one that corrects it is known.
    """
    known = [source for source in versions if source.known_from <= known_on]
    corrected = {source.corrects for source in known}
    standing = [source for source in known if source.known_from not in corrected] or versions
    begun = [source for source in standing if source.effective_from <= valid_on]
    if begun:
        return max(begun, key=lambda source: source.effective_from)
    return min(standing, key=lambda source: source.effective_from)


def _absent(source: ClauseSource, valid_on: date, known_on: date) -> Text | None:
    """Why a clause by itself is not active; null when it is."""
    if valid_on < source.effective_from:
        return label("policy.inactive.not_yet", on=source.effective_from)
    if not source.in_force(valid_on):
        return label("policy.inactive.ended", on=source.effective_to)
    if known_on < source.known_from:
        return label("policy.inactive.not_known", on=source.known_from)
    if source.grade == "D" and (source.confirmation is None or known_on < source.confirmation.on):
        return label("policy.inactive.recalled")
    return None


def _inside(source: ClauseSource, on: date) -> date:
    latest = source.effective_to or date.max
    return min(max(on, source.effective_from), latest)


def _values(source: ClauseSource, index: Index, on: date, known_on: date) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for parameter in source.parameters:
        origin = _origin(parameter, index, on, known_on)
        value = _value(origin, on, known_on)
        if value is not None:
            found[parameter.name] = Parameter(value.value, origin.unit)
    return found


def _origin(parameter: ParameterSource, index: Index, on: date, known_on: date) -> ParameterSource:
    """The parameter itself, or the one of the same name in the clause it refers to."""
    if parameter.of is None:
        return parameter
    other = version_of(index[parameter.of], on, known_on)
    return next(item for item in other.parameters if item.name == parameter.name)


def _value(parameter: ParameterSource, on: date, known_on: date) -> DatedValue | None:
    """The latest value in force and known; null for a setting no bank has made, or not yet."""
    begun = [value for value in parameter.values if value.from_on <= on and value.known_from <= known_on]
    return max(begun, key=lambda value: (value.from_on, value.known_from)) if begun else None


def _conditions(source: ClauseSource, parameters: Mapping[str, Parameter], is_soft: bool) -> tuple[Condition, ...]:
    built = tuple(_condition(item, parameters, is_soft or item.is_soft) for item in source.conditions)
    try:
        return checked(built, source.retired_bits)
    except RuleError as error:
        raise RuleInPack(source.place, error) from error


def _condition(source: ConditionSource, parameters: Mapping[str, Parameter], is_soft: bool) -> Condition:
    try:
        node = _parsed(source.test, tuple(parameters.items()))
    except RuleError as error:
        raise RuleInPack(source.place, error) from error
    return Condition(source.bit, source.id, node, source.title, is_soft)


@cache
def _parsed(test: str, parameters: tuple[tuple[str, Parameter], ...]) -> Node:
    return parse(test, SCOPE, dict(parameters))


def _relief(source: ReliefSource, parameters: Mapping[str, Parameter]) -> Relief:
    def day(value: date | str | None) -> date | None:
        if not isinstance(value, str):
            return value
        parameter = parameters.get(value.removeprefix("$"))
        found = parameter.value if parameter else None
        return found if isinstance(found, date) else None

    return Relief(
        programme=source.programme,
        legal_forms=source.legal_forms,
        window_from=day(source.window_from),
        window_to=day(source.window_to),
        parts=source.parts,
        cap_on=day(source.cap_on),
        cap_strength=source.cap_strength,
    )


def _hash(
    valid_on: date, known_on: date, overlays: tuple[str, ...], clauses: list[Clause], tables: tuple[RuledTable, ...]
) -> str:
    body: dict[str, object] = {
        "valid_on": valid_on.isoformat(),
        "known_on": known_on.isoformat(),
        "overlays": overlays,
        "clauses": [canonical(clause) for clause in clauses],
    }
    if tables:
        body["tables"] = [canonical_table(item) for item in tables]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
