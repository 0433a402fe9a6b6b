"""Which instalments a payment goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from steadyrest.contracts.servicing.interest import segments
from steadyrest.contracts.servicing.standing import days_past_due
from steadyrest.contracts.servicing.state import Instalment, State
from steadyrest.contracts.servicing.terms import Component


def pay(state: State, amount: int, on: date, *, to: date | None = None, part: Component | None = None) -> State:
    """A payment of a day, put where the terms say, or where the payer says: `to` the instalment of a due day, for a
    `part` of it, up to all that is owed on it. What is more than owed is left over.
    """
    if to is None and state.terms.recalculates and state.terms.prepays == "coming":
        state = _run_until(state, on)
    items, left = list(state.instalments), amount
    repaid: list[tuple[date, date, int]] = []
    for place, component, most in _targets(state, on, amount):
        item = items[place]
        if (to is not None and item.due_on != to) or (part is not None and component != part):
            continue
        room = item.owed_fen if to is not None else _room(state, items, place, component, on)
        put = min(left, most, room)
        if put > 0:
            items[place] = _paid(item, component, put, on)
            left -= put
            repaid += [(on, item.due_on, put)] if component == "principal" else []
    state = replace(state.with_instalments(items), repaid=(*state.repaid, *repaid))
    return replace(state, spare_fen=state.spare_fen + left)


def _run_until(state: State, on: date) -> State:
    """The instalments to come as they can be paid on a day: with the interest that has run until then, and principal up
    to the level; one whose period has not begun bears none yet.
    """
    items = []
    for place, item in enumerate(state.instalments):
        if item.due_on <= on or not item.is_regular or item.is_fixed or place == len(state.instalments) - 1:
            items.append(item)
            continue
        run = state.terms.whole(_interest_run(state, item, on)) if item.since < on else 0
        interest = max(run, item.paid_interest_fen)
        items.append(replace(item, interest_fen=interest, principal_fen=max(item.level_fen - interest, 0)))
    return state.with_instalments(items)


def _interest_run(state: State, item: Instalment, on: date) -> Fraction:
    parts = segments(replace(state, repaid=(*state.repaid, (on, item.due_on, 0))), item)
    return sum((part.exact_fen for part in parts if part.until <= on), Fraction(0))


def _room(state: State, items: list[Instalment], place: int, component: Component, on: date) -> int:
    """What an instalment can take: what is owed on it; of principal, where money beyond what is due repays the
    instalment whose period runs, all that is owed on the loan.
    """
    if component != "principal":
        return items[place].owed(component)
    if not (state.terms.recalculates and state.terms.prepays == "current"):
        return items[place].owed_principal_fen
    owed = max(sum(item.principal_fen - item.paid_principal_fen for item in items), 0)
    return owed if place == _current(state, on) else min(items[place].owed_principal_fen, owed)


def _current(state: State, on: date) -> int | None:
    """The instalment whose period runs."""
    return next((place for place, item in enumerate(state.instalments) if item.due_on >= on), None)


def _targets(state: State, on: date, amount: int) -> Iterator[tuple[int, Component, int]]:
    """(place, component, at most) in the order in which money is put. Interest that is recalculated and has not fallen
    due waits for its day.
    """
    terms = state.terms
    due = [place for place, item in enumerate(state.instalments) if item.due_on <= on]
    ahead = [place for place, item in enumerate(state.instalments) if item.due_on > on]
    components = _order(state, on)
    for place in due:
        yield from ((place, component, amount) for component in components)
    if terms.recalculates and terms.prepays == "current":
        components = ("principal",)
    if terms.allocates == "due_then_advance" and terms.future == "even":
        left = amount - sum(state.instalments[place].owed_fen for place in due)
        shares = _even(left, [state.instalments[place].owed_fen for place in ahead])
    else:
        shares = [amount] * len(ahead)
    places = list(zip(ahead, shares, strict=True))
    if terms.allocates == "due_then_advance" and terms.future == "last":
        places.reverse()
    for place, share in places:
        yield from ((place, component, share) for component in components)


def _order(state: State, on: date) -> tuple[Component, ...]:
    """The components in their order; principal goes first once a loan is past due for longer than the terms allow."""
    limit, components = state.terms.principal_first_after_days, state.terms.components
    if limit is None or days_past_due(state, on) <= limit:
        return components
    return ("principal", *(component for component in components if component != "principal"))


def _even(amount: int, owed: list[int]) -> list[int]:
    """An amount in equal parts, none more than is owed; what a small one cannot take goes to the others, a rest to the
    last.
    """
    shares = [0] * len(owed)
    while amount > 0:
        able = [place for place, most in enumerate(owed) if shares[place] < most]
        if not able:
            return shares
        part = max(amount // len(able), 1)
        for place in reversed(able):
            put = min(part, owed[place] - shares[place], amount)
            shares[place] += put
            amount -= put
    return shares


def _paid(item: Instalment, component: Component, amount: int, on: date) -> Instalment:
    advance, late = (amount if on < item.due_on else 0), (amount if on > item.due_on else 0)
    counted = replace(item, advance_fen=item.advance_fen + advance, late_fen=item.late_fen + late)
    match component:
        case "principal":
            return replace(counted, paid_principal_fen=item.paid_principal_fen + amount)
        case "interest":
            return replace(counted, paid_interest_fen=item.paid_interest_fen + amount)
        case "fee":
            return replace(counted, paid_fee_fen=item.paid_fee_fen + amount)
        case "penalty":
            return replace(counted, paid_penalty_fen=item.paid_penalty_fen + amount)
