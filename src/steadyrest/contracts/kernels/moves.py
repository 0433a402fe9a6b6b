"""What was agreed after signature, as moves of dates: park, shift, extension. Money follows later, in one pass.

Principal and interest dues are two lists of entries. An event gives entries a new day, or replaces one by equal parts
on several days; the grid of period boundaries only ever goes on. So deferred principal bears the contract rate
until its new day, and deferred interest bears nothing.
"""

from __future__ import annotations

from typing import Any

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import FIRST_DAY, LAST_DAY, add_months
from steadyrest.contracts.kernels.grid import boundary_from, moved_day, next_due
from steadyrest.contracts.kernels.layout import (
    AMORTISATION,
    AT_END,
    BAD_EVENT,
    COUNTS,
    DAY,
    EXTENSION,
    FIRST_RESUMED,
    FROM_DAY,
    I_DUE,
    I_MOVED,
    I_PARENT,
    I_PART,
    I_PARTS,
    I_PERIOD,
    I_VOID,
    INTEREST_CYCLE,
    INTERESTS,
    LEVEL,
    MAX_ENTRIES,
    MAX_PERIODS,
    MONTHS,
    MONTHS_LIMIT,
    NEW_DUE,
    NO_DAY,
    OK,
    P_DUE,
    P_MOVED,
    P_PARENT,
    P_PART,
    P_PARTS,
    P_PLAN,
    P_VOID,
    PARK,
    PART,
    PART_INTEREST,
    PART_PRINCIPAL,
    PERIODS,
    PRINCIPALS,
    SHAPE,
    SHIFT,
    SPREAD,
    SPREAD_OVER,
    TO_DAY,
    TOO_LONG,
    TREATMENT,
)


@kernel
def add_principal(s: Any, day: int) -> None:
    """One more principal entry."""
    j = s[COUNTS, PRINCIPALS]
    s[P_PLAN, j], s[P_DUE, j], s[P_MOVED, j], s[P_VOID, j], s[P_PARENT, j] = day, day, 0, 0, -1
    s[COUNTS, PRINCIPALS] = j + 1


@kernel
def add_interest(s: Any, period: int, day: int) -> None:
    """One more interest entry: the interest of a period, due on a day."""
    e = s[COUNTS, INTERESTS]
    s[I_PERIOD, e], s[I_DUE, e], s[I_MOVED, e], s[I_VOID, e], s[I_PARENT, e] = period, day, 0, 0, -1
    s[COUNTS, INTERESTS] = e + 1


@kernel
def grow(t: Any, i: int, s: Any, end: int) -> int:
    """Let the due pattern go on beyond the last boundary until `end`, with interest due at each boundary."""
    periods = s[COUNTS, PERIODS]
    last = s[DAY, periods]
    while last < end:
        if periods >= MAX_PERIODS or s[COUNTS, INTERESTS] >= MAX_ENTRIES:
            return TOO_LONG
        last = min(next_due(t, i, last), end)
        add_interest(s, periods, last)
        periods += 1
        s[DAY, periods] = last
    s[COUNTS, PERIODS] = periods
    return OK


@kernel
def spread_principal(s: Any, low: int, high: int, parts: int) -> int:
    """Replace the principal due in a window by equal parts on the next `parts` dues after it."""
    first = boundary_from(s, high + 1)
    if parts < 1 or parts > s[COUNTS, PERIODS] - first + 1:
        return BAD_EVENT
    for j in range(s[COUNTS, PRINCIPALS]):
        if s[P_VOID, j] or s[P_DUE, j] < low or s[P_DUE, j] > high:
            continue
        if s[COUNTS, PRINCIPALS] + parts > MAX_ENTRIES:
            return TOO_LONG
        s[P_VOID, j] = 1
        for part in range(parts):
            child = s[COUNTS, PRINCIPALS]
            add_principal(s, s[DAY, first + part])
            s[P_MOVED, child], s[P_PARENT, child], s[P_PART, child], s[P_PARTS, child] = 1, j, part, parts
    return OK


@kernel
def defer_interest(s: Any, low: int, stop: int, at_end: int, treatment: int, parts: int) -> int:
    """Move the interest due in [low, stop): to one day, to the first due from `stop` on, or in parts over several."""
    first, last = boundary_from(s, stop), s[COUNTS, PERIODS]
    wanted = parts if treatment == SPREAD_OVER else 1
    if treatment != AT_END and (wanted < 1 or wanted > last - first + 1):
        return BAD_EVENT
    target = s[DAY, first] if treatment == FIRST_RESUMED else at_end
    for e in range(s[COUNTS, INTERESTS]):
        if s[I_VOID, e] or s[I_DUE, e] < low or s[I_DUE, e] >= stop:
            continue
        if treatment != SPREAD_OVER:
            if s[I_DUE, e] < target:
                s[I_DUE, e], s[I_MOVED, e] = target, 1
            continue
        if s[COUNTS, INTERESTS] + parts > MAX_ENTRIES:
            return TOO_LONG
        s[I_VOID, e] = 1
        for part in range(parts):
            child = s[COUNTS, INTERESTS]
            add_interest(s, s[I_PERIOD, e], s[DAY, first + part])
            s[I_MOVED, child], s[I_PARENT, child], s[I_PART, child], s[I_PARTS, child] = 1, e, part, parts
    return OK


