"""Predicates and values in words, and every label a rule can need."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings

from steadyrest.rules import Node, Problem, parse, value_words, words
from steadyrest.rules.checks import ProblemCode
from steadyrest.rules.types import Value
from steadyrest.schema import TABLES, code_label
from tests.rules.scope import SCOPE, nodes


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("staff == 5", "人数为 5", "staff is 5"),
        ("staff != 5", "人数不为 5", "staff is not 5"),
        ("not staff == 5", "人数不为 5", "staff is not 5"),
        ("staff < 1000", "人数小于 1,000", "staff is less than 1,000"),
        ("margin_bp >= 50", "加点不低于 50 个基点", "margin is at least 50 basis points"),
        ("due_on > 2022-12-31", "到期日晚于 2022-12-31", "due on is after 2022-12-31"),
        ("due_on == 2022-12-31", "到期日为 2022-12-31", "due on is 2022-12-31"),
        ("is_hit", "是否受影响：是", "hit: yes"),
        ("not is_hit", "是否受影响：否", "hit: no"),
        ("is_hit != true", "是否受影响：否", "hit: no"),
        ("exists name", "名称已提供", "name is given"),
        ("not exists name", "名称为空", "name is empty"),
        ('name not in ("a", "b")', "名称不属于 a、b", "name is none of a, b"),
        ("debt_ratio <= 0.5", "负债率不超过 0.5", "debt ratio is at most 0.5"),
        ("drawn_on < due_on", "发放日早于 到期日", "drawn on is before due on"),
        (
            "not (is_hit and (staff > 5 or staff between 1 and 2))",
            "是否受影响：否，或者（人数不超过 5，并且（人数小于 1，或者人数大于 2））",
            "hit: no, or (staff is at most 5, and (staff is less than 1, or staff is more than 2))",
        ),
    ],
)
def test_predicates(text: str, zh: str, en: str) -> None:
    found = words(parse(text, SCOPE))
    assert (found.zh, found.en) == (zh, en)


@pytest.mark.parametrize(
    ("name", "value", "en"),
    [
        ("balance_fen", -5, "-0.05 yuan"),
        ("loan_rate_e7", 365_000, "3.65%"),
        ("due_on", date(2022, 7, 4), "2022-07-04"),
        ("quality", "FQ01", "FQ01 normal"),
        ("quality", "other", "other"),
        ("flags_mask", 5, "5"),
        ("is_hit", True, "yes"),
        ("name", None, "empty"),
    ],
)
def test_values(name: str, value: Value | None, en: str) -> None:
    assert value_words(value, SCOPE[name]).en == en


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(node=nodes())
def test_every_predicate_has_words(node: Node) -> None:
    assert words(node).zh != words(node).en


def test_every_code_of_a_fact_has_its_label() -> None:
    coded = [column for column in TABLES["loan_facts"].columns if column.codes]
    assert coded
    for column in coded:
        for code in column.codes:
            found = value_words(code, column).zh
            assert found.startswith(f"{code} ") or (code.islower() and found and code not in found)
    assert value_words("C", TABLES["loan_facts"]["use_section"]).en == f"C {code_label('section', 'C').en}"


def test_every_problem_has_a_sentence() -> None:
    for code in get_args(ProblemCode):
        sentence = Problem(code, "c1", "staff > 1", "c0").sentence
        assert "{" not in sentence.zh + sentence.en
