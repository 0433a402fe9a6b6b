"""CEG, guarantee: fees while it stands, a claim when a covered contract has a covered credit event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.market import Observed
from steadyrest.contracts.account.moments import day_of
from steadyrest.contracts.account.operations import Exposure, Kind, Operation, Resolved
from steadyrest.contracts.account.schedule.common import Setting, assemble, fees, fixed, needed, trades

COVERED = "COVE"


def schedule(setting: Setting, resolve: Callable[[Setting], Resolved]) -> Resolved:
    """The operations of a guarantee. It ends at its maturity, else with the last contract it covers."""
    terms = setting.terms
    named = tuple(event for event in setting.observed if event.contract_id)
    children = tuple(
        resolve(replace(setting, terms=reference.contract, observed=named))
        for reference in terms.contract_structure
        if reference.role == COVERED and reference.contract is not None
    )
    ends = [child.maturity for child in children if child.maturity is not None]
    end = terms.maturity_date or max(ends, default=None)
    end = needed(end, "maturity_date")
    operations = [*fees(setting, end), *trades(setting)]
    claim = _claim(setting, end)
    if claim is None:
        operations.append(fixed(Kind.MD, end))
    else:
        due = setting.business_days.event(terms.settlement_period.after(claim.time))
        operations = [item for item in operations if item.time <= claim.time]
        operations += [fixed(Kind.XD, claim.time), Operation(due, day_of(claim.time), Kind.STD)]
    covered = [replace(item, exposure=_exposure(setting, item.time, children)) for item in operations]
    return assemble(setting, covered, maturity=end)


def _claim(setting: Setting, end: datetime) -> Observed | None:
    """The first covered event of a covered contract while the guarantee stands."""
    terms = setting.terms
    names = {reference.contract_id for reference in terms.contract_structure if reference.role == COVERED}
    for event in sorted(setting.observed, key=lambda item: item.time):
        inside = terms.status_date < event.time <= end
        covered = event.contract_id in names and event.performance in terms.credit_event_type_covered
        if inside and covered and event.kind == Kind.CE:
            return event
    return None


def _exposure(setting: Setting, at: datetime, children: tuple[Resolved, ...]) -> Exposure:
    """What is covered at a time: an agreed notional, or the contracts on that day. By market value (MV) it is what is
    observed of those that have a market; the others have no value but the nominal one.
    """
    terms = setting.terms
    if terms.notional_principal is not None:
        return Exposure(day_of(at), amount=terms.notional_principal)
    if not children:
        raise TermsError("term_missing", "notional_principal")
    if terms.guaranteed_exposure != "MV":
        return Exposure(day_of(at), contracts=children)
    quoted = {child.terms.market_object_code for child in children} - {None}
    values = [setting.market.at(code, at, "market_object_code") for code in sorted(filter(None, quoted))]
    unquoted = tuple(child for child in children if child.terms.market_object_code is None)
    return Exposure(day_of(at), contracts=unquoted, amount=sum(values, start=Fraction(0)))
