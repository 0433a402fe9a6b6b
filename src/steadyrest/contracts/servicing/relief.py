"""Relief on a plan: what is due moves, the rest stays, and interest follows the balances that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.servicing.events import Event
from steadyrest.contracts.servicing.interest import interest_of
from steadyrest.contracts.servicing.plan import later, lay_level
from steadyrest.contracts.servicing.state import Instalment, State


def rebear(state: State) -> State:
    """The interest of every period on the balances as they now are, principal as it is. Interest that was deferred goes
    to its days, in parts that differ by one unit at most; where a plan no longer has such a day, to the next one.
    """
    due: Counter[date] = Counter()
    days_due = [item.due_on for item in state.instalments if item.kind != "down_payment"]
    for item in state.instalments:
        if item.is_regular and not item.bears_nothing_due:
            own = interest_of(state, item)
            days = [_on_or_after(day, days_due) for day in item.interest_to or (item.due_on,)]
            for number, day in enumerate(days):
                due[day] += own * (number + 1) // len(days) - own * number // len(days)
    items = []
    for item in state.instalments:
        takes = item.kind != "down_payment"
        items.append(replace(item, interest_fen=due.pop(item.due_on, 0)) if takes else item)
    return state.with_instalments(items)


def _on_or_after(day: date, days: Sequence[date]) -> date:
    return min((each for each in days if each >= day), default=max(days))


def in_a_row(items: Sequence[Instalment]) -> list[Instalment]:
    """Instalments by due day, the period of each beginning where the one before it ended."""
    found: list[Instalment] = []
    since = None
    for item in sorted(items, key=lambda item: (item.due_on, item.is_regular)):
        found.append(replace(item, since=since or item.since) if item.is_regular else item)
        since = item.due_on if item.is_regular else since
    return found


def redirected(items: Sequence[Instalment], days: Mapping[date, date]) -> list[Instalment]:
    """Instalments whose deferred interest follows the due days that have moved."""
    return [replace(item, interest_to=tuple(days.get(day, day) for day in item.interest_to)) for item in items]


def deferral(state: State, event: Event) -> State:
    """The dues of a window are paid on another day, principal, interest or both. The rest of the plan stays; principal
    bears interest until its new day, interest bears none, unless it becomes principal by consent.
    """
    places = _window(state, event)
    moves_principal, moves_interest = event.part != "interest", event.part != "principal"
    target = _target(state, event, places)
    items, _ = at_day(_reaching(state, target), target)
    state = state.with_instalments(items)
    inside = {state.instalments[place].due_on for place in _window(state, event)}
    if moves_principal:
        state = _principal_moved(state, inside, target)
    if not moves_interest:
        return rebear(state)
    if event.treatment == "capitalise":
        return rebear(_capitalised(state, inside, target))
    to = _interest_days(state, event, target)
    return rebear(
        state.with_instalments(
            [
                replace(item, interest_to=to, bears_nothing_due=event.treatment == "waive")
                if item.is_regular and item.due_on in inside
                else item
                for item in state.instalments
            ]
        )
    )


def _window(state: State, event: Event) -> list[int]:
    """Places of the regular instalments due in the window on which something is owed."""
    first, last = event.from_on, event.until_on
    if first is None or last is None or last < first:
        raise TermsError("below_limit", "until_on", value=last, limit=first)
    found = [
        place
        for place, item in enumerate(state.instalments)
        if item.is_regular and first <= item.due_on <= last and item.owed_fen > 0
    ]
    if not found:
        raise TermsError("no_due_on", "from_on", value=first)
    return found


def _target(state: State, event: Event, places: Sequence[int]) -> date:
    """The day to which principal moves, and interest where nothing else is said: that of the event, else the first due
    day after the window.
    """
    last = state.instalments[places[-1]].due_on
    if event.new_due_on is not None:
        if event.new_due_on <= last:
            raise TermsError("below_limit", "new_due_on", value=event.new_due_on, limit=last)
        return event.new_due_on
    after = [item.due_on for item in state.instalments if item.is_regular and item.due_on > last]
    return after[0] if after else later(last, state.terms.every, 1)


def _interest_days(state: State, event: Event, target: date) -> tuple[date, ...]:
    """The days on which deferred interest is due."""
    if event.treatment == "at_end":
        return (target,)
    after = [
        item.due_on
        for item in state.instalments
        if item.is_regular and event.until_on is not None and item.due_on > event.until_on
    ]
    count = event.instalments if event.treatment == "spread" else 1
    return tuple(after[: max(count, 1)]) or (target,)


def _reaching(state: State, day: date) -> list[Instalment]:
    """Instalments up to a day: beyond the last one the rhythm goes on, and the day itself ends the last period."""
    items = list(state.instalments)
    regular = [item for item in items if item.is_regular]
    anchor, number = regular[-1].due_on, 0
    since = anchor
    while since < day:
        number += 1
        due_on = min(later(anchor, state.terms.every, number), day)
        items.append(Instalment(since, due_on, is_fixed=True))
        since = due_on
    return sorted(items, key=lambda item: (item.due_on, item.is_regular))


def at_day(items: list[Instalment], day: date) -> tuple[list[Instalment], int]:
    """Instalments with one on a day, and its place; where none is due a new one that ends no period."""
    for place, item in enumerate(items):
        if item.due_on == day and item.kind != "down_payment":
            return items, place
    place = sum(item.due_on <= day for item in items)
    return [*items[:place], Instalment(day, day, "moved", is_fixed=True), *items[place:]], place


def _principal_moved(state: State, inside: set[date], target: date) -> State:
    items, total = [], 0
    for item in state.instalments:
        if item.is_regular and item.due_on in inside:
            total += item.owed_principal_fen
            items.append(replace(item, principal_fen=item.paid_principal_fen, is_fixed=True))
        else:
            items.append(item)
    items, place = at_day(items, target)
    items[place] = replace(items[place], principal_fen=items[place].principal_fen + total)
    return state.with_instalments(items)


def _capitalised(state: State, inside: set[date], target: date) -> State:
    """Interest of the window becomes principal on its due days, one after the other, and is due with the principal."""
    total = 0
    for place, item in enumerate(state.instalments):
        if item.is_regular and item.due_on in inside:
            own = interest_of(state, item)
            items = list(state.instalments)
            items[place] = replace(item, bears_nothing_due=True)
            state = replace(state.with_instalments(items), capitalised=(*state.capitalised, (item.due_on, own)))
            total += own
    items, place = at_day(list(state.instalments), target)
    items[place] = replace(items[place], principal_fen=items[place].principal_fen + total)
    return state.with_instalments(items)


def extension(state: State, event: Event) -> State:
    """The principal due last gets a later day; interest goes on being due in its rhythm."""
    regular = [place for place, item in enumerate(state.instalments) if item.is_regular]
    last = state.instalments[regular[-1]]
    if event.new_due_on is None or event.new_due_on <= last.due_on:
        raise TermsError("below_limit", "new_due_on", value=event.new_due_on, limit=last.due_on)
    state = state.with_instalments(_reaching(state, event.new_due_on))
    return rebear(_principal_moved(state, {last.due_on}, event.new_due_on))


def shift(state: State, event: Event) -> State:
    """The instalments from a day on move by whole months; the first of them bears the longer period."""
    months = sum(event.months)
    if months <= 0 or event.from_on is None:
        raise TermsError("below_limit", "months", value=months, limit=0)
    items, since, days = [], None, {}
    for item in state.instalments:
        if not (item.is_regular and item.due_on >= event.from_on):
            items.append(item)
            since = item.due_on if item.is_regular else since
            continue
        due_on = days[item.due_on] = later(item.due_on, Period(months), 1)
        items.append(replace(item, since=since or item.since, due_on=due_on))
        since = due_on
    if items == list(state.instalments):
        raise TermsError("no_due_on", "from_on", value=event.from_on)
    ordered = sorted(redirected(items, days), key=lambda item: (item.due_on, item.is_regular))
    return rebear(state.with_instalments(ordered))


def skip(state: State, event: Event) -> State:
    """No principal in some months of the year, within a window or as long as the loan runs; the others carry it."""
    if not event.months or not all(1 <= month <= 12 for month in event.months):
        raise TermsError("below_limit", "months", value=event.months, limit=0)
    first, last = event.from_on or event.effective_on, event.until_on or date.max
    regular = [place for place, item in enumerate(state.instalments) if item.is_regular and not item.is_fixed]
    skipped = [
        place
        for place in regular[:-1]
        if first <= state.instalments[place].due_on <= last and state.instalments[place].due_on.month in event.months
    ]
    if not skipped:
        raise TermsError("no_due_on", "from_on", value=first)
    items = list(state.instalments)
    for place in skipped:
        items[place] = replace(items[place], principal_fen=items[place].paid_principal_fen, is_fixed=True)
    state = state.with_instalments(items)
    coming = [place for place in regular if place > skipped[0] and place not in skipped]
    return rebear(lay_level(state, coming))
