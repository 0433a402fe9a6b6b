"""Money, rates and rounding: the only door between floats and money.

Money is an integer count of minor units (fen), named `_fen`. A rate is an integer of 1e-7 a year, named `_rate_e7`
(five decimals of a percent, as the official field 利率水平 holds it).

>>> parse_fen("12,345.67"), parse_rate_e7("3.65%"), format_rate_e7(365000)
(1234567, 365000, '3.65%')
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from steadyrest.text import Language, label

RATE_ONE: Final = 10_000_000
"""The rate 100 % a year in units of 1e-7."""

FEN_LIMIT: Final = 10**17
"""No single amount may reach 1e17 fen (a quadrillion yuan): sums of a whole book stay below 2^63."""

_MONEY = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_RATE = re.compile(r"[+-]?\d+(\.\d+)?%")


class Rounding(StrEnum):
    """How an exact amount becomes whole minor units. A term of the contract; half-up is the default."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


def round_fraction(value: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Round an exact value to an integer; half-up and up move away from zero, down moves towards it.

    >>> (
    ...     round_fraction(Fraction(5, 2)),
    ...     round_fraction(Fraction(-5, 2)),
    ...     round_fraction(Fraction(5, 2), Rounding.HALF_EVEN),
    ... )
    (3, -3, 2)
    """
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value.numerator), value.denominator)
    twice = 2 * rest
    if rounding is Rounding.HALF_UP:
        up = twice >= value.denominator
    elif rounding is Rounding.HALF_EVEN:
        up = twice > value.denominator or (twice == value.denominator and whole % 2 == 1)
    else:
        up = rounding is Rounding.UP and rest > 0
    return sign * (whole + int(up))


def parse_fen(text: str) -> int:
    """Read a decimal string in yuan as fen. More than two decimals, or anything else, is a `ValueError`."""
    if not _MONEY.fullmatch(text.strip()):
        raise ValueError(f"not an amount: {text!r}")
    exact = Decimal(text.strip().replace(",", "")) * 100
    if exact != exact.to_integral_value():
        raise ValueError(f"more than two decimals: {text!r}")
    if abs(exact) >= FEN_LIMIT:
        raise ValueError(f"amount over the limit: {text!r}")
    return int(exact)


def format_fen(fen: int, unit: str = "yuan") -> str:
    """Write fen as a decimal string in yuan, 万元 (wan) or 亿元 (yi), two decimals, half-up.

    >>> format_fen(1234567890), format_fen(1234567890, "wan"), format_fen(-5)
    ('12,345,678.90', '1,234.57', '-0.05')
    """
    divisor = {"yuan": 1, "wan": 10**4, "yi": 10**8}[unit]
    cents = round_fraction(Fraction(fen, divisor))
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def parse_rate_e7(text: str) -> int:
    """Read a rate such as "3.65%". A bare number is refused: "5.0" could be 5 % or 500 %."""
    if not _RATE.fullmatch(text.strip()):
        raise ValueError(f"not a rate in percent: {text!r}")
    exact = Decimal(text.strip()[:-1]) * 100_000
    if exact != exact.to_integral_value():
        raise ValueError(f"more than five decimals of a percent: {text!r}")
    return int(exact)


def format_rate_e7(rate_e7: int) -> str:
    """Write a rate as a percentage with at least two decimals.

    >>> format_rate_e7(458075), format_rate_e7(-5)
    ('4.58075%', '-0.00005%')
    """
    digits = f"{Decimal(abs(rate_e7)) / 100_000:.5f}".rstrip("0")
    whole, _, rest = digits.partition(".")
    return f"{'-' if rate_e7 < 0 else ''}{whole}.{rest.ljust(2, '0')}%"


def interest_fen(principal_fen: int, rate_e7: int, days: int, basis: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Simple interest on one balance, exact, rounded once. The scalar form of what the kernels compute.

    >>> interest_fen(100_000_000, 435_000, 92, 360)
    1111667
    """
    return round_fraction(Fraction(principal_fen * rate_e7 * days, RATE_ONE * basis), rounding)


def round_fen(amount: float) -> int:
    """Bring an estimate (a probability-weighted amount, a present value) back to money, half away from zero."""
    return round_fraction(Fraction(amount))


def amount_label(fen: int, unit: str, language: Language) -> str:
    """An amount with its unit, as reports print it.

    >>> amount_label(1234567890, "wan", "zh")
    '1,234.57 万元'
    """
    return f"{format_fen(fen, unit)} {label(f'unit.{unit}')[language]}"
