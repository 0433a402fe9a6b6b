"""What the returns say of each receipt at a report date, where it differs from the book: signed and not yet booked."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from steadyrest.desks.stage import Tables
from steadyrest.desks.supervision.on_file import on_file
from steadyrest.desks.supervision.receipt import row

REPORTED: Final = ("maturity_on", "extended_maturity_on", "loan_status", "overdue_kind", "repricing_on")


def reported(tables: Tables, report_on: date) -> pl.DataFrame:
    """`loan_id` and the columns `REPORTED` of the receipts that have an agreement in force or arrears.

    `tables`: `loan, agreement, arrears, agreement_extra`. Receipts that are not named are reported as they stand.
    """
    kinds = {name: tables["loan"].schema[name] for name in REPORTED}
    rows = []
    for receipt, happened in on_file(tables, report_on).items():
        if happened[0].on > report_on:
            continue
        told = row(happened, report_on)
        rows.append(
            (receipt, told.maturity_on, told.extended_maturity_on, told.status, told.overdue_kind, told.repricing_on)
        )
    return pl.DataFrame(rows, schema={"loan_id": pl.String(), **kinds}, orient="row")


def as_reported(tables: Tables, report_on: date) -> pl.DataFrame:
    """The loans with the columns of the returns."""
    told = reported(tables, report_on).with_columns(is_told=True)
    both = tables["loan"].join(told, on="loan_id", how="left", suffix="_told", maintain_order="left")
    named = [pl.when(pl.col("is_told")).then(f"{name}_told").otherwise(name).alias(name) for name in REPORTED]
    return both.with_columns(named).select(tables["loan"].columns)
