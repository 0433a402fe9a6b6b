"""Where a loan stands: its terms, what of its balance performs, and the relief that is already agreed.

The performing balance is the balance less the principal in arrears by the as-of date. An agreement counts from the
day it was signed until it is broken. A deferral agreement parks the dues of its window on the new date, interest
paid with them; an extension contract gives the principal that is due last a second date. Other legal forms change
the receipt itself and make no event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from steadyrest.contracts import EVENT_SCHEMA, TERM_SCHEMA
from steadyrest.desks.stage import Tables

_LOAN = ("loan_id", "borrower_id", "currency", "balance_fen", "drawn_on", "maturity_on", "rate_type", "nominal_rate_e7")


@dataclass(frozen=True, slots=True)
class Positions:
    """`terms`: columns of `TERM_SCHEMA` that are known, `borrower_id, currency, performing_fen`, one row a receipt, in
    the order of the loans given. `agreed`: the events in force on these receipts, columns of `EVENT_SCHEMA`.
    """

    terms: pl.DataFrame
    agreed: pl.DataFrame

    @property
    def book(self) -> pl.Series:
        """The performing balance of each receipt, in fen."""
        return self.terms["performing_fen"]


def positions(tables: Tables, as_of: date, loans: pl.DataFrame | None = None) -> Positions:
    """The positions of all receipts, or of those in `loans` (one column `loan_id`), by id."""
    loan = tables["loan"].select(_LOAN)
    chosen = (loan if loans is None else loan.join(loans.select("loan_id"), on="loan_id", how="semi")).sort("loan_id")
    late = arrears_at(tables["arrears"], as_of).group_by("loan_id").agg(pl.col("principal_fen").sum().alias("late_fen"))
    known = [name for name in tables["loan_terms"].columns if name in TERM_SCHEMA]
    terms = chosen.join(tables["loan_terms"].select(known), on="loan_id", how="left", maintain_order="left")
    terms = terms.join(late, on="loan_id", how="left", maintain_order="left")
    performing = (pl.col("balance_fen") - pl.col("late_fen").fill_null(0)).clip(0)
    events = agreed(tables["agreement"], as_of).join(chosen.select("loan_id"), on="loan_id", how="semi")
    return Positions(terms.with_columns(performing_fen=performing).drop("late_fen", "balance_fen"), events)


def arrears_at(arrears: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The dues that fell due on or before a day and are not paid; a missing amount counts as nothing."""
    amounts = arrears.with_columns(pl.col("principal_fen", "interest_fen").fill_null(0))
    return amounts.filter((pl.col("due_on") <= as_of) & (pl.col("principal_fen") + pl.col("interest_fen") > 0))


def in_force(agreement: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Deferral agreements and extension contracts that are signed and not broken, by receipt and day of signature."""
    makes_event = pl.col("legal_form").is_in(["deferral_agreement", "extension_contract"])
    unbroken = pl.col("broken_on").is_null() | (pl.col("broken_on") > as_of)
    signed = agreement.filter(makes_event & unbroken & (pl.col("signed_on") <= as_of))
    return signed.sort("loan_id", "signed_on", "agreement_id")


def agreed(agreement: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The events of the agreements in force, numbered from 1 within a receipt."""
    is_extension = pl.col("legal_form") == "extension_contract"
    return as_events(
        in_force(agreement, as_of),
        sequence=pl.int_range(1, pl.len() + 1).over("loan_id"),
        effective_on=pl.col("signed_on"),
        known_on=pl.col("signed_on"),
        shape=pl.when(is_extension).then(pl.lit("extension")).otherwise(pl.lit("park")),
        deferred_part=pl.col("deferred_part").cast(pl.String).fill_null("both"),
    )


def as_events(rows: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Rows as events: the columns given, columns of `rows` of the same name, interest at the end, else null."""
    named = {"interest_treatment": pl.lit("at_end")}
    named |= {name: pl.col(name) for name in EVENT_SCHEMA if name in rows.columns} | columns
    return rows.select(named.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in EVENT_SCHEMA.items())
