"""Amounts as a report prints them: one unit a report, and parts that add up to the printed total.

>>> shown_parts([100, 100, 100], "yuan")
['1.00', '1.00', '1.00']
>>> shown_parts([3_333_333, 3_333_333, 3_333_334], "wan")  # 10.00 in all, so one part carries the odd hundredth
['3.33', '3.33', '3.34']
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from steadyrest.text import Text, catalogue, label
from steadyrest.units import round_fraction

FEN_PER_CENT = {"yuan": 1, "wan": 10**4, "yi": 10**8}
"""How many fen make one hundredth of the unit."""

_WAN_FROM_FEN = 10**9
_YI_FROM_FEN = 10**13


def choose_unit(largest_fen: int) -> str:
    """Yuan below 10 million yuan, 万元 below 100 billion, 亿元 from there: by the largest total of the report."""
    if abs(largest_fen) < _WAN_FROM_FEN:
        return "yuan"
    return "wan" if abs(largest_fen) < _YI_FROM_FEN else "yi"


def unit_label(unit: str, currency: str) -> Text:
    """The unit in words: the yuan by its units, another currency by its name where it is known, else by its code."""
    if currency == "CNY":
        return label(f"unit.{unit}")
    named = catalogue().get(f"report.currency.{currency}", Text(zh=currency, en=currency))
    pattern = label(f"report.unit.{unit}")
    return Text(zh=pattern.zh.format(currency=named.zh), en=pattern.en.format(currency=named.en))


def cents(fen: int, unit: str) -> int:
    """Hundredths of the unit, half-up."""
    return round_fraction(Fraction(fen, FEN_PER_CENT[unit]))


def part_cents(parts_fen: Sequence[int], unit: str) -> list[int]:
    """Hundredths of the unit for each part, by largest remainder, so that they add up to the rounded total.

    Of equal remainders the earlier part is rounded up. Negative parts are allowed.
    """
    step = FEN_PER_CENT[unit]
    floors = [part // step for part in parts_fen]
    short = cents(sum(parts_fen), unit) - sum(floors)
    order = sorted(range(len(floors)), key=lambda index: (-(parts_fen[index] % step), index))
    for index in order[:short]:
        floors[index] += 1
    return floors


def show_cents(value: int) -> str:
    """Hundredths as a decimal with thousands separators; the minus sign is a real one."""
    sign = "−" if value < 0 else ""
    return f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02d}"


def shown(fen: int, unit: str) -> str:
    """One amount in the unit, two decimals, half-up."""
    return show_cents(cents(fen, unit))


def shown_parts(parts_fen: Sequence[int], unit: str) -> list[str]:
    """Parts of one total as they are printed."""
    return [show_cents(value) for value in part_cents(parts_fen, unit)]


def percent(part: int, whole: int) -> str:
    """A share with one decimal, or a dash when there is nothing to share.

    >>> percent(1, 3), percent(0, 0)
    ('33.3%', '–')
    """
    if not whole:
        return "–"
    tenths = round_fraction(Fraction(part * 1000, whole))
    return f"{tenths // 10}.{tenths % 10}%"
