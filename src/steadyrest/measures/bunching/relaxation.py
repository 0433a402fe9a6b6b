"""The problem with deferrals that may be cut: a linear programme, small because windows are intervals of days.

Loads of days can be made of loads with windows exactly when every interval of days carries at least what must fall into
it. So all deferrals together need one column a day, the sum up to it, and one row an interval. A customer whose weeks
are limited gets the same with weeks in place of days, and so do all others together; on each week's last day the sums
agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from steadyrest.measures.bunching.caps import NONE, Caps
from steadyrest.measures.bunching.problem import Problem
from steadyrest.measures.bunching.solver import Programme, Solution, minimise
from steadyrest.measures.flows import Floats, Ints

COLUMNS: Final = 60_000
"""Columns for customers with rows of their own; beyond it the smaller ones are treated as if they had none."""
TOLERANCE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Parts:
    """Loads put together: `pool[first, last]` of a window, and groups of (customer slot, first, last, load)."""

    pool: Ints
    groups: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """`price`: one a row of the caps, and `goal_price` likewise, never negative.

    `level` is in fen the smallest peak of the goal, or without a goal what every cap lacks for a plan to exist;
    `day_load` is the load put on each day. Prices are for exact bounds: those are computed anew and do not rest on
    these figures.
    """

    level: float
    price: Floats
    goal_price: Floats
    day_load: Floats


def parts_of(problem: Problem, caps: Caps) -> Parts:
    """The loads of a problem, put together."""
    slot = caps.slot[problem.customer]
    weight = np.zeros(caps.bound.size, np.int64)
    np.add.at(weight, slot[slot >= 0], problem.load[slot >= 0])
    order = np.lexsort((np.arange(weight.size), -weight))
    own = np.zeros(caps.bound.size + 1, bool)  # the last entry is for customers without a slot
    own[order[: COLUMNS // max(caps.weeks, 1)]] = True
    apart = own[slot]
    pool = np.zeros((caps.days, caps.days), np.int64)
    np.add.at(pool, (problem.first[~apart], problem.last[~apart]), problem.load[~apart])
    keys = np.stack([slot[apart], problem.first[apart], problem.last[apart]], axis=1)
    windows, of = np.unique(keys, axis=0, return_inverse=True)
    sums = np.zeros(len(windows), np.int64)
    np.add.at(sums, of.ravel(), problem.load[apart])
    groups = ((int(c), int(a), int(b), int(n)) for (c, a, b), n in zip(windows.tolist(), sums.tolist(), strict=True))
    return Parts(pool, tuple(groups))


def solve(problem: Problem, caps: Caps, parts: Parts, goal: Ints | None) -> Relaxed | None:
    """The relaxation: the smallest peak of the rows of the goal within the caps; without a goal the least that caps
    must be raised, all by the same amount, for a plan to exist. Null where no solution was found.

    What is raised in common has prices that add up to one, so they stand on a small set of rows that clash.
    """
    unit = max(float(problem.load.sum()) / max(caps.days, 1), 1.0)
    draft = _Draft(Programme(), caps, unit)
    draft.windows(parts, problem.week_of)
    draft.top = draft.programme.columns(1, cost=1.0)[0]
    if goal is not None:
        draft.level(goal, problem.week_of)
    draft.limit(np.flatnonzero(caps.cap < NONE), problem.week_of, goal is None)
    answer = minimise(draft.programme)
    return None if answer is None else draft.read(answer)


def must(pool: Ints) -> Ints:
    """[a, b]: loads whose windows lie within days a to b."""
    return np.cumsum(np.cumsum(pool[::-1], axis=0)[::-1], axis=1)


@dataclass(slots=True)
class _Draft:
    programme: Programme
    caps: Caps
    unit: float
    sums: dict[int, int] = field(default_factory=dict)
    """First column of the weeks of each customer slot."""
    limit_rows: list[tuple[int, int]] = field(default_factory=list)
    goal_rows: list[tuple[int, int]] = field(default_factory=list)
    top: int = -1

    def windows(self, parts: Parts, week_of: Ints) -> None:
        """Columns for all days, and for the weeks of customers with rows of their own."""
        by_week = {-1: np.zeros((self.caps.weeks, self.caps.weeks), np.int64)}
        np.add.at(by_week[-1], (week_of[:, None], week_of[None, :]), parts.pool)
        everything = parts.pool.copy()
        for slot, first, last, load in parts.groups:
            everything[first, last] += load
            own = by_week.setdefault(slot, np.zeros_like(by_week[-1]))
            own[week_of[first], week_of[last]] += load
        self._intervals(everything)
        if len(by_week) == 1:
            return
        self.sums = {slot: self._intervals(loads) for slot, loads in by_week.items()}
        for week in range(self.caps.weeks):
            end = int(np.searchsorted(week_of, week + 1)) - 1
            columns = [end, *(first + week for first in self.sums.values())]
            self.programme.row(columns, [-1.0, *[1.0] * len(self.sums)], low=0.0, high=0.0)

    def _intervals(self, loads: Ints) -> int:
        """Column k is what is due up to place k; every interval carries at least what must fall into it."""
        needed, total = must(loads), float(loads.sum()) / self.unit
        first = self.programme.columns(len(loads), high=total)[0]
        for k in range(len(loads)):
            self.programme.row(*_between(first, k, k), low=0.0)
        inner = np.zeros_like(needed)
        inner[:-1] = needed[1:]
        inner[:, 1:] = np.maximum(inner[:, 1:], needed[:, :-1])
        for a, b in np.argwhere(np.triu(needed > inner)).tolist():  # the others follow from an interval inside
            self.programme.row(*_between(first, a, b), low=float(needed[a, b]) / self.unit)
        return first

    def level(self, rows: Ints, week_of: Ints) -> None:
        """The peak over some rows, to be made small."""
        for row in rows.tolist():
            columns, values = self._load(row, week_of)
            wall = float(self.caps.wall[row]) / self.unit
            self.goal_rows.append((row, self.programme.row([*columns, self.top], [*values, -1.0], high=-wall)))

    def limit(self, rows: Ints, week_of: Ints, is_raised: bool) -> None:
        """Rows stay within their caps, or beyond them by what all are raised."""
        for row in rows.tolist():
            columns, values = self._load(row, week_of)
            room = float(self.caps.cap[row] - self.caps.wall[row]) / self.unit
            if is_raised:
                columns, values = [*columns, self.top], [*values, -1.0]
            self.limit_rows.append((row, self.programme.row(columns, values, high=room)))

    def read(self, answer: Solution) -> Relaxed:
        """Figures in fen from the solution."""
        price, goal_price = np.zeros(self.caps.cap.size), np.zeros(self.caps.cap.size)
        for into, rows in ((price, self.limit_rows), (goal_price, self.goal_rows)):
            for row, at in rows:
                into[row] = max(0.0, -float(answer.price[at]))
        day_load = np.diff(np.concatenate([[0.0], answer.value[: self.caps.days]]))
        level = float(answer.value[self.top])
        return Relaxed(level * self.unit if level > TOLERANCE else 0.0, price, goal_price, day_load * self.unit)

    def _load(self, row: int, week_of: Ints) -> tuple[list[int], list[float]]:
        """Columns and values that add up to what is put on a row; none for a customer without columns."""
        scope, place, _ = self.caps.place(row)
        if scope == "customer_week":
            first = self.sums.get((row - self.caps.days) // self.caps.weeks - 1)
            return ([], []) if first is None else _between(first, place, place)
        if scope == "day":
            return _between(0, place, place)
        return _between(0, int(np.searchsorted(week_of, place)), int(np.searchsorted(week_of, place + 1)) - 1)


def _between(start: int, first: int, last: int) -> tuple[list[int], list[float]]:
    """What lies from place `first` to `last`, as a difference of two sums of the columns from `start` on."""
    return ([start + last], [1.0]) if first == 0 else ([start + last, start + first - 1], [1.0, -1.0])
