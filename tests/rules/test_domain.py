"""The small model is enough: two predicates that agree on it agree on random rows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steadyrest.rules import Node, evaluate, parse
from steadyrest.rules.domain import possible, same, verdicts, witness
from steadyrest.rules.interpreter import Row
from steadyrest.rules.syntax import And
from steadyrest.schema import Kind
from tests.rules.scope import SCOPE, nodes, rows

SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@SLOW
@given(left=nodes(3), right=nodes(3), row=rows())
def test_what_is_proved_the_same_is_the_same(left: Node, right: Node, row: Row) -> None:
    if same(left, right):
        assert evaluate(left, row) is evaluate(right, row)


@SLOW
@given(node=nodes(5), row=rows())
def test_no_row_has_a_verdict_that_was_not_found(node: Node, row: Row) -> None:
    assert evaluate(node, row) in verdicts(node)


@SLOW
@given(left=nodes(4), right=nodes(4))
def test_a_witness_tells_two_predicates_apart(left: Node, right: Node) -> None:
    row = witness(left, right)
    assert (row is None) is same(left, right)
    if row is not None:
        assert evaluate(left, row) is not evaluate(right, row)


@SLOW
@given(node=nodes(), row=rows(), kept=st.sets(st.sampled_from(sorted(SCOPE))))
def test_columns_left_open_can_have_any_value(node: Node, row: Row, kept: set[str]) -> None:
    assert evaluate(node, row) in possible(node, {name: value for name, value in row.items() if name in kept})


def test_a_chain_of_columns_has_room_between_its_constants() -> None:
    both = "exists staff and exists sites and"
    chain = parse(f"{both} staff > 1 and staff < sites and sites < 4", SCOPE)
    assert same(chain, parse(f"{both} staff == 2 and sites == 3", SCOPE))
    assert verdicts(parse("staff > 1 and staff < sites and sites < 3", SCOPE)) == {False, None}


def test_a_wide_conjunction_is_searched_to_its_end() -> None:
    names = [name for name in SCOPE if SCOPE[name].kind in (Kind.COUNT, Kind.MONEY, Kind.RATE)]
    wide = And(tuple(parse(f"{name} > 5", SCOPE) for name in names))
    last = And((*wide.parts[:-1], parse(f"{names[-1]} >= 5", SCOPE)))
    assert witness(wide, last) == {name: 5 if name == names[-1] else 6 for name in names}
    assert same(wide, And((*wide.parts[:-1], parse(f"{names[-1]} >= 6", SCOPE))))


def test_a_search_that_is_given_up_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    node = parse("staff > 5 and sites > 5", SCOPE)
    monkeypatch.setattr("steadyrest.rules.domain.STEP_LIMIT", 2)
    assert not same(node, node)
    assert witness(node, parse("staff > 5 and sites > 6", SCOPE)) is None
    assert verdicts(node) == {True, False, None}
