"""What happens to a loan after it was signed: an append-only list, folded in the order (effective, known, sequence)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

from steadyrest.contracts.account.cycles import Period


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
    FORGIVENESS = "forgiveness"  # principal is waived
    CHARGE_OFF = "charge_off"
    RECOVERY = "recovery"  # money that comes in after it
    REVERSAL = "reversal"  # another event is taken back


PAYMENTS: Final = (Kind.REPAYMENT, Kind.DOWN_PAYMENT, Kind.RECOVERY)
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
    part: Literal["interest", "principal"] | None = None
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
