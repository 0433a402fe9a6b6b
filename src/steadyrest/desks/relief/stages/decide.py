"""Decisions of people on options: which are accepted, and why the others are not.

Reads `option`, `decision`, `consent`, `loan`; writes the accepted decisions and findings. An approver who is the
proposer is refused; a cap that binds in principle may be passed with a reason and an approver; nothing is signed
that is not approved, and nothing while a consent is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from steadyrest.schema import TABLES

_SECURED = ("A", "B", "B01", "B99", "C", "C01", "C99", "E")


@dataclass(frozen=True, slots=True)
class Decided:
    """Accepted decisions (registered table `decision`) and findings about the others."""

    accepted: pl.DataFrame
    findings: pl.DataFrame


def decide(decisions: pl.DataFrame, options: pl.DataFrame, consents_open: pl.Series, as_of: date, source: str) -> Decided:
    """Check every decision row against its option; a row that fails is kept out and named with the first reason.

    `decisions` has the columns of the registered table, in the order of the sheet; `consents_open` holds the ids of
    receipts whose consents are not complete. `source` is the file name for the findings.
    """
    rows = decisions.with_row_index("row_number", offset=1)
    known = options.select("loan_id", "option_no", pl.col("clause_id").alias("option_clause"), "cap_verdict")
    rows = rows.join(known, on=["loan_id", "option_no"], how="left", maintain_order="left")
    rows = rows.with_columns(_reasons(consents_open, as_of).alias("code"))
    rows = _signed_needs_approval(rows)
    accepted = rows.filter(pl.col("code").is_null()).select(TABLES["decision"].names)
    return Decided(accepted, _findings(rows.filter(pl.col("code").is_not_null()), source))


def consents_open(loan: pl.DataFrame, consent: pl.DataFrame) -> pl.Series:
    """Receipts that still lack a written consent: one refused or only asked, or secured without any consent on file."""
    not_given = consent.filter(pl.col("consent_state") != "given")["loan_id"]
    secured = loan.filter(pl.col("guarantee_kind").cast(pl.String).is_in(_SECURED))["loan_id"]
    without = secured.filter(~secured.is_in(consent["loan_id"].implode()))
    return pl.concat([not_given, without]).unique().sort()


def _reasons(consents_open: pl.Series, as_of: date) -> pl.Expr:
    """The first reason, in the order in which a person would look."""
    needs_reason = pl.col("cap_verdict").cast(pl.String).is_in(["in_principle_breach", "breach"])
    is_grant = pl.col("decision").cast(pl.String) != "refused"
    return (
        pl.when(pl.col("option_clause").is_null())
        .then(pl.lit("DECISION-001"))
        .when(pl.col("clause_id").is_not_null() & (pl.col("clause_id") != pl.col("option_clause")))
        .then(pl.lit("DECISION-002"))
        .when(_same_person())
        .then(pl.lit("DECISION-003"))
        .when(is_grant & needs_reason & pl.col("reason").fill_null("").str.strip_chars().eq(""))
        .then(pl.lit("DECISION-004"))
        .when(pl.col("decided_on") > as_of)
        .then(pl.lit("DECISION-005"))
        .when((pl.col("decision").cast(pl.String) == "signed") & pl.col("loan_id").is_in(consents_open.implode()))
        .then(pl.lit("DECISION-006"))
    )


def _same_person() -> pl.Expr:
    def folded(name: str) -> pl.Expr:
        return pl.col(name).str.strip_chars().str.to_lowercase()

    return folded("proposer") == folded("approver")


def _signed_needs_approval(rows: pl.DataFrame) -> pl.DataFrame:
    """A signature needs an approval of the same option on or before its day, and no refusal of it."""
    good = rows.filter(pl.col("code").is_null())
    kind = pl.col("decision").cast(pl.String)
    approved = good.filter(kind == "approved").group_by("loan_id", "option_no").agg(pl.col("decided_on").min().alias("approved_on"))
    refused = good.filter(kind == "refused").select("loan_id", "option_no").unique().with_columns(is_refused=True)
    rows = rows.join(approved, on=["loan_id", "option_no"], how="left", maintain_order="left")
    rows = rows.join(refused, on=["loan_id", "option_no"], how="left", maintain_order="left")
    unapproved = pl.col("approved_on").is_null() | (pl.col("approved_on") > pl.col("decided_on"))
    code = (
        pl.when(pl.col("code").is_not_null())
        .then(pl.col("code"))
        .when((kind == "signed") & unapproved)
        .then(pl.lit("DECISION-007"))
        .when((kind != "refused") & pl.col("is_refused"))
        .then(pl.lit("DECISION-008"))
    )
    return rows.with_columns(code.alias("code"))


def _findings(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    finding = TABLES["finding"]
    return rows.select(
        pl.col("code"),
        pl.lit("error").cast(finding["severity"].polars).alias("severity"),
        pl.lit("decision").alias("table"),
        pl.lit(source).alias("source_file"),
        pl.col("row_number").cast(pl.Int64),
        pl.col("loan_id").alias("row_id"),
        pl.lit("decision").alias("field"),
        pl.col("decision").cast(pl.String).alias("value"),
        pl.col("clause_id").alias("clause"),
        pl.lit(None, pl.String).alias("args"),
    )
