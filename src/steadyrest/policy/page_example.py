"""What a policy page computes: one worked example of each clause, and whether the scenarios of the pack hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from steadyrest.policy.resolve import build, by_id, version_of
from steadyrest.policy.scenarios import confirmed, holds
from steadyrest.policy.sources import ClauseSource, Given, Library, Pack, Scenario
from steadyrest.rules import Condition, columns, explain, masks_of, value_words
from steadyrest.schema import TABLES
from steadyrest.text import Text, label

_FACTS = TABLES["loan_facts"].by_name()


def worked(source: ClauseSource, library: Library, scenarios: Sequence[Scenario]) -> Iterator[str]:
    """The first scenario that judges a row under the clause: its facts, each condition in words, the verdict.

    One that refuses is taken before one that passes: it shows more.
    """
    judged = (item for item in scenarios if item.given is not None and source.slug in item.expect)
    fitting = [item for item in judged if source.in_force(item.valid_on)]
    fitting.sort(key=lambda item: not item.expect[source.slug].fail)
    if not fitting or not source.conditions:
        return
    scenario = fitting[0]
    index = by_id(confirmed(library, scenario.confirmed))
    version = version_of(index[source.id], scenario.valid_on, scenario.known_on)
    clause = build(version, index, scenario.valid_on, scenario.known_on)
    given = scenario.given or {}
    yield f"**{label('policy.page.example').both}** ({scenario.valid_on}): {scenario.name.both}"
    yield ""
    yield from _facts(clause.conditions, given)
    for condition in clause.conditions:
        yield f"- {condition.title.both}: {explain(condition, given).sentence.both}"
    masks = masks_of(clause.conditions, given)
    verdict = "refused" if masks.fail else "needs_data" if masks.unknown else "eligible"
    yield f"- **{label(f'code.verdict.{verdict}').both}**"


def _facts(conditions: Sequence[Condition], given: Given) -> Iterator[str]:
    """The columns that the conditions look at, with their values in the row."""
    names = sorted(frozenset[str]().union(*(columns(item.node) for item in conditions)))
    shown = [(name, given.get(name)) for name in names]
    yield "; ".join(f"`{name}` {value_words(value, _FACTS[name]).both}" for name, value in shown)
    yield ""


def scenario_rows(pack: Pack, library: Library) -> Iterator[tuple[str, ...]]:
    """Name, days and outcome of every scenario of a pack, run as the page is made."""
    for scenario in pack.scenarios:
        outcome: Text = label("policy.page.holds" if holds(library, scenario) else "policy.page.breaks")
        known = "" if scenario.known_on == scenario.valid_on else str(scenario.known_on)
        yield scenario.name.both, str(scenario.valid_on), known, outcome.both
