"""The plan: due days of a loan, and what is due on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.moments import moment
from steadyrest.contracts.servicing.interest import exact_interest_of, factor, interest_of, part_of_year, rate_on
from steadyrest.contracts.servicing.state import Instalment, State
from steadyrest.contracts.servicing.terms import ServicingTerms
from steadyrest.units import round_fraction


def later(day: date, every: Period, times: int) -> date:
    """A day some periods later, counted from itself, so that a month end does not drift."""
    return every.times(times).after(moment(day)).date()


def due_days(terms: ServicingTerms, start: date) -> list[Instalment]:
    """The regular instalments, still empty: those agreed, or as many as the terms say from a day on."""
    anchor = terms.starts_on if terms.counts_from_start else start
    days = [start, *(later(anchor, terms.every, number) for number in range(1, terms.instalments + 1))]
    periods = terms.agreed_periods or tuple(pairwise(days))
    grace = terms.grace_on_interest
    waits_for = (periods[grace][1],) if grace else ()
    return [
        Instalment(since, due_on, interest_to=waits_for if number < grace else ())
        for number, (since, due_on) in enumerate(periods)
    ]


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
        return round_fraction(share, terms.instalment_rounding or terms.rounding)
    factors = _factors(state, paying)
    if terms.interest == "flat" or not any(factors):
        return terms.instalment(share)
    begins = balance * (1 + factors[0])
    if terms.level_from == "each_period" and not terms.later_rates and not waiting:
        begins = balance + exact_interest_of(state, paying[0])  # money may be paid out inside the first period
    weight, value = Fraction(1), begins
    for each in factors[1:]:
        weight = weight * (1 + each) + 1
        value *= 1 + each
    return terms.instalment(value / weight)


def _factors(state: State, items: Sequence[Instalment]) -> list[Fraction]:
    """The rate factors a level instalment is computed with. A rate that will be reset is taken as it is now."""
    terms = state.terms
    now = rate_on(state, items[0].since)
    if terms.level_from == "twelfths":
        return [now * terms.every.months / 12] * len(items)
    if terms.level_from == "first_period":
        return [factor(state, next(item for item in state.instalments if item.is_regular))] * len(items)
    if terms.later_rates:
        return [now * part_of_year(state, item, item.since, item.due_on) for item in items]
    return [factor(state, item) for item in items]


def lay(state: State, places: Sequence[int], level: int | None = None, waiting: int = 0) -> State:
    """Principal and interest of instalments, one after the other; the last one clears. `waiting` ones bear interest
    only. Without a `level` each keeps the one it was laid with.

    Where interest is recalculated, principal paid ahead repays at least that much, and what it is ahead of the plan
    lowers the level, ends the plan sooner, or stands for the principal of the next instalments.
    """
    terms, carried, credit = state.terms, 0, 0
    for number, place in enumerate(places):
        item, is_last = state.instalments[place], number == len(places) - 1
        own = item.level_fen if level is None else level
        interest, carried = carried + interest_of(state, item), 0
        if _is_deferring(state, item):
            carried, interest = interest, 0
        elif not is_last and _is_closed(state, item, own):
            carried, interest = interest - item.paid_interest_fen, item.paid_interest_fen
        owed = owed_by(state, places, number)
        if level is not None and number > waiting and _is_reset(state, item):
            own = level = level_of(state, places[number:], owed)
        planned = owed if is_last else 0 if number < waiting else _principal(terms, own, interest, owed)
        principal = planned if is_last else max(planned - credit, item.paid_principal_fen, 0)
        state = _put(state, place, principal, interest, own)
        if principal > planned and terms.prepayment == "reduces_instalment":
            level = level_of(state, places[max(number + 1, waiting) :], owed - principal)
        elif terms.prepayment == "next_instalments":
            credit += principal - planned
    return state


def _is_reset(state: State, item: Instalment) -> bool:
    """A rate that was agreed to change begins to apply with this period, or did inside the one before it."""
    if not state.terms.later_rates or state.terms.amortisation != "level":
        return False
    before = next(each for each in reversed(state.instalments) if each.due_on <= item.since and each.is_regular)
    return rate_on(state, before.since) != rate_on(state, item.since)


def _principal(terms: ServicingTerms, level: int, interest: int, owed: int) -> int:
    """What an instalment repays of what is owed."""
    is_principal = terms.interest == "flat" or terms.amortisation == "even_principal"
    return min(max(level if is_principal else level - interest, 0), owed)


def _is_closed(state: State, item: Instalment, level: int) -> bool:
    """Paid in full ahead of its day: interest that runs on until then is of the next instalment."""
    return state.terms.recalculates and state.terms.prepays == "coming" and 0 < level <= item.advance_fen


def _put(state: State, place: int, principal: int, interest: int, level: int) -> State:
    items = list(state.instalments)
    items[place] = replace(items[place], principal_fen=principal, interest_fen=interest, level_fen=level)
    return state.with_instalments(items)


def owed_by(state: State, places: Sequence[int], number: int) -> int:
    """What the instalments from one of `places` on have to repay: lent by then (what comes later is of later
    instalments), less the principal of those before it, and of later ones that are not laid with them.
    """
    place = places[number]
    item, laid = state.instalments[place], set(places)
    is_on_time = state.terms.spreads == "original"
    lent = sum(amount for on, amount in state.lent if on < item.due_on or (is_on_time and on == item.due_on))
    before = sum(each.principal_fen for each in state.instalments[:place])
    apart = sum(
        each.principal_fen
        for after, each in enumerate(state.instalments[place + 1 :], place + 1)
        if after not in laid and each.kind != "down_payment"
    )
    return max(lent - before - apart, 0)


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
    level = level_of(signed, places, owed_by(signed, places, 0), waiting)
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
