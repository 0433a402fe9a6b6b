"""The contract as signed: the principal of every period, and a straight walk for loans nothing has happened to."""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import months_and_days
from steadyrest.contracts.kernels.interest import period_interest, rate_at
from steadyrest.contracts.kernels.layout import (
    ACTUAL,
    AMORTISATION,
    BALLOON,
    BULLET,
    COUNTS,
    DAY,
    DAY_COUNT,
    DRAWN,
    EVEN_PRINCIPAL,
    EVENT_FROM,
    EVENT_TO,
    FIXES,
    FROM_BOOK,
    HALF_EVEN,
    HAS_DEFERRED,
    HOLIDAY,
    INSTALMENT_ROUNDING,
    INTEREST_CYCLE,
    INTEREST_ONLY,
    LEVEL,
    LEVEL_BASIS,
    M12D360,
    MATURITY,
    NEAR_TIE,
    OK,
    P_MOVED,
    P_PLAN,
    P_START,
    P_VOID,
    PERIODS,
    PLANNED,
    PRINCIPAL,
    PRINCIPAL_CYCLE,
    RATE,
    RATE_FROM,
    RATE_TO,
    ROUNDING,
    ROW_DAY,
    ROW_INTEREST,
    ROW_PRINCIPAL,
    TIE,
    TIE_BALANCE,
    TIE_DAYS,
)
from steadyrest.contracts.kernels.money import (
    bias_of,
    days_between,
    divisor_of,
    level_instalment,
    ordinal,
    rounded,
    settle_estimate,
)


@kernel
def free_periods(t: Any, i: int) -> int:
    """Periods without principal: the payment holiday, then interest only; for a bullet all but the last."""
    return int(t[i, HOLIDAY] + t[i, INTEREST_ONLY])


