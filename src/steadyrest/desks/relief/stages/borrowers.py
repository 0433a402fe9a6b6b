"""What a clause needs to know of a customer, one row a borrower.

Reads `enterprise`, `customer_link`, `credit_line`, `evidence`; the industry of an owner without one of its own comes
through the link to the business. Evidence counts when it was recorded on or before the as-of date, the latest first.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.desks.relief.mechanisms.industry import division, section
from steadyrest.schema import TABLES, closed

_FACTS = TABLES["loan_facts"]

EVIDENCE_COLUMNS = {
    "temporary_difficulty": "has_temporary_difficulty",
    "severely_hit": "is_severely_hit",
    "prior_credit_good": "has_good_prior_credit",
    "financial_difficulty": "has_financial_difficulty",
    "trade_chain_firm": "is_trade_chain_firm",
}


def borrowers(
    enterprise: pl.DataFrame, links: pl.DataFrame, lines: pl.DataFrame, evidence: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """One row a borrower: kind, industry and where it comes from, reported size and its inputs, credit line, evidence.

    A null says unknown; nothing is guessed. `industry_code` may be a section letter or any depth of GB/T 4754.
    """
    base = enterprise.select(
        "borrower_id",
        "borrower_kind",
        pl.col("industry_code").alias("own_industry"),
        "enterprise_size",
        "employees",
        "revenue_fen",
        "total_assets_fen",
        pl.col("credit_line_fen").alias("reported_line_fen"),
    )
    base = base.join(_businesses(base, links), on="borrower_id", how="left")
    base = base.join(_lines(lines, as_of), on="borrower_id", how="left")
    base = base.join(_evidence(evidence, as_of), on="borrower_id", how="left")
    own, linked = pl.col("own_industry"), pl.col("linked_industry")
    basis = pl.when(own.is_not_null()).then(pl.lit("own")).when(linked.is_not_null()).then(pl.lit("link"))
    code = pl.coalesce(own, linked)
    return base.with_columns(
        section(code).alias("borrower_section"),
        division(code).alias("borrower_division"),
        basis.cast(_FACTS["industry_basis"].polars).alias("industry_basis"),
        pl.coalesce("enterprise_size", "linked_size").alias("enterprise_size"),
        pl.coalesce("line_fen", "reported_line_fen").alias("credit_line_fen"),
    ).drop("own_industry", "linked_industry", "linked_size", "line_fen", "reported_line_fen")


def _businesses(base: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Industry and size of the business a person owns; of several, the first by id that has an industry."""
    owned = links.filter(pl.col("link_kind").cast(pl.String) == "owner_of").select(
        pl.col("from_borrower_id").alias("borrower_id"), pl.col("to_borrower_id").alias("business_id")
    )
    business = base.select(
        pl.col("borrower_id").alias("business_id"),
        pl.col("own_industry").alias("linked_industry"),
        pl.col("enterprise_size").alias("linked_size"),
    )
    found = owned.join(business, on="business_id").sort("borrower_id", pl.col("linked_industry").is_null(), "business_id")
    return found.unique("borrower_id", keep="first", maintain_order=True).drop("business_id")


def _lines(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The credit line in force on the as-of date."""
    in_force = (pl.col("from_on") <= as_of) & (pl.col("to_on").is_null() | (pl.col("to_on") >= as_of))
    latest = lines.filter(in_force).sort("borrower_id", "from_on")
    return latest.unique("borrower_id", keep="last", maintain_order=True).select(
        "borrower_id", pl.col("credit_line_fen").alias("line_fen")
    )


def _evidence(evidence: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The latest word on each matter, one flag column a matter."""
    assert set(EVIDENCE_COLUMNS) == set(closed("evidence_kind"))
    known = evidence.filter(pl.col("as_of_on") <= as_of).sort("borrower_id", "evidence_kind", "as_of_on")
    latest = known.unique(["borrower_id", "evidence_kind"], keep="last", maintain_order=True)
    flags = [
        pl.col("holds").filter(pl.col("evidence_kind").cast(pl.String) == kind).first().alias(name)
        for kind, name in EVIDENCE_COLUMNS.items()
    ]
    return latest.group_by("borrower_id").agg(flags)
