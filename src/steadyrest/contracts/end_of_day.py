"""The end of a day: interest that has run, effective days past due, bucket, class, and sums by group.

A book is carried from day to day without its schedules: what a due or a payment changes comes in as columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.contracts.kernels import end_of_day as kernels
from steadyrest.contracts.kernels.money import divisor_of
from steadyrest.errors import UsageError

Ints = np.ndarray[Any, np.dtype[np.int64]]
_EPOCH: Final = date(1970, 1, 1)
BUCKET_LIMITS: Final = (0, 30, 60, 90, 180, 360)
"""A loan is in the bucket whose number is how many of these its days past due exceed: 0 is not past due."""
BALANCE_LIMIT: Final = 10**15
"""That of a loan; the estimate of a day's interest is then right to within a fen or two, which the rest puts right."""


@dataclass(frozen=True, slots=True)
class Book:
    """Loans at the end of a day; columns of one length. Money in fen, rates in 1e-7 a year.

    `accrued_fen`: interest that has run since the last settlement; `rest`: what is left over below a fen, in parts of
    `divisor`. `late_since`: day number of the oldest due that is not paid, 0 where none; `paused_days`: days since then
    that are not counted. `group`: small integers from 0. `days_past_due`, `bucket`: of the last day closed.
    """

    balance_fen: Ints
    rate_e7: Ints
    divisor: Ints
    accrued_fen: Ints
    rest: Ints
    late_since: Ints
    paused_days: Ints
    group: Ints
    days_past_due: Ints
    bucket: Ints


def book(
    balance_fen: Any,
    rate_e7: Any,
    *,
    late_since: Any = None,
    paused_days: Any = None,
    group: Any = None,
    day_count: Any = 0,
) -> Book:
    """A book at the start. `late_since` are day numbers (days since 1970-01-01); `day_count` numbers of the kernels for
    actual days (A360 or A365F), one or one a loan. A balance beyond `BALANCE_LIMIT` or below 0 is a `UsageError`.
    """
    balance = np.ascontiguousarray(balance_fen, np.int64)
    if balance.size and (balance.min() < 0 or balance.max() >= BALANCE_LIMIT):
        raise UsageError("call.balance_limit", limit=BALANCE_LIMIT)

    def column(given: Any) -> Ints:
        values = np.zeros(balance.size, np.int64) if given is None else np.asarray(given, np.int64)
        found: Ints = np.ascontiguousarray(np.broadcast_to(values, balance.size)).copy()
        return found

    divisors = np.array([divisor_of(0), divisor_of(1)], np.int64)
    zeros = (column(None), column(None))
    return Book(
        balance,
        column(rate_e7),
        np.ascontiguousarray(divisors[column(day_count)]),
        *zeros,
        column(late_since),
        column(paused_days),
        column(group),
        column(None),
        column(None),
    )


def close_day(of: Book, today: date, *, limits: Sequence[int] = BUCKET_LIMITS) -> pl.DataFrame:
    """Close one day in place: interest runs, days past due are counted anew. Returns the sums by group and bucket:
    `group, bucket, receipts, balance_fen, accrued_fen, past_due_fen`, groups and buckets without receipts left out.
    """
    groups = int(of.group.max()) + 1 if of.group.size else 1
    sums = np.zeros((groups, len(limits) + 1, kernels.SUM_FIELDS), np.int64)
    kernels.close_day(
        of.balance_fen,
        of.rate_e7,
        of.divisor,
        of.rest,
        of.late_since,
        of.paused_days,
        of.group,
        np.array(limits, np.int64),
        (today - _EPOCH).days,
        of.accrued_fen,
        of.days_past_due,
        of.bucket,
        sums,
    )
    flat = sums.reshape(-1, kernels.SUM_FIELDS)
    frame = pl.DataFrame(
        {
            "group": np.repeat(np.arange(groups), len(limits) + 1),
            "bucket": np.tile(np.arange(len(limits) + 1), groups),
            "receipts": flat[:, kernels.S_LOANS],
            "balance_fen": flat[:, kernels.S_BALANCE],
            "accrued_fen": flat[:, kernels.S_INTEREST],
            "past_due_fen": flat[:, kernels.S_PAST_DUE],
        }
    )
    return frame.filter(pl.col("receipts") > 0)
