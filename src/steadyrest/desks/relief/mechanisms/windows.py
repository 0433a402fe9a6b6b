"""The window of a clause on a day: which old due dates may move, and how far.

The new due date is the last bank day within the cap: rolling never passes a cap. An amount can move when it is due
on or after the as-of day, inside the window of the clause, and before its new day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from steadyrest.calendar import last_bank_day
from steadyrest.policy import Clause, PolicySnapshot, Relief


@dataclass(frozen=True, slots=True)
class Window:
    """Old due dates from `low` to `high` may move to `new_due_on`.

    `order` is the place among the clauses. `rank` orders proposals of one receipt, best first: the latest cap, then
    the clause known later, then the smallest id.
    """

    clause: Clause
    relief: Relief
    cap_on: date
    low: date
    high: date
    new_due_on: date
    order: int = 0
    rank: int = 0


def windows(snapshot: PolicySnapshot, as_of: date) -> tuple[Window, ...]:
    """The windows that are open, in the order of the clauses; a clause without a cap proposes nothing."""
    found = [_window(clause, clause.relief, as_of) for clause in snapshot.screens if clause.relief]
    open_ones = [window for window in found if window is not None and window.low <= window.high]
    best_first = sorted(open_ones, key=_better_first)
    return tuple(
        replace(window, order=order, rank=best_first.index(window) + 1) for order, window in enumerate(open_ones)
    )


def _window(clause: Clause, relief: Relief, as_of: date) -> Window | None:
    if relief.cap_on is None:
        return None
    new_due_on = last_bank_day(relief.cap_on)
    low = max(as_of, relief.window_from or as_of)
    high = min(relief.window_to or date.max, new_due_on - timedelta(days=1))
    return Window(clause, relief, relief.cap_on, low, high, new_due_on)


def _better_first(window: Window) -> tuple[int, int, str]:
    return -window.cap_on.toordinal(), -window.clause.known_from.toordinal(), window.clause.id
