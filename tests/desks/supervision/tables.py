"""Small registered tables for the returns, the columns that a test does not give null."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from steadyrest.app.returns_out import INPUTS
from steadyrest.schema import TABLES

ON = date(2022, 8, 31)
FIRM = {"borrower_id": "F1", "borrower_kind": "enterprise", "industry_code": "C34", "enterprise_size": "small",
        "credit_line_fen": 90_000_000}  # fmt: skip
LOAN = {
    "loan_id": "J1", "borrower_id": "F1", "ledger": "corporate", "product": "F022", "drawn_on": date(2021, 9, 15),
    "maturity_on": date(2022, 9, 15), "currency": "CNY", "balance_fen": 1_000, "rate_type": "RF01",
    "nominal_rate_e7": 435_000, "repricing_on": date(2022, 9, 15), "quality": "FQ01", "loan_status": "LS01",
}  # fmt: skip
AGREEMENT = {
    "agreement_id": "X1", "loan_id": "J1", "legal_form": "deferral_agreement", "programme": "deferral_line",
    "risk_effect": "not_restructured", "from_on": date(2022, 6, 1), "to_on": date(2022, 9, 15),
    "new_due_on": date(2022, 12, 15), "signed_on": date(2022, 8, 16),
}  # fmt: skip


def tables(**rows: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    """The tables of one part; those that are not given have no rows, but for one firm and one loan."""
    given = {"enterprise": [FIRM], "loan": [LOAN]} | rows
    return {name: _frame(name, given.get(name, [])) for name in INPUTS}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    kinds = TABLES["enterprise" if name == "linked_enterprise" else name].polars()
    whole = [dict.fromkeys(kinds) | row for row in rows]
    return pl.DataFrame(whole, schema=kinds, orient="row")
