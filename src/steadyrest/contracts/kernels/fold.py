"""One loan from its terms and events to its dues: grid, moves, amounts, interest, rows."""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.amounts import fit_to_book, plan_amounts
from steadyrest.contracts.kernels.check import check_terms
from steadyrest.contracts.kernels.grid import boundaries
from steadyrest.contracts.kernels.interest import settled, stretch
from steadyrest.contracts.kernels.layout import (
    AMOUNT_LIMIT,
    AT_END,
    BAD_BOOK,
    BAD_PREFIX,
    BALLOON,
    COUNTS,
    DAY,
    EVENT_FROM,
    EVENT_TO,
    FIRST_ROW,
    HAS_DEFERRED,
    HOLIDAY,
    HOLIDAY_TREATMENT,
    I_AMOUNT,
    I_DUE,
    I_MOVED,
    I_ORDER,
    I_PARENT,
    I_PART,
    I_PARTS,
    I_PERIOD,
    I_VOID,
    INTERESTS,
    K_INTEREST,
    NO_BOOK,
    NO_DAY,
    OK,
    P_AMOUNT,
    P_DUE,
    P_MOVED,
    P_ORDER,
    P_VOID,
    PAST_MATURITY,
    PERIODS,
    PLANNED,
    PRINCIPALS,
    ROW_DAY,
    ROW_DEFERRED_INTEREST,
    ROW_DEFERRED_PRINCIPAL,
    ROW_INTEREST,
    ROW_PRINCIPAL,
    SIGNED_PERIODS,
)
from steadyrest.contracts.kernels.money import share_of
from steadyrest.contracts.kernels.moves import add_interest, add_principal, apply_event
from steadyrest.contracts.kernels.parked import is_one_park, open_row_agrees, park_rows
from steadyrest.contracts.kernels.plan import free_periods, has_plain_terms, is_payment, is_plain, walk


@kernel
def fold(t: Any, rates: Any, events: Any, i: int, s: Any, known: Any, book: int, as_of: int) -> tuple[int, int]:
    """Dues of one loan in the scratch rows [COUNTS[FIRST_ROW], returned stop). Returns (status, stop).

    `book` is the performing balance at the end of the day `as_of`, or NO_BOOK for a projection from drawdown. `known`
    are instalments that were settled exactly because float64 lies too near a tie.
    """
    status = prepare(t, rates, i, s)
    if status == OK and book != NO_BOOK and (book < 0 or book > AMOUNT_LIMIT):
        status = BAD_BOOK
    if status != OK:
        return status, 0
    if is_plain(t, i):
        status = walk(t, rates, i, s, known)
        if status != OK or book == NO_BOOK or find_open_row(s, book, as_of):
            return status, s[COUNTS, PERIODS]
    elif has_plain_terms(t, i) and is_one_park(t, i, events, s):
        status = walk(t, rates, i, s, known)
        if status != OK:
            return status, 0
        rows = park_rows(t, rates, i, s, events)
        if book == NO_BOOK or open_row_agrees(s, rows, book, as_of):
            return OK, rows
        s[COUNTS, FIRST_ROW] = 0
    return fold_entries(t, rates, events, i, s, known, book, as_of)


@kernel
def prepare(t: Any, rates: Any, i: int, s: Any) -> int:
    """Check the terms and lay the grid; returns the status."""
    s[COUNTS, FIRST_ROW] = 0
    status = check_terms(t, rates, i)
    if status == OK:
        status = boundaries(t, i, s)
    if status == OK and free_periods(t, i) >= s[COUNTS, PERIODS]:
        return BAD_PREFIX
    return status


@kernel
def find_open_row(s: Any, book: int, as_of: int) -> bool:
    """Set the first row still open when the book agrees with the plan; whether it does.

    The book is that of the end of the day: a due of the as-of day is open only if the balance says so.
    """
    left = 0
    for k in range(s[COUNTS, PERIODS] - 1, -1, -1):
        if s[ROW_DAY, k] <= as_of and left == book:
            s[COUNTS, FIRST_ROW] = k + 1
            return True
        if s[ROW_DAY, k] < as_of:
            return False
        left += s[ROW_PRINCIPAL, k]
    return bool(left == book)


