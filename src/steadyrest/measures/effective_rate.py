"""Effective interest rates of many contracts, found as daily log-rates.

The rate is kept as the number the search ended with: discounting with it again gives the same bits. The rate a year is
exp(365 x daily) - 1, as a spreadsheet's XIRR. A floating contract gets a new rate at each reset from the flows as
projected then (IFRS 9 B5.4.5), so a reset is never a gain or a loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.contracts.parallel import over_chunks
from steadyrest.errors import UsageError
from steadyrest.measures.flows import Floats, Flows, Ints
from steadyrest.measures.kernels import rate as kernels
from steadyrest.measures.status import RATE_STATUS, RATE_STATUS_TYPE

YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Rates:
    """`daily`: log-rate a day, nan where there is none. `status`: numbers of `RATE_STATUS`. `steps`: values found."""

    daily: Floats
    status: Ints
    steps: Ints

    @property
    def annual(self) -> Floats:
        """The rate a year on a base of 365 days."""
        found: Floats = np.expm1(YEAR * self.daily)
        return found

    def frame(self) -> pl.DataFrame:
        """`status, daily_log_rate, effective_rate`, one row a contract; rates are null where the status is not ok."""
        return pl.DataFrame(
            {
                "status": pl.Series(RATE_STATUS, dtype=RATE_STATUS_TYPE).gather(self.status),
                "daily_log_rate": pl.Series(self.daily).fill_nan(None),
                "effective_rate": pl.Series(self.annual).fill_nan(None),
            }
        )


def effective_rates(of: Flows, *, guess: Any = None, threads: int | None = None) -> Rates:
    """The rate at which each contract's flows are worth nothing on the day of its first.

    `guess` is a rate a year (one, or one a contract; null or nan = none) from which the search starts; where there is
    one rate it does not change which. Flows that do not have exactly one rate get a status and no rate. `threads` None
    = one a processor; the answer does not depend on it.
    """
    starts = daily_guess(guess, of.size)
    daily, status, steps = np.empty(of.size), np.empty(of.size, np.int64), np.empty(of.size, np.int64)

    def work(part: range) -> None:
        kernels.solve_all(of.offsets, of.days, of.amounts, starts, part.start, part.stop, daily, status, steps)

    in_parts(of.size, threads, work)
    return Rates(daily, status, steps)


def daily_guess(guess: Any, size: int) -> Floats:
    """Rates a year as daily log-rates; nothing, nan and rates of -100 % and below start at zero."""
    annual = np.zeros(size) if guess is None else np.broadcast_to(np.asarray(guess, np.float64), size)
    usable = np.isfinite(annual) & (annual > -1.0)
    return np.ascontiguousarray(np.where(usable, np.log1p(np.where(usable, annual, 0.0)) / YEAR, 0.0))


def in_parts(size: int, threads: int | None, work: Callable[[range], None]) -> None:
    """Run a kernel over ranges of contracts."""
    over_chunks(np.arange(size, dtype=np.int64), threads, work)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Floating contracts cut at their resets.

    Contract i has the pieces offsets[i] to before offsets[i + 1]. Piece j holds the flows projected with the rate known
    at its reset, up to the end of the contract: for the first piece from drawdown on, for a later one those strictly
    after `resets[j]` (a day number). What does not fit together is a `UsageError`.
    """

    offsets: Ints
    resets: Ints
    flows: Flows

    def __post_init__(self) -> None:
        ends = self.offsets.size and self.offsets[0] == 0 and int(self.offsets[-1]) == self.flows.size
        if not ends or self.resets.size != self.flows.size or bool((np.diff(self.offsets) < 0).any()):
            raise UsageError("measures.flows_apart", offsets=self.offsets.size, flows=self.flows.size)


@dataclass(frozen=True, slots=True)
class FloatingRates:
    """One rate a piece. `opening`: what the contract is carried at on the reset day, in fen; 0 for a first piece."""

    daily: Floats
    status: Ints
    opening: Floats


def follow_resets(of: Pieces, *, guess: Any = None, threads: int | None = None) -> FloatingRates:
    """The rates of floating contracts, each found from the carrying amount at its reset and the flows projected then.

    A piece that has no rate leaves the later ones of its contract without, with its status.
    """
    starts = daily_guess(guess, of.flows.size)
    pieces = of.flows.size
    daily, status, opening = np.empty(pieces), np.empty(pieces, np.int64), np.empty(pieces)
    flow = of.flows

    def work(part: range) -> None:
        kernels.follow(
            flow.offsets,
            flow.days,
            flow.amounts,
            of.offsets,
            of.resets,
            starts,
            part.start,
            part.stop,
            daily,
            status,
            opening,
        )

    in_parts(of.offsets.size - 1, threads, work)
    return FloatingRates(daily, status, opening)
