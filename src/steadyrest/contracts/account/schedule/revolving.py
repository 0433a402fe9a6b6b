"""CLM, call money, and UMP, undefined maturity: interest joins the principal on a cycle; the end is called, or open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from steadyrest.contracts.account.operations import Kind, Operation, Resolved
from steadyrest.contracts.account.schedule.common import (
    Setting,
    assemble,
    credit_events,
    fees,
    fixed,
    initial_exchange,
    needed,
    resets,
    scheduled,
    trades,
)


def call_money(setting: Setting) -> Resolved:
    """CLM: it ends at maturity, or with the notice after it is called; until the horizon when neither is known."""
    called = _calls(setting)
    end, operations = setting.terms.maturity_date, list[Operation]()
    if called:
        exercised, settled = called
        if end is None or settled.time <= end:
            end, operations = settled.time, [exercised, settled]
    if not operations and end is not None:
        operations = [fixed(Kind.MD, end)]
    until = end if end is not None else setting.until_horizon()
    operations += [*_begin(setting, until), *_capitalisations(setting, until), *_movements(setting)]
    if end is not None and setting.terms.nominal_interest_rate is not None:
        operations.append(fixed(Kind.IP, end))
    return assemble(setting, operations, maturity=end)


def undefined_maturity(setting: Setting) -> Resolved:
    """UMP: principal moves as it is observed, up to the horizon."""
    until = setting.terms.maturity_date or setting.until_horizon()
    operations = [*_begin(setting, until), *_capitalisations(setting, until), *_movements(setting)]
    return assemble(setting, operations)


def _begin(setting: Setting, until: datetime) -> list[Operation]:
    return [
        *initial_exchange(setting),
        *fees(setting, until),
        *resets(setting, until),
        *trades(setting),
        *credit_events(setting),
    ]


def _calls(setting: Setting) -> tuple[Operation, Operation] | None:
    """The first call and its settlement after the notice."""
    for event in setting.own(Kind.XD):
        due = setting.business_days.event(setting.terms.x_day_notice.after(event.time))
        return fixed(Kind.XD, event.time), fixed(Kind.STD, due)
    return None


def _capitalisations(setting: Setting, until: datetime) -> list[Operation]:
    """Interest joins the principal on its cycle before the end. Without an anchor the cycle begins at the exchange."""
    terms = setting.terms
    anchor, cycle = terms.cycle_anchor_date_of_interest_payment, terms.cycle_of_interest_payment
    if terms.nominal_interest_rate is None or (anchor is None and cycle is None):
        return []
    begin = anchor or needed(terms.initial_exchange_date, "initial_exchange_date")
    return [scheduled(setting, Kind.IPCI, at) for at in setting.rhythm(begin, cycle).until(until)]


def _movements(setting: Setting) -> list[Operation]:
    """Repayments and drawings as observed."""
    return [
        replace(fixed(Kind(event.kind), event.time), amount=event.value)
        for event in setting.own(Kind.PR, Kind.PD, Kind.PI)
    ]
