"""The limits of a problem as rows with room: which load may stand on which day, week or customer's week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from steadyrest.measures.bunching.limits import SCOPES, Limits, Scope
from steadyrest.measures.bunching.problem import Problem
from steadyrest.measures.flows import Ints

NONE: Final = 2 * 10**18
"""The cap of a row without one: above every load there can be."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Rows are days, then weeks, then the weeks of those customers whose limit can bind at all.

    `cap`, `wall` and `scope` (position in `SCOPES`) have one entry a row; `slot` says which block of weeks a customer
    has (-1 = none), `bound` the customer of each block.
    """

    cap: Ints
    wall: Ints
    scope: Ints
    slot: Ints
    bound: Ints
    days: int
    weeks: int

    def rows(self, scope: Scope) -> Ints:
        """The rows of a scope."""
        return np.flatnonzero(self.scope == SCOPES.index(scope))

    def place(self, row: int) -> tuple[Scope, int, int]:
        """(scope, day or week, customer or -1) of a row."""
        if row < self.days:
            return "day", row, -1
        block, week = divmod(row - self.days, self.weeks)
        return ("week", week, -1) if block == 0 else ("customer_week", week, int(self.bound[block - 1]))

    def customer_row(self, customer: int, week: int) -> int:
        """The row of a customer's week, or -1 where the customer has none."""
        slot = int(self.slot[customer])
        return -1 if slot < 0 else self.days + self.weeks * (slot + 1) + week


def caps_of(problem: Problem, limits: Limits, within: int = NONE) -> Caps:
    """The rows of a problem. A customer whose whole load stays within the limit of a week, and within what is given,
    needs no rows.
    """
    caps, weeks = limits.caps(problem.total), int(problem.weeks.size)
    slot = np.full(len(problem.customers), -1, np.int64)
    bound = np.zeros(0, np.int64)
    within = min(within, caps.get("customer_week", NONE))
    if within < NONE:
        most = np.zeros(len(problem.customers), np.int64)
        np.add.at(most, problem.customer, problem.load)
        np.add.at(most, problem.customer_wall[:, 0], problem.customer_wall[:, 2])
        bound = np.flatnonzero(most > within)
        slot[bound] = np.arange(bound.size)
    wall = np.zeros((bound.size, weeks), np.int64)
    of = slot[problem.customer_wall[:, 0]]
    np.add.at(wall, (of[of >= 0], problem.customer_wall[of >= 0, 1]), problem.customer_wall[of >= 0, 2])
    counts = (int(problem.days.size), weeks, wall.size)
    return Caps(
        np.repeat([caps.get(scope, NONE) for scope in SCOPES], counts),
        np.concatenate([problem.wall_day, problem.wall_week, wall.ravel()]),
        np.repeat(np.arange(len(SCOPES)), counts),
        slot,
        bound,
        counts[0],
        weeks,
    )


def loads(problem: Problem, caps: Caps, day: Ints) -> Ints:
    """What stands on each row when item i is due on day[i], with the wall."""
    found = caps.wall.copy()
    week = problem.week_of[day]
    np.add.at(found, day, problem.load)
    np.add.at(found, caps.days + week, problem.load)
    slot = caps.slot[problem.customer]
    has = slot >= 0
    np.add.at(found, caps.days + caps.weeks * (slot[has] + 1) + week[has], problem.load[has])
    return found
