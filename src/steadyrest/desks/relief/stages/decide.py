"""Decisions of people on options: which are accepted, and why the others are not.

Reads `option`, `decision`, `consent`, `loan`; writes the accepted decisions and findings. An approver who is the
proposer is refused; a sheet may name a new due date of its own, and the cap is tested on it; a cap that binds in
principle may be passed with a reason and an approver, a binding one never; nothing is signed that is not approved,
nothing while a consent is open, and one option a receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from steadyrest.desks.findings import add_findings, findings
from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.policy import Clause
from steadyrest.schema import TABLES

_DECISION = TABLES["decision"]
SECURED = ("A", "B", "B01", "B99", "C", "C01", "C99", "E")


def run(tables: Tables, context: Context) -> Tables:
    """Keep the decisions that stand, in the order of their key; name the others with the first reason against them."""
    still_open = consents_open(tables["loan"], tables["consent"], context.as_of)
    rows = _with_option(tables["decision"], tables["option"], context.snapshot.screens)
    rows = rows.with_columns(_reasons(still_open, context.as_of).alias("code"))
    rows = _one_signature(_signed_needs_approval(rows))
    accepted = rows.filter(pl.col("code").is_null()).select(_DECISION.names).sort(_DECISION.key)
    refused = _findings(rows.filter(pl.col("code").is_not_null()), context.decisions_file)
    return {"decision": accepted, "finding": add_findings(tables, refused)}


def consents_open(loan: pl.DataFrame, consent: pl.DataFrame, as_of: date) -> pl.Series:
    """Receipts that still lack a written consent: one refused, only asked or given later, or secured without any."""
    is_given = (pl.col("consent_state") == "given") & (pl.col("given_on").is_null() | (pl.col("given_on") <= as_of))
    not_given = consent.filter(~is_given)["loan_id"]
    secured = loan.filter(pl.col("guarantee_kind").cast(pl.String).is_in(SECURED))["loan_id"]
    without = secured.filter(~secured.is_in(consent["loan_id"].implode()))
    return pl.concat([not_given, without]).unique().sort()


def _with_option(decisions: pl.DataFrame, options: pl.DataFrame, screens: Sequence[Clause]) -> pl.DataFrame:
    """Decisions with the option they speak of, the new due date that would apply, and the test of the cap on it."""
    known = options.select(
        "loan_id",
        "option_no",
        "to_on",
        "cap_on",
        pl.any_horizontal(pl.col("shift_months", "spread_periods").is_not_null()).alias("sets_days"),
        pl.col("clause_id").alias("option_clause"),
        pl.col("new_due_on").alias("option_due_on"),
    )
    rows = decisions.sort(_DECISION.key).join(known, on=["loan_id", "option_no"], how="left", maintain_order="left")
    strength = {clause.id: clause.relief.cap_strength for clause in screens if clause.relief}
    binds = pl.col("option_clause").replace_strict(strength, default=None, return_dtype=pl.String) == "shall"
    rows = rows.with_columns(pl.coalesce("new_due_on", "option_due_on").alias("due_on"))
    is_beyond = pl.col("due_on") > pl.col("cap_on")
    return rows.with_columns(is_breach=is_beyond & binds, is_overridden=is_beyond & ~binds)


def _reasons(consents_open: pl.Series, as_of: date) -> pl.Expr:
    """The first reason, in the order in which a person would look."""
    is_grant = pl.col("decision") != "refused"
    return (
        pl.when(pl.col("option_clause").is_null())
        .then(pl.lit("DECISION-001"))
        .when(pl.col("clause_id").is_not_null() & (pl.col("clause_id") != pl.col("option_clause")))
        .then(pl.lit("DECISION-002"))
        .when(_folded("proposer") == _folded("approver"))
        .then(pl.lit("DECISION-003"))
        .when(pl.col("new_due_on").is_not_null() & pl.col("sets_days"))
        .then(pl.lit("DECISION-012"))
        .when(is_grant & pl.col("is_breach"))
        .then(pl.lit("DECISION-009"))
        .when(is_grant & (pl.col("due_on") <= pl.col("to_on")))
        .then(pl.lit("DECISION-010"))
        .when(is_grant & pl.col("is_overridden") & ((_folded("reason") == "") | (_folded("approver") == "")))
        .then(pl.lit("DECISION-004"))
        .when(pl.col("decided_on") > as_of)
        .then(pl.lit("DECISION-005"))
        .when((pl.col("decision") == "signed") & pl.col("loan_id").is_in(consents_open.implode()))
        .then(pl.lit("DECISION-006"))
    )


def _folded(name: str) -> pl.Expr:
    return pl.col(name).fill_null("").str.strip_chars().str.to_lowercase()


def _signed_needs_approval(rows: pl.DataFrame) -> pl.DataFrame:
    """A signature needs an approval of the same option and date on or before its day, and no refusal of it."""
    key = ["loan_id", "option_no"]
    good = rows.filter(pl.col("code").is_null())
    kind = pl.col("decision")
    approved = (
        good.filter(kind == "approved").group_by(*key, "due_on").agg(pl.col("decided_on").min().alias("approved_on"))
    )
    refused = good.filter(kind == "refused").select(key).unique().with_columns(is_refused=True)
    rows = rows.join(approved, on=[*key, "due_on"], how="left", maintain_order="left")
    rows = rows.join(refused, on=key, how="left", maintain_order="left")
    fits = pl.col("approved_on") <= pl.col("decided_on")
    code = (
        pl.when(pl.col("code").is_not_null())
        .then(pl.col("code"))
        .when((kind == "signed") & ~fits.fill_null(False))
        .then(pl.lit("DECISION-007"))
        .when((kind != "refused") & pl.col("is_refused"))
        .then(pl.lit("DECISION-008"))
    )
    return rows.with_columns(code.alias("code"))


def _one_signature(rows: pl.DataFrame) -> pl.DataFrame:
    """Of several options signed on one receipt the earliest stands, then the smallest number."""
    is_signed = pl.col("code").is_null() & (pl.col("decision") == "signed")
    first = (
        rows.filter(is_signed)
        .sort("loan_id", "decided_on", "option_no")
        .unique("loan_id", keep="first", maintain_order=True)
    )
    rows = rows.join(first.select("loan_id", first_no="option_no"), on="loan_id", how="left", maintain_order="left")
    is_second = is_signed & (pl.col("option_no") != pl.col("first_no"))
    return rows.with_columns(pl.when(is_second).then(pl.lit("DECISION-011")).otherwise("code").alias("code"))


def _findings(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    return findings(
        rows,
        code=pl.col("code"),
        severity="error",
        table="decision",
        field="decision",
        row_id="loan_id",
        value=pl.col("decision").cast(pl.String),
        clause=pl.coalesce("option_clause", "clause_id"),
        args=pl.struct("option_no", "due_on", "cap_on"),
        source=source,
    )


STAGE = Stage(
    name="decide",
    reads=("decision", "option", "consent", "loan", "finding"),
    writes=("decision", "finding"),
    run=run,
)
