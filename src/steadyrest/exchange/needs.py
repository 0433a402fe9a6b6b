"""What a schedule or a clause needs of a book, and which of it a tape does not carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadyrest.exchange.convert import Seen

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "enterprise": ("industry_code", "enterprise_size", "credit_line_fen"),
    "loan": ("borrower_id", "product", "use_industry_code", "nominal_rate_e7", "quality", "loan_status"),
    "loan_terms": ("original_principal_fen", "amortisation", "interest_cycle_months"),
}
"""Columns of a book without which schedules or clauses come out as `needs data`, beside those every row must have."""


def lacks(seen: Seen) -> dict[str, tuple[str, ...]]:
    """By table, the needed columns of which no file held a single value; a stand-in is no value."""
    absent = {table: tuple(name for name in names if not seen.present[table, name]) for table, names in NEEDED.items()}
    return {table: names for table, names in absent.items() if names}
