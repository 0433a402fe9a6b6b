"""Scenarios beside the rules, and the mutants they must tell from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadyrest.policy import ScenarioReport, load_library, packs_folder, run_scenarios
from tests.policy.made import SCENARIOS, changed, write_pack

COMPLETE = """\
base:
  borrower_section: C
  credit_line_fen: 1000000000
scenarios:
  - { name: { zh: "前一天", en: "the day before" }, valid_on: 2022-06-30, known_on: 2022-07-11, inactive: [help] }
  - { name: { zh: "首日", en: "the first day" }, valid_on: 2022-07-01, known_on: 2022-07-11, active: [help] }
  - { name: { zh: "未知悉", en: "not known" }, valid_on: 2022-07-11, known_on: 2022-07-10, inactive: [help] }
  - { name: { zh: "末日", en: "the last day" }, valid_on: 2022-12-31, active: [help] }
  - { name: { zh: "次日", en: "the day after" }, valid_on: 2023-01-01, inactive: [help] }
  - name: { zh: "符合", en: "eligible" }
    valid_on: 2022-07-31
    given: {}
    expect: { help: { relief: { cap_on: 2022-12-31, parts: both, cap_strength: in_principle } } }
  - name: { zh: "多一分", en: "a fen more" }
    valid_on: 2022-07-31
    given: { credit_line_fen: 1000000001 }
    expect: { help: { fail: [line] } }
  - name: { zh: "批发", en: "wholesale" }
    valid_on: 2022-07-31
    given: { borrower_section: F }
    expect: { help: { fail: [manufacturer] } }
"""


def report(tmp_path: Path, scenarios: str, mutate: bool = False) -> ScenarioReport:
    return run_scenarios(load_library(folder=write_pack(tmp_path, scenarios=scenarios)), mutate)


@pytest.fixture(scope="module")
def shipped() -> ScenarioReport:
    return run_scenarios(load_library([packs_folder() / "demo_overlay"]), mutate=True)


def test_every_scenario_of_the_shipped_packs_passes(shipped: ScenarioReport) -> None:
    assert shipped.failures == ()
    assert shipped.scenarios > 250


def test_every_shipped_clause_has_a_scenario(shipped: ScenarioReport) -> None:
    assert shipped.untested == ()


def test_no_mutant_of_the_shipped_packs_survives(shipped: ScenarioReport) -> None:
    assert shipped.survivors == ()
    assert shipped.mutants > 500


def test_a_complete_set_kills_every_mutant(tmp_path: Path) -> None:
    found = report(tmp_path, COMPLETE, mutate=True)
    assert found.passed
    assert found.mutants > 15


def test_a_scenario_that_expects_something_else_fails_with_place_and_words(tmp_path: Path) -> None:
    (failure,) = report(tmp_path, changed(SCENARIOS, "help: eligible", "help: { fail: [line] }")).failures
    assert failure.place == "packs/test/scenarios/help.yaml:5"
    assert (failure.clause, failure.expected, failure.found) == ("help", "fail ['line'] unknown []", "eligible")


@pytest.mark.parametrize(
    ("old", "new", "expected", "found"),
    [
        ("parts: both", "parts: principal", "parts principal", "parts both"),
        ("cap_on: 2022-12-31", "cap_on: 2022-12-30", "cap_on 2022-12-30", "cap_on 2022-12-31"),
        (
            'active: [help] }\n  - { name: { zh: "次日"',
            'inactive: [help] }\n  - { name: { zh: "次日"',
            "inactive",
            "active",
        ),
        (
            "valid_on: 2022-06-30, known_on: 2022-07-11, inactive",
            "valid_on: 2022-06-30, known_on: 2022-07-11, active",
            "active",
            "inactive",
        ),
    ],
)
def test_relief_and_days_are_compared_too(tmp_path: Path, old: str, new: str, expected: str, found: str) -> None:
    failures = report(tmp_path, changed(COMPLETE, old, new)).failures
    assert [(failure.expected, failure.found) for failure in failures] == [(expected, found)]


def test_a_clause_that_no_scenario_names_is_reported(tmp_path: Path) -> None:
    found = report(tmp_path, "scenarios: []")
    assert found.untested == ("help",)
    assert not found.passed


@pytest.mark.parametrize(
    ("without", "survivor"),
    [
        ("a fen more", "line: credit_line_fen <= 1000000000 -> credit_line_fen <= 1000000001"),
        ("wholesale", "manufacturer: dropped"),
        ("the day before", "effective_from 2022-06-30"),
        ("the first day", "effective_from 2022-07-02"),
        ("not known", "known_from 2022-07-10"),
        ("the last day", "effective_to 2022-12-30"),
        ("the day after", "effective_to 2023-01-01"),
    ],
)
def test_a_missing_scenario_lets_its_mutant_live(tmp_path: Path, without: str, survivor: str) -> None:
    head, *scenarios = COMPLETE.split("  - ")
    kept = [scenario for scenario in scenarios if f'en: "{without}"' not in scenario]
    assert len(kept) == len(scenarios) - 1
    found = report(tmp_path, "  - ".join([head, *kept]), mutate=True)
    assert survivor in {item.change for item in found.survivors}
    assert all(item.place == "packs/test/clauses/help.yaml:1" for item in found.survivors)


@pytest.mark.parametrize(
    ("old", "survivor"),
    [
        ("cap_on: 2022-12-31, ", "cap = 2022-12-30"),
        ("parts: both, ", "parts principal"),
        (", cap_strength: in_principle", "cap_strength shall"),
    ],
)
def test_relief_that_no_scenario_states_lives(tmp_path: Path, old: str, survivor: str) -> None:
    found = report(tmp_path, changed(COMPLETE, old, ""), mutate=True)
    assert survivor in {item.change for item in found.survivors}
