"""From what happened to a receipt to its row in the official returns at a report date.

Source: PBoC loan statistics guide, rules D1 to D15 of the reporting-rules table. Nothing counts before its day; what is
after the report date is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from steadyrest.errors import UsageError
from steadyrest.schema import TABLES

KINDS: Final = (
    "contract",
    "deferral_agreement",
    "extension_contract",
    "shortening_contract",
    "instalment_plan",
    "penalty_rate",
    "overdue",
    "cured",
    "interest_received",
    "renewal_no_repayment",
    "new_loan_repays_old",
)
_STOCK: Final = "pboc:JS_201_CLDWDK."
_COLUMNS: Final = (
    "maturity_on",
    "extended_maturity_on",
    "loan_status",
    "overdue_kind",
    "rate_type",
    "repricing_on",
)


def _official(column: str) -> str:
    names = (name for name in TABLES["loan"][column].official if name.startswith(_STOCK))
    return next(names).removeprefix(_STOCK)


FIELDS: Final = tuple(_official(column) for column in _COLUMNS)
"""The official names of the fields that follow from what happened: maturity, extended maturity, status, kind of
arrears, fixed or floating, repricing day.
"""
MATURITY, EXTENDED_MATURITY, STATUS, ARREARS, _, REPRICING = FIELDS
RATE = _official("nominal_rate_e7")
FIXED, FLOATING = "RF01", "RF02"
NORMAL, EXTENDED, OVERDUE, SHORTENED = "LS01", "LS02", "LS03", "LS04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened. `on` is its day: of signature, the first day overdue, or the day of payment.

    `to`: the day agreed by a deferral, extension or shortening, or the last due of an instalment plan (D11). `rate_e7`:
    of the contract, and the penalty rate from its day on (D14). `is_extension_contract`: a deferral for which an
    extension contract was signed is reported as an extension. `maturity_on`, `rate_type`, `resets`: of the contract.
    `is_sound`: a renewal of a firm in normal operation without a problem of repayment.
    """

    kind: str
    on: date
    to: date | None = None
    is_extension_contract: bool = False
    overdue_kind: str | None = None
    maturity_on: date | None = None
    rate_type: str | None = None
    resets: tuple[date, ...] = ()
    rate_e7: int | None = None
    new_receipt: str = ""
    is_sound: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError("call.unknown_name", name=self.kind, nearest=", ".join(KINDS))


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """The fields of the stock table that follow from what happened; a day is null where none is to be reported."""

    maturity_on: date
    extended_maturity_on: date | None = None
    status: str = NORMAL
    overdue_kind: str | None = None
    rate_type: str | None = None
    repricing_on: date | None = None

    @property
    def official(self) -> dict[str, str | None]:
        """By official field name, days as they are written in the return."""
        values = (
            _day(self.maturity_on),
            _day(self.extended_maturity_on),
            self.status,
            self.overdue_kind,
            self.rate_type,
            _day(self.repricing_on),
        )
        return dict(zip(FIELDS, values, strict=True))


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def row(happened: Iterable[Happening], report_on: date) -> ReceiptRow:
    """The row of a receipt at a report date. Raises `UsageError` when no contract is among what happened by then."""
    known = sorted((each for each in happened if each.on <= report_on), key=lambda each: each.on)
    contract = next((each for each in known if each.kind == "contract" and each.maturity_on is not None), None)
    if contract is None or contract.maturity_on is None:
        raise UsageError("call.no_contract", report_on=report_on)
    found = ReceiptRow(contract.maturity_on, rate_type=contract.rate_type)
    late: Happening | None = None
    for each in known:
        found, late = _after(found, late, each)
    if late is not None:
        found = replace(found, status=OVERDUE, overdue_kind=late.overdue_kind)
    return replace(found, repricing_on=_repricing(found, contract.resets, report_on))


def _after(found: ReceiptRow, late: Happening | None, each: Happening) -> tuple[ReceiptRow, Happening | None]:
    """The row and the running arrears after one thing that happened. An agreement re-dates earlier arrears (D2)."""
    is_extension = each.kind == "extension_contract" or (
        each.kind == "deferral_agreement" and each.is_extension_contract
    )
    if each.kind == "overdue":
        return found, each
    if each.kind == "cured":
        return found, None
    if each.to is None:
        return found, late
    if each.kind == "instalment_plan":
        return replace(found, maturity_on=each.to), late
    if each.kind == "deferral_agreement" and not is_extension:
        if found.extended_maturity_on is not None:  # inside an extension it is the second date that moves
            return replace(found, extended_maturity_on=each.to), None
        return replace(found, maturity_on=each.to), None
    status = EXTENDED if each.to > found.maturity_on else SHORTENED
    return replace(found, extended_maturity_on=each.to, status=status), None


def _repricing(found: ReceiptRow, resets: Sequence[date], report_on: date) -> date | None:
    """A fixed rate reprices at maturity, or at the extended one (D5); a floating one at its next reset, at the latest
    at maturity, once overdue at the next reset whatever the maturity (D6).
    """
    maturity = found.extended_maturity_on or found.maturity_on
    if found.rate_type != FLOATING:
        return maturity
    later = [on for on in sorted(resets) if on > report_on]
    if not later:
        return maturity
    return later[0] if found.status == OVERDUE else min(later[0], maturity)


def flow_rows(happened: Iterable[Happening], report_on: date) -> int:
    """Rows of the flow table that the month of a report date brings: a payout is one, a new receipt that repays an old
    one two; interest alone, deferrals and extensions none (D7).
    """
    month = [each for each in happened if (each.on.year, each.on.month) == (report_on.year, report_on.month)]
    rows = {"contract": 1, "renewal_no_repayment": 2, "new_loan_repays_old": 2}
    return sum(rows.get(each.kind, 0) for each in month if each.on <= report_on)


def replaced_debt_rows(happened: Iterable[Happening], report_on: date) -> int:
    """Rows of the replaced-debt table: a new receipt that repays an old one which could not be recovered in time; the
    renewal of a sound firm is none (D9).
    """
    renewals = ("renewal_no_repayment", "new_loan_repays_old")
    month = [each for each in happened if (each.on.year, each.on.month) == (report_on.year, report_on.month)]
    return sum(each.kind in renewals and not each.is_sound for each in month if each.on <= report_on)
