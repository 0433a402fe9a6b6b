"""What a clause needs to know of a customer, one row a borrower.

Reads `enterprise`, `linked_enterprise`, `customer_link`, `credit_line`, `evidence`. Industry and size of an owner
without their own come through the link to the business. A size is the reported one, else the one the standard gives.
Evidence counts when it was recorded on or before the as-of date, the latest first.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.desks.findings import findings
from steadyrest.desks.industry import division, section
from steadyrest.desks.size import MEASURES, computed_size
from steadyrest.desks.stage import Tables
from steadyrest.schema import TABLES, closed

_FACTS = TABLES["loan_facts"]
_NOT_ENTERPRISE = "not_enterprise"

EVIDENCE_COLUMNS = {
    "temporary_difficulty": "has_temporary_difficulty",
    "severely_hit": "is_severely_hit",
    "prior_credit_good": "has_good_prior_credit",
    "financial_difficulty": "has_financial_difficulty",
    "trade_chain_firm": "is_trade_chain_firm",
}


def borrowers(tables: Tables, as_of: date) -> pl.DataFrame:
    """One row a borrower: kind, industry and where it comes from, size and how it is known, credit line, evidence.

    A null says unknown; nothing is guessed. `industry_code` may be a section letter or any depth of GB/T 4754.
    """
    base = _firms(tables["enterprise"])
    base = base.join(_businesses(tables["linked_enterprise"], tables["customer_link"]), on="borrower_id", how="left")
    base = base.join(_lines(tables["credit_line"], as_of), on="borrower_id", how="left")
    base = base.join(_evidence(tables["evidence"], as_of), on="borrower_id", how="left")
    own, code = pl.col("industry_code"), pl.coalesce("industry_code", "linked_industry")
    basis = pl.when(own.is_not_null()).then(pl.lit("own")).when(code.is_not_null()).then(pl.lit("link"))
    reported, computed = (pl.coalesce(name, f"linked_{name}") for name in ("enterprise_size", "computed_size"))
    how = pl.when(reported.is_not_null()).then(pl.lit("reported")).when(computed.is_not_null()).then(pl.lit("computed"))
    return base.select(
        "borrower_id",
        "borrower_kind",
        section(code).alias("borrower_section"),
        division(code).alias("borrower_division"),
        basis.cast(_FACTS["industry_basis"].polars).alias("industry_basis"),
        pl.coalesce(reported, computed).alias("enterprise_size"),
        how.cast(_FACTS["size_basis"].polars).alias("size_basis"),
        pl.coalesce("line_fen", "credit_line_fen").alias("credit_line_fen"),
        *EVIDENCE_COLUMNS.values(),
    )


def size_findings(enterprise: pl.DataFrame) -> pl.DataFrame:
    """A warning for each borrower whose reported size is not the one the standard gives."""
    firms = _firms(enterprise)
    reported, computed = pl.col("enterprise_size"), pl.col("computed_size")
    wrong = firms.filter((reported != computed) & (reported.cast(pl.String) != _NOT_ENTERPRISE))
    return findings(
        wrong,
        code="RELIEF-001",
        severity="warning",
        table="enterprise",
        field="enterprise_size",
        row_id="borrower_id",
        value=reported.cast(pl.String),
        args=pl.struct(computed.cast(pl.String).alias("computed"), "industry_code", *MEASURES),
    )


def _firms(enterprise: pl.DataFrame) -> pl.DataFrame:
    return enterprise.with_columns(computed_size(enterprise))


def _businesses(linked: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Industry and size of the business a person owns; of several, the first by id that has an industry."""
    owned = links.filter(pl.col("link_kind") == "owner_of").select(
        pl.col("from_borrower_id").alias("borrower_id"), pl.col("to_borrower_id").alias("business_id")
    )
    business = _firms(linked).select(
        pl.col("borrower_id").alias("business_id"),
        pl.col("industry_code").alias("linked_industry"),
        pl.col("enterprise_size").alias("linked_enterprise_size"),
        pl.col("computed_size").alias("linked_computed_size"),
    )
    found = owned.join(business, on="business_id")
    found = found.sort("borrower_id", pl.col("linked_industry").is_null(), "business_id")
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
    known = evidence.filter(pl.col("as_of_on") <= as_of).sort("borrower_id", "as_of_on")
    flags = [
        pl.col("holds").filter(pl.col("evidence_kind") == kind).last().alias(name)
        for kind, name in EVIDENCE_COLUMNS.items()
    ]
    return known.group_by("borrower_id").agg(flags)
