"""What happens to a loan after it was signed: an append-only list, folded in the order (effective, known, sequence)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.servicing.terms import Component


class Kind(StrEnum):
    """The kinds of event."""

    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"
    DOWN_PAYMENT = "down_payment"  # a repayment that the disbursement brings with it
    RESCHEDULE = "reschedule"  # another due day, more instalments, grace
    RATE_CHANGE = "rate_change"
    INTEREST_PAUSE = "interest_pause"  # the interest of some days is forgiven
    RE_AGE = "re_age"  # what is owed gets a new plan
    RE_AMORTISE = "re_amortise"  # what is past due goes onto the instalments to come
    DEFERRAL = "deferral"  # dues of a window are paid later, interest by its treatment
    EXTENSION = "extension"  # the principal due last gets a later day
    SHIFT = "shift"  # the instalments from a day on move by months
    SKIP = "skip"  # no principal in some months of the year
    CHARGE = "charge"  # a fee or penalty falls due
    PAST_DUE_PAUSE = "past_due_pause"  # days past due are not counted
    SETTLEMENT = "settlement"  # all is paid at once, by money or by a new receipt
    FORGIVENESS = "forgiveness"  # principal is waived
    CHARGE_OFF = "charge_off"
    RECOVERY = "recovery"  # money that comes in after it
    REVERSAL = "reversal"  # another event is taken back


Treatment = Literal["at_end", "first_resumed", "spread", "capitalise", "waive"]
"""What becomes of deferred interest: due with the deferred principal or at the new day; with the first due after the
window; in equal parts with so many dues after it; principal, by consent; or it is waived.
"""

PAYMENTS: Final = (Kind.REPAYMENT, Kind.DOWN_PAYMENT, Kind.RECOVERY, Kind.SETTLEMENT)
"""Kinds that bring money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. `sequence` names it within its loan; the parameters are those of its kind, others are left out.

    `programme` (the clause under which relief is given), `legal_form` (what was signed) and `risk_effect` (what it does
    to class and restructuring) are independent of each other and of the kind.
    """

    kind: Kind
    effective_on: date
    sequence: int
    known_on: date | None = None
    amount_fen: int = 0
    from_on: date | None = None
    until_on: date | None = None
    new_due_on: date | None = None
    instalments: int = 0
    grace_on_principal: int = 0
    every: Period | None = None
    rate: Fraction | None = None
    part: Component | None = None
    treatment: Treatment = "at_end"
    months: tuple[int, ...] = ()
    linked_loan_id: str = ""
    reverses: int | None = None
    programme: str = ""
    legal_form: str = ""
    risk_effect: str = ""
    clause_id: str = ""
    approver: str = ""

    @property
    def order(self) -> tuple[date, date, int]:
        """The key of the fold."""
        return self.effective_on, self.known_on or self.effective_on, self.sequence


def in_order(events: Iterable[Event], known_on: date | None = None) -> list[Event]:
    """The events that stand, in the order of the fold: those known by a day, without the reversed ones.

    A reversal can be reversed: then what it took back stands again.
    """
    known = [event for event in events if known_on is None or (event.known_on or event.effective_on) <= known_on]
    gone: set[int] = set()
    for event in sorted(known, key=lambda item: item.sequence, reverse=True):
        if event.kind is Kind.REVERSAL and event.sequence not in gone and event.reverses is not None:
            gone.add(event.reverses)
    return sorted(
        (event for event in known if event.kind is not Kind.REVERSAL and event.sequence not in gone),
        key=lambda event: event.order,
    )
