"""Amounts: one unit a report, and printed parts that add up to the printed total."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.report.amounts import FEN_PER_CENT, cents, choose_unit, part_cents, percent, show_cents, unit_label

UNITS = tuple(FEN_PER_CENT)


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.integers(-(10**15), 10**15), max_size=40), unit=st.sampled_from(UNITS))
def test_printed_parts_add_up_to_the_printed_total(parts: list[int], unit: str) -> None:
    assert sum(part_cents(parts, unit)) == cents(sum(parts), unit)


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.integers(-(10**15), 10**15), max_size=40), unit=st.sampled_from(UNITS))
def test_no_part_moves_by_a_whole_hundredth(parts: list[int], unit: str) -> None:
    step = FEN_PER_CENT[unit]
    for part, printed in zip(parts, part_cents(parts, unit), strict=True):
        assert abs(printed * step - part) < step


@pytest.mark.parametrize(
    ("fen", "unit"), [(0, "yuan"), (10**9 - 1, "yuan"), (10**9, "wan"), (10**13 - 1, "wan"), (10**13, "yi")]
)
def test_unit_follows_the_size_of_the_book(fen: int, unit: str) -> None:
    assert choose_unit(fen) == unit


def test_a_currency_stands_by_its_name_or_else_by_its_code() -> None:
    assert unit_label("wan", "CNY").zh == "万元"
    assert unit_label("wan", "USD").zh == "万美元"
    assert unit_label("yi", "XAF").en == "100m XAF"


def test_signs_and_shares() -> None:
    assert show_cents(-123456) == "−1,234.56"
    assert percent(2, 3) == "66.7%"
    assert percent(5, 0) == "–"
