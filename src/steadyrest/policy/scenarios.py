"""Running the scenarios beside the rules, and their mutants: a wrong rule that no scenario notices is a failure.

The scenarios of packs run without overlays, those of an overlay with it. Every clause needs a scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from steadyrest.errors import PackError
from steadyrest.policy import table_examples
from steadyrest.policy.model import Clause, Relief
from steadyrest.policy.mutants import SourceMutant, clause_mutants, overlay_mutants
from steadyrest.policy.resolve import Index, build, by_id, resolve, version_of
from steadyrest.policy.sources import ClauseSource, Confirmation, Expectation, Given, Library, Pack, Scenario
from steadyrest.rules import masks_of
from steadyrest.text import Text, label


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing a scenario expected and did not find; `clause` is a slug."""

    place: str
    name: Text
    clause: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no scenario told from the rule."""

    place: str
    clause: str
    change: str


@dataclass(frozen=True, slots=True)
class ScenarioReport:
    """What ran and what was found: scenarios, failures, clauses without a scenario, mutants and those that survived."""

    scenarios: int
    failures: tuple[Failure, ...]
    untested: tuple[str, ...]
    mutants: int
    survivors: tuple[Survivor, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.failures or self.untested or self.survivors)


@dataclass(frozen=True, slots=True)
class _Suite:
    """Scenarios with the library they run against."""

    library: Library
    scenarios: tuple[Scenario, ...]


def run_scenarios(library: Library, mutate: bool = False) -> ScenarioReport:
    """All scenarios of a library; with `mutate` also every mutant of every clause, date and value."""
    suites = tuple(_suites(library))
    failures = tuple(
        failure for suite in suites for item in suite.scenarios for failure in _failures(suite.library, item)
    )
    named = frozenset[str]().union(*(_named(item) for suite in suites for item in suite.scenarios))
    untested = tuple(slug for slug in _slugs(library) if slug not in named)
    mutants, survivors = _mutation(suites) if mutate and not failures else (0, ())
    count = sum(len(suite.scenarios) for suite in suites)
    tables = _tables(library, mutate=mutate and not failures)
    return ScenarioReport(
        count + tables.scenarios,
        (*failures, *tables.failures),
        (*untested, *tables.untested),
        mutants + tables.mutants,
        (*survivors, *tables.survivors),
    )


def _tables(library: Library, mutate: bool) -> ScenarioReport:
    """The examples of decision tables and their mutants. A table without rows waits for the bank."""
    examples, mutants = 0, 0
    failed: list[Failure] = []
    untested: list[str] = []
    left: list[Survivor] = []
    for source in library.tables:
        for place, known, given in table_examples.variants(source):
            examples += len(given)
            untested += [] if given else [source.slug]
            found = list(table_examples.failures(known, given))
            failed += [Failure(place, source.title, source.slug, wanted, told) for wanted, told in found]
            if mutate and not found:
                count, alive = table_examples.survivors(known, given)
                mutants += count
                left += [Survivor(place, source.slug, change) for change in alive]
    return ScenarioReport(examples, tuple(failed), tuple(untested), mutants, tuple(left))


def _suites(library: Library) -> Iterator[_Suite]:
    shipped = tuple(clause for pack in library.packs for clause in pack.clauses)
    yield _Suite(Library(library.packs, (), shipped), _scenarios_of(library.packs))
    if library.overlays:
        own = tuple(item for overlay in library.overlays for item in overlay.scenarios)
        yield _Suite(library, (*_scenarios_of(pack for overlay in library.overlays for pack in overlay.packs), *own))


def _scenarios_of(packs: Iterable[Pack]) -> tuple[Scenario, ...]:
    return tuple(scenario for pack in packs for scenario in pack.scenarios)


def _slugs(library: Library) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.slug for source in library.clauses))


def _named(scenario: Scenario) -> frozenset[str]:
    return frozenset((*scenario.expect, *scenario.active, *scenario.inactive))


def _failures(library: Library, scenario: Scenario) -> Iterator[Failure]:
    snapshot = resolve(confirmed(library, scenario.confirmed), scenario.valid_on, scenario.known_on)
    by_slug = {clause.slug: clause for clause in snapshot.clauses}
    for slug in (*scenario.active, *scenario.expect):
        if slug not in by_slug:
            yield Failure(scenario.place, scenario.name, slug, "active", "inactive")
    for slug in scenario.inactive:
        if slug in by_slug:
            yield Failure(scenario.place, scenario.name, slug, "inactive", "active")
    for slug, expected in scenario.expect.items():
        if slug in by_slug:
            for wanted, found in _differences(by_slug[slug], expected, scenario.given):
                yield Failure(scenario.place, scenario.name, slug, wanted, found)


def holds(library: Library, scenario: Scenario) -> bool:
    """Whether a scenario finds what it expects."""
    return not any(True for _ in _failures(library, scenario))


def confirmed(library: Library, slugs: tuple[str, ...]) -> Library:
    """The library as if a bank had confirmed these clauses with a citation of grade B on their first day."""
    if not slugs:
        return library
    citation = label("policy.scenario.confirmed").both
    clauses = tuple(
        replace(source, confirmation=Confirmation(citation, "B", citation, date.min))
        if source.slug in slugs
        else source
        for source in library.clauses
    )
    return replace(library, clauses=clauses)


def _differences(clause: Clause, expected: Expectation, given: Given | None) -> Iterator[tuple[str, str]]:
    """What differs between a clause and what is expected of it, as (expected, found)."""
    if given is not None and (clause.conditions or expected.fail or expected.unknown):
        failing, unknown = _bits(clause, given)
        if (failing, unknown) != (expected.fail, expected.unknown):
            yield _words(expected.fail, expected.unknown), _words(failing, unknown)
    for name, value in expected.relief.items():
        found = _of_relief(clause.relief, name)
        if found != value:
            yield f"{name} {value}", f"{name} {found}"
    for name, value in expected.parameters.items():
        known = clause.parameters.get(name)
        if (known.value if known else None) != value:
            yield f"{name} {value}", f"{name} {known.value if known else None}"


def _bits(clause: Clause, given: Given) -> tuple[frozenset[str], frozenset[str]]:
    masks = masks_of(clause.conditions, given)
    failing = frozenset(item.id for item in clause.conditions if masks.fail >> item.bit & 1)
    return failing, frozenset(item.id for item in clause.conditions if masks.unknown >> item.bit & 1)


def _words(failing: frozenset[str], unknown: frozenset[str]) -> str:
    if failing or unknown:
        return f"fail {sorted(failing)} unknown {sorted(unknown)}"
    return "eligible"


def _of_relief(relief: Relief | None, name: str) -> object:
    if relief is None:
        return None
    return relief.legal_forms[0] if name == "legal_form" else getattr(relief, name)


def _mutation(suites: tuple[_Suite, ...]) -> tuple[int, tuple[Survivor, ...]]:
    """All mutants of all clauses; a mutant is dead when one scenario that speaks of its clause no longer passes."""
    count = 0
    survivors: list[Survivor] = []
    known = frozenset[str]()
    for suite in suites:
        index = by_id(suite.library)
        for source in suite.library.clauses:
            scenarios = tuple(item for item in suite.scenarios if source.slug in _named(item))
            for mutant in _mutants_of(source, index, is_new=source.id not in known):
                count += 1
                if not any(_kills(suite, scenario, source, mutant) for scenario in scenarios):
                    survivors.append(Survivor(source.place, source.slug, mutant.change))
        known |= index.keys()
    return count, tuple(survivors)


def _mutants_of(source: ClauseSource, index: Index, is_new: bool) -> Iterator[SourceMutant]:
    """Of a new clause everything; of one that an overlay has changed, what the overlay said."""
    if is_new:
        clause = build(source, index, source.effective_from, source.known_from)
        yield from clause_mutants(source, clause)
    yield from overlay_mutants(source)


def _kills(suite: _Suite, scenario: Scenario, source: ClauseSource, mutant: SourceMutant) -> bool:
    """Whether a scenario fails once the mutant stands in place of its source; what no longer loads is noticed too."""
    clauses = tuple(mutant.source if item is source else item for item in suite.library.clauses)
    library = replace(suite.library, clauses=clauses)
    try:
        if not mutant.is_local:
            return any(True for _ in _failures(library, scenario))
        expected = scenario.expect.get(source.slug)
        if expected is None:
            return False
        index = by_id(confirmed(library, scenario.confirmed))
        version = version_of(index[source.id], scenario.valid_on, scenario.known_on)
        clause = build(version, index, scenario.valid_on, scenario.known_on)
        return any(True for _ in _differences(clause, expected, scenario.given))
    except PackError:
        return True
