"""In which currency an amount stands: one of a customer in CNY, one of a receipt in the currency of the receipt."""

from __future__ import annotations

from typing import Final

IN_CNY: Final = frozenset({"credit_line_fen", "credit_used_fen", "revenue_fen", "total_assets_fen", "balance_cny_fen"})
"""Registered money columns that are in CNY whatever the currency of a receipt is."""


def money_of(column: str, currency: str) -> str:
    """The currency of a money column in a row of this currency.

    >>> money_of("credit_line_fen", "USD"), money_of("balance_fen", "USD")
    ('CNY', 'USD')
    """
    return "CNY" if column in IN_CNY else currency
