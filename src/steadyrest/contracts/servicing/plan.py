"""The plan: due days of a loan, and what is due on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.moments import moment
from steadyrest.contracts.servicing.interest import factor, interest_of
from steadyrest.contracts.servicing.state import Instalment, State
from steadyrest.contracts.servicing.terms import ServicingTerms


def later(day: date, every: Period, times: int) -> date:
    """A day some periods later, counted from itself, so that a month end does not drift."""
    return every.times(times).after(moment(day)).date()


def due_days(terms: ServicingTerms, start: date) -> list[Instalment]:
    """The regular instalments, still empty: those agreed, or as many as the terms say from a day on."""
    if terms.agreed_periods:
        return [Instalment(since, due_on) for since, due_on in terms.agreed_periods]
    anchor = terms.starts_on if terms.counts_from_start else start
    days = [start, *(later(anchor, terms.every, number) for number in range(1, terms.instalments + 1))]
    return [Instalment(since, due_on) for since, due_on in pairwise(days)]


def moved(instalments: Sequence[Instalment], first: int, day: date, every: Period) -> list[Instalment]:
    """Instalments from one on with new due days: that one on `day`, each other a period after the one before."""
    found = list(instalments[:first])
    for number, item in enumerate(instalments[first:]):
        since = found[-1].due_on if found else item.since
        found.append(replace(item, since=since, due_on=later(day, every, number)))
    return found


def longer(instalments: Sequence[Instalment], more: int, every: Period) -> list[Instalment]:
    """Instalments with some more at the end, in the same rhythm."""
    found = list(instalments)
    anchor = found[-1].due_on
    for number in range(1, more + 1):
        found.append(Instalment(found[-1].due_on, later(anchor, every, number)))
    return found


def open_places(state: State, since: date) -> list[int]:
    """Places of the regular instalments that a change on a day can still move: those due later, or also on that day
    where money that is paid out on a due day belongs to its instalment.
    """
    takes_due_day = state.terms.spreads == "original"
    return [
        place
        for place, item in enumerate(state.instalments)
        if item.is_regular and not item.is_fixed and (item.due_on > since or (takes_due_day and item.due_on == since))
    ]


def level_of(state: State, places: Sequence[int], balance: int, waiting: int = 0) -> int:
    """The instalment that repays a balance over instalments to come; with `waiting` ones before without principal.

    Of a flat loan, or without interest, and for equal parts of principal it is the principal of one instalment.
    """
    terms, items = state.terms, [state.instalments[place] for place in places]
    if not items:
        return 0
    paying = items[min(waiting, len(items) - 1) :]
    share = Fraction(balance, len(paying))
    if terms.amortisation == "even_principal":
        return terms.whole(share)
    factors = [factor(state, item) for item in paying]
    if terms.interest == "flat" or not any(factors):
        return terms.instalment(share)
    if terms.level_from == "first_period":
        first = next(item for item in state.instalments if item.is_regular)
        factors = [factor(state, first)] * len(paying)
        begins = balance * (1 + factors[0])
    else:
        begins = balance + Fraction(interest_of(state, paying[0])) if not waiting else balance * (1 + factors[0])
    weight, value = Fraction(1), begins
    for each in factors[1:]:
        weight = weight * (1 + each) + 1
        value *= 1 + each
    return terms.instalment(value / weight)


def lay(state: State, places: Sequence[int], level: int, waiting: int = 0) -> State:
    """Principal and interest of instalments, one after the other; the last one clears. `waiting` ones bear interest
    only.
    """
    terms, deferred = state.terms, 0
    for number, place in enumerate(places):
        item = state.instalments[place]
        owed = _owed_before(state, place)
        interest = terms.whole(Fraction(interest_of(state, item)))
        if _is_deferring(state, item):
            deferred, interest = deferred + interest, 0
        else:
            deferred, interest = 0, interest + deferred
        is_last = number == len(places) - 1
        if is_last:
            principal = owed
        elif number < waiting:
            principal = 0
        else:
            room = level if terms.interest == "flat" or terms.amortisation == "even_principal" else level - interest
            principal = min(max(room, 0), owed)
        if terms.recalculates and not is_last and item.paid_principal_fen > principal:
            principal = item.paid_principal_fen
            state = _put(state, place, principal, interest, level)
            if not terms.shortens and terms.level_from == "first_period":
                level = level_of(state, places[number + 1 :], _owed_before(state, places[number + 1]))
            continue
        state = _put(state, place, principal, interest, level)
    return state


def _put(state: State, place: int, principal: int, interest: int, level: int) -> State:
    items = list(state.instalments)
    items[place] = replace(items[place], principal_fen=principal, interest_fen=interest, level_fen=level)
    return state.with_instalments(items)


def _owed_before(state: State, place: int) -> int:
    """What an instalment finds to be repaid: paid out by then, less the principal of those before it, less what is
    forgiven.
    """
    item = state.instalments[place]
    is_on_time = state.terms.spreads == "original"
    drawn = sum(
        amount for on, amount in state.drawn if on < item.due_on or (is_on_time and on == item.due_on)
    )  # money that is paid out later is of later instalments
    return drawn - sum(before.principal_fen for before in state.instalments[:place])


def _is_deferring(state: State, item: Instalment) -> bool:
    """Among the first instalments, whose interest waits for the first one after them."""
    regular = [each.due_on for each in state.instalments if each.is_regular]
    return item.due_on in regular[: state.terms.grace_on_interest]


def lay_level(state: State, places: Sequence[int], waiting: int = 0) -> State:
    """Instalments laid with the level that repays what the first of them finds.

    Where the last one would deviate by more than half a minor unit an instalment, a level moved by an even part of the
    deviation is taken if the last one then deviates less.
    """
    if not places:
        return state
    signed = replace(state, today=date.min)  # the level is agreed on the plan, not on what was really paid
    level = level_of(signed, places, _owed_before(signed, places[0]), waiting)
    found = lay(signed, places, level, waiting)
    if state.terms.evens_last and state.terms.interest != "flat":
        found = _evened(signed, places, level, waiting, found)
    return replace(found, today=state.today)


def _evened(state: State, places: Sequence[int], level: int, waiting: int, found: State) -> State:
    """The plan laid with a level that the last instalment deviates from less, where there is one."""
    count = len(places) - waiting
    apart = found.instalments[places[-1]].due_fen - level
    if count < 2 or abs(apart) <= count // 2:
        return found
    nearer = level + state.terms.whole(Fraction(apart, count))
    other = lay(state, places, nearer, waiting)
    return other if abs(other.instalments[places[-1]].due_fen - nearer) < abs(apart) else found