@kernel
def fold_entries(t: Any, rates: Any, events: Any, i: int, s: Any, known: Any, book: int, as_of: int) -> tuple[int, int]:
    """The same by entries that events can move."""
    status = entries(t, i, s)
    for e in range(t[i, EVENT_FROM], t[i, EVENT_TO]):
        if status == OK:
            status = apply_event(t, i, s, events, e)
    if status == OK:
        status = plan_amounts(t, rates, i, s, known)
    if status != OK:
        return status, 0
    order(s, P_ORDER, P_DUE, P_VOID, s[COUNTS, PRINCIPALS])
    since, settled_from = NO_DAY, 0
    if book != NO_BOOK:
        since, agrees = open_since(s, book, as_of)
        if since == NO_DAY:
            return PAST_MATURITY, 0
        if not agrees:
            settled_from = first_open_period(s, since)
            accrue(t, rates, i, s, 0, settled_from)
            status = fit_to_book(t, rates, i, s, known, book, since)
            if status != OK:
                return status, 0
    accrue(t, rates, i, s, settled_from, s[COUNTS, PERIODS])
    interest_amounts(s)
    order(s, I_ORDER, I_DUE, I_VOID, s[COUNTS, INTERESTS])
    return OK, merge(s, since)


@kernel
def entries(t: Any, i: int, s: Any) -> int:
    """Principal and interest entries as signed."""
    periods = s[COUNTS, PERIODS]
    s[COUNTS, FIRST_ROW] = 0
    s[COUNTS, SIGNED_PERIODS], s[COUNTS, PRINCIPALS], s[COUNTS, INTERESTS] = periods, 0, 0
    for k in range(periods):
        if is_payment(t, i, k, periods):
            add_principal(s, s[DAY, k + 1])
        add_interest(s, k, s[DAY, k + 1])
    s[COUNTS, PLANNED] = s[COUNTS, PRINCIPALS]
    if t[i, BALLOON] > 0:
        add_principal(s, s[DAY, periods])
    resumed = periods if t[i, HOLIDAY_TREATMENT] == AT_END else t[i, HOLIDAY] + 1
    for k in range(t[i, HOLIDAY]):
        s[I_DUE, k] = s[DAY, resumed]
    return OK


@kernel
def order(s: Any, into: int, by: int, void: int, size: int) -> None:
    """Numbers of the entries by day, void ones last as -1; entries are nearly in order, so insertion is quick."""
    n = 0
    for j in range(size):
        if s[void, j]:
            continue
        k = n
        while k > 0 and s[by, s[into, k - 1]] > s[by, j]:
            s[into, k] = s[into, k - 1]
            k -= 1
        s[into, k] = j
        n += 1
    for k in range(n, size):
        s[into, k] = -1


@kernel
def open_since(s: Any, book: int, as_of: int) -> tuple[int, bool]:
    """(day from which dues are open, whether the book agrees with the plan); NO_DAY when all dues have passed."""
    later = today = 0
    last = NO_DAY
    for j in range(s[COUNTS, PRINCIPALS]):
        if s[P_VOID, j]:
            continue
        last = max(last, s[P_DUE, j])
        if s[P_DUE, j] > as_of:
            later += s[P_AMOUNT, j]
        elif s[P_DUE, j] == as_of:
            today += s[P_AMOUNT, j]
    if later == book:
        return as_of + 1, True
    if later + today == book:
        return as_of, True
    if last > as_of:
        return as_of + 1, False
    return (as_of if last == as_of else NO_DAY), False


@kernel
def first_open_period(s: Any, since: int) -> int:
    """The first period that ends on or after a day."""
    k = 0
    while k < s[COUNTS, PERIODS] and s[DAY, k + 1] < since:
        k += 1
    return k


