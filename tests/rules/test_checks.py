"""What is reported is true: a constant is constant, a part that can go changes nothing when it goes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from steadyrest.rules import Condition, Node, Parameter, check, evaluate, parse
from steadyrest.rules.interpreter import Row
from steadyrest.schema import TABLES
from steadyrest.text import Text
from tests.rules.scope import SCOPE, condition, nodes, rows

SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("text", "code", "test"),
    [
        ("staff > 5 and staff < 3", "always_false", "staff > 5 and staff < 3"),
        ("staff > 5 and staff < 6", "always_false", "staff > 5 and staff < 6"),
        ("staff < 5 or staff >= 5", "always_true", "staff < 5 or staff >= 5"),
        ("staff between 9 and 5", "always_false", "staff between 9 and 5"),
        ("staff < staff", "always_false", "staff < staff"),
        ("staff <= sites and sites < staff", "always_false", "staff <= sites and sites < staff"),
        ("drawn_on < due_on and due_on < 0001-01-02", "always_false", "drawn_on < due_on and due_on < 0001-01-02"),
        ("flags_mask >= 0", "always_true", "flags_mask >= 0"),
        ("staff >= -9223372036854775808", "always_true", "staff >= -9223372036854775808"),
        ("is_hit in (true, false)", "always_true", "is_hit in (true, false)"),
        ('quality in ("FQ01", "FQ02", "FQ03", "FQ04", "FQ05")', "always_true", None),
        ('quality == "FQ01" and quality == "FQ02"', "always_false", None),
        ('name == "a" and name == "b"', "always_false", None),
        ("is_hit and (staff > 5 and staff < 3)", "always_false", "staff > 5 and staff < 3"),
        ("staff > 5 and staff > 3", "redundant", "staff > 3"),
        ("staff > 5 or staff > 3", "redundant", "staff > 5"),
        ("is_hit and staff > 1 and is_hit", "redundant", "is_hit == true"),
        ("staff > sites and staff >= sites", "redundant", "staff >= sites"),
        ("staff in (1, 2, 1)", "repeated_value", "staff in (1, 2, 1)"),
    ],
)
def test_problems_inside_one_condition(text: str, code: str, test: str | None) -> None:
    (problem,) = check([condition(3, text)])
    assert (problem.code, problem.condition) == (code, "c3")
    assert problem.test == (test or text)


@pytest.mark.parametrize(
    "text",
    [
        "exists staff and staff > 5",
        "staff > 5 and sites > 3",
        "staff > 5 or sites > 3",
        "staff between 5 and 5",
        "drawn_on < due_on and due_on < 2022-07-04",
        'quality in ("FQ01", "FQ02") or is_hit',
        'name not in ("a", "b") and city == "a"',
        "debt_ratio > 0.1 and debt_ratio < 0.2",
        "flags_mask > 0",
    ],
)
def test_sound_conditions_are_left_alone(text: str) -> None:
    assert check([condition(0, text)]) == ()


def test_exists_of_a_column_that_is_never_null() -> None:
    facts = TABLES["loan_facts"].by_name()
    node = parse("exists as_of_on and balance_fen > 0", facts)
    (problem,) = check([Condition(0, "c0", node, Text(zh="", en=""))])
    assert (problem.code, problem.test) == ("never_null", "exists as_of_on")


def test_duplicates_are_found_by_meaning() -> None:
    clause = [
        condition(0, "staff < 5"),
        condition(1, "is_hit"),
        condition(2, "not staff >= 5"),
        condition(3, "staff <= 4"),
    ]
    found = [(problem.code, problem.condition, problem.other) for problem in check(clause)]
    assert found == [("duplicate", "c2", "c0"), ("duplicate", "c3", "c0"), ("duplicate", "c3", "c2")]


def test_unused_parameters() -> None:
    parameters = {"top": Parameter(5, "count"), "spare": Parameter(9, "count")}
    node = parse("staff < $top", SCOPE, parameters)
    (problem,) = check([Condition(0, "c0", node, Text(zh="", en=""))], parameters)
    assert problem.sentence.en == "no condition uses parameter spare."


@SLOW
@given(node=nodes(5), row=rows())
def test_what_is_called_constant_is_constant(node: Node, row: Row) -> None:
    for problem in check([Condition(0, "c0", node, Text(zh="", en=""))]):
        if problem.code in ("always_true", "always_false"):
            assert evaluate(parse(problem.test, SCOPE), row) is not (problem.code == "always_false")
