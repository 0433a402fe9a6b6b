"""Integer money inside kernels: exact quotients, rounding rules, interest segments, the level instalment."""

from __future__ import annotations

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import days_30e360

HALF_UP, HALF_EVEN, UP, DOWN = 0, 1, 2, 3
A360, A365F, E30360 = 0, 1, 2
RATE_ONE = 10_000_000
GUARD = 2_500_000_000
"""rate_e7 x days of one segment must stay below this, or remainders could pass 2^63."""


@kernel
def rounded(whole: int, rest: int, divisor: int, rounding: int) -> int:
    """`whole + rest/divisor` as an integer, for 0 <= rest < divisor and a non-negative whole."""
    if rest == 0 or rounding == DOWN:
        return whole
    if rounding == UP:
        return whole + 1
    twice = 2 * rest
    if twice > divisor or (twice == divisor and (rounding == HALF_UP or whole % 2 == 1)):
        return whole + 1
    return whole


@kernel
def segment(balance: int, rate_e7: int, days: int, basis: int) -> tuple[int, int]:
    """Interest of one segment as whole fen and a remainder over `RATE_ONE * basis`, without overflow."""
    divisor = RATE_ONE * basis
    factor = rate_e7 * days
    product = (balance % divisor) * factor
    return (balance // divisor) * factor + product // divisor, product % divisor


@kernel
def days_between(start: int, end: int, day_count: int) -> int:
    """Days of a period under a day count."""
    return days_30e360(start, end) if day_count == E30360 else end - start


@kernel
def basis_of(day_count: int) -> int:
    """Days of the year under a day count."""
    return 365 if day_count == A365F else 360


@kernel
def level_instalment(balance: int, rate_e7: int, months: int, periods: int, rounding: int) -> tuple[int, bool]:
    """The level instalment at rate/12 a month in float64, rounded; and whether it lies too near a tie to be trusted."""
    if rate_e7 == 0:
        return rounded(balance // periods, balance % periods, periods, rounding), False
    rate = rate_e7 * months / (12.0 * RATE_ONE)
    exact = balance * rate / (1.0 - (1.0 + rate) ** -periods)
    low = int(exact)
    fraction = exact - low
    window = 1e-6 + exact * 1e-13
    edge = fraction - 0.5 if rounding in (HALF_UP, HALF_EVEN) else fraction
    near = abs(edge) < window or (rounding in (UP, DOWN) and 1.0 - fraction < window)
    if rounding in (HALF_UP, HALF_EVEN):
        return (low + 1 if fraction >= 0.5 else low), near
    return (low + 1 if rounding == UP and fraction > 0.0 else low), near
