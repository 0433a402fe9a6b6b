"""Effective rates and present values in decimals of fifty digits, by halving an interval: slow, and free of steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise

Flow = tuple[date, int]
DIGITS = 50


def present_value(flows: Sequence[Flow], daily: Decimal, on: date) -> Decimal:
    """Value at the end of a day of the flows after it, at a daily log-rate."""
    with localcontext() as context:
        context.prec = DIGITS
        return sum((amount * (-daily * (day - on).days).exp() for day, amount in flows if day > on), Decimal(0))


def value_of_all(flows: Sequence[Flow], daily: Decimal) -> Decimal:
    """Value of all flows on the day of the first."""
    with localcontext() as context:
        context.prec = DIGITS
        first = flows[0][0]
        return sum((amount * (-daily * (day - first).days).exp() for day, amount in flows), Decimal(0))


def rate_between(flows: Sequence[Flow], low: Decimal, high: Decimal) -> Decimal:
    """The root of an interval whose ends have different signs, to 1e-28."""
    with localcontext() as context:
        context.prec = DIGITS
        at_low = value_of_all(flows, low)
        assert at_low * value_of_all(flows, high) < 0, "no change of sign"
        while high - low > Decimal("1e-28"):
            middle = (low + high) / 2
            if (value_of_all(flows, middle) < 0) == (at_low < 0):
                low = middle
            else:
                high = middle
        return (low + high) / 2


def sign_changes(flows: Sequence[Flow], grid: Sequence[Decimal]) -> int:
    """How often the value changes its sign over a grid of rates: a lower bound of the number of rates."""
    signs = [value_of_all(flows, rate) > 0 for rate in grid]
    return sum(a != b for a, b in pairwise(signs))
