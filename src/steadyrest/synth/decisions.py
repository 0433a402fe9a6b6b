"""Decisions on the proposals of a synthetic run, as a desk might take them: approvals, signatures, refusals, slips."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.schema import TABLES
from steadyrest.text import label

_APPROVED_EVERY: Final = 3
_REFUSED_EVERY: Final = 10
_OTHER_EVERY: Final = 4
_HASTY: Final = 10
"""Signatures on receipts whose consents nobody has recorded as complete."""


def sample_decisions(tables: Path, as_of: date) -> pl.DataFrame:
    """Rows of the registered table `decision` on the options of a finished run.

    Every third proposal is approved, and every one whose consents are complete; the latter are signed as well, some of
    them in another plan. Every tenth of the others is refused. A few rows hold one slip each, so that the desk has
    something to turn down.
    """
    every = pl.read_parquet(tables / "option.parquet").sort("loan_id", "option_no")
    options = every.filter("is_proposed")
    rows = options.join(_complete(tables), on="loan_id", how="left", maintain_order="left").with_row_index("at")
    signs = pl.col("is_complete").fill_null(False)
    approves = signs | (pl.col("at") % _APPROVED_EVERY == 0)
    undecided = rows.filter(~approves & (pl.col("at") % _REFUSED_EVERY != 1))
    complete = rows.filter(signs)
    others = _other_plans(every, complete)
    chosen = rows.filter(approves).join(others.select("loan_id"), on="loan_id", how="anti", maintain_order="left")
    signed = complete.slice(1).join(others.select("loan_id"), on="loan_id", how="anti", maintain_order="left")
    decided = [
        chosen.with_columns(decision=pl.lit("approved")),
        signed.with_columns(decision=pl.lit("signed")),
        *(others.with_columns(decision=pl.lit(word)) for word in ("approved", "signed")),
        rows.filter(~approves & (pl.col("at") % _REFUSED_EVERY == 1)).with_columns(decision=pl.lit("refused")),
        *_slips(undecided, complete, every, as_of),
    ]
    return _registered(pl.concat([_named(part, as_of) for part in decided]))


def _complete(tables: Path) -> pl.DataFrame:
    cases = pl.scan_parquet(tables / "case_event.parquet")
    is_complete = pl.col("case_state").cast(pl.String) == "consents_complete"
    return cases.filter(is_complete).select("loan_id").unique().with_columns(is_complete=True).collect()


def _other_plans(every: pl.DataFrame, complete: pl.DataFrame) -> pl.DataFrame:
    """Every fourth of the complete cases signs another plan than the recommended one; one beyond the cap says why."""
    able = complete.slice(1).gather_every(_OTHER_EVERY).select("loan_id").with_row_index("turn")
    beside = every.filter(pl.col("plan") != "parked").join(able, on="loan_id", maintain_order="left")
    place = pl.int_range(pl.len()).over("loan_id") == pl.col("turn") % pl.len().over("loan_id")
    return beside.filter(place).with_columns(reason=pl.lit(label("synth.decision.other_plan").zh))


def _slips(undecided: pl.DataFrame, complete: pl.DataFrame, every: pl.DataFrame, as_of: date) -> list[pl.DataFrame]:
    """One slip a row on receipts that nobody else decides on: each is what one `DECISION` finding is about."""
    first = [undecided.slice(number, 1).with_columns(decision=pl.lit("approved")) for number in range(6)]
    proposer = pl.lit(label("synth.decision.proposer").zh)
    hasty = undecided.slice(6, _HASTY)
    slid = every.filter(pl.col("plan") == "slide").join(undecided.slice(6 + _HASTY), on="loan_id", how="semi").head(1)
    return [
        first[0].with_columns(option_no=pl.lit(99, pl.Int64)),
        first[1].with_columns(clause_id=pl.lit("cn.none.none")),
        first[2].with_columns(approver=proposer),
        first[3].with_columns(own_due_on=pl.col("cap_on").dt.offset_by("60d")),
        first[4].with_columns(decided_on=pl.lit(as_of + timedelta(days=1))),
        first[5].with_columns(own_due_on=pl.col("to_on")),
        slid.with_columns(decision=pl.lit("approved"), own_due_on=pl.col("cap_on")),
        hasty.with_columns(decision=pl.lit("approved")),
        hasty.with_columns(decision=pl.lit("signed")),
        hasty.head(1).with_columns(decision=pl.lit("refused")),
        complete.head(1).with_columns(decision=pl.lit("signed"), own_due_on=pl.col("new_due_on").dt.offset_by("-1d")),
    ]


def _named(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rows with the people, the day and the reason, where a slip has not set its own."""
    reason = pl.when(pl.col("decision") == "refused").then(pl.lit(label("synth.decision.reason").zh))
    own = {
        "proposer": pl.lit(label("synth.decision.proposer").zh),
        "approver": pl.lit(label("synth.decision.approver").zh),
        "reason": reason,
        "decided_on": pl.lit(as_of),
        "own_due_on": pl.lit(None, pl.Date),
    }
    filled = rows.with_columns(**{name: value for name, value in own.items() if name not in rows.columns})
    return filled.with_columns(new_due_on=pl.col("own_due_on")).select(TABLES["decision"].names)


def _registered(rows: pl.DataFrame) -> pl.DataFrame:
    table = TABLES["decision"]
    return rows.select(pl.col(name).cast(kind) for name, kind in table.polars().items()).sort(table.key)
