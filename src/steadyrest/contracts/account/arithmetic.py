"""The two arithmetics of the fold. The fold is written once and asks one of them for every number.

`Exact`   money in whole minor units, rates in 1e-7, what lies between as a fraction; rounded where money changes hands.
`Real`    float64 without rounding: ACTUS conformance and pricing.

Terms hold fractions as they were written, so both start from the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol, TypeAlias

from steadyrest.contracts.account.daycount import YearFraction
from steadyrest.contracts.account.faults import TermsError
from steadyrest.units import FEN_LIMIT, RATE_ONE, Rounding, round_fraction

Number: TypeAlias = Fraction | float
"""An amount or a rate of one arithmetic. `Exact` yields `int` and `Fraction`, `Real` yields `float`."""


class Arithmetic(Protocol):
    """What the fold asks for. Plus, minus, comparison and sign of numbers are those of the language."""

    def money(self, value: Fraction, field: str) -> Number:
        """An amount of the terms, in units of the currency."""

    def rate(self, value: Fraction, field: str) -> Number:
        """A yearly rate of the terms."""

    def computed_rate(self, value: Fraction) -> Number:
        """A yearly rate that was computed from an observation."""

    def interest(self, balance: Number, rate: Number, fraction: YearFraction) -> Number:
        """Simple interest of a segment in which balance and rate do not change."""

    def part(self, amount: Number, share: Fraction) -> Number:
        """A share of an amount, not rounded."""

    def settle(self, amount: Number) -> Number:
        """An amount at the moment it is paid or joins the balance."""

    def close(self, amount: Number) -> Number:
        """Interest of a segment when its balance or rate changes."""

    def instalment(self, amount: Number) -> Number:
        """An instalment that is fixed for the periods to come: a level payment, or an equal part of principal."""

    def level(self, balance: Number, due: Number, rate: Number, fractions: Sequence[YearFraction]) -> Number:
        """The instalment that clears a balance, with interest already due, at the ends of the periods to come."""


@dataclass(frozen=True, slots=True)
class Exact:
    """Whole minor units. `decimals` of the currency; interest is rounded when it is settled, or in every segment of one
    balance and one rate; a level instalment by its own rule. `multiple` and `instalment_multiple` are in minor units.

    >>> Exact().settle(Exact().interest(100_000_000, 435_000, YearFraction(92, 360)))
    1111667
    """

    rounding: Rounding = Rounding.HALF_UP
    multiple: int = 1
    instalment_rounding: Rounding = Rounding.HALF_UP
    instalment_multiple: int = 1
    per: Literal["settlement", "segment"] = "settlement"
    decimals: int = 2

    def money(self, value: Fraction, field: str) -> int:
        """Amounts with more decimals than the currency, or past the limit, are impossible terms."""
        minor = value * int(10**self.decimals)
        if minor.denominator != 1:
            raise TermsError("too_many_decimals", field, value=_text(value), decimals=self.decimals)
        if abs(minor) >= FEN_LIMIT:
            raise TermsError("over_limit", field, value=_text(value), limit=FEN_LIMIT // 10**self.decimals)
        return minor.numerator

    def rate(self, value: Fraction, field: str) -> int:
        """Rates finer than 1e-7 are impossible terms."""
        units = value * RATE_ONE
        if units.denominator != 1:
            raise TermsError("too_many_decimals", field, value=_text(value), decimals=7)
        return units.numerator

    def computed_rate(self, value: Fraction) -> int:
        """Rounded half up to 1e-7, the unit in which rates are quoted."""
        return round_fraction(value * RATE_ONE)

    def interest(self, balance: Number, rate: Number, fraction: YearFraction) -> Number:
        """Exact."""
        return Fraction(balance) * Fraction(rate) * fraction.numerator / (RATE_ONE * fraction.denominator)

    def part(self, amount: Number, share: Fraction) -> Number:
        """Exact."""
        return Fraction(amount) * share

    def settle(self, amount: Number) -> int:
        """Rounded to the multiple."""
        return round_fraction(Fraction(amount) / self.multiple, self.rounding) * self.multiple

    def close(self, amount: Number) -> Number:
        """Rounded only where the contract rounds every segment."""
        return self.settle(amount) if self.per == "segment" else amount

    def instalment(self, amount: Number) -> int:
        """Rounded to its own multiple by its own rule."""
        exact = Fraction(amount) / self.instalment_multiple
        return round_fraction(exact, self.instalment_rounding) * self.instalment_multiple

    def level(self, balance: Number, due: Number, rate: Number, fractions: Sequence[YearFraction]) -> int:
        """In fractions to the end, then rounded once."""
        growths = [1 + Fraction(rate) * part.numerator / (RATE_ONE * part.denominator) for part in fractions]
        value, weight = Fraction(balance), Fraction(0)
        for growth in growths:
            value, weight = value * growth, weight * growth + 1
        owed = Fraction(due)
        for growth in growths[1:]:
            owed *= growth
        return self.instalment((value + owed) / weight)


@dataclass(frozen=True, slots=True)
class Real:
    """float64, never rounded. Amounts in units of the currency, rates as parts of one.

    >>> Real().interest(3000.0, 0.1, YearFraction(90, 360))
    75.0
    """

    def money(self, value: Fraction, field: str) -> float:
        """The nearest float."""
        return float(value)

    def rate(self, value: Fraction, field: str) -> float:
        """The nearest float."""
        return float(value)

    def computed_rate(self, value: Fraction) -> float:
        """The nearest float."""
        return float(value)

    def interest(self, balance: Number, rate: Number, fraction: YearFraction) -> float:
        """Balance x rate x part of the year."""
        return float(balance) * float(rate) * (fraction.numerator / fraction.denominator)

    def part(self, amount: Number, share: Fraction) -> float:
        """Amount x share."""
        return float(amount) * float(share)

    def settle(self, amount: Number) -> float:
        """The amount itself."""
        return float(amount)

    def close(self, amount: Number) -> float:
        """The amount itself."""
        return float(amount)

    def instalment(self, amount: Number) -> float:
        """The amount itself."""
        return float(amount)

    def level(self, balance: Number, due: Number, rate: Number, fractions: Sequence[YearFraction]) -> float:
        """The same closed form as the exact one."""
        growths = [1.0 + float(rate) * (part.numerator / part.denominator) for part in fractions]
        value, weight, owed = float(balance), 0.0, float(due)
        for growth in growths:
            value, weight = value * growth, weight * growth + 1.0
        for growth in growths[1:]:
            owed *= growth
        return (value + owed) / weight


def _text(value: Fraction) -> str:
    return str(float(value)) if value.denominator != 1 else str(value)
