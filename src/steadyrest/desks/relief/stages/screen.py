"""Screening: for each clause two masks a receipt, and what they add up to.

A definition clause sets its flag first: true when all conditions hold, false when one does not, else unknown. A
screening clause then gets `fail` and `unknown`; bit n is condition n of the clause file. Eligible = both are zero,
refused = a bit of `fail` is set, anything else needs data.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.policy import Clause
from steadyrest.rules import polars_masks, to_polars
from steadyrest.schema import TABLES
from steadyrest.schema.tables.results import eligibility as eligibility_table

_RESULT = TABLES["clause_result"]
_FACTS = TABLES["loan_facts"]


def run(tables: Tables, context: Context) -> Tables:
    """Set the flags of the definitions, then screen every receipt under every clause."""
    screens = context.snapshot.screens
    known = defined(tables["loan_facts"], context.snapshot.definitions)
    masks = screened(known, screens)
    return {"loan_facts": known, "eligibility": masks, "clause_result": results(known, masks, screens)}


def defined(loan_facts: pl.DataFrame, definitions: Sequence[Clause]) -> pl.DataFrame:
    """The facts with the flag of each definition set, in the order given: a later one may look at an earlier flag."""
    for clause in definitions:
        assert clause.defines in _FACTS.names, f"{clause.id} defines no registered flag"
        holds = pl.all_horizontal([to_polars(condition.node) for condition in clause.conditions])
        loan_facts = loan_facts.with_columns(holds.alias(clause.defines))
    return loan_facts.select(_FACTS.names)


def screened(loan_facts: pl.DataFrame, screens: Sequence[Clause]) -> pl.DataFrame:
    """The registered table `eligibility` of these clauses, in the order of the facts."""
    masks: list[pl.Expr] = []
    for clause in screens:
        fail, unknown = polars_masks(clause.conditions)
        masks += [fail.alias(f"{clause.slug}_fail"), unknown.alias(f"{clause.slug}_unknown")]
    table = eligibility_table(tuple((clause.slug, clause.title) for clause in screens))
    return loan_facts.select("loan_id", *masks).select(table.names)


def is_eligible(slug: str) -> pl.Expr:
    """Both masks of a clause are zero."""
    return (pl.col(f"{slug}_fail") == 0) & (pl.col(f"{slug}_unknown") == 0)


def results(loan_facts: pl.DataFrame, masks: pl.DataFrame, screens: Sequence[Clause]) -> pl.DataFrame:
    """Households, receipts and balance by clause, verdict and currency."""
    household = pl.col("borrower_id").cast(pl.Categorical).to_physical().alias("household")
    base = loan_facts.select(household, pl.col("currency").cast(pl.Categorical), "balance_fen")
    parts = [_counted(base.with_columns(masks.select(_verdict(clause.slug))), clause.id) for clause in screens]
    return pl.concat([_RESULT.empty(), *parts]).sort(_RESULT.key)


def _counted(rows: pl.DataFrame, clause_id: str) -> pl.DataFrame:
    counts = rows.group_by("verdict", "currency").agg(
        pl.col("household").n_unique().alias("households"), pl.len().alias("receipts"), pl.col("balance_fen").sum()
    )
    named = counts.with_columns(clause_id=pl.lit(clause_id))
    return named.select(pl.col(name).cast(kind) for name, kind in _RESULT.polars().items())


def _verdict(slug: str) -> pl.Expr:
    """The verdict of a pair of masks, in the codes of the registered column."""
    refused = pl.when(pl.col(f"{slug}_fail") != 0).then(pl.lit("refused"))
    verdict = refused.when(pl.col(f"{slug}_unknown") != 0).then(pl.lit("needs_data")).otherwise(pl.lit("eligible"))
    return verdict.cast(_RESULT["verdict"].polars).alias("verdict")


STAGE = Stage("screen", reads=("loan_facts",), writes=("loan_facts", "eligibility", "clause_result"), run=run)
