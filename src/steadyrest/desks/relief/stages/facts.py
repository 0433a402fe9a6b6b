"""The facts a clause looks at: one row a receipt, in the columns of the registered table `loan_facts`.

Reads `loan`, the borrower facts, `application`, `arrears` and the dues of the schedule. Two manufacturing tests stay
apart: the industry of the borrower (its own, that of the linked business, or, for a personal operating loan only, the
use of the loan) and the use itself. What is not known stays null.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from steadyrest.desks.relief.mechanisms.industry import division, section
from steadyrest.schema import TABLES

_FACTS = TABLES["loan_facts"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the loan rows: one row a borrower, one row a receipt that has any."""

    borrowers: pl.DataFrame
    applied: pl.DataFrame
    oldest_arrears: pl.DataFrame


def applications(application: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The latest application of each receipt on or before the as-of date."""
    known = application.filter(pl.col("applied_on") <= as_of).sort("loan_id", "applied_on")
    return known.unique("loan_id", keep="last", maintain_order=True).select("loan_id", "applied_on")


def oldest_arrears(arrears: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The oldest due of each receipt that fell due before the as-of date and is not paid."""
    unpaid = pl.col("principal_fen").fill_null(0) + pl.col("interest_fen").fill_null(0) > 0
    late = arrears.filter((pl.col("due_on") < as_of) & unpaid)
    return late.group_by("loan_id").agg(pl.col("due_on").min().alias("oldest_on"))


def facts(loan: pl.DataFrame, dues: pl.DataFrame, known: Known, as_of: date) -> pl.DataFrame:
    """The fact rows, in the order of `loan`; flags that definition clauses define are still null.

    `dues` holds `next_due_on, schedule_last_on, schedule_state` in the order of `loan`.
    """
    joined = loan.with_columns(dues).join(known.borrowers, on="borrower_id", how="left", maintain_order="left")
    joined = joined.join(known.applied, on="loan_id", how="left", maintain_order="left")
    joined = joined.join(known.oldest_arrears, on="loan_id", how="left", maintain_order="left")
    joined = joined.with_columns(**_industry(), **_dates(as_of))
    joined = joined.with_columns(pl.coalesce("oldest_on", "next_due_on").alias("first_unpaid_on"))
    missing = {name: pl.lit(None, kind) for name, kind in _FACTS.polars().items() if name not in joined.columns}
    return joined.with_columns(**missing).select(_FACTS.names)


def _industry() -> dict[str, pl.Expr]:
    is_personal_operating = (pl.col("ledger") == "personal") & (pl.col("product") == "F022")
    from_use = pl.col("borrower_section").is_null() & is_personal_operating & pl.col("use_industry_code").is_not_null()
    use = pl.col("use_industry_code")
    return {
        "use_section": section(use),
        "borrower_section": pl.when(from_use).then(section(use)).otherwise("borrower_section"),
        "borrower_division": pl.when(from_use).then(division(use)).otherwise("borrower_division"),
        "industry_basis": pl.when(from_use)
        .then(pl.lit("use").cast(_FACTS["industry_basis"].polars))
        .otherwise("industry_basis"),
    }


def _dates(as_of: date) -> dict[str, pl.Expr]:
    reported_last = pl.max_horizontal("maturity_on", "extended_maturity_on")
    is_current = pl.col("loan_status").cast(pl.String).is_in(["LS01", "LS02"])
    late_days = (pl.lit(as_of) - pl.col("oldest_on")).dt.total_days()
    return {
        "as_of_on": pl.lit(as_of),
        "last_due_on": pl.coalesce("schedule_last_on", reported_last),
        "past_due_days": pl.coalesce(late_days, pl.when(is_current).then(0)),
        "has_terms": pl.col("schedule_state") == "projected",
    }
