"""A candidate is a row too: an option of a receipt walks through the contract engine like a loan.

A receipt is resolved once and stands as often as it has options, each time under the event of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from steadyrest.contracts import CashFlows, Resolved, project, resolve, totals
from steadyrest.desks.positions import Positions, as_events
from steadyrest.schema import TABLES

_FLOW = TABLES["cash_flow"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Receipts without agreements in force, resolved; options name them by `loan`, the position in `at`."""

    at: Positions
    resolved: Resolved

    def under(self, options: pl.DataFrame, as_of: date) -> Resolved:
        """The receipt of each option under its event."""
        return self.resolved.each_under(options["loan"], option_events(options, pl.lit(as_of)))

    def book_of(self, options: pl.DataFrame) -> pl.Series:
        """The performing balance of the receipt of each option."""
        return self.at.book.gather(options["loan"])


def standing(at: Positions) -> Standing:
    """Resolve the terms of these receipts once."""
    return Standing(at, resolve(at.terms))


def option_events(options: pl.DataFrame, signed_on: pl.Expr) -> pl.DataFrame:
    """The events of options by receipt; columns of `option` in, columns of `EVENT_SCHEMA` out.

    A plan that spreads or slides has no day of its own to move to: `new_due_on` is then the last day it reaches.
    """
    has_day = pl.col("spread_periods").is_null() & pl.col("shift_months").is_null()
    to_day = pl.when(has_day).then("new_due_on")
    return as_events(options, sequence=pl.lit(1), effective_on=signed_on, known_on=signed_on, new_due_on=to_day)


def after_dues(options: pl.DataFrame, at: Standing, as_of: date) -> CashFlows:
    """The dues that remain once the option applies; `loan` is the position in `options`."""
    return project(at.under(options, as_of), book=at.book_of(options), as_of=as_of)


def after_totals(options: pl.DataFrame, at: Standing, as_of: date) -> pl.DataFrame:
    """Totals of each option once it applies, without its dues: `contracts.Totals.by_loan`, in the order given."""
    return totals(at.under(options, as_of), book=at.book_of(options), as_of=as_of).by_loan


def flow_rows(rows: pl.DataFrame, ids: pl.DataFrame, version: str) -> pl.DataFrame:
    """Projected dues as rows of `cash_flow`; `ids` holds `loan_id, option_no` by the position `loan`."""
    named = rows.with_columns(ids.select("loan_id", "option_no")[rows["loan"]], version=pl.lit(version))
    return named.select(pl.col(name).cast(kind) for name, kind in _FLOW.polars().items())
