"""Projection of whole columns of loans: dues in rows, or totals by loan and month. A pure fold over terms and events.

With a book balance the dues are those that remain after the end of the as-of day. Where the balance agrees with the
plan they are the plan's (basis `contract`; a due of the as-of day itself remains only if the balance says so).
Where it does not, the contract instalment or share goes on over the balance there is and the last due clears (basis
`book`), as a bank does after a prepayment; parked amounts stay where they were put.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.contracts.kernels import batch, layout
from steadyrest.contracts.kernels.civil import FIRST_DAY, LAST_DAY, month_position
from steadyrest.contracts.parallel import over_chunks, run
from steadyrest.contracts.rates import Matrix
from steadyrest.contracts.schedule import Resolved
from steadyrest.contracts.status import BASES, BASIS_TYPE, STATUS, STATUS_TYPE
from steadyrest.errors import UsageError

SUM_LIMIT: Final = 10**18
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Totals:
    """`by_loan`: one row a loan in the order given. `by_month`: one row a group and month with dues.

    by_loan: `status, projection_basis, dues, next_due_on, next_principal_due_on, last_due_on, principal_fen,
    interest_fen, window_principal_fen, window_interest_fen, deferred_principal_fen, deferred_interest_fen,
    last_deferred_on` (what events have moved, and the last day it goes to); days are null and amounts 0 where nothing
    is due or the status is not ok. by_month: `group, month_on, households, receipts, principal_due_fen,
    interest_due_fen`; households are the distinct ones with a due in that month, null when they were not given.
    """

    by_loan: pl.DataFrame
    by_month: pl.DataFrame


@dataclass(frozen=True, slots=True)
class CashFlows:
    """`loans`: as `Totals.by_loan`. `rows`: one row a due, ordered by loan and day.

    rows: `loan` (position), `sequence` from 1, `due_on, period_from_on, principal_due_fen, interest_due_fen,
    balance_after_fen, deferred_principal_fen, deferred_interest_fen` (the parts an event has moved to this day).
    """

    loans: pl.DataFrame
    rows: pl.DataFrame


def totals(
    resolved: Resolved,
    *,
    groups: pl.Series | None = None,
    households: pl.Series | None = None,
    book: pl.Series | None = None,
    as_of: date | None = None,
    window: tuple[date, date] | None = None,
    threads: int | None = None,
) -> Totals:
    """Totals without keeping the dues.

    `groups` are small integers from 0, one a loan (a currency, say); `households` name the household of each loan, with
    the loans of one household next to each other (else a `UsageError`); `book` is the performing balance in fen, null
    = none; `as_of` its day; `window` the first and last day of the window amounts. `threads` None = one a processor;
    the answer does not depend on it. Dues of more than 10^18 fen together are a `UsageError`, never a wrong sum.
    """
    group, household = _ints(groups, resolved.size, 0), _runs(households, resolved.size)
    span = _span(resolved, as_of, window)
    balances = _book(resolved, book, as_of)
    out = np.zeros((resolved.size, batch.LOAN_ROWS), np.int64)
    shape = (int(group.max(initial=0)) + 1, _month_width(resolved, int(span[3])), batch.MONTH_ROWS)
    parts = (resolved.terms, resolved.rates, resolved.events)

    def work(loans: range) -> Matrix:
        months, seen = np.zeros(shape, np.int64), np.full(shape[:2], -1, np.int64)

        def kernel(first: int, stop: int, known: Matrix, scratch: Matrix) -> int:
            ask, into = (span, group, household), (out, months, seen)
            return batch.summarise(*parts, first, stop, known, balances, ask, scratch, into)

        run(resolved, balances, int(span[0]), loans, kernel)
        return months

    months = np.sum(over_chunks(household, threads, work), axis=0)
    _check_sums(out)
    return Totals(_loan_frame(out), _month_frame(months, int(span[3]), households is not None))


def project(
    resolved: Resolved, *, book: pl.Series | None = None, as_of: date | None = None, threads: int | None = None
) -> CashFlows:
    """Every due of every loan whose status is ok; arguments as in `totals`."""
    span, balances = _span(resolved, as_of, None), _book(resolved, book, as_of)
    out = np.zeros((resolved.size, batch.LOAN_ROWS), np.int64)
    parts, ask = (resolved.terms, resolved.rates, resolved.events), (int(span[0]), int(span[1]), int(span[2]))

    def work(loans: range) -> Matrix:
        room = _Room(_dues_about(resolved.terms[loans.start : loans.stop], int(span[0])))

        def kernel(first: int, stop: int, known: Matrix, scratch: Matrix) -> int:
            at = first
            while True:
                into = (out, room.rows, room.cursor)
                reached = batch.write_dues(*parts, at, stop, known, balances, ask, scratch, into)
                if not room.grown():
                    return reached
                known = known if reached == at else known[:0]
                at = reached

        run(resolved, balances, ask[0], loans, kernel)
        return room.written

    dues = np.concatenate(over_chunks(_runs(None, resolved.size), threads, work))
    _check_sums(out)
    start = np.concatenate([[0], np.cumsum(out[:, batch.L_ROWS])]).astype(np.int64)
    return CashFlows(_loan_frame(out), _due_frame(dues, start))


class _Room:
    """Rows for dues that grow when a batch has written them full."""

    def __init__(self, about: int) -> None:
        self.rows = np.empty((about, batch.DUE_ROWS), np.int64)
        self.cursor = np.zeros(2, np.int64)

    def grown(self) -> bool:
        """Make room where the batch asked for it; whether it did."""
        wanted = int(self.cursor[batch.WANTED])
        if wanted:
            more = np.empty((len(self.rows) // 2 + wanted, batch.DUE_ROWS), np.int64)
            self.rows = np.concatenate([self.written, more])
        return wanted > 0

    @property
    def written(self) -> Matrix:
        """The rows written so far."""
        return self.rows[: self.cursor[batch.WRITTEN]]


def _dues_about(terms: Matrix, as_of: int) -> int:
    """About how many dues loans have: a due a cycle from the as-of day, or drawdown, to maturity."""
    since = np.maximum(terms[:, layout.DRAWN], as_of)
    months = np.clip(terms[:, layout.MATURITY] - since, 0, LAST_DAY - FIRST_DAY) // 30
    return int((months // np.maximum(terms[:, layout.INTEREST_CYCLE], 1) + 2).sum())


def _check_sums(out: Matrix) -> None:
    """Month totals are exact in int64 while all dues together stay below 10^18 fen; beyond it they are refused."""
    if float(out[:, [batch.L_PRINCIPAL, batch.L_INTEREST]].sum(dtype=np.float64)) > SUM_LIMIT:
        raise UsageError("contracts.totals_over_limit")


def _span(resolved: Resolved, as_of: date | None, window: tuple[date, date] | None) -> Matrix:
    """As-of day, first and last day of the window, and the first month dues can fall into."""
    since = int(day(as_of)) if as_of is not None else layout.NO_DAY
    low, high = (day(window[0]), day(window[1])) if window else (1, 0)
    drawn = resolved.terms[:, layout.DRAWN]
    drawn = drawn[(drawn >= FIRST_DAY) & (drawn <= LAST_DAY)]
    first = max(since, int(drawn.min(initial=LAST_DAY)))
    return np.array([since, low, high, month_position(first)], np.int64)


def _month_width(resolved: Resolved, base: int) -> int:
    """Months from the first to the last any due can fall into: maturities and new due days, moved by all shifts."""
    ends = np.concatenate([resolved.terms[:, layout.MATURITY], resolved.events[:, layout.NEW_DUE]])
    last = month_position(int(np.clip(ends.max(initial=FIRST_DAY), FIRST_DAY, LAST_DAY)))
    shifts = int(np.clip(resolved.events[:, layout.MONTHS], 0, layout.MONTHS_LIMIT).sum())
    return max(min(last + shifts, month_position(LAST_DAY)) - base + 2, 1)


def day(on: date) -> int:
    """The day number of a date."""
    return (on - _EPOCH).days


def _ints(values: pl.Series | None, size: int, default: int) -> Matrix:
    if values is None:
        return np.full(size, default, np.int64)
    return np.require(values.cast(pl.Int64).fill_null(default).to_numpy(), np.int64, ["C", "W", "O"])


def _runs(households: pl.Series | None, size: int) -> Matrix:
    """Households as numbers from 0 in the order of the loans; without any, every loan is one."""
    if households is None:
        return np.arange(size, dtype=np.int64)
    numbers = households.rle_id()
    if size and households.n_unique() != int(numbers[-1]) + 1:
        raise UsageError("contracts.households_apart")
    return _ints(numbers, size, 0)


def _book(resolved: Resolved, book: pl.Series | None, as_of: date | None) -> Matrix:
    if book is not None and as_of is None:
        raise UsageError("contracts.book_without_day")
    return _ints(book, resolved.size, layout.NO_BOOK)


def _loan_frame(out: Matrix) -> pl.DataFrame:
    """The totals of loans as a typed frame."""
    return pl.DataFrame(
        {
            "status": pl.Series(STATUS, dtype=STATUS_TYPE).gather(out[:, batch.L_STATUS]),
            "projection_basis": pl.Series(BASES, dtype=BASIS_TYPE).gather(out[:, batch.L_FROM_BOOK]),
            "dues": out[:, batch.L_ROWS],
            "next_due_on": _days(out[:, batch.L_NEXT_DUE]),
            "next_principal_due_on": _days(out[:, batch.L_NEXT_PRINCIPAL]),
            "last_due_on": _days(out[:, batch.L_LAST_DUE]),
            "principal_fen": out[:, batch.L_PRINCIPAL],
            "interest_fen": out[:, batch.L_INTEREST],
            "window_principal_fen": out[:, batch.L_WINDOW_PRINCIPAL],
            "window_interest_fen": out[:, batch.L_WINDOW_INTEREST],
            "deferred_principal_fen": out[:, batch.L_DEFERRED_PRINCIPAL],
            "deferred_interest_fen": out[:, batch.L_DEFERRED_INTEREST],
            "last_deferred_on": _days(out[:, batch.L_LAST_DEFERRED]),
        }
    )


def _due_frame(out: Matrix, start: Matrix) -> pl.DataFrame:
    """Dues as a typed frame."""
    counts = np.diff(start)
    return pl.DataFrame(
        {
            "loan": np.repeat(np.arange(counts.size, dtype=np.int64), counts),
            "sequence": np.arange(out.shape[0], dtype=np.int64) - np.repeat(start[:-1], counts) + 1,
            "due_on": _days(out[:, batch.D_DAY]),
            "period_from_on": _days(out[:, batch.D_FROM]),
            "principal_due_fen": out[:, batch.D_PRINCIPAL],
            "interest_due_fen": out[:, batch.D_INTEREST],
            "balance_after_fen": out[:, batch.D_BALANCE],
            "deferred_principal_fen": out[:, batch.D_DEFERRED_PRINCIPAL],
            "deferred_interest_fen": out[:, batch.D_DEFERRED_INTEREST],
        }
    )


def _days(numbers: Any) -> pl.Series:
    """Day numbers as dates, null where there is none."""
    days = pl.Series(numbers)
    return days.set(days == layout.NO_DAY, None).cast(pl.Int32).cast(pl.Date)


def _month_frame(months: Matrix, base: int, has_households: bool) -> pl.DataFrame:
    """Month totals as a frame, one row a group and month with dues."""
    group, column = np.nonzero(months[:, :, batch.M_RECEIPTS])
    month = base + column
    year_month = pl.DataFrame({"year": month // 12, "month": month % 12 + 1})
    return pl.DataFrame(
        {
            "group": group.astype(np.int64),
            "month_on": year_month.select(pl.date("year", "month", 1)).to_series(),
            "households": pl.Series(
                months[group, column, batch.M_HOUSEHOLDS] if has_households else [None] * group.size
            ).cast(pl.Int64),
            "receipts": months[group, column, batch.M_RECEIPTS],
            "principal_due_fen": months[group, column, batch.M_PRINCIPAL],
            "interest_due_fen": months[group, column, batch.M_INTEREST],
        }
    )
