"""The fold: terms and an append-only list of events in, the loan out. It starts anew each time, so an event of the past
takes its place and all that follows is allocated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.servicing.events import PAYMENTS, Event, Kind, in_order
from steadyrest.contracts.servicing.handlers import HANDLERS
from steadyrest.contracts.servicing.plan import lay, lay_level, open_places
from steadyrest.contracts.servicing.relief import rebear
from steadyrest.contracts.servicing.state import State
from steadyrest.contracts.servicing.terms import ServicingTerms


def replay(
    terms: ServicingTerms, events: Iterable[Event], *, today: date | None = None, known_on: date | None = None
) -> State:
    """The loan after its events. `today` is the day up to which interest follows what is really owed, where the terms
    say so; without it that of the last event. With `known_on` only events known by that day count.

    Raises `TermsError` for an event that cannot be: a payment before drawdown, a reschedule of a day on which nothing
    is due, an amount or rate out of range.
    """
    found = in_order(events, known_on)
    now = today or max((event.effective_on for event in found), default=terms.starts_on)
    state = State(terms, now, rates=((date.min, terms.rate), *terms.later_rates))
    if terms.allocates_anew:
        found.sort(key=lambda event: event.kind in PAYMENTS)
    for event in found:
        state = HANDLERS[event.kind](state, event)
        if terms.recalculates and state.drawn:
            state = recalculated(state)
    return state


def recalculated(state: State) -> State:
    """The plan laid again over what was really paid, every instalment with the level it has."""
    first = state.instalments[0]
    places = open_places(state, first.since) if first.is_regular else open_places(state, first.due_on)
    if not places:
        return state
    state, met_on = _met(state)
    state = lay(state, places, waiting=state.terms.grace_on_principal)
    if met_on is not None and state.terms.prepayment == "reduces_instalment":
        state = lay_level(state, [place for place in places if state.instalments[place].due_on > met_on])
    state = _absorbed(state)
    if state.terms.prepays == "current" and any(item.is_fixed and item.is_regular for item in state.instalments):
        state = rebear(state)
    if state.terms.prepayment != "reduces_term":
        return state
    last = max((place for place, item in enumerate(state.instalments) if item.due_fen), default=len(state.instalments))
    return state.with_instalments(list(state.instalments[: last + 1]))  # the plan ends sooner; a holiday stays


def _met(state: State) -> tuple[State, date | None]:
    """Money paid onto an instalment whose principal relief has put on later days repays principal all the same; the
    due day of the last such one.
    """
    items, met_on = [], None
    for item in state.instalments:
        if item.is_fixed and item.is_regular and item.paid_principal_fen > item.principal_fen:
            item, met_on = replace(item, principal_fen=item.paid_principal_fen), item.due_on
        items.append(item)
    return (state, None) if met_on is None else (state.with_instalments(items), met_on)


def _absorbed(state: State) -> State:
    """Principal repaid ahead comes off what relief has put on later days too, the last first."""
    left = sum(item.principal_fen for item in state.instalments) - sum(amount for _, amount in state.lent)
    items = list(state.instalments)
    for place in reversed(range(len(items))):
        item = items[place]
        if left > 0 and item.is_fixed and item.kind != "down_payment":
            cut = min(left, item.owed_principal_fen)
            items[place] = replace(item, principal_fen=item.principal_fen - cut)
            left -= cut
    return state.with_instalments(items)


def planned(terms: ServicingTerms) -> State:
    """The loan as it was signed, before anything is paid out: as if all were paid out on the first day."""
    whole = Event(kind=Kind.DISBURSEMENT, effective_on=terms.starts_on, sequence=0, amount_fen=terms.principal_fen)
    return replay(terms, [whole])


def appended(terms: ServicingTerms, events: Sequence[Event], event: Event) -> list[Event]:
    """The list with one more event, and with what it brings with it: the down payment that is drawn with a
    disbursement, less what was paid too much before.
    """
    added = [*events, event]
    if event.kind is not Kind.DISBURSEMENT or not (terms.down_payment and terms.pays_down_payment):
        return added
    before = replay(terms, events, today=event.effective_on)
    amount = terms.instalment(event.amount_fen * terms.down_payment) - before.spare_fen
    if amount <= 0:
        return added
    number = max(item.sequence for item in added) + 1
    paid = replace(event, kind=Kind.DOWN_PAYMENT, sequence=number, amount_fen=amount)
    return [*added, paid]


def renewed(
    terms: ServicingTerms, events: Sequence[Event], *, on: date, old_id: str, new_id: str, legal_form: str
) -> tuple[list[Event], list[Event]]:
    """A receipt that is settled by a new one (`renewal_receipt`, `new_for_old_receipt`): the events of the old one with
    its settlement, and the first event of the new one, which pays out the principal that was owed. Each names the
    other. The interest that has run is due with the settlement and is not lent again.
    """
    principal = replay(terms, events, today=on).owed_principal_fen
    if principal <= 0:
        raise TermsError("below_limit", "principal_fen", value=principal, limit=0)
    number = max((event.sequence for event in events), default=0) + 1
    settled = Event(
        kind=Kind.SETTLEMENT, effective_on=on, sequence=number, linked_loan_id=new_id, legal_form=legal_form
    )
    paid_out = Event(
        kind=Kind.DISBURSEMENT,
        effective_on=on,
        sequence=1,
        amount_fen=principal,
        linked_loan_id=old_id,
        legal_form=legal_form,
    )
    return [*events, settled], [paid_out]
