"""Decisions: every hit policy, types that values must have, functions, and models that cannot be read."""

from __future__ import annotations

from decimal import Decimal as N
from typing import Any

import pytest

from steadyrest.rules.dmn import DmnError, decide, read_model
from tests.rules.dmn.models import HEAD, decided, model, table, text

NUMBER = {"x": "number"}
STEPS = [("> 0", "1"), ("> 10", "2"), ("> 20", "4")]


@pytest.mark.parametrize(
    ("policy", "x", "value"),
    [
        ('hitPolicy="UNIQUE"', 5, N(1)), ('hitPolicy="UNIQUE"', 15, None), ("", 5, N(1)),
        ('hitPolicy="FIRST"', 25, N(1)), ('hitPolicy="ANY"', 25, None), ('hitPolicy="ANY"', 5, N(1)),
        ('hitPolicy="PRIORITY"', 25, N(4)), ('hitPolicy="RULE ORDER"', 25, [N(1), N(2), N(4)]),
        ('hitPolicy="OUTPUT ORDER"', 25, [N(4), N(2), N(1)]), ('hitPolicy="COLLECT"', 15, [N(1), N(2)]),
        ('hitPolicy="COLLECT" aggregation="SUM"', 25, N(7)), ('hitPolicy="COLLECT" aggregation="MIN"', 25, N(1)),
        ('hitPolicy="COLLECT" aggregation="MAX"', 15, N(2)), ('hitPolicy="COLLECT" aggregation="COUNT"', 25, N(3)),
        ('hitPolicy="FIRST"', -1, None), ('hitPolicy="COLLECT"', -1, None),
    ],
)  # fmt: skip
def test_every_hit_policy(policy: str, x: int, value: Any) -> None:
    assert decided(table(policy, ["x"], ["y: 4, 2, 1"], STEPS), NUMBER, {"x": N(x)}) == value


def test_several_outputs_are_a_context_and_priority_looks_at_them_in_turn() -> None:
    rules = [("-", '"Declined"|"Standard"'), ("> 0", '"Approved"|"Standard"'), ("> 5", '"Approved"|"Best"')]
    outputs = ['Status: "Approved", "Declined"', 'Rate: "Best", "Standard"']
    first = decided(table('hitPolicy="PRIORITY"', ["x"], outputs, rules), NUMBER, {"x": N(9)})
    assert first == {"Status": "Approved", "Rate": "Best"}
    collected = decided(table('hitPolicy="COLLECT"', ["x"], outputs, rules), NUMBER, {"x": N(1)})
    assert collected == [{"Status": "Declined", "Rate": "Standard"}, {"Status": "Approved", "Rate": "Standard"}]


def test_the_default_speaks_where_no_rule_holds() -> None:
    body = table('hitPolicy="UNIQUE"', ["x"], ["y"], STEPS, "<defaultOutputEntry><text>0</text></defaultOutputEntry>")
    assert decided(body, NUMBER, {"x": N(-1)}) == 0
    assert decided(body, NUMBER, {}) == 0


TYPES = (
    '<itemDefinition name="tStatus"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues>'
    '</itemDefinition><itemDefinition name="tAges" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    '<itemDefinition name="tLoan"><itemComponent name="annual rate"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="state"><typeRef>tStatus</typeRef></itemComponent></itemDefinition>'
)


@pytest.mark.parametrize(
    ("expression", "kind", "given", "value"),
    [
        ('"is " + x', "tStatus", "A", "is A"),
        ('"is " + x', "tStatus", "C", None),
        ("x.annual rate * 2", "tLoan", {"annual rate": N(3), "state": "A"}, N(6)),
        ("x.state", "tLoan", {"annual rate": N(3), "state": "C"}, None),
        ("sum(x)", "tAges", [N(1), N(2)], N(3)),
        ("count(x)", "tAges", N(1), N(1)),
        ("x", "number", "1", None),
        ("x", "feel:boolean", True, True),
    ],
)
def test_a_value_has_its_type_or_is_null(expression: str, kind: str, given: Any, value: Any) -> None:
    body = f"<literalExpression>{text(expression)}</literalExpression>"
    assert decided(body, {"x": kind}, {"x": given}, more=TYPES) == value


def test_a_decision_calls_a_business_knowledge_model_and_another_decision() -> None:
    content = (
        HEAD + '<inputData id="i" name="fee"><variable name="fee" typeRef="number"/></inputData>'
        '<businessKnowledgeModel id="b" name="PMT"><encapsulatedLogic><formalParameter name="p" typeRef="number"/>'
        '<formalParameter name="n" typeRef="number"/><literalExpression><text>p / n</text></literalExpression>'
        "</encapsulatedLogic></businessKnowledgeModel>"
        '<decision id="o" name="Twice Fee"><informationRequirement><requiredInput href="#i"/></informationRequirement>'
        "<literalExpression><text>2 * fee</text></literalExpression></decision>"
        '<decision id="d" name="Monthly Payment"><variable name="Monthly Payment" typeRef="number"/>'
        '<informationRequirement><requiredDecision href="#o"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement><context>'
        '<contextEntry><variable name="part"/><invocation><literalExpression><text>PMT</text></literalExpression>'
        '<binding><parameter name="p"/><literalExpression><text>1200</text></literalExpression></binding>'
        '<binding><parameter name="n"/><literalExpression><text>12</text></literalExpression></binding>'
        "</invocation></contextEntry>"
        "<contextEntry><literalExpression><text>part + Twice Fee + PMT(n: 1, p: 5)</text></literalExpression>"
        "</contextEntry></context></decision></definitions>"
    )
    assert decide(read_model(content.encode()), "Monthly Payment", {"fee": N(1)}) == 107


def test_lists_and_relations() -> None:
    cell = "<literalExpression><text>{}</text></literalExpression>"
    listed = f"<list>{cell.format(1)}{cell.format('x')}</list>"
    assert decided(listed, NUMBER, {"x": N(2)}) == [N(1), N(2)]
    relation = f'<relation><column name="a"/><row>{cell.format(1)}</row><row>{cell.format("x")}</row></relation>'
    assert decided(relation, NUMBER, {"x": N(2)}) == [{"a": N(1)}, {"a": N(2)}]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<definitions>", b"<other/>", b'<!DOCTYPE d [<!ENTITY e "x">]><definitions/>',
        b"<definitions>" + b"<a>" * 99 + b"</a>" * 99 + b"</definitions>",
        HEAD.encode() + b'<decision name="D"/></definitions>',
        b"x" * (9 << 20),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(DmnError):
        read_model(content)


def test_a_decision_that_needs_itself_or_is_not_there_is_refused() -> None:
    body = "<literalExpression><text>1</text></literalExpression>"
    looped = model(f'<informationRequirement><requiredDecision href="#D"/></informationRequirement>{body}', {})
    with pytest.raises(DmnError, match="needs itself"):
        decide(read_model(looped), "D", {})
    with pytest.raises(DmnError, match="no decision"):
        decide(read_model(model(body, {})), "E", {})
    with pytest.raises(DmnError, match="hit policy"):
        decided(table('hitPolicy="LAST"', ["x"], ["y"], STEPS), NUMBER, {})
    with pytest.raises(DmnError, match="not in the model"):
        decide(read_model(model(body, {"x": ""}).replace(b'<inputData id="x"', b'<inputData id="z"')), "D", {})
