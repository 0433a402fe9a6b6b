"""Rate segments of loans: a fixed rate is one segment; LPR plus basis points resets by its cycle.

The quote that applies is the last one on or before the day; a quote after the last known one is taken as unchanged.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from steadyrest.contracts.kernels.fold import Rates

_EPOCH = date(1970, 1, 1)
FLOATING = "RF02"
BASIS_POINT_E7 = 1_000


def day(on: date) -> int:
    """The day number of a date."""
    return (on - _EPOCH).days


def segments(terms: pl.DataFrame, quotes: pl.DataFrame) -> tuple[np.ndarray, Rates]:
    """Offsets and segments for all loans, in order.

    `terms` needs `rate_type, nominal_rate_e7, benchmark, spread_bp, reset_cycle_months, drawn_on, maturity_on`;
    `quotes` is the reference table `lpr` with `quote_on, lpr_1y_rate_e7, lpr_5y_rate_e7`.
    """
    floats = (terms["rate_type"].cast(pl.String) == FLOATING).fill_null(False)
    if not floats.any():
        start = np.arange(terms.height + 1, dtype=np.int64)
        since = terms["drawn_on"].cast(pl.Int32).cast(pl.Int64).to_numpy()
        return start, Rates(since, terms["nominal_rate_e7"].fill_null(0).to_numpy())
    long = _floating(terms.with_row_index("loan").filter(floats), quotes)
    fixed = terms.with_row_index("loan").filter(~floats)
    long = pl.concat(
        [
            long,
            fixed.select(
                "loan", pl.col("drawn_on").alias("since"), pl.col("nominal_rate_e7").fill_null(0).alias("rate_e7")
            ),
        ]
    ).sort("loan", "since")
    counts = np.bincount(long["loan"].to_numpy(), minlength=terms.height)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return start, Rates(long["since"].cast(pl.Int32).cast(pl.Int64).to_numpy(), long["rate_e7"].to_numpy())


def _floating(terms: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """One row a reset: the day, and the quote of the loan's benchmark in force on it plus the spread."""
    life = (pl.col("maturity_on").dt.year() - pl.col("drawn_on").dt.year()) * 12 + 24
    resets = terms.with_columns(pl.int_ranges(0, life // pl.col("reset_cycle_months") + 1).alias("reset"))
    resets = resets.explode("reset").with_columns(
        pl.col("drawn_on")
        .dt.offset_by(pl.format("{}mo", pl.col("reset") * pl.col("reset_cycle_months")))
        .alias("since")
    )
    resets = resets.sort("since").join_asof(quotes.sort("quote_on"), left_on="since", right_on="quote_on")
    first = quotes.sort("quote_on").row(0, named=True)
    quote = pl.when(pl.col("benchmark").cast(pl.String) == "LPR5Y").then(
        pl.col("lpr_5y_rate_e7").fill_null(first["lpr_5y_rate_e7"])
    )
    rate = quote.otherwise(pl.col("lpr_1y_rate_e7").fill_null(first["lpr_1y_rate_e7"]))
    return resets.select("loan", "since", (rate + pl.col("spread_bp") * BASIS_POINT_E7).alias("rate_e7"))
