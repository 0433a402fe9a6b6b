"""Columns of loans through the fold: every due, or what is due next, within a window, and month by month.

A batch takes the loans from `first` to before `stop` and returns where it stopped: at `stop`, or at a loan whose
instalment must be settled exactly. It is called again from there with the exact instalments as `known`.
"""

from __future__ import annotations

from typing import Any, Final

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import month_position, month_start
from steadyrest.contracts.kernels.fold import fold
from steadyrest.contracts.kernels.layout import (
    COUNTS,
    DAY,
    FIRST_ROW,
    FROM_BOOK,
    HAS_DEFERRED,
    NEAR_TIE,
    NO_DAY,
    OK,
    PERIODS,
    ROW_DAY,
    ROW_DEFERRED_INTEREST,
    ROW_DEFERRED_PRINCIPAL,
    ROW_INTEREST,
    ROW_PRINCIPAL,
)

(
    L_STATUS,
    L_FROM_BOOK,
    L_ROWS,
    L_NEXT_DUE,
    L_NEXT_PRINCIPAL,
    L_LAST_DUE,
    L_PRINCIPAL,
    L_INTEREST,
    L_WINDOW_PRINCIPAL,
    L_WINDOW_INTEREST,
    L_DEFERRED_PRINCIPAL,
    L_DEFERRED_INTEREST,
    L_LAST_DEFERRED,
) = range(13)
LOAN_ROWS: Final = 13

M_RECEIPTS, M_PRINCIPAL, M_INTEREST, M_HOUSEHOLDS = range(4)
MONTH_ROWS: Final = 4

D_DAY, D_FROM, D_PRINCIPAL, D_INTEREST, D_BALANCE, D_DEFERRED_PRINCIPAL, D_DEFERRED_INTEREST = range(7)
DUE_ROWS: Final = 7

WRITTEN, WANTED = 0, 1


@kernel
def summarise(
    t: Any, rates: Any, events: Any, first: int, stop: int, known: Any, book: Any, ask: Any, s: Any, into: Any
) -> int:
    """Totals of each loan, and dues by group and month.

    `ask` is (as-of day, first and last day of the window, first month position; group of each loan; household of each
    loan); `into` is (one row a loan; months [group, month, what]; household seen last [group, month]). Dues outside the
    months fall into the first and last, so nothing is lost.
    """
    (span, group, household), (out, months, seen) = ask, into
    as_of, low, high, base = span[0], span[1], span[2], span[3]
    for i in range(first, stop):
        status, end = fold(t, rates, events, i, s, known if i == first else known[:0], book[i], as_of)
        if status == NEAR_TIE:
            return i
        write_totals(s, status, end, i, low, high, out)
        if status == OK:
            add_months_of(s, end, group[i], household[i], base, months, seen)
    return stop


@kernel
def add_loan(s: Any, stop: int, i: int, low: int, high: int, out: Any) -> None:
    """Number, next, last and sums of the dues of one loan."""
    rows = principal = amount = window_principal = window_interest = 0
    next_due = next_principal = last_due = NO_DAY
    for k in range(s[COUNTS, FIRST_ROW], stop):
        day, due_principal, due_interest = s[ROW_DAY, k], s[ROW_PRINCIPAL, k], s[ROW_INTEREST, k]
        if due_principal + due_interest == 0:
            continue
        if next_due == NO_DAY:
            next_due = day
        if next_principal == NO_DAY and due_principal > 0:
            next_principal = day
        last_due = day
        rows += 1
        principal += due_principal
        amount += due_interest
        if low <= day <= high:
            window_principal += due_principal
            window_interest += due_interest
    out[i, L_ROWS], out[i, L_PRINCIPAL], out[i, L_INTEREST] = rows, principal, amount
    out[i, L_NEXT_DUE], out[i, L_NEXT_PRINCIPAL], out[i, L_LAST_DUE] = next_due, next_principal, last_due
    out[i, L_WINDOW_PRINCIPAL], out[i, L_WINDOW_INTEREST] = window_principal, window_interest


@kernel
def add_deferred(s: Any, stop: int, i: int, out: Any) -> None:
    """What events have moved to another day, and the last such day."""
    for k in range(s[COUNTS, FIRST_ROW], stop):
        principal, amount = s[ROW_DEFERRED_PRINCIPAL, k], s[ROW_DEFERRED_INTEREST, k]
        if principal + amount > 0:
            out[i, L_DEFERRED_PRINCIPAL] += principal
            out[i, L_DEFERRED_INTEREST] += amount
            out[i, L_LAST_DEFERRED] = s[ROW_DAY, k]


