"""Gross carrying amounts at the original effective rate, on any day, and their walk from period to period.

The carrying amount at the end of a day is what the flows after it are worth at the rate. Amounts are float64 fen where
they are values and whole fen where they are booked: opening + interest + cash = closing holds to the fen, with interest
as the rest, so the interest of all periods adds up to all flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from steadyrest.errors import UsageError
from steadyrest.measures.effective_rate import in_parts
from steadyrest.measures.flows import Floats, Flows, Ints, day_numbers
from steadyrest.measures.kernels import carrying as kernels


def carrying_amounts(
    of: Flows, daily: Floats, on: date | Sequence[date] | pl.Series, *, threads: int | None = None
) -> Floats:
    """What each contract is carried at, at the end of a day (one, or one a contract), in fen and not rounded.

    nan where there is no rate; 0 after the last flow. Before the first flow it is the value of all of them.
    """
    days = day_numbers(on, of.size)
    rates = checked_rates(of, daily)
    values = np.empty(of.size)

    def work(part: range) -> None:
        kernels.value_all(of.offsets, of.days, of.amounts, rates, days, part.start, part.stop, values)

    in_parts(of.size, threads, work)
    return values


def amortised_cost(of: Flows, daily: Floats, ends: Sequence[date], *, threads: int | None = None) -> pl.DataFrame:
    """The walk of each contract over periods that end on the days given, from the first flow to the last.

    One row a contract and period with `contract, from_on, to_on, opening_fen, interest_fen, cash_fen, closing_fen`.
    `cash_fen` is what was paid out less what came in; a period runs from the day after `from_on` to `to_on`, the first
    from before any flow (`from_on` null, opening 0). Contracts without a rate have no rows. `ends` must ascend
    (`UsageError`); what flows after the last of them is in the closing amount only.
    """
    days = np.array([(on - date(1970, 1, 1)).days for on in ends], np.int64)
    if days.size == 0 or bool((np.diff(days) <= 0).any()):
        raise UsageError("measures.ends_order")
    rates = checked_rates(of, daily)
    rows = _period_rows(of, rates, days)
    closing, cash = np.empty(int(rows[-1, 0])), np.empty(int(rows[-1, 0]), np.int64)

    def work(part: range) -> None:
        kernels.walk_all(of.offsets, of.days, of.amounts, rates, days, rows, part.start, part.stop, (closing, cash))

    in_parts(of.size, threads, work)
    return _walk_frame(rows, days, whole_fen(closing), cash)


def checked_rates(of: Flows, daily: Floats) -> Floats:
    """Rates as the kernels take them, one a contract."""
    rates = np.require(daily, np.float64, ["C", "W", "O"])
    if rates.size != of.size:
        raise UsageError("measures.rates_apart", rates=rates.size, contracts=of.size)
    return rates


def whole_fen(values: Floats) -> Ints:
    """Values as whole fen, half away from zero. nan is a mistake of the caller."""
    assert bool(np.isfinite(values).all()), "no amount without a rate"
    rounded = np.trunc(values)
    rounded += np.where(np.abs(values - rounded) >= 0.5, np.sign(values), 0.0)
    return rounded.astype(np.int64)


def _period_rows(of: Flows, rates: Floats, days: Ints) -> Ints:
    """(first row, first period end) of each contract: the end on or after its first flow up to that after its last."""
    has_rows = (np.diff(of.offsets) > 0) & np.isfinite(rates)
    first, last = np.zeros(of.size, np.int64), np.zeros(of.size, np.int64)
    first[has_rows] = np.searchsorted(days, of.days[of.offsets[:-1][has_rows]])
    last[has_rows] = np.searchsorted(days, of.days[of.offsets[1:][has_rows] - 1])
    counts = np.where(has_rows, np.minimum(last + 1, days.size) - first, 0)
    rows = np.zeros((of.size + 1, 2), np.int64)
    rows[1:, 0], rows[:-1, 1] = np.cumsum(counts), first
    return rows


def _walk_frame(rows: Ints, days: Ints, closing: Ints, cash: Ints) -> pl.DataFrame:
    counts = np.diff(rows[:, 0])
    contract = np.repeat(np.arange(counts.size, dtype=np.int64), counts)
    position = np.arange(closing.size) - rows[contract, 0]
    end = rows[contract, 1] + position
    is_first = position == 0
    opening = np.where(is_first, 0, np.roll(closing, 1))
    since = pl.Series(days[np.maximum(end - 1, 0)]).cast(pl.Int32).cast(pl.Date).set(pl.Series(is_first), None)
    return pl.DataFrame(
        {
            "contract": contract,
            "from_on": since,
            "to_on": pl.Series(days[end]).cast(pl.Int32).cast(pl.Date),
            "opening_fen": opening,
            "interest_fen": closing - opening + cash,
            "cash_fen": -cash,
            "closing_fen": closing,
        }
    )
