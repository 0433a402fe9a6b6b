"""What the amortising types share: the times of redemption, and the maturity that follows from a payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import takewhile
from math import ceil

from steadyrest.contracts.account.cycles import Rhythm
from steadyrest.contracts.account.daycount import year_fraction
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.moments import day_of
from steadyrest.contracts.account.operations import Kind, Operation
from steadyrest.contracts.account.schedule.common import (
    Setting,
    calculation_days,
    cycle_times,
    needed,
    scheduled,
)
from steadyrest.contracts.account.terms import ZERO


def redemption_rhythm(setting: Setting) -> Rhythm:
    """The cycle of redemption; without an anchor it begins one cycle after the initial exchange."""
    terms = setting.terms
    anchor, cycle = terms.cycle_anchor_date_of_principal_redemption, terms.cycle_of_principal_redemption
    if anchor is None:
        return setting.since_exchange(needed(cycle, "cycle_of_principal_redemption"))
    return setting.rhythm(anchor, cycle)


def redemption_times(setting: Setting, end: datetime) -> list[datetime]:
    """When principal is repaid before the end."""
    return redemption_rhythm(setting).until(end)


def redemptions(setting: Setting, end: datetime, *, covers_interest: bool) -> list[Operation]:
    """Redemptions of the payment that the state holds."""
    times = redemption_times(setting, end)
    return [replace(scheduled(setting, Kind.PR, at), covers_interest=covers_interest) for at in times]


def still_due(setting: Setting, end: datetime) -> list[datetime]:
    """Redemptions after the status date, the end with them."""
    return [*(at for at in redemption_times(setting, end) if at > setting.terms.status_date), end]


def maturity(setting: Setting, *, covers_interest: bool) -> datetime:
    """The agreed maturity, or the day on which the payment will have repaid the principal. A payment that covers
    interest repays, for this, what it leaves in the first period to come.
    """
    terms = setting.terms
    if terms.maturity_date is not None:
        return terms.maturity_date
    rhythm, payment = redemption_rhythm(setting), terms.next_principal_redemption_payment
    needed(terms.cycle_of_principal_redemption, "cycle_of_principal_redemption")
    payment, owed = needed(payment, "maturity_date"), needed(terms.notional_principal, "notional_principal")
    done = _redeemed_before(rhythm, terms.status_date)
    first = rhythm.nth(done)
    if covers_interest:
        part = year_fraction(terms.day_count_convention, day_of(first), day_of(rhythm.nth(done + 1)))
        rate = terms.nominal_interest_rate or ZERO
        payment = payment - owed * rate * Fraction(part.numerator, part.denominator)
    if payment <= 0:
        raise TermsError("never_redeemed", "next_principal_redemption_payment")
    return rhythm.nth(done + ceil(owed / payment) - 1)


def _redeemed_before(rhythm: Rhythm, status: datetime) -> int:
    """How many times of the rhythm are on or before a moment."""
    return sum(1 for _ in takewhile(lambda at: at <= status, rhythm.endless()))


def aligned_interest_times(setting: Setting, end: datetime) -> list[datetime]:
    """Interest on its own cycle until principal is repaid, from then on with every redemption: a payment that covers
    interest must meet all of it.
    """
    terms = setting.terms
    redeemed = redemption_rhythm(setting).until(end, include_end=True)
    anchor, cycle = terms.cycle_anchor_date_of_interest_payment, terms.cycle_of_interest_payment
    before = cycle_times(setting, anchor, cycle, end)
    return [*(at for at in before if at < redeemed[0]), *redeemed]


def level_fixings(setting: Setting, at: Sequence[datetime], end: datetime, *, shifted: bool) -> list[Operation]:
    """Fixings of the level payment that clears the balance from then until the end."""
    due = still_due(setting, end)
    found = []
    for each in at:
        days = calculation_days(setting, [time for time in due if time > each])
        operation = scheduled(setting, Kind.PRF, each) if shifted else Operation(each, day_of(each), Kind.PRF)
        found.append(replace(operation, days=days, covers_interest=True, months=level_months(setting)))
    return found


def level_months(setting: Setting) -> int:
    """The months of a redemption period where level payments come from annual / 12, else 0."""
    cycle = setting.terms.cycle_of_principal_redemption
    if setting.terms.level_rate_basis != "twelfths" or cycle is None:
        return 0
    if cycle.period.days:
        raise TermsError("term_value", "level_rate_basis", value="twelfths", allowed="actual")
    return cycle.period.months
