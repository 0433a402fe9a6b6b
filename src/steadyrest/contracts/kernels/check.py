"""Which terms are possible: the first thing that is wrong with a loan, as a status."""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import FIRST_DAY, LAST_DAY
from steadyrest.contracts.kernels.layout import AMORTISATION as METHOD
from steadyrest.contracts.kernels.layout import (
    AMOUNT_LIMIT,
    BAD_AMOUNT,
    BAD_CYCLE,
    BAD_DATES,
    BAD_FIRST_DUE,
    BAD_INTEREST_DAY,
    BAD_PREFIX,
    BAD_RATE,
    BALLOON,
    BULLET,
    DRAWN,
    FIRST_DUE,
    HOLIDAY,
    INTEREST_CYCLE,
    INTEREST_DAY,
    INTEREST_ONLY,
    IS_KNOWN,
    LEVEL,
    MATURITY,
    MAX_PERIODS,
    MISSING,
    MONTHS_LIMIT,
    NO_DAY,
    OK,
    OVER_LIMIT,
    PRINCIPAL,
    PRINCIPAL_CYCLE,
    RATE,
    RATE_FROM,
    RATE_LIMIT,
    RATE_TO,
)


@kernel
def check_terms(t: Any, rates: Any, i: int) -> int:
    """The status of one loan before anything is computed."""
    if t[i, IS_KNOWN] == 0:
        return MISSING
    principal, balloon = t[i, PRINCIPAL], t[i, BALLOON]
    if principal <= 0 or balloon < 0 or balloon >= principal:
        return BAD_AMOUNT
    if principal > AMOUNT_LIMIT:
        return OVER_LIMIT
    drawn, maturity, first = t[i, DRAWN], t[i, MATURITY], t[i, FIRST_DUE]
    if maturity <= drawn or drawn < FIRST_DAY or maturity > LAST_DAY:
        return BAD_DATES
    if first != NO_DAY and (first <= drawn or first > LAST_DAY):
        return BAD_FIRST_DUE
    status = check_cycles(t, i)
    if status != OK:
        return status
    for r in range(t[i, RATE_FROM], t[i, RATE_TO]):
        if rates[r, RATE] < 0 or rates[r, RATE] > RATE_LIMIT:
            return BAD_RATE
    return OK


@kernel
def check_cycles(t: Any, i: int) -> int:
    """Interest cycle, settlement day, principal cycle and prefixes."""
    cycle, day = t[i, INTEREST_CYCLE], t[i, INTEREST_DAY]
    if cycle < 1 or cycle > MONTHS_LIMIT:
        return BAD_CYCLE
    if day < 0 or day > 31:
        return BAD_INTEREST_DAY
    if day > 0 and 12 % cycle != 0:
        return BAD_CYCLE
    if min(t[i, INTEREST_ONLY], t[i, HOLIDAY]) < 0 or max(t[i, INTEREST_ONLY], t[i, HOLIDAY]) > MAX_PERIODS:
        return BAD_PREFIX
    if t[i, METHOD] == BULLET:
        return OK
    principal_cycle = t[i, PRINCIPAL_CYCLE]
    if principal_cycle < cycle or principal_cycle > MONTHS_LIMIT or principal_cycle % cycle != 0:
        return BAD_CYCLE
    if t[i, METHOD] == LEVEL and principal_cycle != cycle:
        return BAD_CYCLE
    return OK
