"""Rate segments of loans: a fixed rate is one segment; a benchmark plus basis points resets by its cycle from
drawdown.

The quote that applies is the last one on or before the reset day; after the last quote it is taken as unchanged. A
reset before the first quote has no rate, and the loan gets the status `bad_rate`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

FLOATING: Final = "RF02"
BASIS_POINT_E7: Final = 1_000
NO_RATE: Final = -1
SPREAD_LIMIT_BP: Final = 100_000
_COLUMNS: Final = {"LPR1Y": "lpr_1y_rate_e7", "LPR5Y": "lpr_5y_rate_e7"}

Matrix = np.ndarray[Any, np.dtype[np.int64]]


def segments(terms: pl.DataFrame, quotes: pl.DataFrame) -> tuple[Matrix, Matrix]:
    """(offsets, one more than loans; segments as rows of day and rate, ascending within a loan).

    `terms` needs `rate_type, nominal_rate_e7, benchmark, spread_bp, reset_cycle_months, drawn_on, maturity_on`;
    `quotes` is the reference table `lpr`. A loan whose rate is not known gets one segment without a rate.
    """
    floats = (
        (pl.col("rate_type") == FLOATING)
        & pl.all_horizontal(pl.col("benchmark", "spread_bp", "drawn_on", "maturity_on").is_not_null())
        & (pl.col("reset_cycle_months") > 0)
        & pl.col("spread_bp").is_between(-SPREAD_LIMIT_BP, SPREAD_LIMIT_BP)
        & pl.all_horizontal(pl.col("drawn_on", "maturity_on").dt.year().is_between(1900, 2199))
    ).fill_null(False)
    numbered = terms.with_row_index("loan")
    is_fixed = pl.col("rate_type") != FLOATING
    rate = pl.when(is_fixed).then("nominal_rate_e7").fill_null(NO_RATE).alias("rate_e7")
    fixed = numbered.filter(~floats).select("loan", pl.col("drawn_on").alias("since"), rate)
    if fixed.height < terms.height:
        fixed = pl.concat([fixed, _resets(numbered.filter(floats), quotes)]).sort("loan", "since")
    counts = np.bincount(fixed["loan"].to_numpy(), minlength=terms.height)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    days = pl.col("since").cast(pl.Int32).cast(pl.Int64).fill_null(0)
    return start, as_matrix(fixed.select(days, "rate_e7"))


def as_matrix(frame: pl.DataFrame) -> Matrix:
    """A frame of integers as a writable row-major matrix: kernels are compiled for one kind of array."""
    matrix = np.ascontiguousarray(frame.cast(pl.Int64).to_numpy().reshape(frame.height, frame.width))
    return np.require(matrix, np.int64, ["C", "W", "O"])


def _resets(terms: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """The day of each reset that changes the rate, and the quote of the benchmark in force on it plus the spread."""
    life = (pl.col("maturity_on").dt.year() - pl.col("drawn_on").dt.year()) * 12 + 24
    number = pl.int_ranges(0, life.clip(0) // pl.col("reset_cycle_months") + 1).alias("reset")
    months = pl.col("reset") * pl.col("reset_cycle_months")
    resets = terms.with_columns(number).explode("reset")
    resets = resets.with_columns(since=pl.col("drawn_on").dt.offset_by(pl.format("{}mo", months))).sort("since")
    quoted = resets.join_asof(quotes.sort("quote_on"), left_on="since", right_on="quote_on")
    quote = pl.coalesce(
        pl.when(pl.col("benchmark") == name).then(pl.col(column)) for name, column in sorted(_COLUMNS.items())
    )
    rate = (quote + pl.col("spread_bp") * BASIS_POINT_E7).fill_null(NO_RATE)
    found = quoted.select("loan", "since", rate.alias("rate_e7")).sort("loan", "since")
    changes = (pl.col("rate_e7") != pl.col("rate_e7").shift(1)) | (pl.col("loan") != pl.col("loan").shift(1))
    return found.filter(changes.fill_null(True))
