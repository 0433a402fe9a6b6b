"""The reporting rules D1 to D15: whether a reported row breaks one, given what happened to the receipt.

D13 has no answer that holds for every settlement: a row is never wrong by it, a person is asked (`OPEN`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from steadyrest.desks.supervision.receipt import (
    ARREARS,
    EXTENDED,
    EXTENDED_MATURITY,
    FIXED,
    FLOATING,
    MATURITY,
    OVERDUE,
    RATE,
    REPRICING,
    SHORTENED,
    STATUS,
    Happening,
    flow_rows,
    replaced_debt_rows,
    row,
)
from steadyrest.errors import UsageError
from steadyrest.rules.types import nearest
from steadyrest.units import parse_rate_e7

Record = Mapping[str, str | None]
Judge = Callable[[Record | None, Sequence[Happening], date], bool]
"""(reported row, null = none is reported; what happened; report date) -> the rule is broken."""


def _differs(*fields: str) -> Judge:
    """The row has other values in some fields than what happened gives it."""

    def judge(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
        if record is None:
            return False
        told = row(happened, report_on).official
        return any((record.get(name) or None) != told[name] for name in fields if name in record)

    return judge


def _signed(kind: str, happened: Sequence[Happening], report_on: date) -> bool:
    return any(each.kind == kind and each.on <= report_on for each in happened)


def _deferred(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D1: a deferral agreement without extension contract replaces the maturity, the status stays normal."""
    plain = [each for each in happened if each.kind == "deferral_agreement" and not each.is_extension_contract]
    if not _signed("deferral_agreement", plain, report_on):
        return False
    return _differs(MATURITY, EXTENDED_MATURITY, STATUS)(record, happened, report_on)


def _extension_dates(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D4: an extension has a later second date, a shorter term an earlier one, and it is the one that was signed."""
    if record is None:
        return False
    status, first, second = (record.get(name) or None for name in (STATUS, MATURITY, EXTENDED_MATURITY))
    if status in (EXTENDED, SHORTENED):
        if second is None or first is None:
            return True
        if not (second > first if status == EXTENDED else second < first):
            return True
    return _differs(EXTENDED_MATURITY)(record, happened, report_on)


def _repricing(rate_type: str) -> Judge:
    """D5, D6: the repricing day of a fixed, and of a floating rate."""

    def judge(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
        if record is None or row(happened, report_on).rate_type != rate_type:
            return False
        return _differs(REPRICING)(record, happened, report_on)

    return judge


def _flow(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D7: a row in the flow table that nothing brings, or none where something does."""
    return (record is not None) != (flow_rows(happened, report_on) > 0)


def _replaced(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D9: a row in the replaced-debt table that nothing brings, or none where something does."""
    return (record is not None) != (replaced_debt_rows(happened, report_on) > 0)


def _between(happened: Sequence[Happening], report_on: date) -> tuple[date | None, date | None]:
    """The last day of an extension signed, and of arrears begun."""
    known = [each for each in happened if each.on <= report_on]
    extended = [each.on for each in known if each.kind == "extension_contract" or each.is_extension_contract]
    late = [each.on for each in known if each.kind == "overdue"]
    return max(extended, default=None), max(late, default=None)


def _late_then_extended(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D2: overdue first, extended afterwards: the status is extended."""
    extended, late = _between(happened, report_on)
    if extended is None or late is None or late > extended:
        return False
    return _differs(STATUS)(record, happened, report_on)


def _extended_then_late(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D3: overdue inside an extension is overdue, and extended again once cured."""
    extended, late = _between(happened, report_on)
    if extended is None or late is None or late <= extended:
        return False
    return _differs(STATUS, ARREARS)(record, happened, report_on)


def _contract(happened: Sequence[Happening]) -> Happening | None:
    return next((each for each in happened if each.kind == "contract"), None)


def _passed(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D10: a deferral signed before a maturity that has passed since: the agreed day, and status normal."""
    contract = _contract(happened)
    if contract is None or contract.maturity_on is None or report_on <= contract.maturity_on:
        return False
    early = [each for each in happened if each.kind == "deferral_agreement" and each.on <= contract.maturity_on]
    return bool(early) and _deferred(record, happened, report_on)


def _last_instalment(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D11: the maturity of a receipt repaid in instalments is its last due day."""
    return _signed("instalment_plan", happened, report_on) and _differs(MATURITY)(record, happened, report_on)


def _late(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D12: principal or interest in arrears is status overdue with the kind of arrears; no arrears is none."""
    if record is None:
        return False
    is_late = row(happened, report_on).status == OVERDUE
    if not is_late:
        return record.get(STATUS) == OVERDUE or bool(record.get(ARREARS))
    return _differs(STATUS, ARREARS)(record, happened, report_on)


def _settled_late(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D13: an agreement signed after maturity; how it is reported depends on its terms."""
    contract = _contract(happened)
    if record is None or contract is None or contract.maturity_on is None:
        return False
    kinds = ("deferral_agreement", "extension_contract")
    return any(each.kind in kinds and contract.maturity_on < each.on <= report_on for each in happened)


def _penalised(record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """D14: the rate of an overdue receipt holds the penalty: above the contract rate, at most the penalty rate."""
    contract = _contract(happened)
    penalty = next((each for each in reversed(happened) if each.kind == "penalty_rate" and each.on <= report_on), None)
    if record is None or contract is None or penalty is None or row(happened, report_on).status != OVERDUE:
        return False
    if contract.rate_e7 is None or penalty.rate_e7 is None:
        return False
    try:
        reported = parse_rate_e7(f"{record.get(RATE) or ''}%")
    except ValueError:
        return False  # the format of the field is another rule
    return not contract.rate_e7 < reported <= penalty.rate_e7


OPEN: Final = frozenset({"D13", "F9"})
"""Rules by which a row is not wrong but to be judged by a person."""

RULES: Final[Mapping[str, Judge]] = {
    "D1": _deferred,
    "D2": _late_then_extended,
    "D3": _extended_then_late,
    "D4": _extension_dates,
    "D5": _repricing(FIXED),
    "D6": _repricing(FLOATING),
    "D7": _flow,
    "D8": _differs(EXTENDED_MATURITY),
    "D9": _replaced,
    "D10": _passed,
    "D11": _last_instalment,
    "D12": _late,
    "D13": _settled_late,
    "D14": _penalised,
    "D15": _differs(MATURITY),
}


def breaks(rule: str, record: Record | None, happened: Sequence[Happening], report_on: date) -> bool:
    """Whether a reported row breaks a rule; an unknown rule is a `UsageError`."""
    if rule not in RULES:
        raise UsageError("call.unknown_name", name=rule, nearest=nearest(rule, RULES))
    return RULES[rule](record, happened, report_on)
