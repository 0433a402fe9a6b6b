"""The only door between floats and money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.units import (
    FEN_LIMIT,
    Rounding,
    amount_label,
    format_fen,
    format_rate_e7,
    interest_fen,
    parse_fen,
    parse_rate_e7,
    round_fen,
    round_fraction,
)

amounts = st.integers(-FEN_LIMIT + 1, FEN_LIMIT - 1)


@given(amounts)
def test_money_comes_back_as_it_was_written(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen


@given(st.integers(-(10**9), 10**9))
def test_a_rate_comes_back_as_it_was_written(rate: int) -> None:
    assert parse_rate_e7(format_rate_e7(rate)) == rate


@given(st.fractions(), st.sampled_from(Rounding))
def test_rounding_moves_less_than_one_unit(value: Fraction, rounding: Rounding) -> None:
    rounded = round_fraction(value, rounding)
    assert abs(rounded - value) < 1
    assert round_fraction(-value, rounding) == -rounded


@given(st.integers(0, 10**15), st.integers(0, 10**7), st.integers(0, 4000))
def test_interest_is_the_decimal_result_rounded_once(principal: int, rate: int, days: int) -> None:
    exact = Decimal(principal) * rate * days / (Decimal(10**7) * 360)
    assert interest_fen(principal, rate, days, 360) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("text", ["", "5.001", "1e5", "1,00", "五", "NaN", "1000000000000000.00", "--1", "1.2.3"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        parse_fen(text)


@pytest.mark.parametrize("text", ["5.0", "5", "3.650001%", "%", "3,65%", ""])
def test_a_rate_needs_its_percent_sign_and_at_most_five_decimals(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate|decimals"):
        parse_rate_e7(text)


def test_units_people_speak() -> None:
    assert format_fen(123_456_789_012, "yi") == "12.35"
    assert amount_label(123_456_789_012, "wan", "zh") == "123,456.79 万元"
    assert round_fen(2.5) == 3
