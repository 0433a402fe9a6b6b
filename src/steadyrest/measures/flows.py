"""Cash flows of many contracts in three arrays: where each contract starts, the days, the amounts.

Amounts are signed from the lender's side: what is paid out is negative, what comes in is positive. They are fen; days
are days since 1970-01-01, ascending within a contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from steadyrest.contracts import CashFlows, Resolved
from steadyrest.contracts.kernels import layout
from steadyrest.errors import UsageError

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Marks = np.ndarray[Any, np.dtype[np.bool_]]

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Flows:
    """`offsets` has one entry more than there are contracts; `days` and `amounts` one a flow.

    Arrays that do not fit together are a `UsageError`. Days out of order are no error of the call: their contract gets
    the status `unsorted` where a rate is asked for.
    """

    offsets: Ints
    days: Ints
    amounts: Ints

    def __post_init__(self) -> None:
        for name in ("offsets", "days", "amounts"):
            array = np.require(getattr(self, name), np.int64, ["C", "W", "O"])
            object.__setattr__(self, name, array)
        sizes = self.days.size == self.amounts.size == int(self.offsets[-1]) if self.offsets.size else False
        if not sizes or self.offsets[0] != 0 or bool((np.diff(self.offsets) < 0).any()):
            raise UsageError("measures.flows_apart", offsets=self.offsets.size, flows=self.days.size)

    @property
    def size(self) -> int:
        """Number of contracts."""
        return int(self.offsets.size - 1)

    def of(self, contract: int) -> list[tuple[date, int]]:
        """The flows of one contract, for people."""
        part = slice(int(self.offsets[contract]), int(self.offsets[contract + 1]))
        days, amounts = self.days[part].tolist(), self.amounts[part].tolist()
        return [(date.fromordinal(day + _EPOCH.toordinal()), amount) for day, amount in zip(days, amounts, strict=True)]


def flows(contract: Any, on: Any, amount_fen: Any, size: int | None = None) -> Flows:
    """Flows from columns in any order: contract (position from 0), day, amount. Null anywhere is a `UsageError`.

    `size` is the number of contracts; without it, up to the last that has a flow. Flows of one day keep the order
    given.
    """
    frame = pl.DataFrame({"contract": contract, "on": on, "amount_fen": amount_fen})
    nulls = int(frame.null_count().sum_horizontal().item()) if frame.height else 0
    if nulls:
        raise UsageError("measures.flows_null", rows=nulls)
    frame = frame.with_columns(pl.col("on").cast(pl.Date).cast(pl.Int32)).sort("contract", "on", maintain_order=True)
    numbers = frame["contract"].cast(pl.Int64).to_numpy()
    count = int(numbers[-1]) + 1 if numbers.size else 0
    if (size is not None and count > size) or (numbers.size and numbers[0] < 0):
        raise UsageError("measures.flows_apart", offsets=size, flows=count)
    counts = np.bincount(numbers, minlength=count if size is None else size)
    return Flows(offsets_of(counts), _ints(frame["on"]), _ints(frame["amount_fen"]))


def loan_flows(resolved: Resolved, cash: CashFlows, fees_fen: pl.Series | None = None) -> Flows:
    """Drawdown and dues of projected loans, one contract a loan in the order of `resolved`.

    On the day of drawdown the principal is paid out and the fee, null = none, comes in. A loan whose status is not ok
    has no flows. `cash` must be projected without a book, so that it holds every due.
    """
    ok = cash.loans["status"].to_numpy() == "ok"
    loans = np.flatnonzero(ok)
    fees = np.zeros(resolved.size, np.int64) if fees_fen is None else _ints(fees_fen.fill_null(0))
    rows = cash.rows
    drawn = fees[loans] - resolved.terms[loans, layout.PRINCIPAL]
    days = np.concatenate([resolved.terms[loans, layout.DRAWN], _ints(rows["due_on"].cast(pl.Int32))])
    dues = rows.select(pl.col("principal_due_fen") + pl.col("interest_due_fen")).to_series()
    contract = np.concatenate([loans, _ints(rows["loan"])])
    amounts = np.concatenate([drawn, _ints(dues)])
    order = np.lexsort((days, contract))
    return Flows(offsets_of(np.bincount(contract, minlength=resolved.size)), days[order], amounts[order])


def later(of: Flows, on: Ints) -> Flows:
    """The flows after the end of day on[i] of each contract."""
    owner = np.repeat(np.arange(of.size), np.diff(of.offsets))
    keep = of.days > on[owner]
    counts = np.bincount(owner[keep], minlength=of.size)
    return Flows(offsets_of(counts), of.days[keep], of.amounts[keep])


def with_opening(of: Flows, days: Ints, amounts: Ints) -> Flows:
    """One flow more at the start of each contract."""
    at = of.offsets[:-1]
    return Flows(of.offsets + np.arange(of.size + 1), np.insert(of.days, at, days), np.insert(of.amounts, at, amounts))


def day_numbers(on: date | Sequence[date] | pl.Series, size: int) -> Ints:
    """One day for all contracts, or one a contract, as day numbers."""
    if isinstance(on, date):
        return np.full(size, (on - _EPOCH).days, np.int64)
    days = _ints(pl.Series(on, dtype=pl.Date).cast(pl.Int32))
    if days.size != size:
        raise UsageError("measures.days_apart", days=days.size, contracts=size)
    return days


def offsets_of(counts: Ints) -> Ints:
    """Where each contract starts, and the end, from the number of its flows."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _ints(values: pl.Series) -> Ints:
    return np.require(values.cast(pl.Int64).to_numpy(), np.int64, ["C", "W", "O"])
