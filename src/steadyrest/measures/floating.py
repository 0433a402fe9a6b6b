"""Effective rates of loans. A floating loan has one for each reset, from its flows as they were projected then, with no
rate known later; where no fee is on file the rate is that of the contract, and the basis says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from steadyrest.contracts import Resolved, project
from steadyrest.contracts.kernels import layout
from steadyrest.measures.effective_rate import YEAR, Pieces, follow_resets
from steadyrest.measures.flows import Flows, later, loan_flows, offsets_of
from steadyrest.measures.status import RATE_STATUS, RATE_STATUS_TYPE

BEFORE_ALL: Final = -(2**31)
RATE_BASES: Final = ("fees", "contract")
RATE_BASIS_TYPE: Final = pl.Enum(RATE_BASES)


def loan_rates(resolved: Resolved, fees_fen: pl.Series | None = None, *, threads: int | None = None) -> pl.DataFrame:
    """The effective rates of loans, one row a loan and reset, in the order of `resolved`.

    `fees_fen` comes in on the day of drawdown, null = none on file. Columns: `loan` (position), `from_on` (the day from
    whose end the rate holds: drawdown or reset; null without flows), `status`, `basis` (`fees`, or `contract` where no
    fee is on file), `daily_log_rate, effective_rate` (null where the status is not ok), `opening_fen` (float64: what
    the loan is carried at on a reset day, null for its first rate).
    """
    pieces = loan_pieces(resolved, fees_fen, threads=threads)
    found = follow_resets(pieces, threads=threads)
    counts = np.diff(pieces.offsets)
    loan = np.repeat(np.arange(resolved.size), counts)
    is_first = np.isin(np.arange(loan.size), pieces.offsets[:-1])
    has_flows = pl.Series(np.diff(pieces.flows.offsets) > 0)
    since = np.where(is_first, resolved.terms[loan, layout.DRAWN], pieces.resets)
    on_file = pl.repeat(False, resolved.size, eager=True) if fees_fen is None else fees_fen.is_not_null()
    daily = pl.Series(found.daily)
    return pl.DataFrame(
        {
            "loan": loan,
            "from_on": pl.Series(since).set(~has_flows, None).cast(pl.Int32).cast(pl.Date),
            "status": pl.Series(RATE_STATUS, dtype=RATE_STATUS_TYPE).gather(found.status),
            "basis": pl.Series(RATE_BASES, dtype=RATE_BASIS_TYPE).gather((~on_file.gather(loan)).cast(pl.Int64)),
            "daily_log_rate": daily.fill_nan(None),
            "effective_rate": pl.Series(np.expm1(YEAR * found.daily)).fill_nan(None),
            "opening_fen": pl.Series(found.opening).set(pl.Series(is_first), None),
        }
    )


def loan_pieces(resolved: Resolved, fees_fen: pl.Series | None = None, *, threads: int | None = None) -> Pieces:
    """One piece for each rate segment of each loan: a fixed loan is one, a floating one starts anew at each reset.

    The last rate known at a reset is taken as unchanged to the end. Agreed events count in all pieces. A fee (null =
    none) comes in on the day of drawdown. A reset after which nothing is due has no piece; a loan that cannot be
    projected has one, without flows.
    """
    first, stop = resolved.terms[:, layout.RATE_FROM], resolved.terms[:, layout.RATE_TO]
    counts = stop - first
    loan = np.repeat(np.arange(resolved.size), counts)
    segment = np.arange(loan.size) - np.repeat(np.cumsum(counts) - counts, counts) + first[loan]
    terms = resolved.terms[loan]
    terms[:, layout.RATE_TO] = segment + 1
    known_then = replace(resolved, terms=terms)
    fees = None if fees_fen is None else fees_fen.gather(loan)
    projected = loan_flows(known_then, project(known_then, threads=threads), fees)
    is_first = segment == first[loan]
    resets = resolved.rates[segment, layout.RATE_SINCE]
    kept = later(projected, np.where(is_first, BEFORE_ALL, resets))
    chosen = is_first | (np.diff(kept.offsets) > 0)
    sizes = np.diff(kept.offsets)[chosen]  # a piece that is left out has no flows
    pieces = np.bincount(loan[chosen], minlength=resolved.size)
    return Pieces(offsets_of(pieces), resets[chosen], Flows(offsets_of(sizes), kept.days, kept.amounts))
