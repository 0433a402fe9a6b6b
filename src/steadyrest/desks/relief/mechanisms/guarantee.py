"""The guarantee period when the due date moves: with consent it runs from the new date, without from the old one.

Civil Code art. 695: a change of the time of performance without the guarantor's written consent leaves the period
untouched; art. 692: where no period is agreed it is six months from the due date (a parameter of the clause).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from steadyrest.desks.relief.mechanisms.months import later_by
from steadyrest.desks.relief.mechanisms.verdict import Check, Truth
from steadyrest.policy import Clause


@dataclass(frozen=True, slots=True)
class GuaranteePeriod:
    """The day by which the guarantor must be called upon, and how many days after the new due date that is."""

    claim_by_on: date
    days_after_new_due: int


def guarantee_period(
    old_due_on: date, new_due_on: date, has_consent: Truth, clause: Clause, agreed_months: int | None = None
) -> GuaranteePeriod:
    """The period of a deferred loan. Consent that is unknown counts as missing: the earlier day is the safe one."""
    start = new_due_on if has_consent else old_due_on
    months = clause.parameters["period_months"].value if agreed_months is None else agreed_months
    assert isinstance(months, int)
    claim_by = later_by(start, months)
    return GuaranteePeriod(claim_by, (claim_by - new_due_on).days)


def checks(has_consent: Truth) -> tuple[Check, ...]:
    """The rule asks for the guarantor's written consent; without it the period is counted from the old due date."""
    return (Check("guarantor_consent", has_consent),)
