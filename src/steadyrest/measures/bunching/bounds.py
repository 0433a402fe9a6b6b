"""Bounds in whole fen that need no trust in a solver.

Any prices on rows give one: every item pays at least the cheapest day of its window, so what all pay together, less
what the limits can take, is a floor for the peak. Good prices come from the relaxation; the sum is done here in
integers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from steadyrest.measures.bunching.caps import Caps
from steadyrest.measures.bunching.limits import Scope
from steadyrest.measures.bunching.problem import Problem
from steadyrest.measures.bunching.relaxation import Parts, must
from steadyrest.measures.flows import Floats, Ints

FINE: Final = 2**40
"""Prices become whole multiples of its inverse."""


def floor_of_peak(problem: Problem, caps: Caps, parts: Parts, price: Floats, goal_price: Floats) -> int:
    """The smallest peak of the goal's rows that any plan within the caps can have; 0 when the prices say nothing."""
    top = max(float(price.max(initial=0.0)), float(goal_price.max(initial=0.0)))
    limits, goals = _whole(price, top), _whole(goal_price, top)
    scale = int(goals.sum())
    if scale == 0:
        return 0
    needed = _paid(problem, caps, parts, limits + goals) - _taken(caps, limits)
    return max(-(-needed // scale), 0)


def shortfall(problem: Problem, caps: Caps, parts: Parts, price: Floats) -> int:
    """By how much every plan misses the caps together, even if deferrals could be cut; 0 when nothing is proven."""
    limits = _whole(price, float(price.max(initial=0.0)))
    missed = _paid(problem, caps, parts, limits) - _taken(caps, limits)
    return -(-missed // FINE) if missed > 0 else 0


def window_floor(problem: Problem, scope: Scope) -> int:
    """The smallest peak of a scope with windows and wall alone: what must fall into an interval, evenly; and no item
    is cut. There must be an item.
    """
    if scope == "customer_week":
        return _customer_floor(problem)
    is_day = scope == "day"
    place = np.arange(problem.days.size) if is_day else problem.week_of
    wall = problem.wall_day if is_day else problem.wall_week
    return _interval_floor(place[problem.first], place[problem.last], problem.load, wall)


def _interval_floor(first: Ints, last: Ints, load: Ints, wall: Ints) -> int:
    """Largest even level over all intervals, and largest single load on the place with the least that must be there."""
    size = wall.size
    pool = np.zeros((size, size), np.int64)
    np.add.at(pool, (first, last), load)
    upto = np.concatenate([[0], np.cumsum(wall)])
    between = upto[None, 1:] - upto[:-1, None]
    count = np.maximum(np.arange(size)[None, :] - np.arange(size)[:, None] + 1, 1)
    even = np.triu(-(-(must(pool) + between) // count))
    fixed = wall.copy()
    np.add.at(fixed, first[first == last], load[first == last])
    single = (n + int(fixed[a : b + 1].min()) for a, b, n in _heaviest(first, last, load) if a < b)
    return max(int(even.max()), max(single, default=0))


def _heaviest(first: Ints, last: Ints, load: Ints) -> list[tuple[int, int, int]]:
    """The largest load of each window."""
    most: dict[tuple[int, int], int] = {}
    for a, b, n in zip(first.tolist(), last.tolist(), load.tolist(), strict=True):
        most[a, b] = max(n, most.get((a, b), 0))
    return [(a, b, n) for (a, b), n in most.items()]


def _customer_floor(problem: Problem) -> int:
    """The largest of the floors of all customers; only those heavy enough are looked at."""
    floor, weeks = int(problem.customer_wall[:, 2].max(initial=0)), problem.weeks.size
    most = np.zeros(len(problem.customers), np.int64)
    np.add.at(most, problem.customer, problem.load)
    np.add.at(most, problem.customer_wall[:, 0], problem.customer_wall[:, 2])
    order = np.argsort(problem.customer, kind="stable")
    start = np.searchsorted(problem.customer[order], np.arange(len(problem.customers) + 1))
    first, last = problem.week_of[problem.first], problem.week_of[problem.last]
    for customer in np.lexsort((np.arange(most.size), -most)).tolist():
        if int(most[customer]) <= floor:
            break
        of = order[start[customer] : start[customer + 1]]
        wall = np.zeros(weeks, np.int64)
        own = problem.customer_wall[problem.customer_wall[:, 0] == customer]
        np.add.at(wall, own[:, 1], own[:, 2])
        floor = max(floor, _interval_floor(first[of], last[of], problem.load[of], wall))
    return floor


def _whole(price: Floats, top: float) -> Ints:
    """Prices as integers, the largest of all of them `FINE`."""
    return np.zeros(price.size, np.int64) if top == 0.0 else np.rint(price * (FINE / top)).astype(np.int64)


def _taken(caps: Caps, price: Ints) -> int:
    return sum(int(price[row]) * int(caps.cap[row]) for row in np.flatnonzero(price).tolist())


def _paid(problem: Problem, caps: Caps, parts: Parts, price: Ints) -> int:
    """What the wall pays, and every item at least."""
    by_day = price[: caps.days] + price[caps.days + problem.week_of]
    paid = sum(int(price[row]) * int(caps.wall[row]) for row in np.flatnonzero(price).tolist())
    for first, last in np.argwhere(parts.pool).tolist():
        paid += int(parts.pool[first, last]) * int(by_day[first : last + 1].min())
    for slot, first, last, load in parts.groups:
        own = price[caps.days + caps.weeks * (slot + 1) + problem.week_of[first : last + 1]]
        paid += load * int((by_day[first : last + 1] + own).min())
    return paid
