"""Moves and exchanges of due days that bring rows below their targets: exact loads, overloads squared as the cost.

Rows are days, then weeks, then blocks of weeks of customers, as in `bunching.caps`. An item on a day stands on the row
of the day, of its week, and of its customer's week where there is one.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from steadyrest.accelerate import kernel

NEAR: Final = 4
"""Partners that are looked at on a day, on each side of the load that would fit."""
TRIES: Final = 200
"""Items without a partner after which a day is left alone for the sweep."""
LEAST: Final = 1e-18
"""A change below this part of the cost's scale is none."""


@kernel
def row_cost(row: int, load: Any, target: Any, weight: Any, more: int) -> float:
    """Cost of a row if its load were larger by `more`."""
    over = float(load[row] + more - target[row])
    return weight[row] * over * over if over > 0.0 else 0.0


@kernel
def shift(i: int, to: int, item: Any, rows: Any, state: Any) -> float:
    """Put an item on another day; returns by how much the cost changes."""
    (size, slot), (days, weeks, week_of) = item, rows
    day, load, target, weight = state
    since, amount, change = day[i], size[i], 0.0
    for part in range(3):
        if part == 0:
            a, b = since, to
        elif part == 1:
            a, b = days + week_of[since], days + week_of[to]
        else:
            if slot[i] < 0:
                break
            base = days + weeks * (slot[i] + 1)
            a, b = base + week_of[since], base + week_of[to]
        if a == b:
            continue
        change += row_cost(a, load, target, weight, -amount) - row_cost(a, load, target, weight, 0)
        change += row_cost(b, load, target, weight, amount) - row_cost(b, load, target, weight, 0)
        load[a] -= amount
        load[b] += amount
    day[i] = to
    return change


@kernel
def excess(i: int, item: Any, rows: Any, state: Any, good: Any) -> int:
    """The largest overload of the rows an item stands on; 0 where none is over by more than it may."""
    (_, slot), (days, weeks, week_of) = item, rows
    day, load, target, _ = state
    most, on = 0, day[i]
    for part in range(3):
        row = on if part == 0 else days + week_of[on]
        if part == 2:
            if slot[i] < 0:
                break
            row += weeks * (slot[i] + 1)
        over = load[row] - target[row]
        if over > good[row]:
            most = max(most, over)
    return most


@kernel
def repair(size: Any, slot: Any, first: Any, last: Any, rows: Any, state: Any, good: Any, sweeps: int) -> int:
    """Improve until nothing helps, all rows are within `good` of their targets, or the sweeps are used up.

    Items must come by load, largest first. Returns the number of sweeps.
    """
    item, n = (size, slot), size.size
    day, load, target, _ = state
    order, start, failed = np.empty(n, np.int64), np.empty(rows[0] + 1, np.int64), np.empty(rows[0], np.int64)
    for sweep in range(sweeps):
        if is_good(load, target, good):
            return sweep
        changed = 0
        for i in range(n):
            if excess(i, item, rows, state, good) > 0:
                changed += move(i, first[i], last[i], item, rows, state)
        if changed * 50 < n:  # few moves are left: look for exchanges too
            by_day(day, order, start)
            failed[:] = 0
            for k in range(n):
                i = (n // 3 + k) % n  # loads of middle size have the most partners
                if failed[day[i]] > TRIES:
                    continue
                over = excess(i, item, rows, state, good)
                if over > 0:
                    found = exchange(i, over, first, last, order, start, item, rows, state)
                    changed += found
                    failed[day[i]] += 1 - found
        if changed == 0:
            return sweep
    return sweeps


@kernel
def is_good(load: Any, target: Any, good: Any) -> bool:
    """Whether no row is over its target by more than it may."""
    return not np.any(load - target > good)


@kernel
def move(i: int, first: int, last: int, item: Any, rows: Any, state: Any) -> int:
    """Put an item on the best day of its window; the earliest of equals."""
    day = state[0]
    since, best, to = day[i], -LEAST, day[i]
    for b in range(first, last + 1):
        if b == since:
            continue
        change = shift(i, b, item, rows, state)
        shift(i, since, item, rows, state)
        if change < best:
            best, to = change, b
    if to == since:
        return 0
    shift(i, to, item, rows, state)
    return 1


@kernel
def exchange(i: int, over: int, first: Any, last: Any, order: Any, start: Any, item: Any, rows: Any, state: Any) -> int:
    """Exchange the days of an item and of a smaller one of another day, the first that helps."""
    size, (day, load, target, _) = item[0], state
    since = day[i]
    for b in range(first[i], last[i] + 1):
        room = target[b] - load[b]
        if b == since or room <= -over:
            continue
        wanted = size[i] - (over if room >= over else (over + room) // 2)
        low, stop = start[b], start[b + 1]  # of this day, largest first
        while low < stop:
            middle = (low + stop) // 2
            if size[order[middle]] > wanted:
                low = middle + 1
            else:
                stop = middle
        for at in range(max(start[b], low - NEAR), min(start[b + 1], low + NEAR)):
            j = order[at]
            if day[j] != b or size[j] >= size[i] or not first[j] <= since <= last[j]:
                continue
            change = shift(i, b, item, rows, state) + shift(j, since, item, rows, state)
            if change < -LEAST:
                return 1
            shift(j, b, item, rows, state)
            shift(i, since, item, rows, state)
    return 0


@kernel
def by_day(day: Any, order: Any, start: Any) -> None:
    """Items of each day one after another, in their own order."""
    start[:] = 0
    for i in range(day.size):
        start[day[i] + 1] += 1
    for d in range(1, start.size):
        start[d] += start[d - 1]
    at = start[:-1].copy()
    for i in range(day.size):
        order[at[day[i]]] = i
        at[day[i]] += 1