@kernel
def even_share(t: Any, i: int, periods: int) -> int:
    """The equal part of the principal that falls due every principal cycle."""
    step = t[i, PRINCIPAL_CYCLE] // t[i, INTEREST_CYCLE]
    payments = (periods - free_periods(t, i) + step - 1) // step
    amortised = t[i, PRINCIPAL] - t[i, BALLOON]
    return rounded(amortised // payments, amortised % payments, payments, t[i, INSTALMENT_ROUNDING])


@kernel
def is_payment(t: Any, i: int, k: int, periods: int) -> bool:
    """Whether principal falls due at the end of period k."""
    if k == periods - 1:
        return True
    free = free_periods(t, i)
    if k < free or t[i, AMORTISATION] == BULLET:
        return False
    return bool((k - free + 1) * t[i, INTEREST_CYCLE] % t[i, PRINCIPAL_CYCLE] == 0)


@kernel
def takes_part(s: Any, j: int) -> bool:
    """Whether an entry is in a pass over the plan: all are, but those once parked are not in a fit to the book."""
    return bool(s[COUNTS, FROM_BOOK] == 0 or (s[P_MOVED, j] % 2 == 0 and s[P_VOID, j] == 0))


@kernel
def actual_instalment(t: Any, i: int, s: Any, balance: int, rate_e7: int, first: int) -> tuple[int, bool]:
    """The instalment that amortises exactly over the actual days of the plan entries from `first` on.

    The days go to the scratch, so that a near tie can be settled exactly.
    """
    day_count, growth, annuity, n = t[i, DAY_COUNT], 1.0, 0.0, 0
    for j in range(first, s[COUNTS, PLANNED]):
        if takes_part(s, j):
            days = days_between(s[P_START, j], s[P_PLAN, j], day_count, t[i, MATURITY])
            s[TIE_DAYS, n] = days
            n += 1
            growth *= 1.0 + rate_e7 * days / (1.0 * divisor_of(day_count))
            annuity += 1.0 / growth
    return settle_estimate(balance / annuity, t[i, INSTALMENT_ROUNDING])


@kernel
def fixed_instalment(
    t: Any, i: int, s: Any, balance: int, rate_e7: int, first: int, left: int, known: Any
) -> tuple[int, bool]:
    """(instalment fixed now for `left` entries, near a tie or not); those in `known` were settled exactly before."""
    number = s[COUNTS, FIXES]
    s[COUNTS, FIXES] = number + 1
    if number < known.size:
        s[TIE, number] = known[number]
        return known[number], False
    if t[i, LEVEL_BASIS] == ACTUAL and rate_e7 > 0:
        amount, near = actual_instalment(t, i, s, balance, rate_e7, first)
    else:
        amount, near = level_instalment(balance, rate_e7, t[i, INTEREST_CYCLE], left, t[i, INSTALMENT_ROUNDING])
    s[TIE, number], s[TIE_BALANCE, 0], s[TIE_BALANCE, 1], s[TIE_BALANCE, 2] = amount, balance, rate_e7, left
    return amount, near


@kernel
def is_plain(t: Any, i: int) -> bool:
    """Whether the straight walk is enough: plain terms, and no event."""
    return bool(t[i, EVENT_FROM] == t[i, EVENT_TO] and has_plain_terms(t, i))


@kernel
def has_plain_terms(t: Any, i: int) -> bool:
    """No payment holiday, no balloon, instalment from twelfths."""
    return bool(
        t[i, HOLIDAY] == 0 and t[i, BALLOON] == 0 and (t[i, LEVEL_BASIS] != ACTUAL or t[i, AMORTISATION] != LEVEL)
    )


@kernel
def walk(t: Any, rates: Any, i: int, s: Any, known: Any) -> int:
    """Dues of a plain loan, one row a period, into the scratch. Returns the status."""
    periods, free = s[COUNTS, PERIODS], free_periods(t, i)
    balance, method, day_count, rounding = t[i, PRINCIPAL], t[i, AMORTISATION], t[i, DAY_COUNT], t[i, ROUNDING]
    step = max(t[i, PRINCIPAL_CYCLE] // t[i, INTEREST_CYCLE], 1)
    share = even_share(t, i, periods) if method == EVEN_PRINCIPAL else 0
    has_one_rate = t[i, RATE_TO] - t[i, RATE_FROM] == 1
    rate = rates[t[i, RATE_FROM], RATE]
    divisor, maturity = divisor_of(day_count), t[i, MATURITY]
    mark = ordinal(t[i, DRAWN], day_count, maturity)
    inverse, bias, is_even = rate / divisor, bias_of(divisor, rounding), rounding == HALF_EVEN
    instalment, fixed_at, wait = 0, -1, free + step - 1
    s[COUNTS, FIXES], s[COUNTS, HAS_DEFERRED], s[COUNTS, FROM_BOOK] = 0, 0, 0
    for k in range(periods):
        start, end, before = s[DAY, k], s[DAY, k + 1], mark
        mark = ordinal(end, day_count, maturity)
        if has_one_rate:
            days = months_and_days(start, end) if day_count == M12D360 else mark - before
            # As in `simple_interest` and `rounded`, with what does not change between periods taken out of the loop.
            fen = int(balance * (inverse * days))
            left = balance * (rate * days) - fen * divisor
            if left < 0 or left >= divisor:
                fen += left // divisor
                left = left % divisor
            amount = fen + (1 if left + bias >= divisor else 0)
            if is_even and 2 * left == divisor:
                amount = fen + fen % 2
        else:
            rate = rate_at(t, rates, i, start)
            amount = period_interest(t, rates, i, start, end, balance)
        principal = 0
        if k == periods - 1:
            principal = balance
        elif method == LEVEL and k >= free:
            if rate != fixed_at:
                instalment, near = fixed_instalment(t, i, s, balance, rate, k, periods - k, known)
                fixed_at = rate
                if near:
                    return NEAR_TIE
            principal = min(max(instalment - amount, 0), balance)
        elif method == EVEN_PRINCIPAL and k == wait:
            principal = min(share, balance)
            wait += step
        s[ROW_DAY, k], s[ROW_PRINCIPAL, k], s[ROW_INTEREST, k] = end, principal, amount
        balance -= principal
    return OK
