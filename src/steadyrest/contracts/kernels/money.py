"""Integer money: exact quotients, rounding rules, interest of a stretch of days, the level instalment."""

from __future__ import annotations

import math
from typing import Final

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import months_and_days, ordinal_30e360, ordinal_30e360_isda, ordinal_actual
from steadyrest.contracts.kernels.layout import (
    A365F,
    AA,
    DOWN,
    E30360,
    E30360_ISDA,
    HALF_EVEN,
    HALF_UP,
    M12D360,
    RATE_ONE,
    UP,
)

_DIVISOR_360: Final = 360 * RATE_ONE
_DIVISOR_365: Final = 365 * RATE_ONE
_DIVISOR_ACTUAL: Final = 365 * 366 * RATE_ONE


@kernel
def divisor_of(day_count: int) -> int:
    """What balance x rate_e7 x days is divided by to give fen."""
    if day_count == AA:
        return _DIVISOR_ACTUAL
    return _DIVISOR_365 if day_count == A365F else _DIVISOR_360


@kernel
def ordinal(day: int, day_count: int, maturity: int) -> int:
    """A count of days under a day count: the days of a stretch are a difference, so stretches add up.

    Whole months and odd days (M12D360) are no such count, see `days_between`.
    """
    if day_count == E30360:
        return ordinal_30e360(day)
    if day_count == E30360_ISDA:
        return ordinal_30e360_isda(day, maturity)
    return ordinal_actual(day) if day_count == AA else day


@kernel
def days_between(start: int, end: int, day_count: int, maturity: int) -> int:
    """The days of a stretch under a day count; of actual/actual the 365 x 366 parts of a year."""
    if day_count == M12D360:
        return months_and_days(start, end)
    return ordinal(end, day_count, maturity) - ordinal(start, day_count, maturity)


@kernel
def bias_of(divisor: int, rounding: int) -> int:
    """What is added to a remainder so that it reaches the divisor where the rule rounds up."""
    if rounding == UP:
        return divisor - 1
    return 0 if rounding == DOWN else divisor // 2


@kernel
def rounded(whole: int, rest: int, divisor: int, rounding: int) -> int:
    """`whole + rest/divisor` as an integer, for 0 <= rest < divisor and a non-negative whole.

    Written as an addition, not as branches: which way an amount rounds is a coin toss no processor can foresee.
    """
    up = 1 if rest + bias_of(divisor, rounding) >= divisor else 0
    if rounding == HALF_EVEN and 2 * rest == divisor and whole % 2 == 0:
        up = 0
    return whole + up


@kernel
def simple_interest(balance: int, factor: int, divisor: int) -> tuple[int, int]:
    """balance x factor / divisor as whole fen and remainder, exact; `factor` is rate_e7 x days.

    A float64 estimate gives the whole to within a few fen, and the remainder of an estimate is exact in integers that
    wrap at 2^64, because the true remainder is small. So nothing overflows, whatever the balance and the factor.
    """
    whole = int(balance * (factor / divisor))
    rest = int(balance) * int(factor) - whole * int(divisor)
    if rest < 0 or rest >= divisor:
        whole += rest // divisor
        rest = rest % divisor
    return whole, rest


@kernel
def share_of(total: int, part: int, parts: int) -> int:
    """Part number `part` of `parts` of an amount: they differ by a fen at most and add up to it."""
    whole, rest = total // parts, total % parts
    return whole + rest * (part + 1) // parts - rest * part // parts


@kernel
def settle_estimate(exact: float, rounding: int) -> tuple[int, bool]:
    """Round a float64 estimate to fen; says whether it lies too near a tie to be trusted."""
    low = math.floor(exact)
    fraction = exact - low
    window = 1e-6 + exact * 1e-12
    if rounding in (HALF_UP, HALF_EVEN):
        return (low + 1 if fraction >= 0.5 else low), abs(fraction - 0.5) < window
    near = fraction < window or 1.0 - fraction < window
    return (low + 1 if rounding == UP and fraction > 0.0 else low), near


@kernel
def level_instalment(balance: int, rate_e7: int, months: int, periods: int, rounding: int) -> tuple[int, bool]:
    """The level instalment at rate/12 a month, and whether it must be computed exactly."""
    if rate_e7 == 0:
        return rounded(balance // periods, balance % periods, periods, rounding), False
    rate = rate_e7 * months / (12.0 * RATE_ONE)
    return settle_estimate(balance * rate / -math.expm1(-periods * math.log1p(rate)), rounding)
