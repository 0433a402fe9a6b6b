"""The renewal calendar: every receipt that falls due soon, with each condition of the renewal rule in force.

A renewal is asked for and signed before the old maturity, so the review starts some days earlier, on a bank day at the
latest. No source gives the number of days: it is the bank's (`lead_days`). What the class may be follows the clause on
the class of a renewal; its listed conditions are the bank's assessment, so a sound receipt stays `needs_data` there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from steadyrest.calendar import last_bank_day
from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import Condition, to_polars
from steadyrest.schema import TABLES

TABLE: Final = TABLES["renewal_calendar"]
_FACTS: Final = ("loan_id", "borrower_id", "maturity_on", "currency", "balance_fen", "quality")


def renewal_calendar(
    facts: pl.DataFrame, snapshot: PolicySnapshot, as_of: date, *, days: int, lead_days: int
) -> pl.DataFrame:
    """The registered table `renewal_calendar`, what is late first, then by maturity.

    `facts` are rows of `loan_facts`; `days` from the as-of date, both ends included. Without a renewal rule in force
    there are rows and no verdicts.
    """
    due = facts.filter(pl.col("maturity_on").is_between(as_of, as_of + timedelta(days=days)))
    rule, of_class = (_clause(snapshot, mechanism) for mechanism in ("renewal", "renewal_class"))
    starts = {on: last_bank_day(on - timedelta(days=lead_days)) for on in due["maturity_on"].unique()}
    start = pl.col("maturity_on").replace_strict(starts, default=None, return_dtype=pl.Date)
    rows = due.select(
        *_FACTS,
        (pl.col("maturity_on") - pl.lit(as_of)).dt.total_days().alias("days_left"),
        start.alias("review_from_on"),
        (start < as_of).alias("is_late"),
        pl.lit(rule.id if rule else None, pl.String).alias("clause_id"),
        *_standing(rule.conditions if rule else ()),
        _verdict(rule.conditions if rule else None).alias("renewal_verdict"),
        _class_verdict(rule, of_class).alias("class_verdict"),
    )
    return rows.select(TABLE.names).cast(pl.Schema(TABLE.polars())).sort("is_late", "maturity_on", "loan_id",
                                                                         descending=[True, False, False])  # fmt: skip


def _clause(snapshot: PolicySnapshot, mechanism: str) -> Clause | None:
    """The clause in force that a mechanism carries out; of several the last one known."""
    return next((clause for clause in reversed(snapshot.clauses) if clause.mechanism == mechanism), None)


def _standing(conditions: Sequence[Condition]) -> list[pl.Expr]:
    """The ids of the conditions that hold, fail, and are unknown, each as one text."""
    tests = [(item.id, to_polars(item.node)) for item in conditions]
    return [
        _listed([pl.when(test).then(pl.lit(id)) for id, test in tests]).alias("passed"),
        _listed([pl.when(~test).then(pl.lit(id)) for id, test in tests]).alias("failed"),
        _listed([pl.when(test.is_null()).then(pl.lit(id)) for id, test in tests]).alias("unknown"),
    ]


def _listed(ids: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str(ids, separator=", ", ignore_nulls=True) if ids else pl.lit(None, pl.String)


def _verdict(conditions: Sequence[Condition] | None) -> pl.Expr:
    """Refused, needs data or eligible; a soft condition that fails refers to a person."""
    if conditions is None:
        return pl.lit(None, pl.String)
    hard = [~to_polars(item.node) for item in conditions if not item.is_soft]
    holds = [to_polars(item.node) for item in conditions]
    refused = pl.when(pl.any_horizontal(hard).fill_null(False)) if hard else pl.when(pl.lit(False))
    return refused.then(pl.lit("refused")).when(~pl.all_horizontal(holds).fill_null(False)).then(
        pl.lit("needs_data")).otherwise(pl.lit("eligible"))  # fmt: skip


def _class_verdict(rule: Clause | None, of_class: Clause | None) -> pl.Expr:
    """Whether the new receipt may stay normal: refused where the old one is not normal or cannot be renewed; else it
    hangs on the listed conditions, which only the bank's assessment tells.
    """
    if rule is None or of_class is None:
        return pl.lit(None, pl.String)
    fails = [~to_polars(item.node) for item in (*of_class.conditions, *rule.conditions)]
    return pl.when(pl.any_horizontal(fails).fill_null(False)).then(pl.lit("refused")).otherwise(pl.lit("needs_data"))
