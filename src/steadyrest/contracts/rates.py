"""Rate segments of loans: a fixed rate is one segment; a benchmark plus basis points resets by its cycle from
drawdown.

The quote that applies is the last one on or before the reset day; after the last quote it is taken as unchanged. The
benchmark `LPR` is that of the tier of the term as signed: beyond five years the five-year one. The rate stays within a
floor and a cap where they are agreed. A reset before the first quote has no rate, and neither has a loan whose floor is
above its cap: it gets the status `bad_rate`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.contracts.kernels.civil import FIRST_DAY, LAST_DAY
from steadyrest.contracts.kernels.resets import NO_RATE, write_segments
from steadyrest.units import round_fraction

FLOATING: Final = "RF02"
BASIS_POINT_E7: Final = 1_000
SPREAD_LIMIT_BP: Final = 100_000
_COLUMNS: Final = {"LPR1Y": "lpr_1y_rate_e7", "LPR5Y": "lpr_5y_rate_e7"}

BY_TERM: Final = "LPR"
BENCHMARKS: Final = (*_COLUMNS, BY_TERM)
_LONG_TERM: Final = "5y"
_NO_LIMIT: Final = 10**12

Matrix = np.ndarray[Any, np.dtype[np.int64]]


def segments(terms: pl.DataFrame, quotes: pl.DataFrame) -> tuple[Matrix, Matrix]:
    """(offsets, one more than loans; segments as rows of day and rate, ascending within a loan).

    `terms` needs `rate_type, nominal_rate_e7, benchmark, spread_bp, reset_cycle_months, floor_rate_e7, cap_rate_e7,
    drawn_on, maturity_on`; `quotes` is the reference table `lpr`. A loan whose rate is not known gets one segment
    without a rate.
    """
    ordered = quotes.sort("quote_on")
    days = as_matrix(ordered.select(pl.col("quote_on").cast(pl.Int32)))[:, 0].copy()
    rates = as_matrix(ordered.select(_COLUMNS.values()))
    is_floating = (pl.col("rate_type") == FLOATING).fill_null(False)
    drawn, maturity = (pl.col(name).cast(pl.Int32).cast(pl.Int64) for name in ("drawn_on", "maturity_on"))
    known = (
        is_floating
        & pl.col("benchmark").is_in(list(BENCHMARKS)).fill_null(False)
        & pl.col("spread_bp").is_between(-SPREAD_LIMIT_BP, SPREAD_LIMIT_BP).fill_null(False)
        & (pl.col("reset_cycle_months") > 0).fill_null(False)
        & drawn.is_between(FIRST_DAY, LAST_DAY).fill_null(False)
        & maturity.is_between(FIRST_DAY, LAST_DAY).fill_null(False)
    )
    loans = as_matrix(
        terms.select(
            known.alias("floats"),
            drawn.fill_null(0),
            maturity.fill_null(0),
            pl.col("reset_cycle_months").fill_null(0),
            ((pl.col("benchmark") == "LPR5Y") | ((pl.col("benchmark") == BY_TERM) & _is_long())).fill_null(False),
            (pl.col("spread_bp").fill_null(0) * BASIS_POINT_E7).alias("spread"),
            pl.when(is_floating).then(NO_RATE).otherwise(pl.col("nominal_rate_e7").fill_null(NO_RATE)).alias("fixed"),
            pl.col("floor_rate_e7").fill_null(-_NO_LIMIT),
            pl.col("cap_rate_e7").fill_null(_NO_LIMIT),
        )
    )
    start = np.zeros(terms.height + 1, np.int64)
    count = write_segments(loans, days, rates, start, np.empty((0, 2), np.int64))
    found = np.empty((max(count, 1), 2), np.int64)
    write_segments(loans, days, rates, start, found)
    return start, found[:count]


def _is_long() -> pl.Expr:
    """Whether the term as signed is longer than five years."""
    return pl.col("maturity_on") > pl.col("drawn_on").dt.offset_by(_LONG_TERM)


def marked_up(rate_e7: int, share: Fraction) -> int:
    """A benchmark rate plus a share of itself, half up to 1e-7, the unit of the official field 利率水平.

    >>> marked_up(365_000, Fraction(255, 1000))
    458075
    """
    return round_fraction(rate_e7 * (1 + share))


def as_matrix(frame: pl.DataFrame) -> Matrix:
    """A frame of integers as a writable row-major matrix: kernels are compiled for one kind of array."""
    matrix = np.empty((frame.height, frame.width), np.int64)
    for index, column in enumerate(frame.iter_columns()):
        matrix[:, index] = column.to_numpy()
    return matrix
