"""Decisions on the proposals of a synthetic run, as a desk might take them: approvals, signatures, refusals, a slip."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.schema import TABLES
from steadyrest.text import label

_APPROVED_EVERY: Final = 3
_REFUSED_EVERY: Final = 10
_SLIP_EVERY: Final = 500


def sample_decisions(tables: Path, as_of: date) -> pl.DataFrame:
    """Rows of the registered table `decision` on the proposed options of a finished run.

    Every third proposal is approved, and every one whose consents are complete; the latter are signed as well. Every
    tenth of the others is refused, and one in five hundred is approved by its own proposer, which the desk turns down.
    """
    cases = pl.scan_parquet(tables / "case_event.parquet")
    is_complete = pl.col("case_state").cast(pl.String) == "consents_complete"
    complete = cases.filter(is_complete).select("loan_id").unique().with_columns(is_complete=True)
    options = pl.scan_parquet(tables / "option.parquet").filter("is_proposed").sort("loan_id")
    rows = options.join(complete, on="loan_id", how="left", maintain_order="left").with_row_index("at").collect()
    signs = pl.col("is_complete").fill_null(False)
    approves = signs | (pl.col("at") % _APPROVED_EVERY == 0)
    decided = [
        rows.filter(approves).with_columns(decision=pl.lit("approved")),
        rows.filter(signs).with_columns(decision=pl.lit("signed")),
        rows.filter(~approves & (pl.col("at") % _REFUSED_EVERY == 1)).with_columns(decision=pl.lit("refused")),
    ]
    proposer, approver = (pl.lit(label(f"synth.decision.{name}").zh) for name in ("proposer", "approver"))
    is_slip = (pl.col("decision") == "approved") & (pl.col("at") % _SLIP_EVERY == 0)
    named = pl.concat(decided).with_columns(
        proposer=proposer,
        approver=pl.when(is_slip).then(proposer).otherwise(approver),
        reason=pl.when(pl.col("decision") == "refused").then(pl.lit(label("synth.decision.reason").zh)),
        decided_on=pl.lit(as_of),
        new_due_on=pl.lit(None, pl.Date),
    )
    schema = TABLES["decision"].polars()
    return named.select(pl.col(name).cast(kind) for name, kind in schema.items()).sort(
        "loan_id", "option_no", "decision"
    )
