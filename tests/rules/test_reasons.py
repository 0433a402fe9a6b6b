"""A reason names the deciding test, its distance and the first change that helps; the sentences say the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from steadyrest.rules import Node, counterfactual, evaluate, explain, parse
from steadyrest.rules.interpreter import Row
from steadyrest.rules.types import INTEGER_KINDS, Value, in_range
from tests.rules.scope import SCOPE, condition, nodes, rows

SLOW = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(node=nodes(), row=rows())
def test_a_counterfactual_really_passes(node: Node, row: Row) -> None:
    change = counterfactual(node, row)
    if evaluate(node, row) is True:
        assert change is None
    elif change is not None:
        assert evaluate(node, {**row, change.column: change.value}) is True


@SLOW
@given(node=nodes(), row=rows())
def test_no_nearer_whole_number_passes(node: Node, row: Row) -> None:
    change = counterfactual(node, row)
    if (
        change is None
        or SCOPE[change.column].kind not in INTEGER_KINDS
        or change.value is None
        or change.actual is None
    ):
        return
    value, actual = int(str(change.value)), int(str(change.actual))
    reach = min(abs(value - actual), 60)
    nearer = (near for near in range(actual - reach + 1, actual + reach) if in_range(near, SCOPE[change.column]))
    assert not any(evaluate(node, {**row, change.column: near}) for near in nearer)


@SLOW
@given(node=nodes(), row=rows())
def test_the_deciding_test_has_the_verdict_of_the_whole(node: Node, row: Row) -> None:
    reason = explain(node, row)
    assert reason.verdict is evaluate(node, row)
    assert evaluate(parse(reason.test, SCOPE), row) is reason.verdict
    assert all(part.verdict is evaluate(parse(part.test, SCOPE), row) for part in reason.tests)
    assert reason.sentence.zh != reason.sentence.en


@pytest.mark.parametrize(
    ("text", "actual", "distance", "nearest"),
    [
        ("balance_fen <= 100", 130, 30, 100),
        ("balance_fen < 100", 100, 1, 99),
        ("balance_fen >= 100", 40, 60, 100),
        ("balance_fen > 100", 40, 61, 101),
        ("balance_fen == 100", 103, 3, 100),
        ("balance_fen != 100", 100, 1, 99),
        ("balance_fen between 10 and 20", 25, 5, 20),
        ("balance_fen between 10 and 20", 7, 3, 10),
        ("not balance_fen between 10 and 20", 18, 9, 21),
        ("balance_fen between 20 and 10", 15, 5, None),
        ("debt_ratio < 0.5", 0.75, 0.25, 0.49999999999999994),
        ("staff in (5, 9)", 8, None, 9),
        ("staff not in (5, 6)", 5, None, 4),
        ("due_on <= 2022-12-31", date(2023, 1, 5), 5, date(2022, 12, 31)),
        ("due_on > 2022-12-31", date(2022, 12, 31), 1, date(2023, 1, 1)),
        ('quality in ("FQ01", "FQ02")', "FQ04", None, "FQ01"),
        ('quality not in ("FQ01", "FQ02")', "FQ02", None, "FQ03"),
        ("is_hit", False, None, True),
        ("not is_hit", True, None, False),
        ("not exists staff", 4, None, None),
        ('name == "a"', "b", None, "a"),
    ],
)
def test_distance_and_nearest_value(text: str, actual: Value, distance: float | None, nearest: Value | None) -> None:
    node = parse(text, SCOPE)
    (column,) = {leaf for leaf in SCOPE if leaf in text.split()}
    reason = explain(node, {column: actual})
    assert (reason.verdict, reason.column, reason.actual, reason.distance) == (False, column, actual, distance)
    assert (reason.counterfactual.value if reason.counterfactual else None) == nearest


def test_a_threshold_that_is_a_column_shows_its_value() -> None:
    row = {"drawn_on": date(2022, 7, 9), "due_on": date(2022, 7, 4)}
    reason = explain(parse("drawn_on < due_on", SCOPE), row)
    assert reason.threshold == (date(2022, 7, 4),)
    assert reason.distance == 6
    assert reason.sentence.en == (
        "Not met: required is drawn on is before due on (2022-07-04); "
        "it is drawn on 2022-07-09, due on 2022-07-04, off by 6 days in drawn on."
    )
    assert reason.counterfactual
    assert reason.counterfactual.sentence.en == "Would be met if drawn on is 2022-07-03; it is 2022-07-09."


def test_money_rates_days_and_codes_are_printed_with_their_units() -> None:
    reason = explain(parse("balance_fen <= 1_000_000_000", SCOPE), {"balance_fen": 1_200_000_000})
    assert (
        reason.sentence.zh == "不满足：要求余额不超过 10,000,000.00 元；现为 12,000,000.00 元，相差 2,000,000.00 元。"
    )
    reason = explain(parse("loan_rate_e7 <= 435000", SCOPE), {"loan_rate_e7": 436_000})
    assert reason.sentence.en == "Not met: required is rate is at most 4.35%; it is 4.36%, off by 0.01%."
    reason = explain(parse('quality in ("FQ01", "FQ02")', SCOPE), {"quality": "FQ03"})
    assert (
        reason.sentence.en
        == "Not met: required is quality is one of FQ01 normal, FQ02 special mention; it is FQ03 substandard."
    )
    reason = explain(parse("past_due_days < 90 or grace_months >= 6", SCOPE), {"past_due_days": 95, "grace_months": 2})
    assert reason.sentence.zh == (
        "不满足：要求逾期天数小于 90 天，或者宽限期不低于 6 个月；"
        "现为 逾期天数 95 天、宽限期 2 个月，相差 逾期天数 6 天。"
    )


def test_what_is_missing_is_named_and_comes_first_in_the_change() -> None:
    reason = explain(parse('quality == "FQ01" or is_hit', SCOPE), {"quality": "FQ03"})
    assert reason.verdict is None
    assert reason.column == "is_hit"
    assert reason.sentence.en == "Cannot be told: required is quality is FQ01 normal, or hit: yes; hit is missing."
    assert reason.counterfactual
    assert reason.counterfactual.sentence.en == "Would be met if hit is yes; it is empty."


def test_no_single_field_may_help() -> None:
    reason = explain(parse("staff > 5 and sites > 5", SCOPE), {"staff": 1, "sites": 1})
    assert reason.counterfactual is None
    assert [part.distance for part in reason.tests] == [5, 5]


def test_a_failed_soft_condition_says_that_a_person_decides() -> None:
    hard = explain(condition(0, "staff > 5"), {"staff": 1}).sentence
    soft = explain(condition(0, "staff > 5", is_soft=True), {"staff": 1}).sentence
    assert soft.en == f"{hard.en} The source does not bear a refusal by itself: a person decides."
    assert soft.zh == f"{hard.zh}依据不足以直接拒绝，转人工判断。"
    assert explain(condition(0, "staff > 5", is_soft=True), {"staff": 6}).sentence.en == (
        "Met: staff is more than 5; it is 6."
    )
