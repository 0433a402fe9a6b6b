"""The facts a clause looks at: one row a receipt, in the columns of the registered table `loan_facts`.

Reads `loan`, the borrower facts, `application`, `arrears` and the dues of the schedule. Two manufacturing tests stay
apart: the industry of the borrower (its own, that of the linked business, or, for a personal operating loan only, the
use of the loan) and the use itself. What is not known stays null.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.desks.borrowers import borrowers, size_findings
from steadyrest.desks.findings import add_findings, findings
from steadyrest.desks.industry import division, section
from steadyrest.desks.positions import arrears_at, positions
from steadyrest.desks.relief.mechanisms.projection import schedule_findings, schedule_state
from steadyrest.desks.relief.mechanisms.wall import version, wall
from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.schema import TABLES

_FACTS = TABLES["loan_facts"]
_FROM_LOAN = [
    name for name in TABLES["loan"].names if name in (*_FACTS.names, "use_industry_code", "extended_maturity_on")
]
_PERSONAL_OPERATING = ("personal", "F022")


def run(tables: Tables, context: Context) -> Tables:
    """Project what remains of every receipt and put together what is known of it; definition flags are still null."""
    as_of = context.as_of
    at = positions(tables, as_of)
    now = wall(at, as_of)
    dues = now.loans.select(
        "next_due_on",
        pl.col("last_due_on").alias("schedule_last_on"),
        schedule_state(now.loans["status"]).alias("schedule_state"),
    )
    loan = tables["loan"].select(_FROM_LOAN).sort("loan_id").with_columns(dues)
    return {
        "loan_facts": facts(loan, tables, as_of),
        "cash_flow_month": version(now.months, "before").sort(TABLES["cash_flow_month"].key),
        "finding": add_findings(
            tables,
            size_findings(tables["enterprise"]),
            schedule_findings(at.terms, now.loans["status"]),
            _arrears_findings(tables, as_of),
            _not_yet_drawn(tables["loan"], as_of),
        ),
    }


def facts(loan: pl.DataFrame, tables: Tables, as_of: date) -> pl.DataFrame:
    """The fact rows, in the order of `loan`, which holds `next_due_on, schedule_last_on, schedule_state` as well."""
    joined = loan.join(borrowers(tables, as_of), on="borrower_id", how="left", maintain_order="left")
    joined = joined.join(_applied(tables["application"], as_of), on="loan_id", how="left", maintain_order="left")
    joined = joined.join(_oldest(tables["arrears"], as_of), on="loan_id", how="left", maintain_order="left")
    joined = joined.with_columns(**_industry(), **_dates(as_of))
    joined = joined.with_columns(pl.coalesce("oldest_on", "next_due_on").alias("first_unpaid_on"))
    missing = {name: pl.lit(None, kind) for name, kind in _FACTS.polars().items() if name not in joined.columns}
    return joined.with_columns(**missing).select(_FACTS.names)


def _applied(application: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The latest application of each receipt on or before the as-of date."""
    known = application.filter(pl.col("applied_on") <= as_of)
    return known.group_by("loan_id").agg(pl.col("applied_on").max())


def _oldest(arrears: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The oldest due of each receipt that fell due before the as-of date and is not paid."""
    late = arrears_at(arrears, as_of).filter(pl.col("due_on") < as_of)
    return late.group_by("loan_id").agg(pl.col("due_on").min().alias("oldest_on"))


def _industry() -> dict[str, pl.Expr]:
    ledger, product = _PERSONAL_OPERATING
    is_personal_operating = (pl.col("ledger") == ledger) & (pl.col("product") == product)
    use = pl.col("use_industry_code")
    from_use = pl.col("borrower_section").is_null() & is_personal_operating & section(use).is_not_null()
    by_use = pl.lit("use").cast(_FACTS["industry_basis"].polars)
    return {
        "use_section": section(use),
        "borrower_section": pl.when(from_use).then(section(use)).otherwise("borrower_section"),
        "borrower_division": pl.when(from_use).then(division(use)).otherwise("borrower_division"),
        "industry_basis": pl.when(from_use).then(by_use).otherwise("industry_basis"),
    }


def _dates(as_of: date) -> dict[str, pl.Expr]:
    reported_last = pl.max_horizontal("maturity_on", "extended_maturity_on")
    is_current = pl.col("loan_status").cast(pl.String).is_in(["LS01", "LS02"])
    last_due = pl.coalesce("schedule_last_on", reported_last)
    late_days = (pl.lit(as_of) - pl.col("oldest_on")).dt.total_days()
    return {
        "as_of_on": pl.lit(as_of),
        "last_due_on": last_due,
        "past_due_days": pl.coalesce(late_days, pl.when(is_current & (last_due >= as_of)).then(0)),
        "has_terms": pl.col("schedule_state") == "projected",
    }


def _arrears_findings(tables: Tables, as_of: date) -> pl.DataFrame:
    """A receipt whose arrears of principal are more than its balance."""
    late = arrears_at(tables["arrears"], as_of).group_by("loan_id").agg(pl.col("principal_fen").sum())
    rows = tables["loan"].select("loan_id", "balance_fen").join(late, on="loan_id")
    return findings(
        rows.filter(pl.col("principal_fen") > pl.col("balance_fen")),
        code="RELIEF-002",
        severity="error",
        table="arrears",
        field="principal_fen",
        row_id="loan_id",
        value=pl.col("principal_fen").cast(pl.String),
        args=pl.struct("balance_fen"),
    )


def _not_yet_drawn(loan: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """A receipt drawn after the as-of date: the book is of a later day than the run, or the date is wrong."""
    return findings(
        loan.filter(pl.col("drawn_on") > as_of),
        code="RELIEF-004",
        severity="warning",
        table="loan",
        field="drawn_on",
        row_id="loan_id",
        value=pl.col("drawn_on").cast(pl.String),
    )


STAGE = Stage(
    name="facts",
    reads=(
        "loan",
        "loan_terms",
        "arrears",
        "agreement",
        "application",
        "enterprise",
        "linked_enterprise",
        "customer_link",
        "credit_line",
        "evidence",
    ),
    writes=("loan_facts", "cash_flow_month", "finding"),
    run=run,
)
