"""Whole deferrals on days: filled along the relaxation, earliest end first, then repaired by moves and exchanges."""

from __future__ import annotations

import heapq
from typing import Final

import numpy as np

from steadyrest.measures.bunching.caps import NONE, Caps, loads
from steadyrest.measures.bunching.limits import Scope
from steadyrest.measures.bunching.problem import Problem
from steadyrest.measures.bunching.solver import Programme, minimise
from steadyrest.measures.flows import Floats, Ints
from steadyrest.measures.kernels.repair import repair

SWEEPS: Final = 60
GOOD: Final = 10**4
"""The goal is reached when the overload is below this part of the target."""
CAP_WEIGHTS: Final = (1.0, 30.0, 1e3, 1e6)
"""What an overload of a limit costs against one of the goal, step by step."""
EXACT_CELLS: Final = 3_000
"""Up to so many pairs of item and day the whole programme is solved too."""


def along(problem: Problem, day_load: Floats) -> Ints:
    """A day for each item: days are filled up to the loads of the relaxation, what must be due first comes first."""
    day = np.zeros(problem.size, np.int64)
    waiting: list[tuple[int, int, int]] = []
    arrival = np.lexsort((np.arange(problem.size), problem.first)).tolist()
    ends, sizes, starts = problem.last.tolist(), problem.load.tolist(), problem.first.tolist()
    at, placed = 0, 0
    wanted = np.cumsum(day_load).tolist()
    for d in range(problem.days.size):
        while at < len(arrival) and starts[arrival[at]] <= d:
            heapq.heappush(waiting, (ends[arrival[at]], -sizes[arrival[at]], arrival[at]))
            at += 1
        while waiting and (waiting[0][0] == d or placed - waiting[0][1] / 2 <= wanted[d]):
            _, size, item = heapq.heappop(waiting)
            day[item] = d
            placed -= size
    assert not waiting, "every window ends on a day"
    return day


def repaired(problem: Problem, caps: Caps, day: Ints, targets: Ints, goal: Scope) -> Ints:
    """The days after moves and exchanges towards the targets, one a row of the caps.

    Caps cost little at first, so that what is too much can pass through full weeks, and in the end almost everything.
    """
    order = np.lexsort((np.arange(problem.size), -problem.load))
    unit = max(float(targets[targets < NONE].max(initial=1)), 1.0)
    near = np.zeros(caps.cap.size, np.int64)
    near[caps.rows(goal)] = targets[caps.rows(goal)] // GOOD
    rows = (caps.days, caps.weeks, problem.week_of)
    parts = (problem.load[order], caps.slot[problem.customer[order]], problem.first[order], problem.last[order])
    moved, load = day[order], loads(problem, caps, day)
    for cap_weight in CAP_WEIGHTS:
        weight = np.full(caps.cap.size, cap_weight / unit**2)
        weight[caps.rows(goal)] = 1.0 / unit**2
        repair(*parts, rows, (moved, load, targets, weight), near, SWEEPS)
    found = np.empty_like(day)
    found[order] = moved
    return found


def exactly(problem: Problem, caps: Caps, goal: Scope) -> Ints | None:
    """The days of the whole programme where it is small: caps first, then the peak. Null where it is not solved."""
    width = problem.last - problem.first + 1
    if int(width.sum()) > EXACT_CELLS:
        return None
    unit = max(float(problem.load.max(initial=1)), 1.0)
    programme, cells = Programme(), []
    for item in range(problem.size):
        columns = programme.columns(int(width[item]), high=1.0)
        programme.row(columns, [1.0] * len(columns), low=1.0, high=1.0)
        cells += [(item, int(problem.first[item]) + k, column) for k, column in enumerate(columns)]
    by_row: dict[int, list[tuple[int, float]]] = {}
    for item, d, column in cells:
        week, own = int(problem.week_of[d]), -1
        own = caps.customer_row(int(problem.customer[item]), week)
        for row in (d, caps.days + week, *([own] if own >= 0 else [])):
            by_row.setdefault(row, []).append((column, float(problem.load[item]) / unit))
    top = programme.columns(1, cost=1.0)[0]
    lack = programme.columns(1, cost=CAP_WEIGHTS[-1])[0]
    goals = set(caps.rows(goal).tolist())
    for row, parts in sorted(by_row.items()):
        on, values = [column for column, _ in parts], [value for _, value in parts]
        wall = float(caps.wall[row]) / unit
        if row in goals:
            programme.row([*on, top], [*values, -1.0], high=-wall)
        if caps.cap[row] < NONE:
            programme.row([*on, lack], [*values, -1.0], high=float(caps.cap[row]) / unit - wall)
    answer = minimise(programme, whole=True)
    if answer is None:
        return None
    day = np.zeros(problem.size, np.int64)
    for item, d, column in cells:
        if answer.value[column] > 0.5:
            day[item] = d
    return day
