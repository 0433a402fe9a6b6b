"""Witnesses on made clauses: the interpreter checks what is found, and what is impossible has its reason."""

from __future__ import annotations

import pytest

from steadyrest.rules import masks_of
from steadyrest.synth.witness import Found, Impossible, goals, search
from steadyrest.synth.witness.tables import look
from tests.synth.made_clauses import clause, snapshot

INCLUSIVE = clause(
    "incl",
    'borrower_kind in ("enterprise", "individual_business", "owner")',
    'enterprise_size in ("small", "micro")',
    "credit_line_fen <= 1000000000",
    defines="is_inclusive_cbirc",
)
NOTICE = clause(
    "n2",
    'borrower_section == "C"',
    'enterprise_size in ("medium", "small", "micro")',
    "has_temporary_difficulty == true",
    "first_unpaid_on <= 2022-12-31 and last_due_on >= 2022-07-04",
    'quality in ("FQ01", "FQ02")',
    "not has_financial_difficulty == true",
)
RELAXED = clause(
    "n4",
    "is_inclusive_cbirc == true",
    "is_severely_hit == true",
    "last_due_on between 2022-07-04 and 2022-12-31",
    "past_due_days <= 30",
    "applied_on < last_due_on",
    soft=frozenset({3}),
)
MADE = snapshot(INCLUSIVE, NOTICE, RELAXED)

Result = tuple[tuple[Found, ...], tuple[Impossible, ...]]


@pytest.fixture(scope="module")
def result() -> Result:
    return search(MADE)


def test_every_goal_is_found_or_impossible(result: Result) -> None:
    found, impossible = result
    wanted = {goal.loan_id for item in (INCLUSIVE, NOTICE, RELAXED) for goal in goals(item)}
    assert {item.goal.loan_id for item in found} | {item.goal.loan_id for item in impossible} == wanted
    assert {item.goal.loan_id: item.reason for item in impossible} == {
        "W-incl-0-unknown": "never_null",  # borrower_kind is a required input
        "W-n4-2-unknown": "never_null",  # last_due_on is never null
    }


def test_the_interpreter_agrees(result: Result) -> None:
    found, _ = result
    facts = look([item.case for item in found], MADE).facts
    for item, row in zip(found, facts.iter_rows(named=True), strict=True):
        masks = masks_of(item.goal.clause.conditions, row)
        assert (masks.fail, masks.unknown) == item.goal.masks, item.goal.loan_id


def test_boundaries_are_met_exactly(result: Result) -> None:
    found, _ = result
    cases = {item.goal.loan_id: item for item in found}
    facts = look([item.case for item in found], MADE).facts
    line = dict(zip(cases, facts["credit_line_fen"], strict=True))
    assert (line["W-incl-2-at"], line["W-incl-2-past"]) == (1_000_000_000, 1_000_000_001)
    last = dict(zip(cases, facts["last_due_on"].cast(str), strict=True))
    assert [last[f"W-n4-2-{side}"] for side in ("at", "past", "at2", "past2")] == [
        "2022-07-04", "2022-07-03", "2022-12-31", "2023-01-01",
    ]  # fmt: skip


def test_a_failed_soft_condition_refers_to_a_person(result: Result) -> None:
    found, _ = result
    masks = {item.goal.loan_id: item.goal.masks for item in found}
    assert masks["W-n4-3-fail"] == masks["W-n4-3-unknown"] == (0, 8)


def test_a_goal_that_another_condition_always_breaks_is_called_implied() -> None:
    twice = clause("twice", "credit_line_fen <= 500", "credit_line_fen <= 900")
    _, impossible = search(snapshot(twice))
    reasons = {item.goal.loan_id: item.reason for item in impossible}
    assert reasons["W-twice-1-fail"] == "implied"
    assert "W-twice-0-fail" not in reasons


def test_the_search_is_deterministic(result: Result) -> None:
    assert search(MADE) == result
