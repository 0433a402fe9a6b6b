"""The money of the moved entries: instalments along the plan, parts of spread amounts, and the fit to the book.

Amounts are settled once, after all moves: a level instalment stays what it was, interest takes its share by the
periods there now are, the last entry clears. Entries that were parked keep the amount they had in the plan.
"""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.interest import period_interest, rate_at
from steadyrest.contracts.kernels.layout import (
    AMORTISATION,
    BALLOON,
    BULLET,
    COUNTS,
    DAY,
    FIXES,
    FROM_BOOK,
    LEVEL,
    NEAR_TIE,
    OK,
    P_AMOUNT,
    P_DUE,
    P_LEVEL,
    P_LEVEL_RATE,
    P_MOVED,
    P_ORDER,
    P_PARENT,
    P_PART,
    P_PARTS,
    P_PLAN,
    P_START,
    P_VOID,
    PERIODS,
    PLANNED,
    PRINCIPAL,
    PRINCIPALS,
    SIGNED_PERIODS,
)
from steadyrest.contracts.kernels.money import share_of
from steadyrest.contracts.kernels.plan import even_share, fixed_instalment, takes_part


@kernel
def plan_amounts(t: Any, rates: Any, i: int, s: Any, known: Any) -> int:
    """Amounts of all principal entries as contracted; returns the status."""
    s[COUNTS, FIXES] = s[COUNTS, FROM_BOOK] = 0
    starts(s)
    status = pass_plan(t, rates, i, s, known, 0, t[i, PRINCIPAL] - t[i, BALLOON])
    if status != OK:
        return status
    planned = s[COUNTS, PLANNED]
    for j in range(planned, s[COUNTS, PRINCIPALS]):
        parent = s[P_PARENT, j]
        s[P_AMOUNT, j] = share_of(s[P_AMOUNT, parent], s[P_PART, j], s[P_PARTS, j]) if parent >= 0 else t[i, BALLOON]
    return OK


@kernel
def starts(s: Any) -> None:
    """The boundary before each entry of the plan: from there its interest runs."""
    k = 0
    for j in range(s[COUNTS, PLANNED]):
        while k < s[COUNTS, PERIODS] and s[DAY, k + 1] < s[P_PLAN, j]:
            k += 1
        s[P_START, j] = s[DAY, k]


@kernel
def pass_plan(t: Any, rates: Any, i: int, s: Any, known: Any, first: int, balance: int) -> int:
    """Give the entries of the plan from `first` on their principal; the last one clears."""
    if t[i, AMORTISATION] == LEVEL:
        return pass_level(t, rates, i, s, known, first, balance)
    share = balance if t[i, AMORTISATION] == BULLET else even_share(t, i, s[COUNTS, SIGNED_PERIODS])
    last = first
    for j in range(first, s[COUNTS, PLANNED]):
        if takes_part(s, j):
            s[P_AMOUNT, j] = min(share, balance)
            balance -= s[P_AMOUNT, j]
            last = j
    s[P_AMOUNT, last] += balance
    return OK


@kernel
def pass_level(t: Any, rates: Any, i: int, s: Any, known: Any, first: int, balance: int) -> int:
    """The same under a level instalment: what interest leaves of it, nothing where interest is more.

    The instalment is fixed again when the rate has changed. A fit to the book goes on with the instalment in force.
    """
    left = 0
    for j in range(first, s[COUNTS, PLANNED]):
        left += 1 if takes_part(s, j) else 0
    instalment, fixed_at = 0, -1
    if s[COUNTS, FROM_BOOK]:
        instalment, fixed_at = s[P_LEVEL, first], s[P_LEVEL_RATE, first]
    for j in range(first, s[COUNTS, PLANNED]):
        if not takes_part(s, j):
            continue
        start = s[P_START, j]
        rate = rate_at(t, rates, i, start)
        if left > 1 and rate != fixed_at:
            instalment, near = fixed_instalment(t, i, s, balance, rate, j, left, known)
            fixed_at = rate
            if near:
                return NEAR_TIE
        s[P_LEVEL, j], s[P_LEVEL_RATE, j] = instalment, fixed_at
        accrued = period_interest(t, rates, i, start, s[P_PLAN, j], balance)
        s[P_AMOUNT, j] = balance if left == 1 else min(max(instalment - accrued, 0), balance)
        balance -= s[P_AMOUNT, j]
        left -= 1
    return OK


@kernel
def fit_to_book(t: Any, rates: Any, i: int, s: Any, known: Any, book: int, since: int) -> int:
    """Make what is due from a day on add up to the balance of the book.

    Parked amounts stay; the contract instalment or share goes on over the rest of the balance and the last entry of
    the plan clears. A balance below the parked amounts meets them in order of their days; without entries of the
    plan the last parked one takes the difference.
    """
    s[COUNTS, FROM_BOOK] = 1
    first, parked = -1, 0
    for j in range(s[COUNTS, PRINCIPALS]):
        if s[P_VOID, j] or s[P_DUE, j] < since:
            continue
        if j < s[COUNTS, PLANNED] and not s[P_MOVED, j] & 1:
            first = j if first < 0 else first
        else:
            parked += s[P_AMOUNT, j]
    if first >= 0 and book >= parked:
        return pass_plan(t, rates, i, s, known, first, book - parked)
    meet_parked(s, book, since)
    return OK


@kernel
def meet_parked(s: Any, book: int, since: int) -> None:
    """Spend the balance of the book on parked entries by day, on one day those as signed before parts of others;
    entries of the plan get nothing.
    """
    last = -1
    for x in range(s[COUNTS, PRINCIPALS]):
        j = s[P_ORDER, x]
        if j < 0 or s[P_DUE, j] < since:
            continue
        if j < s[COUNTS, PLANNED] and not s[P_MOVED, j] & 1:
            s[P_AMOUNT, j] = 0
            continue
        s[P_AMOUNT, j] = min(s[P_AMOUNT, j], book)
        book -= s[P_AMOUNT, j]
        last = j
    if last >= 0:
        s[P_AMOUNT, last] += book
