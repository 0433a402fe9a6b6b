"""What relief does to the class of a loan, under the regime in force on the report date.

The effect is a column of its own: it follows neither the programme nor the legal form. The order of the tests is the
order in which a classifier looks: is anything signed; is it a new receipt; does a relief clause protect the class; is
the debtor in financial difficulty; was an amount overdue before the signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PATIENT_FORMS = ("deferral_agreement",)
"""Forms that only re-date an amount; any other form after arrears is a new term for a debtor who could not pay."""


@dataclass(frozen=True, slots=True)
class Relieved:
    """One receipt under relief, as far as its class depends on it.

    `signed_on` is null while nothing is signed. `overdue_on` is the first report date on which an amount was overdue
    before the signature. `keeps_class`: a clause says that the class is not lowered, and the relief is given under
    its instrument. For a new receipt `is_renewal` says whether it met the renewal rule (null: no new receipt), and
    `keeps_normal` whether the old one was normal and the conditions of the rule hold.
    """

    legal_form: str
    signed_on: date | None
    overdue_on: date | None = None
    is_late: bool = False
    keeps_class: bool = False
    has_financial_difficulty: bool | None = None
    is_renewal: bool | None = None
    keeps_normal: bool = False


@dataclass(frozen=True, slots=True)
class ClassEffect:
    """The effect (list `class_effect`), the lowest class it leaves (list `quality`; null: none is prescribed), whether
    a test for restructuring is due, and the risk effect (list `risk_effect`)."""

    effect: str
    floor: str | None = None
    is_tested: bool = False
    risk_effect: str = "not_restructured"


def class_effect(loan: Relieved, restructured_floor: str | None) -> ClassEffect:
    """The effect on the class. `restructured_floor` is the lowest class that the regime in force leaves a restructured
    loan; null where no confirmed clause says so.

    >>> class_effect(Relieved("deferral_agreement", date(2023, 8, 15), has_financial_difficulty=True), "FQ02").effect
    'restructured'
    >>> class_effect(Relieved("deferral_agreement", date(2022, 8, 16)), "FQ03").effect
    'unchanged'
    """
    if loan.signed_on is None:
        return ClassEffect("special_mention_trigger") if loan.overdue_on else ClassEffect("none")
    if loan.is_renewal:
        return ClassEffect("may_stay_normal" if loan.keeps_normal else "by_ability_to_pay")
    if loan.keeps_class:
        return ClassEffect("not_lowered")
    if loan.has_financial_difficulty:
        return ClassEffect("restructured", restructured_floor, risk_effect="restructured")
    is_tested = loan.is_late and loan.legal_form not in PATIENT_FORMS
    risk = "not_assessed" if is_tested else "not_restructured"
    if loan.is_renewal is False:
        return ClassEffect("at_least_special_mention", "FQ02", is_tested, risk)
    if loan.overdue_on is not None:
        return ClassEffect("special_mention_trigger", None, is_tested, risk)
    return ClassEffect("unchanged")