@kernel
def add_months_of(s: Any, stop: int, group: int, household: int, base: int, months: Any, seen: Any) -> None:
    """Add the dues of one loan to its group's months; a loan counts once a month, and so does its household."""
    last, position, first = -1, base, s[COUNTS, FIRST_ROW]
    if first < stop:
        position = month_position(s[ROW_DAY, first])
    for k in range(first, stop):
        principal, amount = s[ROW_PRINCIPAL, k], s[ROW_INTEREST, k]
        if principal + amount == 0:
            continue
        while month_start(position + 1) <= s[ROW_DAY, k]:
            position += 1
        month = min(max(position - base, 0), months.shape[1] - 1)
        months[group, month, M_PRINCIPAL] += principal
        months[group, month, M_INTEREST] += amount
        if month == last:
            continue
        last = month
        months[group, month, M_RECEIPTS] += 1
        if seen[group, month] != household:
            months[group, month, M_HOUSEHOLDS] += 1
            seen[group, month] = household


@kernel
def write_dues(
    t: Any, rates: Any, events: Any, first: int, stop: int, known: Any, book: Any, ask: Any, s: Any, into: Any
) -> int:
    """Totals of each loan, and every due of it. `ask` is as-of day, first and last day of the window.

    `into` is (one row a loan; rows for the dues; cursor: rows written, and rows wanted where there is no room: the
    batch then stops at that loan).
    """
    (as_of, low, high), (out, rows, cursor) = ask, into
    cursor[WANTED] = 0
    for i in range(first, stop):
        status, end = fold(t, rates, events, i, s, known if i == first else known[:0], book[i], as_of)
        if status == NEAR_TIE:
            return i
        write_totals(s, status, end, i, low, high, out)
        if cursor[WRITTEN] + out[i, L_ROWS] > rows.shape[0]:
            cursor[WANTED] = out[i, L_ROWS]
            return i
        if status == OK:
            write_loan(s, end, cursor[WRITTEN], rows)
            cursor[WRITTEN] += out[i, L_ROWS]
    return stop


@kernel
def write_totals(s: Any, status: int, stop: int, i: int, low: int, high: int, out: Any) -> None:
    """The row of one loan: its status, and the totals of its dues."""
    for row in range(out.shape[1]):
        out[i, row] = 0
    out[i, L_STATUS], out[i, L_FROM_BOOK] = status, s[COUNTS, FROM_BOOK] if status == OK else 0
    out[i, L_NEXT_DUE] = out[i, L_NEXT_PRINCIPAL] = out[i, L_LAST_DUE] = out[i, L_LAST_DEFERRED] = NO_DAY
    if status == OK:
        add_loan(s, stop, i, low, high, out)
        if s[COUNTS, HAS_DEFERRED]:
            add_deferred(s, stop, i, out)


@kernel
def write_loan(s: Any, stop: int, n: int, out: Any) -> None:
    """The dues of one loan: day, boundary before it, principal, interest, balance after, deferred parts."""
    left = period = 0
    for k in range(s[COUNTS, FIRST_ROW], stop):
        left += s[ROW_PRINCIPAL, k]
    for k in range(s[COUNTS, FIRST_ROW], stop):
        day = s[ROW_DAY, k]
        if s[ROW_PRINCIPAL, k] + s[ROW_INTEREST, k] == 0:
            continue
        while period < s[COUNTS, PERIODS] and s[DAY, period + 1] < day:
            period += 1
        left -= s[ROW_PRINCIPAL, k]
        out[n, D_DAY], out[n, D_FROM], out[n, D_BALANCE] = day, s[DAY, period], left
        out[n, D_PRINCIPAL], out[n, D_INTEREST] = s[ROW_PRINCIPAL, k], s[ROW_INTEREST, k]
        has_deferred = s[COUNTS, HAS_DEFERRED]
        out[n, D_DEFERRED_PRINCIPAL] = s[ROW_DEFERRED_PRINCIPAL, k] if has_deferred else 0
        out[n, D_DEFERRED_INTEREST] = s[ROW_DEFERRED_INTEREST, k] if has_deferred else 0
        n += 1
