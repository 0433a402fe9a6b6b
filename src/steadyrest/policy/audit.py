"""What must hold between the files of a library, checked once when it is loaded; the first breach is a `PackError`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations

from steadyrest.errors import PackError
from steadyrest.policy.errors import ProblemInPack
from steadyrest.policy.model import Clause
from steadyrest.policy.resolve import Index, build, by_id
from steadyrest.policy.sources import ClauseSource, Library, ParameterSource, Scenario
from steadyrest.rules import check
from steadyrest.rules.types import nearest
from steadyrest.schema import TABLES
from steadyrest.schema.registry import Kind

_FACTS = TABLES["loan_facts"].by_name()


def audited(library: Library) -> Library:
    """The same library, when everything in it fits together."""
    index = by_id(library)
    _check_packs(library)
    _check_slugs(library.clauses)
    for versions in index.values():
        _check_validity(versions)
    for source in library.clauses:
        _check_references(source, index)
        _check_kind(source)
        for on, known_on in _moments(source):
            _check_conditions(source, build(source, index, on, known_on))
    conditions: dict[str, set[str]] = {}
    for source in library.clauses:
        conditions.setdefault(source.slug, set()).update(item.id for item in source.conditions)
    for scenario in _scenarios(library):
        _check_scenario(scenario, conditions)
    return library


def _scenarios(library: Library) -> Iterator[Scenario]:
    for pack in library.all_packs:
        yield from pack.scenarios
    for overlay in library.overlays:
        yield from overlay.scenarios


def _check_packs(library: Library) -> None:
    seen: dict[str, str] = {}
    for pack in library.all_packs:
        if pack.id in seen:
            raise PackError("pack.repeated_id", place=pack.place, id=pack.id, first=seen[pack.id])
        seen[pack.id] = pack.place


def _check_slugs(clauses: Iterable[ClauseSource]) -> None:
    """A slug names one clause, and a clause has one slug: it is the name of its columns."""
    by_slug: dict[str, ClauseSource] = {}
    for source in clauses:
        other = by_slug.setdefault(source.slug, source)
        if other.id != source.id:
            raise PackError("pack.repeated_id", place=source.place, id=source.slug, first=other.place)


def _check_validity(versions: tuple[ClauseSource, ...]) -> None:
    for source in versions:
        _check_correction(source, versions)
    for first, second in combinations(versions, 2):
        if first.slug != second.slug:
            raise PackError("pack.other_slug", place=second.place, slug=second.slug, first=first.place)
        meet = first.in_force(second.effective_from) or second.in_force(first.effective_from)
        if meet and not (_withdraws(first, second, versions) or _withdraws(second, first, versions)):
            raise PackError("pack.overlap", place=second.place, id=second.id, first=first.place)


def _check_correction(source: ClauseSource, versions: tuple[ClauseSource, ...]) -> None:
    """What is corrected was known before."""
    if source.corrects is None:
        return
    earlier = sorted({str(other.known_from) for other in versions if other.known_from < source.known_from})
    if str(source.corrects) not in earlier:
        raise PackError(
            "pack.corrects_nothing", place=source.place, on=source.corrects, known=", ".join(earlier) or "–"
        )


def _withdraws(later: ClauseSource, earlier: ClauseSource, versions: tuple[ClauseSource, ...]) -> bool:
    """Whether a version corrects another, or one that corrects it."""
    if later.corrects is None or later.known_from <= earlier.known_from:
        return False
    between = (other for other in versions if other.known_from == later.corrects)
    return later.corrects == earlier.known_from or any(_withdraws(other, earlier, versions) for other in between)


def _check_references(source: ClauseSource, index: Index) -> None:
    for id in source.supersedes:
        _need(id, source.place, index)
    for parameter in source.parameters:
        if parameter.of is None:
            _check_first_value(parameter, source)
            continue
        _need(parameter.of, parameter.place, index)
        for other in index[parameter.of]:
            own = {item.name: item for item in other.parameters}
            if parameter.name not in own or own[parameter.name].of is not None:
                near = nearest(parameter.name, own)
                raise PackError("pack.unknown_parameter", place=parameter.place, name=parameter.name, nearest=near)


def _need(id: str, place: str, index: Index) -> None:
    if id not in index:
        raise PackError("pack.unknown_clause", place=place, id=id, nearest=nearest(id, index))


def _check_first_value(parameter: ParameterSource, source: ClauseSource) -> None:
    """A rule has a value from its first day on; only a setting may wait for the bank."""
    if parameter.is_setting:
        return
    first = parameter.values[0]
    if first.from_on > source.effective_from or first.known_from > source.known_from:
        raise PackError("pack.no_value", place=first.place, name=parameter.name)


def _check_kind(source: ClauseSource) -> None:
    """A screen gives relief, a definition sets a flag of the facts, a norm does neither; days of relief are days."""
    has = {"screen": source.relief is not None, "definition": source.defines is not None}
    for kind, there in has.items():
        if there is not (source.kind == kind):
            raise PackError("pack.kind", place=source.place, kind=source.kind)
    if source.kind != "norm" and not source.conditions:
        raise PackError("pack.no_conditions", place=source.place)
    if source.kind == "definition" and any(condition.is_soft for condition in source.conditions):
        raise PackError("pack.soft_definition", place=source.place)
    if source.defines is not None:
        flags = [name for name, column in _FACTS.items() if column.kind is Kind.FLAG]
        if source.defines not in flags:
            near = nearest(source.defines, flags)
            raise PackError("pack.unknown_word", place=source.place, found=source.defines, nearest=near)


def _moments(source: ClauseSource) -> Iterator[tuple[date, date]]:
    """The days on which the values of a clause change."""
    yield source.effective_from, source.known_from
    for parameter in source.parameters:
        for value in parameter.values:
            yield value.from_on, value.known_from


def _check_conditions(source: ClauseSource, clause: Clause) -> None:
    in_relief = _named_in_relief(source)
    for name in in_relief.values():
        parameters = {parameter.name: parameter for parameter in source.parameters}
        if name not in parameters:
            near = nearest(name, parameters)
            raise PackError("pack.unknown_parameter", place=source.place, name=name, nearest=near)
        if name in clause.parameters and clause.parameters[name].kind is not Kind.DAY:
            raise PackError("pack.other_unit", place=source.place, name=name, unit="day")
    # The parameters of a norm are for the mechanism that carries it out; those of relief stand there.
    own = {} if source.kind == "norm" else dict(clause.parameters)
    for problem in check(clause.conditions, {name: own[name] for name in own.keys() - set(in_relief.values())}):
        places = {condition.id: condition.place for condition in source.conditions}
        raise ProblemInPack(places.get(problem.condition, source.place), problem.sentence)


def _named_in_relief(source: ClauseSource) -> dict[str, str]:
    if source.relief is None:
        return {}
    days = {name: getattr(source.relief, name) for name in ("window_from", "window_to", "cap_on")}
    return {name: value.removeprefix("$") for name, value in days.items() if isinstance(value, str)}


def _check_scenario(scenario: Scenario, conditions: Mapping[str, set[str]]) -> None:
    """A scenario speaks of clauses and conditions that exist; a misspelt one would never be missed."""
    for slug in (*scenario.expect, *scenario.active, *scenario.inactive, *scenario.confirmed):
        if slug not in conditions:
            near = nearest(slug, conditions)
            raise PackError("pack.unknown_clause", place=scenario.place, id=slug, nearest=near)
    for slug, expected in scenario.expect.items():
        for id in sorted(expected.fail | expected.unknown):
            if id not in conditions[slug]:
                near = nearest(id, conditions[slug])
                raise PackError("pack.unknown_condition", place=scenario.place, slug=slug, id=id, nearest=near)
