"""A modification of contractual flows: gain or loss at the original rate, the 10 % test, and the rate that follows.

The carrying amount is computed again as the value of the modified flows at the original effective rate; the difference
is the modification gain or loss (IFRS 9 5.4.3, CAS 22). Costs and fees of the modification adjust the carrying amount
and are spread by a new rate. Whether the old asset is derecognised is not decided here: IFRS 9 gives no test for
assets, so the way is a parameter and both values are reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import polars as pl

from steadyrest.errors import UsageError
from steadyrest.measures.carrying_amount import carrying_amounts, checked_rates, whole_fen
from steadyrest.measures.effective_rate import YEAR, Rates, effective_rates
from steadyrest.measures.flows import Floats, Flows, Ints, Marks, day_numbers, later, with_opening
from steadyrest.measures.kernels.rate import NO_ROOT, OK
from steadyrest.units import RATE_ONE

Verdict = Literal["present_value_test", "given", "never"]
VERDICTS: Final = ("present_value_test", "given", "never")


@dataclass(frozen=True, slots=True)
class SubstanceTest:
    """How a bank decides whether modified terms are substantially different.

    `threshold_e7`: the difference of present values, in 1e-7 of the old one, from which it is substantial (10 % by
    analogy to liabilities, IFRS 9 B3.3.6). `with_fees`: fees received and costs paid count in the value under the new
    terms. `verdict`: `present_value_test` derecognises where the test says substantial, `given` by what the caller was
    told (a qualitative judgement), `never` not.
    """

    threshold_e7: int = RATE_ONE // 10
    with_fees: bool = True
    verdict: Verdict = "present_value_test"

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise UsageError("measures.verdict", value=self.verdict, allowed=", ".join(VERDICTS))
        if self.threshold_e7 <= 0:
            raise UsageError("measures.threshold", value=self.threshold_e7)


def modifications(
    before: Flows,
    after: Flows,
    daily: Floats,
    on: date | Sequence[date] | pl.Series,
    *,
    fees_fen: pl.Series | None = None,
    costs_fen: pl.Series | None = None,
    is_derecognised: pl.Series | None = None,
    test: SubstanceTest | None = None,
    threads: int | None = None,
) -> pl.DataFrame:
    """Modifications at the end of a day (one, or one a contract), one row a contract.

    `before` and `after` are all flows under the old and the new terms; those after the day count. `daily` are the
    original log-rates. `fees_fen` come in on the day, `costs_fen` are paid on it, null = none. `is_derecognised` is
    needed by the verdict `given` only; null there stays null.

    Columns: `carrying_before_fen, carrying_after_fen` (at the original rate), `modification_gain_fen` (negative = loss,
    null where the asset is derecognised or that is not known), `tested_before_fen, tested_after_fen` (the two values of
    the test), `difference_e7` (their distance in 1e-7 of the first, null where that is 0), `is_substantial`,
    `is_derecognised`, `adjusted_fen` (carrying amount after fees and costs), `status` and `daily_log_rate` of the rate
    that follows: the original one where there are no fees or costs, else the one found from the adjusted amount. Where
    there is no original rate everything is null and the status is `no_root`.
    """
    how = test or SubstanceTest()
    if how.verdict == "given" and is_derecognised is None:
        raise UsageError("measures.verdict_missing")
    if before.size != after.size:
        raise UsageError("measures.flows_apart", offsets=before.size, flows=after.size)
    days = day_numbers(on, before.size)
    at = pl.Series(days).cast(pl.Int32).cast(pl.Date)
    fee, cost = _amounts(fees_fen, before.size), _amounts(costs_fen, before.size)
    rates = checked_rates(before, daily)
    known = np.isfinite(rates)
    old = carrying_amounts(before, rates, at, threads=threads)
    new = carrying_amounts(after, rates, at, threads=threads)
    frame = _amount_frame(known, old, new, new - fee + cost, new + (fee - cost if how.with_fees else 0))
    booked = frame["adjusted_fen"].fill_null(0).to_numpy()
    following = _following(later(after, days), booked, days, rates, (fee != 0) | (cost != 0), threads)
    return (
        frame.with_columns(_substance(how))
        .with_columns(_derecognised(how, is_derecognised))
        .select(
            "carrying_before_fen",
            "carrying_after_fen",
            pl.when(~pl.col("is_derecognised"))
            .then(pl.col("carrying_after_fen") - pl.col("carrying_before_fen"))
            .alias("modification_gain_fen"),
            "tested_before_fen",
            "tested_after_fen",
            "difference_e7",
            "is_substantial",
            "is_derecognised",
            "adjusted_fen",
            *following.frame().select("status", "daily_log_rate"),
        )
    )


def _amount_frame(known: Marks, old: Floats, new: Floats, adjusted: Floats, tested: Floats) -> pl.DataFrame:
    columns = {
        "carrying_before_fen": old,
        "carrying_after_fen": new,
        "adjusted_fen": adjusted,
        "tested_before_fen": old,
        "tested_after_fen": tested,
    }
    unknown = pl.Series(~known)
    return pl.DataFrame(
        {
            name: pl.Series(whole_fen(np.where(known, values, 0.0))).set(unknown, None)
            for name, values in columns.items()
        }
    )


def _substance(how: SubstanceTest) -> list[pl.Expr]:
    """The distance of the two values, and whether it reaches the threshold: compared in whole numbers."""
    old, new = (pl.col(name).cast(pl.Int128) for name in ("tested_before_fen", "tested_after_fen"))
    apart, base = (new - old).abs() * RATE_ONE, pl.when(old != 0).then(old.abs())
    return [
        (apart // base).cast(pl.Int64).alias("difference_e7"),
        (apart >= base * pl.lit(how.threshold_e7, pl.Int128)).alias("is_substantial"),
    ]


def _derecognised(how: SubstanceTest, given: pl.Series | None) -> pl.Expr:
    if how.verdict == "never":
        return pl.lit(False).alias("is_derecognised")
    if how.verdict == "given":
        return pl.lit(given).cast(pl.Boolean).alias("is_derecognised")
    return pl.col("is_substantial").alias("is_derecognised")


def _following(left: Flows, adjusted: Ints, days: Ints, original: Floats, moved: Marks, threads: int | None) -> Rates:
    """The rates after the modification: the original ones, and new ones where fees or costs moved the amount."""
    known = np.isfinite(original)
    found = effective_rates(with_opening(left, days, -adjusted), guess=np.expm1(YEAR * original), threads=threads)
    again = moved & known
    return Rates(
        np.where(again, found.daily, original),
        np.where(again, found.status, np.where(known, OK, NO_ROOT)),
        np.where(again, found.steps, 0),
    )


def _amounts(values: pl.Series | None, size: int) -> Ints:
    if values is None:
        return np.zeros(size, np.int64)
    amounts: Ints = values.fill_null(0).cast(pl.Int64).to_numpy()
    if amounts.size != size:
        raise UsageError("measures.amounts_apart", amounts=amounts.size, contracts=size)
    return amounts
