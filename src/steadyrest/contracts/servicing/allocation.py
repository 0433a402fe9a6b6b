"""Which instalments a payment goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from steadyrest.contracts.servicing.state import Instalment, State

Component = Literal["interest", "principal"]


def pay(state: State, amount: int, on: date) -> State:
    """A payment of a day, put where the terms say; what is more than owed is left over."""
    items, left, principal = list(state.instalments), amount, 0
    for place, component, most in _targets(state, on, amount):
        put = min(left, most, _owed(items[place], component))
        if put <= 0:
            continue
        items[place] = _paid(items[place], component, put, on)
        left -= put
        principal += put if component == "principal" else 0
    if state.terms.recalculates and state.terms.prepays == "current" and left:
        place = next((place for place, item in enumerate(items) if item.due_on >= on), None)
        if place is not None:
            put = min(left, sum(item.owed_principal_fen for item in items))
            items[place] = _paid(items[place], "principal", put, on)
            left, principal = left - put, principal + put
    repaid = (*state.repaid, (on, principal)) if principal else state.repaid
    return replace(state.with_instalments(items), spare_fen=state.spare_fen + left, repaid=repaid)


def _targets(state: State, on: date, amount: int) -> Iterator[tuple[int, Component, int]]:
    """(place, component, at most) in the order in which money is put."""
    terms = state.terms
    due = [place for place, item in enumerate(state.instalments) if item.due_on <= on]
    ahead = [place for place, item in enumerate(state.instalments) if item.due_on > on]
    for place in due:
        yield from ((place, component, amount) for component in terms.components)
    if terms.recalculates and terms.prepays == "current":
        # Interest that has not fallen due waits for its day, and what is paid ahead lowers the balance at once.
        late_place = next((place for place in ahead if due and state.instalments[due[-1]].due_on < on), None)
        if late_place is not None:
            yield late_place, "principal", amount
        return
    components: tuple[Component, ...] = ("principal",) if terms.recalculates else terms.components
    if terms.allocates == "due_then_advance" and terms.future == "even":
        left = amount - sum(state.instalments[place].owed_fen for place in due)
        shares = _even(left, [state.instalments[place].owed_fen for place in ahead])
        for place, share in zip(ahead, shares, strict=True):
            yield from ((place, component, share) for component in components)
        return
    if terms.allocates == "due_then_advance" and terms.future == "last":
        ahead.reverse()
    for place in ahead:
        yield from ((place, component, amount) for component in components)


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


def _owed(item: Instalment, component: Component) -> int:
    return item.owed_interest_fen if component == "interest" else item.owed_principal_fen


def _paid(item: Instalment, component: Component, amount: int, on: date) -> Instalment:
    advance, late = (amount if on < item.due_on else 0), (amount if on > item.due_on else 0)
    item = replace(item, advance_fen=item.advance_fen + advance, late_fen=item.late_fen + late)
    if component == "interest":
        return replace(item, paid_interest_fen=item.paid_interest_fen + amount)
    return replace(item, paid_principal_fen=item.paid_principal_fen + amount)
