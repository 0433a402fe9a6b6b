"""The highest rate at which interest on a small loan is free of VAT, one ceiling a reading of the law.

财税〔2018〕91号 speaks of 150 % of the central bank's benchmark rate, notice 16 of 2023 of 150 % of the LPR; which
tenor and the quote of which day is stated in neither copy read. No reading is chosen: a desk shows all, and a loan
within the lowest passes whatever is right. Multiple and benchmark are parameters of the packs `cn.mof.2018-91` and
`cn.mof.2023-16`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import polars as pl

from steadyrest import reference

Basis = Literal["benchmark", "lpr_1y", "lpr_5y"]
QuoteOf = Literal["", "grant", "settlement"]
_LPR: Final[Mapping[Basis, str]] = {"lpr_1y": "lpr_1y_rate_e7", "lpr_5y": "lpr_5y_rate_e7"}


@dataclass(frozen=True, slots=True)
class RateCeiling:
    """One reading: which rate, of which day, and the ceiling in 1e-7, itself still free.

    `quote_of` is empty and `quote_on` null for the benchmark.
    """

    basis: Basis
    quote_of: QuoteOf
    quote_on: date | None
    ceiling_rate_e7: int


def rate_ceilings(
    granted_on: date, settled_on: date, multiple_bp: int, benchmark_rate_e7: int | None = None
) -> tuple[RateCeiling, ...]:
    """All readings for a loan granted and a settlement of interest on these days, the multiple in 0.01 %.

    The benchmark reading stands only where its rate is given, an LPR reading only where a quote had been made by then.

    >>> july = date(2022, 7, 31)
    >>> [(item.basis, item.ceiling_rate_e7) for item in rate_ceilings(july, july, 15_000, 435_000)]
    [('benchmark', 652500), ('lpr_1y', 555000), ('lpr_5y', 667500)]
    """
    days: dict[QuoteOf, date] = {"grant": granted_on}
    if settled_on != granted_on:
        days["settlement"] = settled_on
    found = [RateCeiling("benchmark", "", None, _ceiling(benchmark_rate_e7, multiple_bp))] if benchmark_rate_e7 else []
    for quote_of, on in days.items():
        found += (
            RateCeiling(basis, quote_of, quoted_on, _ceiling(rate_e7, multiple_bp))
            for basis, column in _LPR.items()
            for quoted_on, rate_e7 in _last_quote(column, on)
        )
    return tuple(found)


def _last_quote(column: str, on: date) -> list[tuple[date, int]]:
    """Day and rate of the last quote made by a day; empty before the first."""
    made = reference.table("lpr").filter(pl.col("quote_on") <= on).sort("quote_on")
    return made.select("quote_on", column).tail(1).rows()


def _ceiling(rate_e7: int, multiple_bp: int) -> int:
    """Rounded down: what is above the exact ceiling is not free."""
    return rate_e7 * multiple_bp // 10_000