@kernel
def park(t: Any, i: int, s: Any, events: Any, e: int) -> int:
    """Only the deferred amounts move: the dues of a window go to one later day, or over the next dues."""
    low, high, target, parts = events[e, FROM_DAY], events[e, TO_DAY], events[e, NEW_DUE], events[e, SPREAD]
    if low == NO_DAY or high < low or (target != NO_DAY and (target < FIRST_DAY or target > LAST_DAY)):
        return BAD_EVENT
    if events[e, PART] & PART_PRINCIPAL:
        if target == NO_DAY:
            status = spread_principal(s, low, high, parts)
        else:
            found = False
            for j in range(s[COUNTS, PRINCIPALS]):
                if not s[P_VOID, j] and low <= s[P_DUE, j] <= high and s[P_DUE, j] < target:
                    s[P_DUE, j], s[P_MOVED, j], found = target, 1, True
            status = grow(t, i, s, target) if found else OK
        if status != OK:
            return status
    if events[e, PART] & PART_INTEREST:
        at_end = target if target != NO_DAY else s[DAY, s[COUNTS, PERIODS]]
        return defer_interest(s, low, high + 1, at_end, events[e, TREATMENT], parts)
    return OK


@kernel
def shift_principal(t: Any, i: int, s: Any, low: int, months: int) -> int:
    """Move the principal due from a day on by whole months; a last day outside the pattern moves with it."""
    if t[i, AMORTISATION] == LEVEL and months % t[i, INTEREST_CYCLE] != 0:
        return BAD_EVENT
    end = 0
    for j in range(s[COUNTS, PRINCIPALS]):
        if s[P_PLAN, j] >= low:
            s[P_PLAN, j] = moved_day(t, i, s[P_PLAN, j], months)
        if s[P_DUE, j] >= low and not s[P_VOID, j]:
            s[P_DUE, j] = moved_day(t, i, s[P_DUE, j], months)
            s[P_MOVED, j] |= 2
            end = max(end, s[P_DUE, j])
        if max(s[P_PLAN, j], s[P_DUE, j]) > LAST_DAY:
            return TOO_LONG
    periods = s[COUNTS, PERIODS]
    last = s[DAY, periods]
    if last >= low and end > last and next_due(t, i, last - 1) != last:
        later = min(next_due(t, i, last), end)
        s[DAY, periods] = later
        for e in range(s[COUNTS, INTERESTS]):
            if s[I_PERIOD, e] == periods - 1 and s[I_DUE, e] == last and not s[I_MOVED, e]:
                s[I_DUE, e] = later
    return grow(t, i, s, end)


@kernel
def shift(t: Any, i: int, s: Any, events: Any, e: int) -> int:
    """The deferred dues and all later ones move by whole months; interest due in the gap goes by its treatment."""
    low, months = events[e, FROM_DAY], events[e, MONTHS]
    if low < FIRST_DAY or low > LAST_DAY or months < 1 or months > MONTHS_LIMIT:
        return BAD_EVENT
    if events[e, PART] & PART_PRINCIPAL:
        status = shift_principal(t, i, s, low, months)
        if status != OK:
            return status
    if events[e, PART] & PART_INTEREST:
        last = s[DAY, s[COUNTS, PERIODS]]
        return defer_interest(s, low, add_months(low, months), last, events[e, TREATMENT], events[e, SPREAD])
    return OK


@kernel
def extend(t: Any, i: int, s: Any, events: Any, e: int) -> int:
    """Extend: the principal due on the last day is due on the new one; interest goes on being due by the pattern."""
    last, target = s[DAY, s[COUNTS, PERIODS]], events[e, NEW_DUE]
    if target <= last or target > LAST_DAY:
        return BAD_EVENT
    for j in range(s[COUNTS, PRINCIPALS]):
        if not s[P_VOID, j] and s[P_DUE, j] == last:
            s[P_DUE, j] = target
            s[P_MOVED, j] |= 1
    return grow(t, i, s, target)


@kernel
def apply_event(t: Any, i: int, s: Any, events: Any, e: int) -> int:
    """Apply one event to the entries; returns the status."""
    if events[e, SHAPE] == PARK:
        status = park(t, i, s, events, e)
    elif events[e, SHAPE] == SHIFT:
        status = shift(t, i, s, events, e)
    elif events[e, SHAPE] == EXTENSION:
        status = extend(t, i, s, events, e)
    else:
        status = BAD_EVENT
    if status == OK and s[DAY, s[COUNTS, PERIODS]] > LAST_DAY:
        return TOO_LONG
    return status
