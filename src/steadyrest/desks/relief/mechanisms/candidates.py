"""A candidate is a row too: an option of a receipt walks through the contract engine like a loan.

Each candidate has a key of its own, so that several options of one receipt stand beside each other.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.contracts import CashFlows, project, resolve
from steadyrest.desks.relief.mechanisms.positions import as_events
from steadyrest.schema import TABLES

_FLOW = TABLES["cash_flow"]
_KEY = pl.format("{}/{}", "loan_id", "option_no").alias("loan_id")


def option_events(options: pl.DataFrame, signed_on: pl.Expr) -> pl.DataFrame:
    """The events of options by receipt; columns of `option` in, columns of `EVENT_SCHEMA` out."""
    return as_events(options, sequence=pl.lit(1), effective_on=signed_on, known_on=signed_on)


def after_dues(options: pl.DataFrame, terms: pl.DataFrame, as_of: date) -> CashFlows:
    """The dues that remain once the option applies; `loan` is the position in `options`."""
    keyed, events = _keyed(options, terms, as_of)
    return project(resolve(keyed, events), book=keyed["performing_fen"], as_of=as_of)


def _keyed(options: pl.DataFrame, terms: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = options.select("loan_id", "option_no")
    keyed = ids.join(terms, on="loan_id", how="left", maintain_order="left").with_columns(_KEY)
    return keyed, option_events(options, pl.lit(as_of)).with_columns(options.select(_KEY))


def flow_rows(rows: pl.DataFrame, ids: pl.DataFrame, version: str) -> pl.DataFrame:
    """Projected dues as rows of `cash_flow`; `ids` holds `loan_id, option_no` by the position `loan`."""
    named = rows.with_columns(ids.select("loan_id", "option_no")[rows["loan"]], version=pl.lit(version))
    return named.select(pl.col(name).cast(kind) for name, kind in _FLOW.polars().items())
