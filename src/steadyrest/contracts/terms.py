"""The terms of a loan: one record for one loan, and the columns the engine reads for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import polars as pl

from steadyrest.contracts.amortisation import Plan, columns

TERM_SCHEMA: Final[dict[str, pl.DataType]] = {
    "loan_id": pl.String(),
    "original_principal_fen": pl.Int64(),
    "drawn_on": pl.Date(),
    "maturity_on": pl.Date(),
    "amortisation": pl.String(),
    "balloon_fen": pl.Int64(),
    "interest_only_periods": pl.Int64(),
    "holiday_periods": pl.Int64(),
    "holiday_interest": pl.String(),
    "repayment_cycle_months": pl.Int64(),
    "interest_cycle_months": pl.Int64(),
    "interest_day": pl.Int64(),
    "first_due_on": pl.Date(),
    "day_count": pl.String(),
    "rate_type": pl.String(),
    "nominal_rate_e7": pl.Int64(),
    "benchmark": pl.String(),
    "spread_bp": pl.Int64(),
    "reset_cycle_months": pl.Int64(),
    "floor_rate_e7": pl.Int64(),
    "cap_rate_e7": pl.Int64(),
    "rounding": pl.String(),
    "instalment_rounding": pl.String(),
    "level_rate_basis": pl.String(),
    "settlement_rounding": pl.String(),
}
"""Columns of terms: those of `loan_terms` with `drawn_on, maturity_on, rate_type, nominal_rate_e7` of the loan beside
them. Codes may be text or Enum. A column that is absent counts as null; null takes the default of `LoanTerms`."""


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """Terms of one loan, with their ACTUS acronyms. Money is fen, rates are 1e-7 a year.

    With a settlement day (`interest_day`) that day is the last one included in a period and payment falls on the
    next; without, interest runs to the due day. The drawdown day counts, the maturity day does not. An instalment
    comes from annual/12 (`twelfths`) or makes the actual days amortise exactly (`actual`), and is fixed again when
    the rate resets.
    """

    loan_id: str
    original_principal_fen: int  # NT
    drawn_on: date  # IED
    maturity_on: date  # MD; never changed by an event
    plan: Plan  # CT, PRANX
    nominal_rate_e7: int | None = None  # IPNR
    interest_cycle_months: int = 1  # IPCL
    interest_day: int | None = None
    first_due_on: date | None = None  # IPANX
    day_count: str = "A360"  # IPDC
    rate_type: str = "RF01"
    benchmark: str | None = None  # RRMO
    spread_bp: int | None = None  # RRSP
    reset_cycle_months: int | None = None  # RRCL
    floor_rate_e7: int | None = None  # RRLF
    cap_rate_e7: int | None = None  # RRLC
    rounding: str = "half_up"
    instalment_rounding: str = "half_up"
    level_rate_basis: str = "twelfths"
    settlement_rounding: str = "per_settlement"


def terms_frame(loans: Iterable[LoanTerms]) -> pl.DataFrame:
    """Records as columns, one row a loan in the order given."""
    rows = [asdict(loan) | columns(loan.plan) for loan in loans]
    return pl.DataFrame([{name: row[name] for name in TERM_SCHEMA} for row in rows], schema=TERM_SCHEMA)


def conform(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The columns of a schema in order: absent ones as null, codes as text."""
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
    )
