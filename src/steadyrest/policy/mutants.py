"""Mutants of a clause file: one thing in it wrong each time. What a scenario must notice.

Conditions are negated, dropped, made soft or hard, and changed inside as the rule language knows to; days in force,
known and due move by a day, values by one unit; what is superseded is left standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from steadyrest.policy.model import Clause, Parts, Strength
from steadyrest.policy.sources import ClauseSource, ConditionSource, DatedValue, ParameterSource, ReliefSource
from steadyrest.rules import mutants as rule_mutants
from steadyrest.rules import text_of
from steadyrest.rules.types import Value

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceMutant:
    """A wrong clause and what is wrong in it. A local one changes what the clause says, not whether it is in force."""

    change: str
    source: ClauseSource
    is_local: bool


def clause_mutants(source: ClauseSource, clause: Clause) -> Iterator[SourceMutant]:
    """All mutants of a clause; `clause` is the same one built on its first day."""
    yield from _days(source)
    for old in source.supersedes:
        rest = tuple(item for item in source.supersedes if item != old)
        yield SourceMutant(f"supersedes not {old}", replace(source, supersedes=rest), is_local=False)
    if source.corrects is not None:
        yield SourceMutant("corrects nothing", replace(source, corrects=None), is_local=False)
    for condition in clause.conditions:
        written = next(item for item in source.conditions if item.bit == condition.bit)
        for mutant in rule_mutants(condition.node):
            changed = replace(written, test=text_of(mutant.node))
            yield SourceMutant(f"{written.id}: {mutant.change}", _with(source, written, changed), is_local=True)
        yield from _conduct(source, clause, written)
    for parameter in source.parameters:
        if not parameter.is_setting:
            yield from _values(source, parameter)
    yield from _relief(source)


def overlay_mutants(source: ClauseSource) -> Iterator[SourceMutant]:
    """Mutants of what an overlay says of a clause: the values it set, and the day of its confirmation."""
    for parameter in source.parameters:
        if parameter.is_setting:
            yield from _values(source, parameter)
    if source.confirmation:
        for on in (source.confirmation.on - _DAY, source.confirmation.on + _DAY):
            word = replace(source.confirmation, on=on)
            yield SourceMutant(f"confirmed on {on}", replace(source, confirmation=word), is_local=False)


def _days(source: ClauseSource) -> Iterator[SourceMutant]:
    for step in (-_DAY, _DAY):
        begun, known = source.effective_from + step, source.known_from + step
        yield SourceMutant(f"effective_from {begun}", replace(source, effective_from=begun), is_local=False)
        yield SourceMutant(f"known_from {known}", replace(source, known_from=known), is_local=False)
        if source.effective_to is not None:
            end = source.effective_to + step
            yield SourceMutant(f"effective_to {end}", replace(source, effective_to=end), is_local=False)


def _conduct(source: ClauseSource, clause: Clause, written: ConditionSource) -> Iterator[SourceMutant]:
    """A condition left out; a hard one softened and the other way round, where the clause leaves it the choice."""
    rest = tuple(item for item in source.conditions if item is not written)
    yield SourceMutant(f"{written.id}: dropped", replace(source, conditions=rest), is_local=True)
    if clause.kind == "screen" and clause.grade != "C":
        changed = replace(written, is_soft=not written.is_soft)
        yield SourceMutant(f"{written.id}: soft {changed.is_soft}", _with(source, written, changed), is_local=True)


def _with(source: ClauseSource, written: ConditionSource, changed: ConditionSource) -> ClauseSource:
    return replace(source, conditions=tuple(changed if item is written else item for item in source.conditions))


def _values(source: ClauseSource, parameter: ParameterSource) -> Iterator[SourceMutant]:
    for dated in parameter.values:
        for value in _moved(dated.value):
            yield _valued(source, parameter, dated, replace(dated, value=value), f"{parameter.name} = {value}")
        if (dated.from_on, dated.known_from) == (source.effective_from, source.known_from):
            continue
        for step in (-_DAY, _DAY):
            begun, known = dated.from_on + step, dated.known_from + step
            yield _valued(source, parameter, dated, replace(dated, from_on=begun), f"{parameter.name} from {begun}")
            yield _valued(source, parameter, dated, replace(dated, known_from=known), f"{parameter.name} known {known}")


def _valued(
    source: ClauseSource, parameter: ParameterSource, old: DatedValue, new: DatedValue, change: str
) -> SourceMutant:
    values = tuple(new if value is old else value for value in parameter.values)
    changed = replace(parameter, values=values)
    parameters = tuple(changed if item is parameter else item for item in source.parameters)
    return SourceMutant(change, replace(source, parameters=parameters), is_local=True)


def _moved(value: Value | tuple[Value, ...]) -> tuple[Value | tuple[Value, ...], ...]:
    """A day or a unit to either side, the other flag, a list without one of its members; nothing for a text."""
    if isinstance(value, tuple):
        return tuple(value[:index] + value[index + 1 :] for index in range(len(value))) if len(value) > 1 else ()
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, date):
        return value - _DAY, value + _DAY
    return (value - 1, value + 1) if isinstance(value, int) else ()


def _relief(source: ClauseSource) -> Iterator[SourceMutant]:
    if source.relief is None:
        return
    for changed, change in _reliefs(source.relief):
        yield SourceMutant(change, replace(source, relief=changed), is_local=True)


def _reliefs(relief: ReliefSource) -> Iterator[tuple[ReliefSource, str]]:
    for moved in _beside(relief.window_from):
        yield replace(relief, window_from=moved), f"window_from {moved}"
    for moved in _beside(relief.window_to):
        yield replace(relief, window_to=moved), f"window_to {moved}"
    for moved in _beside(relief.cap_on):
        yield replace(relief, cap_on=moved), f"cap_on {moved}"
    parts: Parts = "both" if relief.parts == "principal" else "principal"
    yield replace(relief, parts=parts), f"parts {parts}"
    if relief.cap_on is not None:
        strength: Strength = "shall" if relief.cap_strength == "in_principle" else "in_principle"
        yield replace(relief, cap_strength=strength), f"cap_strength {strength}"


def _beside(day: date | str | None) -> tuple[date, ...]:
    """The days next to a day; those of a parameter move with the parameter."""
    return (day - _DAY, day + _DAY) if isinstance(day, date) else ()
