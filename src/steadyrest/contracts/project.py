"""Projection of whole columns of loans: terms and events in, dues out, exact to the fen.

`cash_flows` keeps every row; `dues` keeps what is due next and last, and totals by month. Both are one fold over terms
and events, recomputed from the start. A loan whose terms are impossible gets a status; the batch goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from steadyrest import reference
from steadyrest.contracts.events import PARTS, SHAPES, TREATMENTS, no_events
from steadyrest.contracts.kernels import batch
from steadyrest.contracts.kernels.fold import NEAR_TIE, OK, Events, Rates, Terms
from steadyrest.contracts.rates import day, segments
from steadyrest.units import RATE_ONE, Rounding, round_fraction

STATUS = ("ok", "bad_dates", "bad_cycle", "bad_amount", "too_long", "overflow", "bad_event", "near_tie")
"""What can be wrong with terms, by status code; `near_tie` is resolved exactly and never comes out."""

_AMORTISATION = {"level": 0, "even_principal": 1, "bullet": 2}
_DAY_COUNT = {"A360": 0, "A365F": 1, "30E360": 2}
_ROUNDING = {"half_up": 0, "half_even": 1, "up": 2, "down": 3}
_MONTHS = 600
_FIXES = 128


@dataclass(frozen=True, slots=True)
class Resolved:
    """Terms as kernels see them: integers and day numbers, rates by segment, events by loan."""

    terms: Terms
    rates: Rates
    events: Events
    size: int


@dataclass(frozen=True, slots=True)
class Dues:
    """One element a loan: status, next and last due day; and dues by (group, month)."""

    per_loan: pl.DataFrame
    by_month: pl.DataFrame


def resolve(terms: pl.DataFrame, events: pl.DataFrame | None = None, quotes: pl.DataFrame | None = None) -> Resolved:
    """Resolve columns of `loan_terms` joined with `drawn_on, maturity_on, rate_type, nominal_rate_e7` of the loan.

    Missing conventions take the registered defaults (actual/360, half up, once per settlement).
    """
    start, rates = segments(terms, reference.table("lpr") if quotes is None else quotes)
    whole = pl.col(pl.Int64)
    ints = terms.select(
        pl.col("original_principal_fen").fill_null(0),
        drawn=pl.col("drawn_on").cast(pl.Int32).cast(pl.Int64),
        maturity=pl.col("maturity_on").cast(pl.Int32).cast(pl.Int64),
        first_due=pl.col("first_due_on").cast(pl.Int32).cast(pl.Int64).fill_null(-1),
        amortisation=_code("amortisation", _AMORTISATION, "bullet"),
        interest_only=pl.col("interest_only_periods").fill_null(0),
        holiday=pl.col("holiday_periods").fill_null(0),
        principal_cycle=pl.coalesce("repayment_cycle_months", "interest_cycle_months").fill_null(0),
        interest_cycle=pl.col("interest_cycle_months").fill_null(0),
        interest_day=pl.col("interest_day").fill_null(0),
        day_count=_code("day_count", _DAY_COUNT, "A360"),
        rounding=_code("rounding", _ROUNDING, "half_up"),
        instalment_rounding=_code("instalment_rounding", _ROUNDING, "half_up"),
        per_segment=(pl.col("settlement_rounding").cast(pl.String) == "per_segment").fill_null(False).cast(pl.Int64),
    ).select(whole)
    columns = [ints.get_column(name).to_numpy() for name in ints.columns]
    return Resolved(Terms(*columns, start), rates, _events(terms["loan_id"], events), terms.height)


def cash_flows(
    resolved: Resolved, *, book: pl.Series | None = None, as_of: date | None = None
) -> tuple[pl.Series, pl.DataFrame]:
    """Every due of every loan: (status code a loan, rows `loan, sequence, due_on, principal_due_fen, interest_due_fen,
    balance_after_fen`), `loan` being the position. With `book` (performing balance) only dues on or after `as_of`."""
    status = np.zeros(resolved.size, np.int64)
    start = np.zeros(resolved.size + 1, np.int64)
    room = max(64 * resolved.size, 4096)
    while True:
        out = tuple(np.empty(room, np.int64) for _ in range(4))
        rows = _run(batch.project_rows, resolved, book, as_of, status, (start, out))
        if rows >= 0:
            break
        room *= 2
    frame = pl.DataFrame(
        {
            "loan": np.repeat(np.arange(resolved.size, dtype=np.int64), np.diff(start)),
            "due_on": out[0][:rows].astype(np.int32),
            "principal_due_fen": out[1][:rows],
            "interest_due_fen": out[2][:rows],
            "balance_after_fen": out[3][:rows],
        }
    )
    numbered = frame.with_columns(pl.col("due_on").cast(pl.Date), sequence=pl.int_range(1, pl.len() + 1).over("loan"))
    return pl.Series("status", status), numbered


def dues(resolved: Resolved, groups: pl.Series, *, book: pl.Series | None = None, as_of: date | None = None) -> Dues:
    """Next and last due of every loan, and dues by month within `groups` (small integers from 0, one a loan)."""
    n = resolved.size
    status = np.zeros(n, np.int64)
    summary = (np.empty(n, np.int64), np.empty(n, np.int64))
    origin = as_of or date(2000, 1, 1)
    base = origin.year * 12 + origin.month - 1
    shape = (int(groups.max() or 0) + 1 if n else 1, _MONTHS)
    totals = tuple(np.zeros(shape, np.int64) for _ in range(3))
    months = (groups.cast(pl.Int64).to_numpy(), base, *totals)
    _run(batch.summarise, resolved, book, as_of, status, (summary, months))
    per_loan = pl.DataFrame({"status": status, "next_due_on": _days(summary[0]), "last_due_on": _days(summary[1])})
    return Dues(per_loan, _month_frame(totals, base))


def _days(numbers: np.ndarray) -> pl.Series:
    days = pl.Series(numbers.astype(np.int32))
    return days.set(days == batch.NO_DAY, None).cast(pl.Date)


def _month_frame(totals: tuple[np.ndarray, ...], base: int) -> pl.DataFrame:
    group, column = np.nonzero(totals[2])
    month = base + column
    return pl.DataFrame(
        {
            "group": group.astype(np.int64),
            "year": month // 12,
            "month": month % 12 + 1,
            "receipts": totals[2][group, column],
            "principal_due_fen": totals[0][group, column],
            "interest_due_fen": totals[1][group, column],
        }
    ).select("group", pl.date("year", "month", 1).alias("month_on"), pl.exclude("group", "year", "month"))


def _run(
    kernel: Any, resolved: Resolved, book: pl.Series | None, as_of: date | None, status: np.ndarray, out: Any
) -> int:
    """Run a batch kernel; loans near a tie get their instalment exactly and the batch is run again with it."""
    n = resolved.size
    balances = np.full(n, -1, np.int64) if book is None else book.fill_null(-1).to_numpy()
    since = day(as_of) if as_of is not None else 0
    overrides = np.full((1, 1), -1, np.int64)
    ties = np.zeros((n, 4), np.int64)
    while True:
        result = kernel(*resolved_parts(resolved), balances, since, overrides, ties, status, *out)
        near = np.flatnonzero(status == NEAR_TIE)
        if near.size == 0 or (isinstance(result, int) and result < 0):
            return int(result or 0)
        if overrides.shape[0] != n:
            overrides = np.full((n, _FIXES), -1, np.int64)
        for i in near:
            overrides[i, ties[i, 0]] = exact_instalment(
                int(ties[i, 1]),
                int(ties[i, 2]),
                int(resolved.terms.interest_cycle[i]),
                int(ties[i, 3]),
                tuple(_ROUNDING)[int(resolved.terms.instalment_rounding[i])],
            )
        _clear(out)


def _clear(out: Any) -> None:
    """Set accumulators back to zero before a batch is run again."""
    if len(out) == 2 and isinstance(out[1], tuple) and len(out[1]) == 5:
        for total in out[1][2:]:
            total[:] = 0


def resolved_parts(resolved: Resolved) -> tuple[Terms, Rates, Events]:
    """The three records a kernel takes."""
    return resolved.terms, resolved.rates, resolved.events


def exact_instalment(balance: int, rate_e7: int, months: int, periods: int, rounding: str) -> int:
    """The level instalment in exact rational arithmetic.

    >>> exact_instalment(100_000_000, 435_000, 1, 12, "half_up")
    8530990
    """
    if rate_e7 == 0:
        return round_fraction(Fraction(balance, periods), Rounding(rounding))
    rate = Fraction(rate_e7 * months, 12 * RATE_ONE)
    growth = (1 + rate) ** periods
    return round_fraction(balance * rate * growth / (growth - 1), Rounding(rounding))


def _code(name: str, numbers: dict[str, int], default: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null(default).replace_strict(numbers, return_dtype=pl.Int64)


def _events(loan_ids: pl.Series, events: pl.DataFrame | None) -> Events:
    frame = (no_events() if events is None else events).join(
        pl.DataFrame({"loan_id": loan_ids}).with_row_index("loan"), on="loan_id"
    )
    frame = frame.sort("loan", "effective_on", "known_on", "sequence")
    counts = np.bincount(frame["loan"].to_numpy(), minlength=len(loan_ids)) if frame.height else np.zeros(len(loan_ids))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    values = frame.select(
        _code("shape", SHAPES, "park"),
        _code("deferred_part", PARTS, "both"),
        pl.col("from_on").cast(pl.Int32).cast(pl.Int64).fill_null(0),
        pl.col("to_on").cast(pl.Int32).cast(pl.Int64).fill_null(0),
        pl.col("new_due_on").cast(pl.Int32).cast(pl.Int64).fill_null(0),
        pl.col("shift_months").fill_null(0),
        _code("interest_treatment", TREATMENTS, "at_end"),
        pl.col("spread_periods").fill_null(1),
    )
    return Events(start, *(values.get_column(name).to_numpy() for name in values.columns))


__all__ = ["OK", "STATUS", "Dues", "Resolved", "cash_flows", "dues", "exact_instalment", "resolve"]
