"""Whole columns of loans through the fold: all rows, or only what is due next and month by month."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import civil
from steadyrest.contracts.kernels.fold import MAX_ENTRIES, MAX_PERIODS, OK, Scratch, fold

NO_DAY = -2_147_483_648


@kernel
def scratch() -> Any:
    """Room for one loan; made once for a batch."""
    periods = MAX_PERIODS + 8
    return Scratch(
        np.empty(periods, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(MAX_ENTRIES, np.int64),
        np.empty(periods, np.int64),
        np.empty(3, np.int64),
        np.empty(2 * MAX_ENTRIES, np.int64),
        np.empty(2 * MAX_ENTRIES, np.int64),
        np.empty(2 * MAX_ENTRIES, np.int64),
    )


@kernel
def project_rows(
    terms: Any,
    rates: Any,
    events: Any,
    book: Any,
    as_of: int,
    overrides: Any,
    ties: Any,
    status: Any,
    start: Any,
    out: Any,
) -> int:
    """Write the rows of each loan one after the other into `out` (day, principal, interest, balance after).

    Returns the number of rows, or minus the loan at which `out` was full; `start` gets the offset of each loan.
    """
    s = scratch()
    day, principal, interest, balance = out
    n = 0
    for i in range(status.size):
        status[i], rows = fold(
            terms, rates, events, i, s, overrides[min(i, overrides.shape[0] - 1)], ties[i], book[i], as_of
        )
        start[i] = n
        if n + rows > day.size:
            return -i - 1
        left = 0
        for j in range(rows):
            left += s.row_principal[j]
        for j in range(rows):
            left -= s.row_principal[j]
            day[n], principal[n], interest[n], balance[n] = s.row_day[j], s.row_principal[j], s.row_interest[j], left
            n += 1
    start[status.size] = n
    return n


@kernel
def summarise(
    terms: Any,
    rates: Any,
    events: Any,
    book: Any,
    as_of: int,
    overrides: Any,
    ties: Any,
    status: Any,
    summary: Any,
    months: Any,
) -> None:
    """Next and last due day of each loan, and the dues by group and month, without keeping the rows.

    `summary` is (next_day, last_day); `months` is (group of each loan, base month, principal, interest, receipts), the
    last three indexed [group, month - base]; dues beyond the table go to its last column.
    """
    s = scratch()
    next_day, last_day = summary
    group, base, month_principal, month_interest, month_receipts = months
    width = month_principal.shape[1]
    for i in range(status.size):
        status[i], rows = fold(
            terms, rates, events, i, s, overrides[min(i, overrides.shape[0] - 1)], ties[i], book[i], as_of
        )
        next_day[i] = s.row_day[0] if rows > 0 else NO_DAY
        last_day[i] = s.row_day[rows - 1] if rows > 0 else NO_DAY
        if status[i] != OK:
            continue
        seen = -1
        for j in range(rows):
            year, month, _ = civil(s.row_day[j])
            column = min(max(year * 12 + month - 1 - base, 0), width - 1)
            month_principal[group[i], column] += s.row_principal[j]
            month_interest[group[i], column] += s.row_interest[j]
            if column != seen:
                month_receipts[group[i], column] += 1
                seen = column
