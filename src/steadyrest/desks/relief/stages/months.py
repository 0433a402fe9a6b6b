"""The wall by month in three versions: as the book stands, with every proposal, and with every signed decision.

The first comes from the facts stage. For the others only the receipts of borrowers that are touched are projected
again, twice, and the difference is put in place: a household counts once a month, so a borrower is taken whole.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.desks.positions import positions
from steadyrest.desks.relief.mechanisms.candidates import option_events
from steadyrest.desks.relief.mechanisms.wall import replaced, version, wall
from steadyrest.desks.relief.stages.amend import signed_options
from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.schema import TABLES

_MONTH = TABLES["cash_flow_month"]


def run(tables: Tables, context: Context) -> Tables:
    """Add the versions `proposed` and `after` to the months before."""
    before = tables["cash_flow_month"].filter(pl.col("version") == "before")
    proposed = tables["option"].filter("is_proposed")
    signed = signed_options(tables)
    parts = [
        before,
        version(_changed(tables, before, proposed, context.as_of), "proposed"),
        version(_changed(tables, before, signed, context.as_of), "after"),
    ]
    return {"cash_flow_month": pl.concat(parts).sort(_MONTH.key)}


def _changed(tables: Tables, before: pl.DataFrame, options: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The months once these options apply, one option a receipt at most."""
    if options.is_empty():
        return before
    loans = tables["loan"].select("loan_id", "borrower_id")
    touched = loans.join(options.select("loan_id"), on="loan_id", how="semi").select("borrower_id").unique()
    at = positions(tables, as_of, loans.join(touched, on="borrower_id", how="semi"))
    then = wall(at, as_of, option_events(options, pl.lit(as_of)))
    return replaced(before, wall(at, as_of).months, then.months)


STAGE = Stage(
    name="months",
    reads=("loan", "loan_terms", "arrears", "agreement", "option", "decision", "cash_flow_month"),
    writes=("cash_flow_month",),
    run=run,
)
