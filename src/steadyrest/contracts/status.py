"""What can be wrong with a loan's terms or events: one status a loan, each with its finding code and the field it is
about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl


@dataclass(frozen=True, slots=True)
class Fault:
    """A status other than ok: the finding it becomes and the field to look at. Sentences: `finding.<code>` of the
    labels.
    """

    status: str
    code: str
    field: str
    limit: str = ""


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("missing", "SCHEDULE-001", "loan_id"),
    Fault("bad_dates", "SCHEDULE-002", "maturity_on", "drawn_on < maturity_on <= 2199-12-31"),
    Fault("bad_first_due", "SCHEDULE-003", "first_due_on", "> drawn_on"),
    Fault("bad_cycle", "SCHEDULE-004", "interest_cycle_months", "1..1200"),
    Fault("bad_interest_day", "SCHEDULE-005", "interest_day", "1..31"),
    Fault("bad_amount", "SCHEDULE-006", "original_principal_fen", "> 0"),
    Fault("over_limit", "SCHEDULE-007", "original_principal_fen", "<= 10^15 fen"),
    Fault("bad_rate", "SCHEDULE-008", "nominal_rate_e7", "0..10^8"),
    Fault("bad_prefix", "SCHEDULE-009", "interest_only_periods", "< number of periods"),
    Fault("too_long", "SCHEDULE-010", "maturity_on", "<= 960 periods"),
    Fault("bad_event", "SCHEDULE-011", "new_due_on"),
    Fault("past_maturity", "SCHEDULE-012", "balance_fen", "= 0 after the last due day"),
    Fault("bad_book", "SCHEDULE-013", "balance_fen", "0..10^15 fen after arrears"),
)
"""In the order of the status numbers of the kernels, from 1 on."""

STATUS: Final = ("ok", *(fault.status for fault in FAULTS))
STATUS_TYPE: Final = pl.Enum(STATUS)
BASES: Final = ("contract", "book")
BASIS_TYPE: Final = pl.Enum(BASES)
"""contract: the book agrees with the plan, or none was given; book: the plan was fitted to the balance of the book.
"""
