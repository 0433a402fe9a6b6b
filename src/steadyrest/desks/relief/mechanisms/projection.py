"""What the contract engine says of a receipt, in the words of the facts: the state of its schedule, and its faults."""

from __future__ import annotations

from typing import Final

import polars as pl

from steadyrest.contracts import FAULTS, missing_fields
from steadyrest.desks.findings import findings
from steadyrest.schema import TABLES

_STATE = TABLES["loan_facts"]["schedule_state"].polars
_STATES: Final = {"ok": "projected", "missing": "needs_data"}


def schedule_state(status: pl.Series) -> pl.Series:
    """projected, needs_data where a term is missing, impossible_terms for every other fault."""
    return status.cast(pl.String).replace_strict(_STATES, default="impossible_terms", return_dtype=_STATE)


def schedule_findings(terms: pl.DataFrame, status: pl.Series) -> pl.DataFrame:
    """One finding a receipt whose terms or events do not make a schedule.

    Of missing terms the first is the field and `args` lists all. A receipt without any terms makes no finding: its
    state says so, and a book without a terms file says it once.
    """
    rows = terms.with_columns(status.cast(pl.String).alias("status"))
    faulty = rows.filter(pl.col("status") != "ok")
    faulty = faulty.with_columns(missing_fields(faulty).alias("missing"))
    faulty = faulty.filter((pl.col("status") != "missing") | pl.col("amortisation").is_not_null() | _has_terms(faulty))
    named = {fault.status: fault for fault in FAULTS}
    status_now = pl.col("status")
    field = status_now.replace_strict({name: fault.field for name, fault in named.items()}, return_dtype=pl.String)
    limit = status_now.replace_strict({name: fault.limit for name, fault in named.items()}, return_dtype=pl.String)
    is_missing = status_now == "missing"
    first = pl.col("missing").list.get(0, null_on_oob=True)
    severity = pl.when(is_missing).then(pl.lit("warning")).otherwise(pl.lit("error"))
    return findings(
        faulty,
        code=status_now.replace_strict({name: fault.code for name, fault in named.items()}, return_dtype=pl.String),
        severity=severity,
        table="loan_terms",
        field=pl.when(is_missing).then(first).otherwise(field),
        row_id="loan_id",
        value=status_now,
        args=pl.struct(pl.col("missing").list.join(", ").alias("missing"), limit.alias("limit")),
    )


def _has_terms(rows: pl.DataFrame) -> pl.Expr:
    """Whether any column of `loan_terms` is known: the receipt stands in the terms file, though not completely."""
    names = [name for name in TABLES["loan_terms"].names if name != "loan_id" and name in rows.columns]
    return pl.any_horizontal(pl.col(name).is_not_null() for name in names)