@kernel
def accrue(t: Any, rates: Any, i: int, s: Any, first: int, stop: int) -> None:
    """Interest of the periods `first` to `stop` on what the principal entries leave outstanding, day by day."""
    size, at, balance = s[COUNTS, PRINCIPALS], 0, 0
    for x in range(size):
        j = s[P_ORDER, x]
        if j < 0:
            size = min(size, x)
        elif s[P_DUE, j] <= s[DAY, first]:
            at = x + 1
        else:
            balance += s[P_AMOUNT, j]
    for k in range(first, stop):
        start, end, whole, rest = s[DAY, k], s[DAY, k + 1], 0, 0
        while at < size and s[P_DUE, s[P_ORDER, at]] < end:
            day, repaid = s[P_DUE, s[P_ORDER, at]], s[P_AMOUNT, s[P_ORDER, at]]
            at += 1
            if repaid == 0:  # no change of balance, so no segment of its own
                continue
            fen, left = stretch(t, rates, i, start, day, balance)
            whole, rest, start = whole + fen, rest + left, day
            balance -= repaid
        fen, left = stretch(t, rates, i, start, end, balance)
        s[K_INTEREST, k] = settled(t, i, whole + fen, rest + left)
        while at < size and s[P_DUE, s[P_ORDER, at]] == end:
            balance -= s[P_AMOUNT, s[P_ORDER, at]]
            at += 1


@kernel
def interest_amounts(s: Any) -> None:
    """Amounts of the interest entries: of their period, or a part of the entry they were split from."""
    for e in range(s[COUNTS, INTERESTS]):
        parent = s[I_PARENT, e]
        if parent < 0:
            s[I_AMOUNT, e] = s[K_INTEREST, s[I_PERIOD, e]]
        else:
            s[I_AMOUNT, e] = share_of(s[I_AMOUNT, parent], s[I_PART, e], s[I_PARTS, e])


@kernel
def merge(s: Any, since: int) -> int:
    """One row a day from the entries due on or after `since`; returns their number."""
    p = e = rows = 0
    s[COUNTS, HAS_DEFERRED] = 1
    while p < s[COUNTS, PRINCIPALS] and s[P_ORDER, p] >= 0 and s[P_DUE, s[P_ORDER, p]] < since:
        p += 1
    while e < s[COUNTS, INTERESTS] and s[I_ORDER, e] >= 0 and s[I_DUE, s[I_ORDER, e]] < since:
        e += 1
    while True:
        pj = s[P_ORDER, p] if p < s[COUNTS, PRINCIPALS] else -1
        ej = s[I_ORDER, e] if e < s[COUNTS, INTERESTS] else -1
        if pj < 0 and ej < 0:
            return rows
        takes_principal = ej < 0 or (pj >= 0 and s[P_DUE, pj] <= s[I_DUE, ej])
        day = s[P_DUE, pj] if takes_principal else s[I_DUE, ej]
        if rows == 0 or s[ROW_DAY, rows - 1] != day:
            s[ROW_DAY, rows], s[ROW_PRINCIPAL, rows], s[ROW_INTEREST, rows] = day, 0, 0
            s[ROW_DEFERRED_PRINCIPAL, rows], s[ROW_DEFERRED_INTEREST, rows] = 0, 0
            rows += 1
        if takes_principal:
            s[ROW_PRINCIPAL, rows - 1] += s[P_AMOUNT, pj]
            s[ROW_DEFERRED_PRINCIPAL, rows - 1] += s[P_AMOUNT, pj] if s[P_MOVED, pj] else 0
            p += 1
        else:
            s[ROW_INTEREST, rows - 1] += s[I_AMOUNT, ej]
            s[ROW_DEFERRED_INTEREST, rows - 1] += s[I_AMOUNT, ej] if s[I_MOVED, ej] else 0
            e += 1
