"""The return of a receipt under relief, from the text of the reporting rules D1 to D15."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Standing:
    """Contract maturity, what was signed and when, and the oldest due that is still unpaid."""

    maturity_on: date
    legal_form: str
    signed_on: date
    new_maturity_on: date
    oldest_unpaid_on: date | None
    overdue_kind: str | None
    covers_from_on: date


def reported(loan: Standing, report_on: date) -> dict[str, Any]:
    """Maturity, second date, status and kind of arrears of one signed amendment.

    A deferral agreement replaces the maturity (D1, D11), an extension contract keeps it, fills the second date and is
    LS02 (D2, D4, D15). Arrears make the receipt overdue (D3, D12), except those of before the signature that the
    agreement re-dates (D2, D10): due on or after the first day it reaches.
    """
    if loan.legal_form == "renewal_receipt":  # the new receipt stands in the return, the old one is repaid (D9)
        new = {"reported_maturity_on": loan.new_maturity_on, "reported_extended_on": None, "reported_status": "LS01"}
        return {**new, "reported_overdue_kind": None, "reporting_rule": "D9"}
    is_extension = loan.legal_form == "extension_contract"
    is_longer = loan.new_maturity_on > loan.maturity_on  # otherwise the term is not extended: shortened, LS04 (D4)
    row: dict[str, Any] = {
        "reported_maturity_on": loan.maturity_on if is_extension else loan.new_maturity_on,
        "reported_extended_on": loan.new_maturity_on if is_extension else None,
        "reported_status": ("LS02" if is_longer else "LS04") if is_extension else "LS01",
        "reported_overdue_kind": None,
        "reporting_rule": "D2, D4, D15" if is_extension else "D1, D11",
    }
    overdue_from = loan.oldest_unpaid_on + timedelta(days=1) if loan.oldest_unpaid_on else None
    is_redated = overdue_from and overdue_from <= loan.signed_on and loan.covers_from_on < overdue_from
    if overdue_from and overdue_from <= report_on and not is_redated:
        row |= {
            "reported_status": "LS03",
            "reported_overdue_kind": loan.overdue_kind,
            "reporting_rule": "D3" if is_extension else "D12",
        }
    return row


def kept_days(old_due_on: date, signed_on: date) -> int:
    """Days past due on the day of the signature; they stay on file."""
    return max(0, (signed_on - old_due_on).days)
