"""Supervision: what the official returns say of a receipt, and whether a reported row agrees with what happened."""

from steadyrest.desks.supervision.receipt import Happening, ReceiptRow, flow_rows, replaced_debt_rows, row
from steadyrest.desks.supervision.rules import RULES, breaks

__all__ = ["RULES", "Happening", "ReceiptRow", "breaks", "flow_rows", "replaced_debt_rows", "row"]
