"""LAX, exotic linear amortiser: a plan of segments, each with its own start, cycle, amount and direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from steadyrest.contracts.account.cycles import Cycle, Rhythm
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.operations import Kind, Operation, Resolved
from steadyrest.contracts.account.schedule.common import (
    Setting,
    assemble,
    base_fixings,
    interest,
    interest_times,
    needed,
    prepayments,
    resets,
    scheduled,
    usual,
    variable_reset,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A rhythm that holds until the next segment begins, and until the contract ends in the last one."""

    rhythm: Rhythm
    until: datetime | None

    def times(self, end: datetime) -> list[datetime]:
        """Its times before the end of the contract."""
        return self.rhythm.until(end if self.until is None else min(self.until, end))

    def endless(self) -> Iterator[datetime]:
        """Its times, without an end in the last segment."""
        return iter(self.rhythm.endless() if self.until is None else self.rhythm.until(self.until))


def segments(setting: Setting, anchors: Sequence[datetime], cycles: Sequence[Cycle], field: str) -> list[Segment]:
    """Anchors with their cycles. One cycle serves all anchors; without cycles each anchor is a single time."""
    if len(cycles) not in (0, 1, len(anchors)):
        raise TermsError("arrays_differ", field, length=len(cycles), expected=len(anchors))
    every: list[Cycle | None] = [*cycles] or [None]
    every = every * len(anchors) if len(every) == 1 else every
    ends = [*(later for _, later in pairwise(anchors)), None]
    return [
        Segment(setting.rhythm(anchor, cycle), until) for anchor, cycle, until in zip(anchors, every, ends, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of the plan: an amount that raises or lowers the principal at each of its times."""

    segment: Segment
    amount: Fraction
    is_increase: bool


def parts(setting: Setting) -> list[Part]:
    """The plan of the terms."""
    terms = setting.terms
    anchors = terms.array_cycle_anchor_date_of_principal_redemption
    amounts, directions = terms.array_next_principal_redemption_payment, terms.array_increase_decrease
    cycles = terms.array_cycle_of_principal_redemption
    field = "array_cycle_anchor_date_of_principal_redemption"
    if not anchors:
        raise TermsError("term_missing", field)
    for name, values in (
        ("array_next_principal_redemption_payment", amounts),
        ("array_increase_decrease", directions),
    ):
        if len(values) != len(anchors):
            raise TermsError("arrays_differ", name, length=len(values), expected=len(anchors))
    found = segments(setting, anchors, cycles, "array_cycle_of_principal_redemption")
    return [
        Part(segment, amount, direction == "INC")
        for segment, amount, direction in zip(found, amounts, directions, strict=True)
    ]


def maturity(setting: Setting, plan: Sequence[Part]) -> datetime:
    """The agreed maturity, or the time at which the plan has repaid the principal."""
    terms = setting.terms
    if terms.maturity_date is not None:
        return terms.maturity_date
    owed = needed(terms.notional_principal, "notional_principal")
    for part in plan:
        if part.segment.until is None and part.is_increase:
            break
        for at in part.segment.endless():
            if at > terms.status_date:
                owed += part.amount if part.is_increase else -part.amount
            if owed <= 0:
                return at
    raise TermsError("never_redeemed", "maturity_date")


def schedule(setting: Setting) -> Resolved:
    """The operations of a loan with a plan of its own."""
    plan = parts(setting)
    end = maturity(setting, plan)
    times = _interest_times(setting, end)
    operations = [
        *usual(setting, end),
        *_principal(setting, plan, end),
        *interest(setting, times, end),
        *base_fixings(setting, end),
        *_resets(setting, end),
        *prepayments(setting, end),
    ]
    return assemble(setting, operations, maturity=end, interest_since=times)


def _principal(setting: Setting, plan: Sequence[Part], end: datetime) -> list[Operation]:
    return [
        replace(scheduled(setting, Kind.PI if part.is_increase else Kind.PR, at), amount=part.amount)
        for part in plan
        for at in part.segment.times(end)
    ]


def _interest_times(setting: Setting, end: datetime) -> list[datetime]:
    terms = setting.terms
    anchors, cycles = terms.array_cycle_anchor_date_of_interest_payment, terms.array_cycle_of_interest_payment
    if not anchors:
        return interest_times(setting, end)
    found = segments(setting, anchors, cycles, "array_cycle_of_interest_payment")
    return [*(at for segment in found for at in segment.times(end)), end]


def _resets(setting: Setting, end: datetime) -> list[Operation]:
    """Resets by segment: F sets the rate, V the spread over the market."""
    terms = setting.terms
    anchors, cycles = terms.array_cycle_anchor_date_of_rate_reset, terms.array_cycle_of_rate_reset
    if not anchors:
        return resets(setting, end)
    kinds = terms.array_fixed_variable
    for name, length in (("array_rate", len(terms.array_rate)), ("array_fixed_variable", len(kinds))):
        if length != len(anchors):
            raise TermsError("arrays_differ", name, length=length, expected=len(anchors))
    found = segments(setting, anchors, cycles, "array_cycle_of_rate_reset")
    return [
        replace(scheduled(setting, Kind.RRF, at), rate=rate) if kind == "F" else variable_reset(setting, at, rate)
        for segment, rate, kind in zip(found, terms.array_rate, kinds, strict=True)
        for at in segment.times(end)
        if at > terms.status_date
    ]
