"""The level instalment in exact rational arithmetic, for the few that float64 cannot round with certainty."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from steadyrest.contracts.kernels import layout
from steadyrest.contracts.kernels.fold import fold
from steadyrest.contracts.kernels.money import divisor_of
from steadyrest.contracts.rates import Matrix
from steadyrest.contracts.schedule import Resolved
from steadyrest.units import RATE_ONE, Rounding, round_fraction

_ROUNDING = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.UP, Rounding.DOWN)


def level_instalment(
    balance_fen: int, rate_e7: int, periods: int, *, months: int = 1, rounding: Rounding = Rounding.HALF_UP
) -> int:
    """The level instalment in fen at rate/12 a month, exact.

    >>> level_instalment(100_000_000, 435_000, 12)
    8530990
    """
    if rate_e7 == 0:
        return round_fraction(Fraction(balance_fen, periods), rounding)
    rate = Fraction(rate_e7 * months, 12 * RATE_ONE)
    growth = (1 + rate) ** periods
    return round_fraction(balance_fen * rate * growth / (growth - 1), rounding)


def actual_instalment(balance_fen: int, rates: list[Fraction], rounding: Rounding = Rounding.HALF_UP) -> int:
    """The level instalment in fen that repays a balance exactly, given the interest rate of each period."""
    growth, annuity = Fraction(1), Fraction(0)
    for rate in rates:
        growth *= 1 + rate
        annuity += 1 / growth
    return round_fraction(balance_fen / annuity, rounding)


def exact_known(resolved: Resolved, i: int, book: int, as_of: int, scratch: Matrix) -> Matrix:
    """All instalments of one loan, each settled exactly that lies near a tie, in the order they are fixed."""
    known = np.zeros(0, np.int64)
    while True:
        parts = (resolved.terms, resolved.rates, resolved.events)
        status, _ = fold(*parts, i, scratch, known, book, as_of)
        known = scratch[layout.TIE, : scratch[layout.COUNTS, layout.FIXES]].copy()
        if status != layout.NEAR_TIE:
            return known
        known[-1] = _settle(resolved.terms[i], scratch)


def _settle(terms: Matrix, scratch: Matrix) -> int:
    """The instalment the kernel stopped at."""
    balance, rate_e7, periods = (int(value) for value in scratch[layout.TIE_BALANCE, :3])
    rounding = _ROUNDING[terms[layout.INSTALMENT_ROUNDING]]
    if terms[layout.LEVEL_BASIS] == layout.TWELFTHS or rate_e7 == 0:
        months = int(terms[layout.INTEREST_CYCLE])
        return level_instalment(balance, rate_e7, periods, months=months, rounding=rounding)
    divisor = divisor_of(int(terms[layout.DAY_COUNT]))
    days = (int(value) for value in scratch[layout.TIE_DAYS, :periods])
    return actual_instalment(balance, [Fraction(rate_e7 * count, divisor) for count in days], rounding)
