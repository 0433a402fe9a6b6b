"""What the official loan return says of a receipt under relief: dates, status, kind of arrears.

Reporting follows the legal form (PBoC loan statistics guide, items numbered D1 to D15 in the reporting-rules table):
a deferral agreement replaces the maturity and leaves the status normal (D1, D10); an extension contract never changes
the maturity, fills a second date and is LS02 (D4, D15); a renewal is a new receipt. Nothing counts before signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """A receipt as contracted and as signed.

    `agreed_on` is null while nothing is signed. `new_maturity_on` is the last repayment date after the agreement (D11).
    `overdue_from_on` is the first day in arrears (the day after the due date), null when nothing is overdue;
    `cured_on` the day on which the arrears were paid. `overdue_kind` is 01 principal, 02 interest, 03 both.
    `covers_from_on` is the first old due date the agreement re-dates, null when it re-dates whatever was overdue.
    """

    maturity_on: date
    legal_form: str | None = None
    agreed_on: date | None = None
    new_maturity_on: date | None = None
    overdue_from_on: date | None = None
    cured_on: date | None = None
    overdue_kind: str | None = None
    covers_from_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The dates and codes of the return, and the rule that decided."""

    maturity_on: date
    extended_maturity_on: date | None
    status: str
    overdue_kind: str | None
    past_due_days: int
    rule: str


def reported(loan: Standing, report_on: date) -> Reported:
    """The return of one receipt at a report date. Dates after the report date are not looked at.

    >>> due, new = date(2020, 9, 15), date(2020, 12, 15)
    >>> loan = Standing(due, "deferral_agreement", agreed_on=date(2020, 8, 16), new_maturity_on=new)
    >>> reported(loan, date(2020, 8, 31)).maturity_on == new, reported(loan, date(2020, 7, 31)).maturity_on == due
    (True, True)
    """
    signed = loan.agreed_on is not None and loan.agreed_on <= report_on and loan.new_maturity_on is not None
    if signed and loan.legal_form == "renewal_receipt" and loan.new_maturity_on is not None:
        return Reported(loan.new_maturity_on, None, "LS01", None, 0, "D9")  # the new receipt; the old one is repaid
    overdue_from = _running_arrears(loan, report_on)
    if signed and overdue_from is not None and _is_redated(loan, overdue_from):
        overdue_from = None
    maturity = loan.maturity_on
    extended = None
    status, rule = "LS01", ""
    if signed and loan.new_maturity_on is not None:
        if loan.legal_form == "extension_contract":
            is_longer = loan.new_maturity_on > loan.maturity_on  # a shorter term is reported in the same field (D4)
            extended, status, rule = loan.new_maturity_on, "LS02" if is_longer else "LS04", "D2, D4, D15"
        else:
            maturity, rule = loan.new_maturity_on, "D1, D11"
    if overdue_from is None:
        return Reported(maturity, extended, status, None, 0, rule)
    days = (report_on - overdue_from).days + 1
    return Reported(maturity, extended, "LS03", loan.overdue_kind, days, "D3" if extended else "D12")


def _running_arrears(loan: Standing, report_on: date) -> date | None:
    start = loan.overdue_from_on
    if start is None or start > report_on:
        return None
    return None if loan.cured_on is not None and loan.cured_on <= report_on else start


def _is_redated(loan: Standing, overdue_from: date) -> bool:
    """Whether running arrears are of before the signature and among what the agreement re-dates (D2, D10).

    Older instalments that the agreement does not reach stay overdue (D12), and so does what is missed later (D3).
    """
    is_before = loan.agreed_on is not None and overdue_from <= loan.agreed_on
    return is_before and (loan.covers_from_on is None or loan.covers_from_on < overdue_from)


def past_due_kept_days(old_due_on: date, signed_on: date) -> int:
    """Days past due that stay on file when relief is signed after the old due date; a signature erases none."""
    return max(0, (signed_on - old_due_on).days)


def repricing_on(
    rate_type: str, loan: Standing, extended_to_on: date | None, reset_dates: Sequence[date], report_on: date
) -> date:
    """The repricing date: a fixed rate reprices at the original or extended maturity (D5), a floating one at its next
    reset, at the latest at maturity; once overdue at the next reset whatever the maturity (D6)."""
    maturity = extended_to_on or loan.maturity_on
    if rate_type == "RF01":
        return maturity
    is_overdue = _running_arrears(loan, report_on) is not None
    later = [on for on in sorted(reset_dates) if on > report_on]
    if not later:
        return maturity
    return later[0] if is_overdue else min(later[0], maturity)
