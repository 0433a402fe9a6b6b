"""The row of `loan_facts` of a vector: what the screening clauses look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from steadyrest.desks.industry import division, section
from steadyrest.rules.types import Value
from validation.relief.vector import QUALITY, Case, day

Facts = dict[str, Value | None]

PRODUCTS = {"working_capital": "F022", "fixed_asset": "F023", "consumer": "F021"}


def facts_of(case: Case, receipt: Mapping[str, Any] | None = None) -> Facts:
    """The facts on the day of the decision; `receipt` is one of several receipts of the case."""
    item = case.input
    code, basis = industry(item, receipt)
    first = case.first_old_due_on
    is_late = first < case.decided_on
    split = pl.select(section(pl.lit(code, pl.String)), division(pl.lit(code, pl.String)).alias("division")).row(0)
    return {
        "loan_id": "-",
        "borrower_id": "-",
        "as_of_on": case.decided_on,
        "ledger": "personal" if _is_personal(item, receipt) else "corporate",
        "product": PRODUCTS.get(item.get("product", "working_capital")),
        "currency": "CNY",
        "balance_fen": item.get("principal_fen"),
        "drawn_on": day(item.get("drawn")),
        "maturity_on": case.maturity_on,
        "quality": QUALITY.get(item.get("old_class", "normal")),
        "loan_status": "LS03" if is_late else "LS01",
        "borrower_kind": item["borrower"],
        "borrower_section": split[0],
        "borrower_division": split[1],
        "industry_basis": basis if code else None,
        "use_section": split[0],
        "enterprise_size": item["size"],
        "size_basis": "reported" if item["size"] else None,
        "credit_line_fen": item["credit_line_fen"],
        "has_temporary_difficulty": item["temporary_difficulty"],
        "has_financial_difficulty": item["financial_difficulty"],
        "is_severely_hit": True if item.get("severely_hit_evidence") else None,
        "has_good_prior_credit": None,
        "is_trade_chain_firm": None,
        "applied_on": day(item.get("applied_on")),
        "has_terms": True,
        "schedule_state": "projected",
        "first_unpaid_on": first,
        "next_due_on": first if not is_late else None,
        "last_due_on": case.maturity_on,
        "past_due_days": (case.decided_on - first).days if is_late else 0,
    }


def industry(item: Mapping[str, Any], receipt: Mapping[str, Any] | None) -> tuple[str | None, str]:
    """The industry code and where it comes from: own, through the linked business, or the use of the loan."""
    if receipt is None:
        return item["industry"], "own"
    if receipt.get("industry_own"):
        return receipt["industry_own"], "own"
    if receipt.get("customer_link"):
        return item["industry"], "link"
    return receipt.get("use_industry"), "use"


def _is_personal(item: Mapping[str, Any], receipt: Mapping[str, Any] | None) -> bool:
    ledger = receipt["ledger"] if receipt else "personal" if item["borrower"] == "owner" else "corporate"
    return str(ledger).startswith("personal")
