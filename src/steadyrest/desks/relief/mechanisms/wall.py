"""The maturity wall: what falls due month by month, with households and receipts, in one pass over the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from steadyrest.contracts import resolve, totals
from steadyrest.desks.positions import Positions
from steadyrest.schema import TABLES

_MONTH = TABLES["cash_flow_month"]
KEY = ("month_on", "currency")
FIGURES = ("households", "receipts", "principal_due_fen", "interest_due_fen")


@dataclass(frozen=True, slots=True)
class Wall:
    """`loans`: totals of each receipt, in the order of the positions. `months`: key and figures of the months."""

    loans: pl.DataFrame
    months: pl.DataFrame


def wall(at: Positions, as_of: date, more: pl.DataFrame | None = None) -> Wall:
    """Project what remains of every receipt under what is agreed, and under the events `more` where given.

    Receipts of one borrower are taken one after the other, so that a household counts once in a month and currency.
    """
    events = at.agreed if more is None else pl.concat([at.agreed, more])
    household = at.terms["borrower_id"].cast(pl.Categorical).to_physical().alias("household")
    order = household.arg_sort()
    terms = at.terms[order]
    currencies = terms["currency"].unique().sort()
    group = terms["currency"].replace_strict(currencies, pl.Series(range(currencies.len())), return_dtype=pl.Int64)
    summed = totals(
        resolve(terms, events), groups=group, households=household[order], book=terms["performing_fen"], as_of=as_of
    )
    months = summed.by_month.with_columns(currency=currencies.gather(summed.by_month["group"]))
    return Wall(summed.by_loan[order.arg_sort()], months.select(*KEY, *FIGURES))


def version(months: pl.DataFrame, name: str) -> pl.DataFrame:
    """Months as rows of `cash_flow_month` under a version; months without receipts are left out."""
    rows = months.filter(pl.col("receipts") > 0).with_columns(version=pl.lit(name))
    return rows.select(pl.col(column).cast(kind) for column, kind in _MONTH.polars().items())


def replaced(months: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The months of a book in which the part that was `before` is now `after`: sums, less one part, plus the other."""
    minus = before.with_columns(-pl.col(name) for name in FIGURES)
    together = pl.concat([frame.select(*KEY, *FIGURES) for frame in (months, minus, after)])
    return together.group_by(KEY).agg(pl.col(name).sum() for name in FIGURES)
