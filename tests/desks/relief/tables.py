"""Tiny tables: rows as keywords, everything else null or the default of a plain loan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from steadyrest.desks.relief import STAGES
from steadyrest.desks.stage import Context, Tables, carry
from steadyrest.schema import TABLES

Row = dict[str, Any]

INPUTS = (
    "loan",
    "loan_terms",
    "enterprise",
    "customer_link",
    "credit_line",
    "evidence",
    "arrears",
    "application",
    "agreement",
    "consent",
    "guarantee",
    "decision",
)


def table(name: str, rows: Iterable[Row] = ()) -> pl.DataFrame:
    """Rows as a frame of a registered table; columns that are not given are null."""
    return pl.DataFrame(list(rows), schema=TABLES[name].polars())


def loan(loan_id: str = "L1", borrower_id: str = "B1", **more: Any) -> Row:
    """A bullet loan of 1,000,000 yuan at 3.65 %, drawn on 2021-09-15, due on 2022-09-15."""
    return {
        "loan_id": loan_id,
        "borrower_id": borrower_id,
        "ledger": "corporate",
        "product": "F02",
        "drawn_on": date(2021, 9, 15),
        "maturity_on": date(2022, 9, 15),
        "currency": "CNY",
        "balance_fen": 100_000_000,
        "rate_type": "RF01",
        "nominal_rate_e7": 365_000,
        "guarantee_kind": "D",
        "loan_status": "LS01",
        "quality": "FQ01",
        **more,
    }


def terms(loan_id: str = "L1", **more: Any) -> Row:
    """Bullet, interest on the 20th of each month's cycle, actual/360."""
    return {
        "loan_id": loan_id,
        "original_principal_fen": 100_000_000,
        "amortisation": "bullet",
        "interest_cycle_months": 1,
        "day_count": "A360",
        **more,
    }


def firm(borrower_id: str = "B1", **more: Any) -> Row:
    """A small manufacturer with a credit line of eight million yuan."""
    return {
        "borrower_id": borrower_id,
        "borrower_kind": "enterprise",
        "industry_code": "C34",
        "enterprise_size": "small",
        "credit_line_fen": 800_000_000,
        **more,
    }


def word(kind: str, borrower_id: str = "B1", **more: Any) -> Row:
    """Evidence that something holds."""
    known = {"borrower_id": borrower_id, "evidence_kind": kind, "holds": True, "as_of_on": date(2022, 7, 10)}
    return {**known, "source": "visit", "recorded_by": "survey officer", **more}


def book(**rows: Iterable[Row]) -> dict[str, pl.DataFrame]:
    """The input tables of a part: one small manufacturer in temporary difficulty with one loan, unless given."""
    plain: dict[str, Iterable[Row]] = {
        "loan": [loan()],
        "loan_terms": [terms()],
        "enterprise": [firm()],
        "evidence": [word("temporary_difficulty")],
    }
    linked = table("enterprise", rows.pop("linked_enterprise", ()))
    given = plain | rows
    return {name: table(name, given.get(name, ())) for name in INPUTS} | {"linked_enterprise": linked}


def run(tables: Tables, context: Context, until: str = "") -> dict[str, pl.DataFrame]:
    """The tables after the stages of the desk, or after those up to and including `until`."""
    now = dict(tables)
    for stage in STAGES:
        carry(now, stage, context)
        if stage.name == until:
            break
    return now


def row(frame: pl.DataFrame, **key: Any) -> dict[str, Any]:
    """The one row with this key."""
    found = frame.filter(*(pl.col(name) == value for name, value in key.items()))
    assert found.height == 1, f"{found.height} rows for {key}"
    return found.row(0, named=True)


def total(frame: pl.DataFrame, column: str) -> int:
    """The sum of a column."""
    return int(frame[column].sum())


def codes(frame: pl.DataFrame) -> list[str]:
    """The codes of findings."""
    return frame["code"].to_list()
