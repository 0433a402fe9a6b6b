"""Two axes: days in force and days known. Nothing of the future gets in; what is corrected stays as it was then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.errors import PackError
from steadyrest.policy import Library, PolicySnapshot, diff, load_library, packs_folder, resolve, run_scenarios
from steadyrest.policy.sources import ClauseSource, ParameterSource
from tests.policy.made import CLAUSE, SCENARIOS, changed, write_pack

LIBRARY = load_library([packs_folder() / "demo_overlay"])
_FIRST, _LAST = date(2007, 1, 1), date(2027, 12, 31)
DAYS = st.dates(_FIRST, _LAST)
TURNS = st.sampled_from(sorted({source.known_from for source in LIBRARY.clauses}))
"""Days on which something became known, where most goes wrong."""


def as_known(library: Library, on: date) -> Library:
    """The library as it could have been written on a day: nothing in it was known later."""
    clauses = tuple(_clause(source, on) for source in library.clauses if source.known_from <= on)
    tables = tuple(
        replace(source, given=tuple(item for item in source.given if item.known_from <= on))
        for source in library.tables
        if source.known_from <= on
    )
    return replace(library, clauses=clauses, tables=tables)


def _clause(source: ClauseSource, on: date) -> ClauseSource:
    word = source.confirmation if source.confirmation and source.confirmation.on <= on else None
    return replace(
        source, confirmation=word, parameters=tuple(_parameter(parameter, on) for parameter in source.parameters)
    )


def _parameter(parameter: ParameterSource, on: date) -> ParameterSource:
    return replace(parameter, values=tuple(value for value in parameter.values if value.known_from <= on))


def active(snapshot: PolicySnapshot) -> set[str]:
    return {clause.id for clause in snapshot.clauses}


@settings(max_examples=60, deadline=None)
@given(valid_on=DAYS, known_on=DAYS | TURNS)
def test_a_snapshot_is_made_of_what_was_known(valid_on: date, known_on: date) -> None:
    """The proof that nothing of the future gets in: without all that came later, the same hash."""
    assert resolve(as_known(LIBRARY, known_on), valid_on, known_on).hash == resolve(LIBRARY, valid_on, known_on).hash


@settings(max_examples=60, deadline=None)
@given(valid_on=DAYS, known_on=DAYS | TURNS, days=st.integers(0, 3000))
def test_knowledge_only_grows(valid_on: date, known_on: date, days: int) -> None:
    """What was active stays so with later knowledge, unless something that became known since takes its place."""
    later = min(known_on + timedelta(days=days), _LAST)
    one, two = (resolve(LIBRARY, valid_on, day) for day in (known_on, later))
    since = [clause for clause in two.clauses if known_on < clause.known_from <= later]
    replaced = {id for clause in since for id in clause.supersedes}
    assert active(one) - active(two) <= replaced
    assert all(clause.known_from <= known_on for clause in one.clauses)
    confirmed = {source.id for source in LIBRARY.clauses if source.confirmation is not None}
    restored = {id for clause in one.clauses if clause.id not in active(two) for id in clause.supersedes}
    assert active(two) - active(one) <= {clause.id for clause in since} | confirmed | restored


@settings(max_examples=40, deadline=None)
@given(valid_on=DAYS, known_on=DAYS)
def test_every_active_clause_is_in_force_and_has_the_values_of_its_day(valid_on: date, known_on: date) -> None:
    sources = {source.id: source for source in LIBRARY.clauses}
    for clause in resolve(LIBRARY, valid_on, known_on).clauses:
        assert clause.effective_from <= valid_on <= (clause.effective_to or valid_on)
        for parameter in sources[clause.id].parameters:
            known = [item for item in parameter.values if item.from_on <= valid_on and item.known_from <= known_on]
            if known:
                latest = max(known, key=lambda item: (item.from_on, item.known_from))
                assert clause.parameters[parameter.name].value == latest.value


CORRECTED = (
    CLAUSE.replace("known_from: 2022-07-11", "known_from: 2022-09-01\ncorrects: 2022-07-11")
    .replace("effective_to: 2022-12-31", "effective_to: 2022-11-30")
    .replace("value: 1000000000", "value: 3000000000")
    .replace('borrower_section == "C"\'', 'borrower_section in ("C", "F")\'')
)


def corrected(root: Path, text: str = CORRECTED, scenarios: str = SCENARIOS) -> Path:
    folder = write_pack(root, scenarios=scenarios)
    (folder / "test" / "clauses" / "corrected.yaml").write_text(text, "utf-8")
    return folder


def test_a_corrected_clause_is_what_it_was_until_the_correction_was_known(tmp_path: Path) -> None:
    library = load_library(folder=corrected(tmp_path))

    def limit(valid_on: date, known_on: date) -> object:
        found = [clause.parameters["limit"].value for clause in resolve(library, valid_on, known_on).clauses]
        assert len(found) <= 1
        return found[0] if found else None

    in_july, in_december, sent, later = date(2022, 7, 31), date(2022, 12, 15), date(2022, 8, 31), date(2022, 9, 1)
    assert limit(in_july, sent) == 1_000_000_000
    assert limit(in_july, later) == 3_000_000_000, "a correction reaches back to the first day in force"
    assert limit(in_december, sent) == 1_000_000_000
    assert limit(in_december, later) is None, "the version it corrects is gone on every day"
    assert limit(in_july, date(2022, 7, 10)) is None
    (change,) = (item for item in diff(*(resolve(library, in_july, on) for on in (sent, later)))
                 if item.field == "parameters.limit.value")  # fmt: skip
    assert (change.before, change.after) == (1_000_000_000, 3_000_000_000)


def test_the_law_of_a_library_with_a_correction_is_the_same(tmp_path: Path) -> None:
    library = load_library(folder=corrected(tmp_path))
    for valid_on in (date(2022, 7, 1), date(2022, 11, 30), date(2022, 12, 1)):
        for known_on in (date(2022, 7, 10), date(2022, 7, 11), date(2022, 8, 31), date(2022, 9, 1), _LAST):
            known = as_known(library, known_on)
            assert resolve(known, valid_on, known_on).hash == resolve(library, valid_on, known_on).hash


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("corrects: 2022-07-11\n", "", "pack.overlap"),
        ("corrects: 2022-07-11", "corrects: 2022-07-12", "pack.corrects_nothing"),
        ("corrects: 2022-07-11", "corrects: 2022-09-01", "pack.corrects_nothing"),
        ("known_from: 2022-09-01", "known_from: 2022-07-11", "pack.corrects_nothing"),
        ("corrects: 2022-07-11", "corrects: July", "pack.not_day"),
    ],
)
def test_what_corrects_nothing_does_not_load(tmp_path: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(PackError) as caught:
        load_library(folder=corrected(tmp_path, changed(CORRECTED, old, new)))
    assert caught.value.code == code
    assert str(caught.value.values["place"]).startswith("packs/test/clauses/corrected.yaml:")


def test_a_correction_may_itself_be_corrected(tmp_path: Path) -> None:
    folder = corrected(tmp_path)
    again = CORRECTED.replace("corrects: 2022-07-11", "corrects: 2022-09-01")
    again = again.replace("known_from: 2022-09-01", "known_from: 2022-10-01").replace("3000000000", "4000000000")
    (folder / "test" / "clauses" / "again.yaml").write_text(again, "utf-8")
    library = load_library(folder=folder)
    values = []
    for known_on in (date(2022, 8, 1), date(2022, 9, 1), date(2022, 10, 1)):
        (clause,) = resolve(library, date(2022, 7, 31), known_on).clauses
        values.append(clause.parameters["limit"].value)
    assert values == [1_000_000_000, 3_000_000_000, 4_000_000_000]


def test_a_scenario_notices_when_a_correction_is_not_made(tmp_path: Path) -> None:
    told = (
        SCENARIOS
        + """\
  - name: { zh: "更正后", en: "as corrected" }
    valid_on: 2022-07-31
    known_on: 2022-09-01
    given: { borrower_section: F, credit_line_fen: 3000000000 }
    expect:
      help: eligible
  - name: { zh: "更正前", en: "before it was corrected" }
    valid_on: 2022-07-31
    known_on: 2022-08-31
    given: { borrower_section: F }
    expect:
      help: { fail: [manufacturer] }
"""
    )
    found = run_scenarios(load_library(folder=corrected(tmp_path, scenarios=told)), mutate=True)
    assert not found.failures
    assert "corrects nothing" not in {item.change for item in found.survivors}
