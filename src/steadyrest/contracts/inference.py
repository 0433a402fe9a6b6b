"""Terms that an extract does not carry, told by the core system's own next instalment.

Each registered form (amortisation, cycles, pattern of due days, day count) that the extract does not rule out is laid
over the life of the receipt. A form is the receipt's when it gives the core's next principal and interest on the core's
next day to the fen, over the balance there is. Forms that agree on the next instalment and not on the rest settle
nothing; what no form gives has no terms, and the nearest form is named with its differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from steadyrest.contracts.project import project
from steadyrest.contracts.rates import BASIS_POINT_E7
from steadyrest.contracts.schedule import resolve
from steadyrest.contracts.terms import conform

PLAN_SCHEMA: Final[dict[str, pl.DataType]] = {
    "loan_id": pl.String(),
    "drawn_on": pl.Date(),
    "maturity_on": pl.Date(),
    "nominal_rate_e7": pl.Int64(),
    "original_principal_fen": pl.Int64(),
    "performing_fen": pl.Int64(),
    "repayment_method": pl.String(),
    "interest_method": pl.String(),
    "next_due_on": pl.Date(),
    "next_principal_fen": pl.Int64(),
    "next_interest_fen": pl.Int64(),
    "rate_type": pl.String(),
    "is_lpr": pl.Boolean(),
    "benchmark_rate_e7": pl.Int64(),
    "repricing_on": pl.Date(),
    "as_of_on": pl.Date(),
}
"""What is known of a receipt: the balance without principal in arrears, the core's next instalment, and of a floating
rate the quote it hangs on and the next day it is reset after the as-of day.
"""
TERMS: Final = (
    "original_principal_fen",
    "amortisation",
    "repayment_cycle_months",
    "interest_cycle_months",
    "interest_day",
    "first_due_on",
    "day_count",
    "benchmark",
    "spread_bp",
    "reset_cycle_months",
)
GAPS: Final = ("principal_gap_fen", "interest_gap_fen", "balance_gap_fen")
_BATCH: Final = 20_000
_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_PATTERNS: Final = ("drawn", "settled_20", "first", "settled")
"""Due days of drawdown, after settlement on the 20th, in step with the next due, after settlement the day before it."""
_SETTLEMENT_DAY: Final = 20
_NEEDED: Final = (
    "drawn_on",
    "maturity_on",
    "nominal_rate_e7",
    "original_principal_fen",
    "performing_fen",
    "next_due_on",
)
_REPAYMENTS: Final = (*_MONTHS, "at_maturity", "by_progress", "other", None)
_INTERESTS: Final = (*_MONTHS, "irregular", "without_interest", "with_principal", "other", None)
_WITH_PRINCIPAL: Final = 0
"""The cycle of interest that falls due with the principal at maturity."""


def _forms() -> pl.DataFrame:
    """For each pair of methods that an extract may name, the amortisations, cycles and patterns it leaves open."""
    methods = pl.DataFrame({"repayment_method": _REPAYMENTS}, {"repayment_method": pl.String()}).join(
        pl.DataFrame({"interest_method": _INTERESTS}, {"interest_method": pl.String()}), how="cross"
    )
    plans = pl.DataFrame({"amortisation": ["level", "even_principal", "bullet"]})
    cycles = pl.DataFrame({"cycle": [*_MONTHS.values(), _WITH_PRINCIPAL]})
    every = (
        methods.join(plans, how="cross")
        .join(cycles, how="cross")
        .join(pl.DataFrame({"pattern": _PATTERNS}), how="cross")
    )
    principal = pl.col("repayment_method").replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    interest = pl.col("interest_method").replace_strict(
        _MONTHS | {"with_principal": _WITH_PRINCIPAL}, default=None, return_dtype=pl.Int64
    )
    is_bullet, cycle = pl.col("amortisation") == "bullet", pl.col("cycle")
    repayment = pl.when(~is_bullet).then(pl.coalesce(principal, cycle))
    fits_method = (
        pl.when(pl.col("repayment_method") == "at_maturity").then(is_bullet)
        .when(pl.col("repayment_method") == "by_progress").then(pl.lit(False))
        .when(principal.is_not_null()).then(~is_bullet)
        .otherwise(pl.lit(True))
    )  # fmt: skip
    fits_cycle = (
        pl.when(is_bullet).then(pl.lit(True))
        .when(pl.col("amortisation") == "level").then(repayment == cycle)
        .otherwise(repayment % cycle.replace(0, 1) == 0)
    )  # fmt: skip
    fits_interest = interest.is_null() | (cycle == interest)
    has_cycle = (cycle > 0) | (is_bullet & ~pl.col("pattern").str.starts_with("settled"))
    return every.filter(fits_method & fits_cycle & fits_interest & has_cycle).with_columns(
        repayment.alias("repayment_cycle_months")
    )


_FORMS: Final = _forms()
_RATES: Final = pl.DataFrame(
    [("RF01", None, None), *(("RF02", name, cycle) for name in ("LPR1Y", "LPR5Y") for cycle in (1, 3, 6, 12))],
    schema={"rate_type": pl.String(), "benchmark": pl.String(), "reset_cycle_months": pl.Int64()},
    orient="row",
)


def infer(receipts: pl.DataFrame) -> pl.DataFrame:
    """One row a receipt in the order given: `loan_id, state`, the terms, and the gaps of the nearest form.

    `receipts`: columns of `PLAN_SCHEMA`, one row a `loan_id`; amounts that are null count as nothing due. States:
    `reproduced` (terms are the receipt's), `ambiguous` and `not_reproduced` (terms are those of the nearest form; gaps
    = form less core, null where no form has a due on that day) and `no_plan` (nothing to compare with: no terms).
    """
    plans = conform(receipts, PLAN_SCHEMA).with_columns(pl.col("rate_type").fill_null("RF01"))
    whole = plans.filter(pl.all_horizontal(pl.col(_NEEDED).is_not_null()))
    whole = whole.filter(pl.col("next_due_on").is_between("drawn_on", "maturity_on", closed="right"))
    known = pl.concat([_found(part) for part in (whole.clear(), *whole.iter_slices(_BATCH))])
    states = pl.col("state").fill_null("no_plan")
    return plans.select("loan_id").join(known, on="loan_id", how="left", maintain_order="left").with_columns(states)


def _found(plans: pl.DataFrame) -> pl.DataFrame:
    """The usual day count first. What it reproduces, 30E360 may reproduce as well (a period of 30 days), with another
    rest; what it does not is tried with the others, and the nearest form stands.
    """
    first = _told(plans, ("A360",))
    is_left = pl.col("state") == "not_reproduced"
    left, met = first.filter(is_left), first.filter(~is_left)
    other = _told(_of(plans, left), ("A365F", "30E360"))
    again = _told(_of(plans, met), ("30E360",)).select("loan_id", pl.col("state").alias("then"), "rest")
    nearest = pl.concat([left, other]).sort(pl.sum_horizontal(pl.col(GAPS).abs(), ignore_nulls=False), nulls_last=True,
                                            maintain_order=True)  # fmt: skip
    nearest = nearest.unique("loan_id", keep="first", maintain_order=True)
    both = met.join(again, on="loan_id", how="left", suffix="_then", maintain_order="left")
    differs = (pl.col("then") != "not_reproduced") & (pl.col("rest") != pl.col("rest_then"))
    state = pl.when(differs).then(pl.lit("ambiguous")).otherwise("state").alias("state")
    return pl.concat([both.with_columns(state).select(nearest.columns), nearest]).drop("rest")


def _of(plans: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    return plans.join(found.select("loan_id"), on="loan_id", how="semi", maintain_order="left")


def _told(plans: pl.DataFrame, day_counts: Sequence[str]) -> pl.DataFrame:
    forms = _candidates(plans, day_counts).with_row_index("at")
    flows = project(resolve(forms.drop("at", "loan_id"))).rows
    dues = flows.select(
        pl.col("loan").cast(pl.UInt32).alias("at"), "due_on", "principal_due_fen", "interest_due_fen",
        (pl.col("balance_after_fen") + pl.col("principal_due_fen")).alias("before_fen"),
    )  # fmt: skip
    asked = forms.select("at", "loan_id", "next_due_on", "performing_fen", "next_principal_fen", "next_interest_fen")
    nothing = pl.col("next_principal_fen", "next_interest_fen").fill_null(0)
    met = asked.with_columns(nothing).join(dues, left_on=["at", "next_due_on"], right_on=["at", "due_on"])
    met = met.with_columns(
        (pl.col("principal_due_fen") - pl.col("next_principal_fen")).alias("principal_gap_fen"),
        (pl.col("interest_due_fen") - pl.col("next_interest_fen")).alias("interest_gap_fen"),
        (pl.col("before_fen") - pl.col("performing_fen")).alias("balance_gap_fen"),
    )
    distance = pl.sum_horizontal(pl.col(GAPS).abs())
    judged = met.with_columns(distance.alias("distance"))
    rest = (
        dues.join(judged.filter(distance=0).select("at", "next_due_on"), on="at")
        .filter(pl.col("due_on") >= pl.col("next_due_on"))
        .group_by("at")
        .agg(pl.struct("due_on", "principal_due_fen", "interest_due_fen").hash(0).sum().alias("rest"))
    )
    judged = judged.join(rest, on="at", how="left").sort("distance", "at")
    best = judged.group_by("loan_id", maintain_order=True).agg(
        pl.col("at", "distance", *GAPS).first(),
        pl.col("rest").filter(pl.col("distance") == 0).n_unique().alias("ways"),
        pl.col("rest").first(),
    )
    state = (
        pl.when(pl.col("distance") != 0).then(pl.lit("not_reproduced"))
        .when(pl.col("ways") > 1).then(pl.lit("ambiguous")).otherwise(pl.lit("reproduced"))
    )  # fmt: skip
    told = best.join(forms.select("at", *TERMS), on="at").select("loan_id", state.alias("state"), *TERMS, *GAPS, "rest")
    left = plans.select("loan_id").join(told, on="loan_id", how="anti").with_columns(state=pl.lit("not_reproduced"))
    return pl.concat([told, left], how="diagonal").select(told.columns)


def _candidates(plans: pl.DataFrame, day_counts: Sequence[str]) -> pl.DataFrame:
    """Every form of every receipt that its extract does not rule out, as terms."""
    methods = ["repayment_method", "interest_method"]
    crossed = _with_rates(plans).join(_FORMS, on=methods, nulls_equal=True).filter(_fits_pattern())
    cycle, pattern = pl.col("cycle"), pl.col("pattern")
    return crossed.join(pl.DataFrame({"day_count": day_counts}), how="cross").with_columns(
        pl.when(cycle > 0).then(cycle).otherwise(_months("drawn_on", "maturity_on") + 1).alias("interest_cycle_months"),
        pl.when(pattern == "settled").then(pl.col("next_due_on").dt.day().cast(pl.Int64) - 1)
        .when(pattern == "settled_20").then(pl.lit(_SETTLEMENT_DAY, pl.Int64))
        .alias("interest_day"),
    ).with_columns(pl.when(pattern == "first").then(_first_due()).alias("first_due_on"))  # fmt: skip


def _fits_pattern() -> pl.Expr:
    """Whether a pattern of due days can fall on the next due and is not another one under a second name."""
    pattern, due, drawn, day = (
        pl.col("pattern"),
        pl.col("next_due_on"),
        pl.col("drawn_on"),
        pl.col("next_due_on").dt.day(),
    )
    is_last = due == pl.col("maturity_on")
    is_of_drawn = (day == drawn.dt.day()) | ((due == due.dt.month_end()) & (day < drawn.dt.day()))
    is_of_20 = day == _SETTLEMENT_DAY + 1
    is_new_day = ~is_of_drawn & ~is_last
    return (
        pl.when(pattern == "drawn").then(is_of_drawn | is_last)
        .when(pattern == "settled_20").then(is_of_20 | is_last)
        .when(pattern == "first").then(is_new_day)
        .otherwise(is_new_day & ~is_of_20 & (day > 1) & (pl.col("cycle") > 1))
    )  # fmt: skip


def _with_rates(plans: pl.DataFrame) -> pl.DataFrame:
    """Each receipt with every way its rate may be reset: the next reset, at the latest maturity, falls on its day."""
    both, cycle = plans.join(_RATES, on="rate_type"), pl.col("reset_cycle_months")
    spread = pl.col("nominal_rate_e7") - pl.col("benchmark_rate_e7")
    steps = _months("drawn_on", "as_of_on") // cycle
    resets = [pl.col("drawn_on").dt.offset_by(_moved((steps + more) * cycle)) for more in (0, 1)]
    following = pl.when(resets[0] > pl.col("as_of_on")).then(resets[0]).otherwise(resets[1])
    is_day = (following == pl.col("repricing_on")) | (
        pl.min_horizontal(following, "maturity_on") == pl.col("repricing_on")
    )
    fits = pl.col("is_lpr") & (spread % BASIS_POINT_E7 == 0) & is_day
    found = both.filter((pl.col("rate_type") == "RF01") | fits.fill_null(False))
    is_floating = pl.col("rate_type") != "RF01"
    return found.with_columns(pl.when(is_floating).then(spread // BASIS_POINT_E7).alias("spread_bp"))


def _months(start: str, end: str) -> pl.Expr:
    """Calendar months from the month of a day to that of another."""
    return (pl.col(end).dt.year() - pl.col(start).dt.year()).cast(pl.Int64) * 12 + (
        pl.col(end).dt.month().cast(pl.Int64) - pl.col(start).dt.month().cast(pl.Int64)
    )


def _moved(months: pl.Expr) -> pl.Expr:
    return pl.concat_str(months, pl.lit("mo"))


def _first_due() -> pl.Expr:
    """The earliest day after drawdown that is whole cycles before the next due."""
    due, drawn, cycle = pl.col("next_due_on"), pl.col("drawn_on"), pl.col("interest_cycle_months")
    steps = _months("drawn_on", "next_due_on") // cycle
    back = [due.dt.offset_by(_moved(-(steps - less) * cycle)) for less in (0, 1)]
    return pl.when(back[0] > drawn).then(back[0]).otherwise(back[1])
