"""Change orders: what the core system has to book of signed agreements, and whether the next extract shows it."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from steadyrest.desks.stage import Tables
from steadyrest.desks.supervision.reported import reported
from steadyrest.schema import TABLES

MATURITY, SECOND, DUES = "maturity_on", "extended_maturity_on", "dues"
_DATES: Final = (MATURITY, SECOND)


def change_orders(tables: Tables, report_on: date) -> pl.DataFrame:
    """The registered table `change_order`: fields of the receipt and dues that move, of agreements not yet booked."""
    open_on = pl.col("booked_on").is_null() | (pl.col("booked_on") > report_on)
    unbroken = pl.col("broken_on").is_null() | (pl.col("broken_on") > report_on)
    signed = tables["agreement"].filter(open_on & unbroken & (pl.col("signed_on") <= report_on))
    told = reported(tables, report_on).join(tables["loan"], on="loan_id", suffix="_book")
    latest = signed.sort("signed_on", "agreement_id").unique("loan_id", keep="last", maintain_order=True)
    both = latest.join(told, on="loan_id")
    parts = [
        both.select(
            "agreement_id", "loan_id", pl.lit(name).alias("changed_field"), _text(f"{name}_book").alias("before_value"),
            _text(name).alias("after_value"), "signed_on",
        ).filter(pl.col("after_value").is_not_null() & pl.col("after_value").ne_missing(pl.col("before_value")))
        for name in _DATES
    ]  # fmt: skip
    span = pl.concat_str(_text("from_on"), _text("to_on"), separator="..")
    moved = signed.filter(pl.col("from_on").is_not_null()).select(
        "agreement_id", "loan_id", pl.lit(DUES).alias("changed_field"), span.alias("before_value"),
        _text("new_due_on").alias("after_value"), "signed_on",
    )  # fmt: skip
    rows = pl.concat([*parts, moved]).with_columns(pl.lit(None, pl.String).alias("booking_state"))
    return rows.select(pl.col(name).cast(kind) for name, kind in TABLES["change_order"].polars().items()).sort(
        "loan_id", "agreement_id", "changed_field"
    )


def booked(order: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """An order with `booking_state` by a later extract: dates of the receipt, and the core's next instalment for dues.

    `tables`: `loan, core_plan`. Dues are booked as agreed when the next instalment lies outside of the old window; a
    receipt without a next instalment says nothing of its dues.
    """
    loans = tables["loan"].select("loan_id", *_DATES)
    plans = tables["core_plan"].group_by("loan_id").agg(pl.col("due_on").min().alias("next_on"))
    both = order.drop("booking_state").join(loans, on="loan_id", how="left").join(plans, on="loan_id", how="left")
    is_here = pl.col("loan_id").is_in(loans["loan_id"].implode())
    now = pl.when(pl.col("changed_field") == MATURITY).then(_text(MATURITY)).otherwise(_text(SECOND))
    window = pl.col("before_value").str.split_exact("..", 1)
    first, last = (window.struct.field(f"field_{n}").str.to_date(strict=False) for n in (0, 1))
    inside = pl.col("next_on").is_between(first, last)
    state = (
        pl.when(~is_here).then(pl.lit("gone"))
        .when((pl.col("changed_field") == DUES) & pl.col("next_on").is_null()).then(None)
        .when((pl.col("changed_field") == DUES) & inside).then(pl.lit("not_booked"))
        .when(pl.col("changed_field") == DUES).then(pl.lit("as_agreed"))
        .when(now == pl.col("after_value")).then(pl.lit("as_agreed"))
        .when(now.eq_missing(pl.col("before_value"))).then(pl.lit("not_booked"))
        .otherwise(pl.lit("differently"))
    )  # fmt: skip
    return both.with_columns(state.alias("booking_state")).select(
        pl.col(name).cast(kind) for name, kind in TABLES["change_order"].polars().items()
    )


def _text(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")
