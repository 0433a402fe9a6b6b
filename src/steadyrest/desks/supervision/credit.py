"""The credit-reporting view: repayment status under the amended plan, special transactions, and what to correct.

A due that a signed deferral has moved is not past due before its new day, also in months that were sent before the
agreement was signed: those are the corrections. Codes of the second generation are recalled: `is_confirmed` is false
until the bank says otherwise.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.desks.positions import arrears_at
from steadyrest.desks.stage import Tables
from steadyrest.desks.supervision.totals import settings
from steadyrest.schema import TABLES

_EXTENSION = "extension_contract"


def credit_view(tables: Tables, report_on: date) -> pl.DataFrame:
    """The receipts of a part with arrears or an agreement in force, as the registered table `credit_view`."""
    signed = _signed(tables, report_on)
    owed = _not_moved(arrears_at(tables["arrears"], report_on), signed, pl.lit(report_on))
    oldest = owed.group_by("loan_id").agg(pl.col("due_on").min())
    extended = (
        signed.filter(pl.col("legal_form") == _EXTENSION)
        .group_by("loan_id")
        .agg(pl.col("signed_on").max().alias("transaction_on"))
    )
    asked = pl.concat([tables["arrears"]["loan_id"], signed["loan_id"]]).unique().sort()
    rows = asked.to_frame().join(oldest, on="loan_id", how="left").join(extended, on="loan_id", how="left")
    days = (pl.lit(report_on) - pl.col("due_on")).dt.total_days().fill_null(0)
    transaction = pl.when(pl.col("transaction_on").is_not_null()).then(pl.lit(settings()["credit"]["extension"]))
    told = rows.with_columns(
        pl.lit(report_on.replace(day=1)).alias("month_on"),
        days.alias("past_due_days"),
        _status(days).alias("repayment_status"),
        transaction.alias("special_transaction"),
        pl.lit(value=False).alias("is_confirmed"),
    )
    return _as("credit_view", told)


def corrections(tables: Tables, report_on: date) -> pl.DataFrame:
    """Months sent before an agreement was signed in which a due it has moved stood as past due."""
    signed = _signed(tables, report_on).filter(pl.col("from_on").is_not_null() & pl.col("to_on").is_not_null())
    moved = tables["arrears"].join(signed, on="loan_id").filter(pl.col("due_on").is_between("from_on", "to_on"))
    last = pl.min_horizontal(pl.col("signed_on"), pl.lit(report_on).dt.month_start())
    months = pl.date_ranges(pl.col("due_on").dt.month_start(), last.dt.month_start(), "1mo", closed="left")
    rows = moved.with_columns(months.alias("month_on")).explode("month_on").filter(pl.col("month_on").is_not_null())
    sent = (pl.col("month_on").dt.month_end() - pl.col("due_on")).dt.total_days()
    first = rows.with_columns(sent.alias("sent_days"), pl.lit(0, pl.Int64).alias("corrected_days"))
    first = first.filter(pl.col("sent_days") > 0).sort(
        "loan_id", "month_on", "sent_days", descending=[False, False, True]
    )
    return _as("credit_correction", first.unique(["loan_id", "month_on"], keep="first", maintain_order=True))


def _signed(tables: Tables, report_on: date) -> pl.DataFrame:
    unbroken = pl.col("broken_on").is_null() | (pl.col("broken_on") > report_on)
    return tables["agreement"].filter(unbroken & (pl.col("signed_on") <= report_on))


def _not_moved(owed: pl.DataFrame, signed: pl.DataFrame, on: pl.Expr) -> pl.DataFrame:
    """Dues that no agreement has put on a later day than `on`."""
    windows = signed.filter(pl.col("from_on").is_not_null()).select("loan_id", "from_on", "to_on", "new_due_on")
    inside = pl.col("due_on").is_between("from_on", "to_on") & (pl.col("new_due_on") > on)
    moved = owed.join(windows, on="loan_id").filter(inside).select("loan_id", "due_on").unique()
    return owed.join(moved, on=["loan_id", "due_on"], how="anti")


def _status(days: pl.Expr) -> pl.Expr:
    told = settings()["credit"]
    statuses = [pl.when(days <= item["upto_days"]).then(pl.lit(item["status"])) for item in told["statuses"]]
    return pl.coalesce(pl.when(days <= 0).then(pl.lit(told["normal"])), *statuses)


def _as(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in TABLES[table].polars().items())
