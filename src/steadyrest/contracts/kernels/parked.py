"""One deferral on a plain loan, the commonest relief: the rows of the walk are changed in place, without entries.

The principal of the plan stays what it was; what falls due in the window moves to one day within the contract, and the
interest of the periods in between is computed anew on the balance that is still owed. Anything else goes through the
entries, which give the same rows.
"""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.interest import settled, stretch
from steadyrest.contracts.kernels.layout import (
    AT_END,
    COUNTS,
    DAY,
    EVENT_FROM,
    EVENT_TO,
    FIRST_ROW,
    FROM_BOOK,
    FROM_DAY,
    HAS_DEFERRED,
    NEW_DUE,
    NO_DAY,
    PARK,
    PART,
    PART_INTEREST,
    PART_PRINCIPAL,
    PERIODS,
    PRINCIPAL,
    ROW_DAY,
    ROW_DEFERRED_INTEREST,
    ROW_DEFERRED_PRINCIPAL,
    ROW_INTEREST,
    ROW_PRINCIPAL,
    SHAPE,
    TO_DAY,
    TREATMENT,
)


@kernel
def is_one_park(t: Any, i: int, events: Any, s: Any) -> bool:
    """Whether all that was agreed is one deferral to a day within the contract, interest paid with it."""
    e = t[i, EVENT_FROM]
    if t[i, EVENT_TO] - e != 1 or events[e, SHAPE] != PARK or events[e, TREATMENT] != AT_END:
        return False
    low, high, target = events[e, FROM_DAY], events[e, TO_DAY], events[e, NEW_DUE]
    is_whole = low != NO_DAY and low <= high and target != NO_DAY
    return bool(is_whole and s[DAY, 0] < target <= s[DAY, s[COUNTS, PERIODS]])


@kernel
def park_rows(t: Any, rates: Any, i: int, s: Any, events: Any) -> int:
    """Change the rows of the walk; returns how many there are."""
    e, periods = t[i, EVENT_FROM], s[COUNTS, PERIODS]
    low, high, target = events[e, FROM_DAY], events[e, TO_DAY], events[e, NEW_DUE]
    takes_principal, takes_interest = events[e, PART] & PART_PRINCIPAL, events[e, PART] & PART_INTEREST
    owed, parked, waiting = t[i, PRINCIPAL], 0, 0
    for k in range(periods):
        start, end = s[DAY, k], s[DAY, k + 1]
        if parked > 0 and start < target:
            until = min(end, target)
            whole, rest = stretch(t, rates, i, start, until, owed + parked)
            if until < end:
                more, left = stretch(t, rates, i, until, end, owed)
                whole, rest = whole + more, rest + left
            s[ROW_INTEREST, k] = settled(t, i, whole, rest)
        owed -= s[ROW_PRINCIPAL, k]
        if low <= end <= high and end < target:
            if takes_principal:
                parked += s[ROW_PRINCIPAL, k]
                s[ROW_PRINCIPAL, k] = 0
            if takes_interest:
                waiting += s[ROW_INTEREST, k]
                s[ROW_INTEREST, k] = 0
        s[ROW_DEFERRED_PRINCIPAL, k] = s[ROW_DEFERRED_INTEREST, k] = 0
    s[COUNTS, HAS_DEFERRED], s[COUNTS, FROM_BOOK] = 1, 0
    return put_row(s, periods, target, parked, waiting)


@kernel
def put_row(s: Any, rows: int, target: int, principal: int, interest: int) -> int:
    """Add what was moved to the row of a day, or put a row in; returns how many there are."""
    if principal + interest == 0:
        return rows
    at = rows
    while at > 0 and s[ROW_DAY, at - 1] >= target:
        at -= 1
    if at == rows or s[ROW_DAY, at] != target:
        for k in range(rows, at, -1):
            for column in (ROW_DAY, ROW_PRINCIPAL, ROW_INTEREST, ROW_DEFERRED_PRINCIPAL, ROW_DEFERRED_INTEREST):
                s[column, k] = s[column, k - 1]
        s[ROW_DAY, at], s[ROW_PRINCIPAL, at], s[ROW_INTEREST, at] = target, 0, 0
        rows += 1
    s[ROW_PRINCIPAL, at] += principal
    s[ROW_INTEREST, at] += interest
    s[ROW_DEFERRED_PRINCIPAL, at], s[ROW_DEFERRED_INTEREST, at] = principal, interest
    return rows


@kernel
def open_row_agrees(s: Any, rows: int, book: int, as_of: int) -> bool:
    """Set the first row still open when the book agrees with the rows; whether it does. A due of the as-of day is open
    only if the balance says so.
    """
    later = today = 0
    for k in range(rows):
        if s[ROW_DAY, k] > as_of:
            later += s[ROW_PRINCIPAL, k]
        elif s[ROW_DAY, k] == as_of:
            today += s[ROW_PRINCIPAL, k]
    if later != book and later + today != book:
        return False
    since = as_of + 1 if later == book else as_of
    first = 0
    while first < rows and s[ROW_DAY, first] < since:
        first += 1
    s[COUNTS, FIRST_ROW] = first
    return True
