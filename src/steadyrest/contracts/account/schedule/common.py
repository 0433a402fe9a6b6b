"""What several contract types share: times from the terms, and the operations on them.

A function here answers "when, and with what parameters"; what an operation does is in `handlers.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

from steadyrest.contracts.account.business import BusinessDays
from steadyrest.contracts.account.cycles import Cycle, Rhythm
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.market import Market, Observed
from steadyrest.contracts.account.moments import day_of
from steadyrest.contracts.account.operations import RANK, Kind, Operation, Resolved, order
from steadyrest.contracts.account.terms import Terms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """Terms with everything that is known around them. `horizon` ends contracts that do not end by themselves."""

    terms: Terms
    market: Market = field(default_factory=Market)
    observed: tuple[Observed, ...] = ()
    horizon: datetime | None = None

    @property
    def business_days(self) -> BusinessDays:
        """The convention of the contract."""
        return BusinessDays(self.terms.business_day_convention, self.terms.calendar)

    def rhythm(self, anchor: datetime, cycle: Cycle | None) -> Rhythm:
        """A cycle under the end-of-month convention of the contract."""
        return Rhythm(anchor, cycle, self.terms.end_of_month_convention == "EOM")

    def since_exchange(self, cycle: Cycle) -> Rhythm:
        """A cycle without an anchor of its own: it begins one cycle after the initial exchange."""
        exchange = needed(self.terms.initial_exchange_date, "initial_exchange_date")
        return replace(self.rhythm(exchange, cycle), first=1)

    def until_horizon(self) -> datetime:
        """The end of what is projected; a contract without an end needs one."""
        if self.horizon is None:
            raise TermsError("term_missing", "maturity_date")
        return self.horizon

    def own(self, *kinds: Kind) -> list[Observed]:
        """The observed events of the contract itself, of some kinds, after the status date."""
        return [
            event
            for event in self.observed
            if event.kind in kinds
            and event.contract_id in ("", self.terms.contract_id)
            and event.time > self.terms.status_date
        ]


def needed(value: T | None, field: str) -> T:
    """A term the contract type cannot do without."""
    if value is None:
        raise TermsError("term_missing", field)
    return value


def scheduled(setting: Setting, kind: Kind, at: datetime) -> Operation:
    """An operation on a time of a cycle: it moves with the business-day convention."""
    days = setting.business_days
    return Operation(days.event(at), day_of(days.calculation(at)), kind)


def fixed(kind: Kind, at: datetime) -> Operation:
    """An operation on a date of the contract: it stays where it is."""
    return Operation(at, day_of(at), kind)


def after_status(setting: Setting, times: Iterable[datetime]) -> list[datetime]:
    """Times after the status date: what is before it stands in the terms."""
    return [at for at in times if setting.business_days.event(at) > setting.terms.status_date]


def cycle_times(
    setting: Setting, anchor: datetime | None, cycle: Cycle | None, end: datetime, *, include_end: bool = False
) -> list[datetime]:
    """The times of a cycle before an end. Without an anchor it begins one cycle after the initial exchange."""
    if anchor is None and cycle is None:
        return [end] if include_end else []
    if anchor is None and cycle is not None:
        return setting.since_exchange(cycle).until(end, include_end)
    return setting.rhythm(needed(anchor, "cycle_anchor"), cycle).until(end, include_end)


def is_exchanged(terms: Terms) -> bool:
    """Whether the principal was paid out by the status date."""
    return needed(terms.initial_exchange_date, "initial_exchange_date") <= terms.status_date


def initial_exchange(setting: Setting) -> list[Operation]:
    """The initial exchange; interest runs from the first interest anchor where that is before it."""
    terms = setting.terms
    at = needed(terms.initial_exchange_date, "initial_exchange_date")
    needed(terms.notional_principal, "notional_principal")
    if terms.nominal_interest_rate:
        needed(terms.day_count_convention, "day_count_convention")
    anchor = terms.cycle_anchor_date_of_interest_payment
    since = day_of(anchor) if anchor is not None and anchor < at else None
    return [replace(fixed(Kind.IED, at), since=since)]


def interest_times(setting: Setting, end: datetime) -> list[datetime]:
    """When interest is due: by its cycle and at the end."""
    terms = setting.terms
    anchor, cycle = terms.cycle_anchor_date_of_interest_payment, terms.cycle_of_interest_payment
    return cycle_times(setting, anchor, cycle, end, include_end=True)


def interest(setting: Setting, times: Sequence[datetime], end: datetime) -> list[Operation]:
    """Interest is paid on these times, and joins the principal up to the end of capitalisation. What falls on the end
    of the contract is paid there, business day or not, with the principal.
    """
    terms = setting.terms
    if terms.nominal_interest_rate is None:
        return []
    until = terms.capitalization_end_date
    if until is not None:
        times = sorted({*times, until})
    found = []
    for at in times:
        kind = Kind.IPCI if until is not None and at <= until else Kind.IP
        found.append(fixed(kind, at) if at == end else scheduled(setting, kind, at))
    return found


def reset_times(setting: Setting, end: datetime) -> list[datetime]:
    """When the rate is reset."""
    terms = setting.terms
    return cycle_times(setting, terms.cycle_anchor_date_of_rate_reset, terms.cycle_of_rate_reset, end)


def resets(setting: Setting, end: datetime) -> list[Operation]:
    """Rate resets; the first after the status date takes the rate that is fixed already, where there is one."""
    terms = setting.terms
    found = []
    for number, at in enumerate(after_status(setting, reset_times(setting, end))):
        if number == 0 and terms.next_reset_rate is not None:
            found.append(replace(scheduled(setting, Kind.RRF, at), rate=terms.next_reset_rate))
        else:
            found.append(variable_reset(setting, at, terms.rate_spread))
    return found


def variable_reset(setting: Setting, at: datetime, spread: Fraction) -> Operation:
    """A reset to what the market shows on the scheduled time, with multiplier and spread."""
    terms = setting.terms
    seen = setting.market.at(terms.market_object_code_of_rate_reset, at, "market_object_code_of_rate_reset")
    return replace(scheduled(setting, Kind.RR, at), rate=seen * terms.rate_multiplier + spread)


def fee_times(setting: Setting, end: datetime) -> list[datetime]:
    """When fees are due: by their cycle and at the end."""
    terms = setting.terms
    if not terms.fee_rate or (terms.cycle_anchor_date_of_fee is None and terms.cycle_of_fee is None):
        return []
    return cycle_times(setting, terms.cycle_anchor_date_of_fee, terms.cycle_of_fee, end, include_end=True)


def fees(setting: Setting, end: datetime) -> list[Operation]:
    """Fee payments; each knows the cycle that begins with it. A fee is agreed for a cycle, so the cycle counts where a
    broken one is joined to the last.
    """
    times = fee_times(setting, end)
    if not times:
        return []
    cycle, days = setting.terms.cycle_of_fee, setting.business_days
    found = []
    for number, at in enumerate(times):
        following = setting.rhythm(times[0], cycle).nth(number + 1) if cycle is not None else end
        span = (day_of(days.calculation(at)), day_of(days.calculation(following)))
        found.append(replace(scheduled(setting, Kind.FP, at), days=() if at >= end else span))
    return found


def fee_span(setting: Setting, operations: Iterable[Operation]) -> tuple[int, ...]:
    """The fee days around the status date, where one is before it."""
    gone = [item.days for item in operations if item.kind is Kind.FP and item.time <= setting.terms.status_date]
    return gone[-1] if gone else ()


def scalings(setting: Setting, end: datetime) -> list[Operation]:
    """Fixings of the scaling index against its value at the start."""
    terms = setting.terms
    if terms.scaling_effect[:2] == "00":
        return []
    first = needed(terms.scaling_index_at_contract_deal_date, "scaling_index_at_contract_deal_date")
    code = terms.market_object_code_of_scaling_index
    times = cycle_times(setting, terms.cycle_anchor_date_of_scaling_index, terms.cycle_of_scaling_index, end)
    return [
        replace(
            scheduled(setting, Kind.SC, at),
            amount=setting.market.at(code, at, "market_object_code_of_scaling_index") / first,
        )
        for at in after_status(setting, times)
    ]


def base_fixings(setting: Setting, end: datetime) -> list[Operation]:
    """Fixings of the interest calculation base, where it lags behind the notional."""
    terms = setting.terms
    if not terms.lags_interest_base:
        return []
    anchor = terms.cycle_anchor_date_of_interest_calculation_base
    times = cycle_times(setting, anchor, terms.cycle_of_interest_calculation_base, end)
    return [scheduled(setting, Kind.IPCB, at) for at in times]


def prepayments(
    setting: Setting, end: datetime, due: Sequence[datetime] = (), *, covers_interest: bool = False
) -> list[Operation]:
    """Early repayments as observed, each with its penalty; where they lower later payments, these are fixed anew over
    the times still due. Without the right to prepay (effect N) there are none, as the ACTUS specification has it.
    """
    terms = setting.terms
    if terms.prepayment_effect == "N":
        return []
    found: list[Operation] = []
    for event in setting.own(Kind.PP):
        found.append(replace(fixed(Kind.PP, event.time), amount=event.value))
        if terms.penalty_type != "N":
            found.append(_penalty(setting, event, end))
        later = calculation_days(setting, [at for at in due if at > event.time])
        if terms.prepayment_effect == "A" and later:
            again = replace(fixed(Kind.PRF, event.time), days=later, covers_interest=covers_interest, is_silent=True)
            found.append(again)
    return found


def _penalty(setting: Setting, event: Observed, end: datetime) -> Operation:
    """An interest differential is lost from the repayment to the end."""
    terms = setting.terms
    operation = fixed(Kind.PY, event.time)
    if terms.penalty_type != "I":
        return operation
    seen = setting.market.at(terms.market_object_code_of_rate_reset, event.time, "market_object_code_of_rate_reset")
    return replace(operation, rate=seen, days=(day_of(event.time), day_of(end)))


def calculation_days(setting: Setting, times: Iterable[datetime]) -> tuple[int, ...]:
    """The days up to which interest is counted at these times."""
    return tuple(day_of(setting.business_days.calculation(at)) for at in times)


def fixing_at_start(
    setting: Setting, due: Sequence[datetime], *, covers_interest: bool, months: int = 0
) -> tuple[list[Operation], Operation | None]:
    """A silent fixing of the payment at the initial exchange, or on the status date where that has passed: either the
    operation to carry out, or the opening one.
    """
    terms = setting.terms
    begun = is_exchanged(terms)
    at = terms.status_date if begun else needed(terms.initial_exchange_date, "initial_exchange_date")
    days = calculation_days(setting, [time for time in due if time >= at])
    fixing = replace(fixed(Kind.PRF, at), days=days, covers_interest=covers_interest, months=months, is_silent=True)
    # It must stand before a redemption of the same day, so it takes its moment just after the exchange.
    return ([], fixing) if begun else ([replace(fixing, follows=Kind.IED)], None)


def trades(setting: Setting) -> list[Operation]:
    """Purchase and termination."""
    terms = setting.terms
    dates = ((Kind.PRD, terms.purchase_date), (Kind.TD, terms.termination_date))
    return [fixed(kind, at) for kind, at in dates if at is not None]


def credit_events(setting: Setting) -> list[Operation]:
    """Observed credit events of the contract itself."""
    return [replace(fixed(Kind.CE, event.time), performance=event.performance) for event in setting.own(Kind.CE)]


def assemble(
    setting: Setting,
    operations: Iterable[Operation],
    *,
    maturity: datetime | None = None,
    payment: Fraction | None = None,
    interest_since: Sequence[datetime] = (),
    opening: Operation | None = None,
) -> Resolved:
    """Put operations in order, from the status date to the termination. Those before a purchase change the state and
    show nothing: the buyer was not there.
    """
    terms = setting.terms
    everything = sorted(operations, key=order)
    kept = [item for item in everything if item.time > terms.status_date and not _is_before_exchange(terms, item)]
    if terms.termination_date is not None:
        last = (terms.termination_date, RANK[Kind.TD])
        kept = [item for item in kept if order(item)[:2] <= last]
    if terms.purchase_date is not None:
        first = (terms.purchase_date, RANK[Kind.PRD])
        kept = [replace(item, is_silent=True) if order(item)[:2] < first else item for item in kept]
    begun = terms.initial_exchange_date is not None and is_exchanged(terms)
    gone = [day_of(setting.business_days.calculation(at)) for at in interest_since if at < terms.status_date]
    return Resolved(
        terms,
        tuple(kept),
        maturity,
        is_exchanged=begun,
        runs_since=max(gone) if gone else None,
        payment=payment,
        fee_span=fee_span(setting, everything),
        opening=opening,
    )


def _is_before_exchange(terms: Terms, operation: Operation) -> bool:
    """A cycle may be anchored before the loan is paid out; nothing can fall due then."""
    at = terms.initial_exchange_date
    return at is not None and operation.time < at and operation.kind not in (Kind.PRD, Kind.TD, Kind.CE, Kind.FP)


def usual(setting: Setting, end: datetime) -> list[Operation]:
    """Initial exchange, fees, scaling, purchase, termination, credit events and maturity: as in every loan."""
    return [
        *initial_exchange(setting),
        *fees(setting, end),
        *scalings(setting, end),
        *trades(setting),
        *credit_events(setting),
        fixed(Kind.MD, end),
    ]
