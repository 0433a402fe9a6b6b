"""FEEL by examples of the standard and its corners: arithmetic, three values, names with blanks, days and durations."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal as N
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.rules.dmn import DmnError
from steadyrest.rules.dmn.feel import expression
from steadyrest.rules.dmn.values import Months, to_text
from tests.rules.dmn.models import feel, holds


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", N(7)),
        ("(1 + 2) * 3", N(9)),
        ("2 ** 3 ** 2", N(64)),
        ("-2 ** 2", N(4)),
        ("10--5", N(15)),
        ("10 ** -5", N("0.00001")),
        ("1 / 3", N("0.3333333333333333333333333333333333")),
        (".5 + 1", N("1.5")),
        ("1.2e3", N(1200)),
        ("1 / 0", None),
        ("null + 1", None),
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ('"\\u6a2a\\n\\""', '横\n"'),
        ('"\\uD83D\\uDC0E"', "🐎"),
        ("1 < 2", True),
        ('1 < "2"', None),
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("null = null", True),
        ("null < 1", None),
        ("1 != 2", True),
        ("5 between 1 and 5", True),
        ("5 in (1..5)", False),
        ("5 in [1..5]", True),
        ("5 in ]1..5]", True),
        ("5 in (< 3, > 4)", True),
        ("5 in 5", True),
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or null", None),
        ("true and 1", None),
        ("not(null)", None),
        ("not(false)", True),
        ("if 1 > 2 then 3 else 4", N(4)),
        ("[1, 2, 3][2]", N(2)),
        ("[1, 2, 3][-1]", N(3)),
        ("[1, 2, 3][item > 1]", [N(2), N(3)]),
        ("[1, 2, 3][4]", None),
        ("{a: 1, b: a + 1}.b", N(2)),
        ("for x in [1, 2] return x * 2", [N(2), N(4)]),
        ("for x in 3..1 return x", [N(3), N(2), N(1)]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("sum([1, 2, 3])", N(6)),
        ("min(3, 1, 2)", N(1)),
        ("max([])", None),
        ("mean(1, 2)", N("1.5")),
        ("count([1, null])", N(2)),
        ('contains("foobar", "ob")', True),
        ('substring("foobar", -2, 1)', "a"),
        ('string length("横綱")', N(2)),
        ('upper case("aBc")', "ABC"),
        ("list contains([1, 2], 2)", True),
        ("modulo(-12, 5)", N(3)),
        ("floor(-1.5)", N(-2)),
        ("decimal(1.125, 2)", N("1.12")),
        ("number(\"1 000,5\", \" \", \",\")", N("1000.5")),
        ("string(1.50)", "1.5"),
        ('date("2017-08-10")', date(2017, 8, 10)),
        ("date(2017, 8, 31) + duration(\"P1M\")", date(2017, 9, 30)),
        ('date("2017-02-30")', None),
        ('date("2017-08-10") - date("2017-08-01")', timedelta(days=9)),
        ('date("2017-08-10").month', N(8)),
        ('@"2017-08-10"', date(2017, 8, 10)),
        ('date and time("2017-08-10T10:20:00")', datetime(2017, 8, 10, 10, 20)),
        ('time("11:59:45").minute', N(59)),
        ('time("23:00:00") + duration("PT2H")', time(1)),
        ('duration("P1Y2M")', Months(14)),
        ('duration("P1Y2M").years', N(1)),
        ('duration("PT90M").hours', N(1)),
        ('duration("P1DT1H") = duration("PT25H")', True),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', Months(20)),
        ("date(month: 2, day: 1, year: 2020)", date(2020, 2, 1)),
        ("5 instance of number", True),
        ("nothing", None),
        ("nothing(1)", None),
        ("abs(from: 1)", None),
        ("1 // a remark\n + 2 /* and another */", N(3)),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(text: str, value: Any) -> None:
    found = feel(text)
    assert (found, type(found)) == (value, type(value))


def test_names_may_hold_blanks_and_signs() -> None:
    assert feel("Monthly Salary * 12", Monthly_Salary=N(10)) == 120
    assert feel("Monthly  Salary-1", Monthly_Salary=N(10), Monthly=N(1)) == 9
    assert feel("loan.annual rate / 12", loan={"annual rate": N(24)}, annual_rate=None) == 2


@pytest.mark.parametrize(
    ("tests", "value", "is_held"),
    [
        ("-", None, True), ("", 1, True), (">= 18", N(18), True), ("< 18", N(18), False), ("< 18", None, None),
        ('"a", "b"', "b", True), ('not("a", "b")', "b", False), ("not(null)", N(1), True), ("[1..3)", N(3), False),
        ("[1, 2]", N(2), True), ("? > 2 and ? < 5", N(4), True), ("null", None, True), ("limit", N(5), True),
        ("> limit", N(6), True), ("true", "true", None), ("(1..3), 7", N(7), True),
    ],
)  # fmt: skip
def test_unary_tests(tests: str, value: Any, is_held: bool | None) -> None:
    found = holds(tests, value if not isinstance(value, int) or isinstance(value, bool) else N(value), limit=N(5))
    assert found is is_held


@pytest.mark.parametrize(
    "text",
    ["1 +", "(1", "[1", '"a', "1 2", "if 1 then 2", "#", "1 between 2", "for x return 1", "a.",
     "(" * 99 + "1" + ")" * 99, "{", "1 in", "{a 1}", "]1"],
)  # fmt: skip
def test_what_is_not_feel_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(DmnError):
        feel(text)


@given(st.text(st.sampled_from('0123.+-*/()[]<>=,ab" .?not{}:in'), max_size=24))
def test_no_text_brings_anything_but_a_value_or_a_refusal(text: str) -> None:
    with suppress(DmnError):
        feel(text, a=N(1), b="x")


@given(st.decimals(-(10**6), 10**6, places=4), st.decimals(-(10**6), 10**6, places=4))
def test_numbers_are_decimal(a: N, b: N) -> None:
    assert feel("a + b - b", a=a, b=b) == a
    assert feel(f"{a:f} = a", a=a) is True
    assert N(to_text(a) or "") == a


def test_a_name_without_letters_is_no_name() -> None:
    assert expression("a + 1", ["", " ", "a"])({"a": N(1)}) == 2
