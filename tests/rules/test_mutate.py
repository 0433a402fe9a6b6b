"""Mutants: every kind is made, none says the same as the rule or as another mutant."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings

from steadyrest.rules import Node, evaluate, mutants, parse, text_of
from steadyrest.rules.domain import witness
from tests.rules.scope import SCOPE, nodes


def mutated(text: str) -> list[str]:
    """The mutants of a predicate, written out."""
    return [text_of(mutant.node) for mutant in mutants(parse(text, SCOPE))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("staff <= 5", ["not staff <= 5", "staff < 5", "staff <= 6"]),
        ("staff < 5", ["not staff < 5", "staff <= 5", "staff < 4"]),
        ("staff > 5", ["not staff > 5", "staff >= 5", "staff > 6"]),
        ("staff == 5", ["not staff == 5", "staff == 4", "staff == 6"]),
        ("due_on >= 2022-07-04", ["not due_on >= 2022-07-04", "due_on > 2022-07-04", "due_on >= 2022-07-03"]),
        (
            "due_on between 2022-07-04 and 2022-12-31",
            [
                "not due_on between 2022-07-04 and 2022-12-31",
                "due_on between 2022-07-03 and 2022-12-31",
                "due_on between 2022-07-05 and 2022-12-31",
                "due_on between 2022-07-04 and 2022-12-30",
                "due_on between 2022-07-04 and 2023-01-01",
            ],
        ),
        ("drawn_on < due_on", ["not drawn_on < due_on", "drawn_on <= due_on"]),
        (
            "due_on between drawn_on and 2022-07-04",
            [
                "not due_on between drawn_on and 2022-07-04",
                "due_on between drawn_on and 2022-07-03",
                "due_on between drawn_on and 2022-07-05",
                "due_on > drawn_on and due_on <= 2022-07-04",
            ],
        ),
        ("is_hit", ["not is_hit == true"]),
        ("exists name", ["not exists name"]),
        (
            'quality in ("FQ01", "FQ02")',
            [
                'not quality in ("FQ01", "FQ02")',
                'quality in ("FQ02")',
                'quality in ("FQ01")',
                'quality in ("FQ01", "FQ02", "FQ03")',
            ],
        ),
        ('name in ("a", "b")', ['not name in ("a", "b")', 'name in ("b")', 'name in ("a")']),
        ("debt_ratio <= 0.5", ["not debt_ratio <= 0.5", "debt_ratio < 0.5", "debt_ratio <= 0.5000000000000001"]),
        ("flags_mask <= 4294967295", ["not flags_mask <= 4294967295", "flags_mask < 4294967295"]),
    ],
)
def test_kinds_of_mutants(text: str, expected: list[str]) -> None:
    assert mutated(text) == expected


def test_a_flag_inside_a_conjunction_is_turned_round() -> None:
    assert "staff > 5 and is_hit == false" in mutated("staff > 5 and is_hit")


def test_a_part_without_effect_has_no_mutants_of_its_own() -> None:
    assert mutated("staff > 5 or staff > 9") == [
        "not (staff > 5 or staff > 9)",
        "staff >= 5 or staff > 9",
        "staff > 6 or staff > 9",
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(node=nodes(4))
def test_mutants_differ_from_the_rule_and_from_each_other(node: Node) -> None:
    found = [node, *(mutant.node for mutant in mutants(node))]
    for left, right in combinations(found[:12], 2):
        row = witness(left, right)
        assert row is not None
        assert evaluate(left, row) is not evaluate(right, row)
