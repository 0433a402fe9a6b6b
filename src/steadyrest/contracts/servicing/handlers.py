"""What each kind of event does to a loan. One function a kind, all of one shape: state and event in, state out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.servicing.allocation import pay
from steadyrest.contracts.servicing.events import Event, Kind
from steadyrest.contracts.servicing.plan import due_days, later, lay, lay_level, longer, moved, open_places
from steadyrest.contracts.servicing.relief import at_day, deferral, extension, in_a_row, rebear, redirected, shift, skip
from steadyrest.contracts.servicing.state import Instalment, State

Handler = Callable[[State, Event], State]


def disbursement(state: State, event: Event) -> State:
    """Money is paid out. A share of it is due at once where a down payment is agreed; the rest joins the plan, which
    grows by an instalment where none is left. What was paid too much before is used.
    """
    _positive(event)
    on, terms = event.effective_on, state.terms
    is_first = not state.drawn
    state = replace(state, drawn=(*state.drawn, (on, event.amount_fen)))
    if is_first:
        state = state.with_instalments([*state.instalments, *due_days(terms, on)])
    if terms.down_payment:
        state = _with_down_payment(state, on, terms.instalment(event.amount_fen * terms.down_payment))
    while not open_places(state, on):
        state = state.with_instalments(longer(state.instalments, 1, terms.every))
    places = open_places(state, on)
    waiting = terms.grace_on_principal if is_first else 0
    if _keeps_shares(state):
        state = lay(state, places, _share_from_start(state), waiting)
    else:
        state = lay_level(state, places, waiting)
    return _use_spare(state, on)


def _keeps_shares(state: State) -> bool:
    is_free = state.terms.interest == "flat" or not any(rate for _, rate in state.rates)
    return state.terms.spreads == "original" and is_free and len(state.drawn) > 1


def _share_from_start(state: State) -> int:
    """The principal every instalment would have, had all money been paid out at the start."""
    regular = [item for item in state.instalments if item.is_regular]
    downs = sum(item.principal_fen for item in state.instalments if not item.is_regular)
    return state.terms.instalment(Fraction(state.drawn_fen - downs, min(len(regular), state.terms.instalments)))


def _with_down_payment(state: State, on: date, amount: int) -> State:
    """A down payment stands before the instalment of its day where that takes its money, else after it."""
    stands_before = state.terms.spreads == "original"
    items = list(state.instalments)
    place = next(
        (
            number
            for number, item in enumerate(items)
            if item.due_on > on or (stands_before and item.due_on == on and item.is_regular)
        ),
        len(items),
    )
    items.insert(place, Instalment(on, on, "down_payment", principal_fen=amount, is_fixed=True))
    return state.with_instalments(items)


def _use_spare(state: State, on: date) -> State:
    if not state.spare_fen:
        return state
    return pay(replace(state, spare_fen=0), state.spare_fen, on)


def repayment(state: State, event: Event) -> State:
    """Money comes in; it goes where the terms say, or to the instalment and part that the payer names."""
    _positive(event)
    if not state.drawn:
        raise TermsError("event_before_drawdown", "effective_on", value=event.effective_on)
    return pay(state, event.amount_fen, event.effective_on, to=event.from_on, part=event.part)


def reschedule(state: State, event: Event) -> State:
    """From an instalment on: another due day with all that follow, more instalments, grace on principal."""
    places = [place for place, item in enumerate(state.instalments) if item.is_regular and item.due_on == event.from_on]
    if not places:
        raise TermsError("no_due_on", "from_on", value=event.from_on)
    first, every = places[0], state.terms.every
    items = longer(state.instalments, event.instalments + event.grace_on_principal, every)
    if event.new_due_on is not None:
        if event.new_due_on <= items[first].since:
            raise TermsError("below_limit", "new_due_on", value=event.new_due_on, limit=items[first].since)
        items = _rhythm(items, first, event.new_due_on, state)
    if event.rate is not None:
        state = replace(state, rates=(*state.rates, (items[first].since, event.rate)))
    state = state.with_instalments(items)
    places = [place for place in range(first, len(items)) if items[place].is_regular and not items[place].is_fixed]
    waiting = event.grace_on_principal
    return lay_level(state, places, waiting)


def _rhythm(items: list[Instalment], first: int, day: date, state: State) -> list[Instalment]:
    """New due days for the regular instalments from one on; down payments stay where they are."""
    regular = [item for item in items if item.is_regular]
    place = regular.index(items[first])
    downs = [item for item in items if not item.is_regular]
    new = moved(regular, place, day, state.terms.every)
    days = {before.due_on: after.due_on for before, after in zip(regular, new, strict=True)}
    both = redirected([*downs, *new], days)
    return sorted(both, key=lambda item: (item.due_on, item.is_regular))


def rate_change(state: State, event: Event) -> State:
    """Another rate from a day on; the instalments still to come are laid anew."""
    if event.rate is None or event.rate < 0:
        raise TermsError("below_limit", "rate", value=event.rate, limit=0)
    on = event.effective_on
    state = replace(state, rates=tuple(sorted((*state.rates, (on, event.rate)), key=lambda pair: pair[0])))
    places = open_places(state, on)
    return lay_level(state, places)


def interest_pause(state: State, event: Event) -> State:
    """The interest of some days is forgiven; instalments stay, so what interest does not take repays principal."""
    if event.until_on is None or event.until_on <= event.effective_on:
        raise TermsError("below_limit", "until_on", value=event.until_on, limit=event.effective_on)
    state = replace(state, pauses=(*state.pauses, (event.effective_on, event.until_on)))
    places = open_places(state, event.effective_on)
    return lay(state, places)


def re_age(state: State, event: Event) -> State:
    """All principal that is owed gets a new plan: so many instalments from a day on. Interest that is owed stays."""
    if event.from_on is None or event.instalments <= 0:
        raise TermsError("below_limit", "instalments", value=event.instalments, limit=0)
    owed, on, every = state.owed_principal_fen, event.effective_on, event.every or state.terms.every
    kept = [
        replace(item, principal_fen=item.paid_principal_fen, is_fixed=True)
        for item in state.instalments
        if item.due_on <= on or item.paid_fen
    ]
    share = state.terms.instalment(Fraction(owed, event.instalments))
    since = kept[-1].due_on if kept else on
    for number in range(event.instalments):
        due_on = later(event.from_on, every, number)
        part = min(share, owed) if number < event.instalments - 1 else owed
        kept.append(Instalment(since, due_on, principal_fen=part, level_fen=share, is_fixed=True))
        since, owed = due_on, owed - part
    return rebear(state.with_instalments(in_a_row(kept)))


def re_amortise(state: State, event: Event) -> State:
    """The principal that is past due goes in equal parts onto the instalments to come, a rest onto the last."""
    on = event.effective_on
    late = sum(item.owed_principal_fen for item in state.instalments if item.due_on < on)
    coming = [place for place, item in enumerate(state.instalments) if item.is_regular and item.due_on >= on]
    if not coming:
        raise TermsError("no_due_on", "effective_on", value=on)
    items = [
        replace(item, principal_fen=item.paid_principal_fen, is_fixed=True) if item.due_on < on else item
        for item in state.instalments
    ]
    share = state.terms.instalment(Fraction(late, len(coming)))
    for place in coming:
        part = late if place == coming[-1] else min(share, late)
        items[place] = replace(items[place], principal_fen=items[place].principal_fen + part)
        late -= part
    return rebear(state.with_instalments(items))


def forgiveness(state: State, event: Event) -> State:
    """Principal is waived, the last instalments first."""
    _positive(event)
    left = event.amount_fen
    if left > state.owed_principal_fen:
        raise TermsError("over_limit", "amount_fen", value=left, limit=state.owed_principal_fen)
    items = list(state.instalments)
    for place in reversed(range(len(items))):
        part = min(left, items[place].owed_principal_fen)
        items[place] = replace(items[place], principal_fen=items[place].principal_fen - part)
        left -= part
    forgiven = (*state.forgiven, (event.effective_on, event.amount_fen))
    return rebear(replace(state.with_instalments(items), forgiven=forgiven))


def charge_off(state: State, event: Event) -> State:
    """The claim stays and its plan with it; the books no longer carry it."""
    return replace(state, charged_off_on=event.effective_on)


def recovery(state: State, event: Event) -> State:
    """Money after a charge-off: a payment, counted apart."""
    if state.charged_off_on is None or event.effective_on < state.charged_off_on:
        raise TermsError("event_before_drawdown", "effective_on", value=event.effective_on)
    return replace(repayment(state, event), recovered_fen=state.recovered_fen + event.amount_fen)


def charge(state: State, event: Event) -> State:
    """A fee or a penalty falls due on a day. It is taken back by the reversal of this event."""
    _positive(event)
    items, place = at_day(list(state.instalments), event.from_on or event.effective_on)
    if event.part == "penalty":
        items[place] = replace(items[place], penalty_fen=items[place].penalty_fen + event.amount_fen)
    else:
        items[place] = replace(items[place], fee_fen=items[place].fee_fen + event.amount_fen)
    return state.with_instalments(items)


def past_due_pause(state: State, event: Event) -> State:
    """Days past due are not counted for a while."""
    if event.until_on is None or event.until_on <= event.effective_on:
        raise TermsError("below_limit", "until_on", value=event.until_on, limit=event.effective_on)
    return replace(state, past_due_pauses=(*state.past_due_pauses, (event.effective_on, event.until_on)))


def settlement(state: State, event: Event) -> State:
    """All that is owed is paid on a day, with the interest that has run until then: by money, or by a new receipt
    (renewal, new for old), which is named.
    """
    state = rebear(_due_at_once(state, event.effective_on))
    return replace(pay(state, state.owed_fen, event.effective_on), succeeded_by=event.linked_loan_id)


def _due_at_once(state: State, on: date) -> State:
    """The plan cut on a day: the period that runs ends then, and all principal of later days is due with it."""
    coming = [place for place, item in enumerate(state.instalments) if item.due_on > on]
    running = next((place for place in coming if state.instalments[place].is_regular), None)
    if running is None:
        return state
    not_yet = sum(amount for day, amount in state.capitalised if day > on)
    total = sum(state.instalments[place].owed_principal_fen for place in coming) - not_yet
    state = replace(state, capitalised=tuple(pair for pair in state.capitalised if pair[0] <= on))
    items = [
        replace(item, interest_to=tuple(min(day, on) for day in item.interest_to[:1])) for item in state.instalments
    ]
    for place in coming:
        item = items[place]
        items[place] = replace(
            item, principal_fen=item.paid_principal_fen, is_fixed=True, bears_nothing_due=True, interest_to=()
        )
    cut, was = items[running], state.instalments[running]
    items[running] = replace(
        cut,
        due_on=on,
        period_end=was.period_end or was.due_on,
        principal_fen=cut.paid_principal_fen + total,
        bears_nothing_due=was.bears_nothing_due,
    )
    return state.with_instalments(sorted(items, key=lambda item: (item.due_on, item.is_regular)))


def _positive(event: Event) -> None:
    if event.amount_fen <= 0:
        raise TermsError("below_limit", "amount_fen", value=event.amount_fen, limit=0)


HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.DISBURSEMENT: disbursement,
    Kind.REPAYMENT: repayment,
    Kind.DOWN_PAYMENT: repayment,
    Kind.RESCHEDULE: reschedule,
    Kind.RATE_CHANGE: rate_change,
    Kind.INTEREST_PAUSE: interest_pause,
    Kind.RE_AGE: re_age,
    Kind.RE_AMORTISE: re_amortise,
    Kind.DEFERRAL: deferral,
    Kind.EXTENSION: extension,
    Kind.SHIFT: shift,
    Kind.SKIP: skip,
    Kind.CHARGE: charge,
    Kind.PAST_DUE_PAUSE: past_due_pause,
    Kind.SETTLEMENT: settlement,
    Kind.FORGIVENESS: forgiveness,
    Kind.CHARGE_OFF: charge_off,
    Kind.RECOVERY: recovery,
}
