"""Rates of receipts: fixed, or the LPR plus basis points with a reset cycle, as they stand on the as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from steadyrest import reference
from steadyrest.synth.borrowers import coded, day
from steadyrest.synth.draw import Draw, Flags, Ints

BASIS_POINT_E7: Final = 1_000
OLD_BENCHMARK_E7: Final = (435_000, 490_000)
"""The benchmark lending rates of the central bank before the LPR of August 2019: up to one year, over five years."""
_LPR: Final = ("lpr_1y_rate_e7", "lpr_5y_rate_e7")
_CYCLES: Final = np.array([12, 12, 6, 3, 1])


@dataclass(frozen=True, slots=True)
class Span:
    """From drawdown to maturity, as day numbers; `is_long`: priced off the LPR over five years."""

    drawn: Ints
    maturity: Ints
    is_long: Flags
    is_dollar: Flags


@dataclass(frozen=True, slots=True)
class Priced:
    """Rate columns of the terms; benchmark (-1: none) and rate in 1e-7 as of, and the next repricing day."""

    columns: tuple[pl.Series, ...]
    benchmark_e7: Ints
    rate_e7: Ints
    repricing: Ints


def priced(draw: Draw, span: Span, as_of: date) -> Priced:
    """Rates of receipts: a little more than half of them float, dollars never."""
    count, first = span.drawn.size, int(_quote_days()[0])
    is_floating = ~span.is_dollar & (span.drawn >= first) & draw.chance(550, count)
    spread = draw.skewed(0, 280, count) - 30 + np.where(span.is_dollar, 60, 0)
    cycle = _CYCLES[draw.whole(0, _CYCLES.size, count)]
    passed = _whole_months(span.drawn, np.full(count, day(as_of))) // cycle
    last = np.where(is_floating, add_months(span.drawn, passed * cycle), span.drawn)
    benchmark = _benchmarks()[span.is_long.astype(np.int64), np.searchsorted(_quote_days(), last, side="right")]
    following = np.minimum(add_months(span.drawn, (passed + 1) * cycle), span.maturity)
    return Priced(
        _columns(is_floating, span.is_long, benchmark + spread * BASIS_POINT_E7, spread, cycle),
        np.where(is_floating, benchmark, -1),
        benchmark + spread * BASIS_POINT_E7,
        np.where(is_floating, following, span.maturity),
    )


def _columns(is_floating: Flags, is_long: Flags, rate: Ints, spread: Ints, cycle: Ints) -> tuple[pl.Series, ...]:
    is_fixed = pl.Series(~is_floating)
    return (
        coded(is_floating.astype(np.int64), ("RF01", "RF02"), pl.String()).alias("rate_type"),
        pl.Series("nominal_rate_e7", rate),
        coded(np.where(is_floating, is_long, -1), ("LPR1Y", "LPR5Y"), pl.String()).alias("benchmark"),
        pl.Series("spread_bp", spread).set(is_fixed, None),
        pl.Series("reset_cycle_months", cycle).set(is_fixed, None),
        *(pl.Series(name, [None], pl.Int64).new_from_index(0, rate.size) for name in ("floor_rate_e7", "cap_rate_e7")),
    )


def _quote_days() -> Ints:
    days: Ints = reference.table("lpr").sort("quote_on")["quote_on"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    return days


def _benchmarks() -> Ints:
    """Benchmark rates by tenor and number of quotes so far; before the first quote the old benchmark."""
    quotes = reference.table("lpr").sort("quote_on")
    return np.array([[old, *quotes[name].to_list()] for old, name in zip(OLD_BENCHMARK_E7, _LPR, strict=True)])


def add_months(numbers: Ints, months: Ints | int) -> Ints:
    """Day numbers some months later; the last day of the month where the month is shorter."""
    month = numbers.astype("M8[D]").astype("M8[M]")
    inner = numbers - month.astype("M8[D]").astype(np.int64)
    target = month + np.asarray(months).astype("m8[M]")
    start = target.astype("M8[D]").astype(np.int64)
    length = (target + np.timedelta64(1, "M")).astype("M8[D]").astype(np.int64) - start
    moved: Ints = start + np.minimum(inner, length - 1)
    return moved


def _whole_months(start: Ints, end: Ints) -> Ints:
    """Whole months from one day to another."""
    between = end.astype("M8[D]").astype("M8[M]") - start.astype("M8[D]").astype("M8[M]")
    months: Ints = between.astype(np.int64)
    return np.where(add_months(start, months) > end, months - 1, months)
