"""Clauses go into the journal as plain JSON and come back with their predicates."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from steadyrest.book.clauses import clauses_of, snapshot_body
from steadyrest.errors import RunError
from steadyrest.policy import Clause, PolicySnapshot, Relief
from steadyrest.rules import Condition, Parameter, parse
from steadyrest.schema import TABLES
from steadyrest.text import Text

LIMIT = {"limit": Parameter(1_000_000_000, "fen")}
NODE = parse("credit_line_fen <= $limit and not (past_due_days > 90)", TABLES["loan_facts"].by_name(), LIMIT)
CLAUSE = Clause(
    id="cn.test.1",
    slug="t1",
    kind="screen",
    title=Text("标题", "title"),
    document=Text("某通知", "Some Notice"),
    article=Text("第一条", "article 1"),
    quote="原文",
    strength="in_principle",
    binds=("bank",),
    grade="C",
    source="two copies",
    effective_from=date(2022, 7, 4),
    effective_to=None,
    known_from=date(2022, 7, 4),
    supersedes=(),
    status="in force",
    open_readings=(Text("读法", "reading"),),
    conditions=(Condition(3, "line", NODE, Text("授信", "credit line"), True),),
    parameters=LIMIT,
    relief=Relief("notice_2022", ("deferral_agreement",), None, date(2022, 12, 31), "both", date(2022, 12, 31), "may"),
    defines=None,
    mechanism=None,
    confirmed_by="a name",
    place="n2.yaml:1",
)
DAY = date(2022, 7, 31)
BODY = snapshot_body(PolicySnapshot(DAY, DAY, (CLAUSE, replace(CLAUSE, id="cn.test.2", relief=None)), (), (), "ab"))


def test_what_is_written_comes_back() -> None:
    first, second = clauses_of(json.loads(json.dumps(BODY)))
    for name in ("id", "slug", "kind", "title", "document", "article", "quote", "strength", "grade", "source"):
        assert getattr(first, name) == getattr(CLAUSE, name)
    for name in ("effective_from", "effective_to", "known_from", "defines", "confirmed_by", "open_readings"):
        assert getattr(first, name) == getattr(CLAUSE, name)
    assert first.relief is not None
    assert first.relief.cap_on == date(2022, 12, 31)
    assert second.relief is None


def test_a_condition_keeps_its_bit_and_its_meaning_with_parameters_as_values() -> None:
    condition = clauses_of(BODY)[0].conditions[0]
    assert (condition.bit, condition.id, condition.is_soft) == (3, "line", True)
    plain = parse("credit_line_fen <= 1000000000 and not (past_due_days > 90)", TABLES["loan_facts"].by_name())
    assert condition.node == plain


def test_the_citation_names_document_and_article() -> None:
    assert clauses_of(BODY)[0].citation == Text("某通知第一条", "Some Notice, article 1")


@pytest.mark.parametrize("body", [{}, {"clauses": [{}]}, {"clauses": None}])
def test_a_body_that_is_none_is_one_clear_error(body: dict[str, object]) -> None:
    with pytest.raises(RunError) as caught:
        clauses_of(body)
    assert caught.value.code == "run.manifest_damaged"


def test_a_test_that_no_longer_parses_is_one_clear_error() -> None:
    text = json.dumps(BODY).replace("credit_line_fen", "no_such_column")
    with pytest.raises(RunError):
        clauses_of(json.loads(text))
