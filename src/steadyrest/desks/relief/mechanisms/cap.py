"""The cap on a deferral, tested on the new due date of every deferred amount.

Sliding a whole plan pushes instalments past the cap one by one, and may move some that were not due in the window at
all; each gets a verdict of its own. A cap that binds in principle is never a hard reject: it needs a reason and an
approver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from steadyrest.policy import Relief


@dataclass(frozen=True, slots=True)
class Moved:
    """One deferred amount: its due date before and after. `instalment` is its number in the plan, if it has one."""

    old_due_on: date
    new_due_on: date
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """One deferred amount with the verdict of the cap (list `cap_verdict`)."""

    moved: Moved
    verdict: str
    is_old_due_inside: bool


def verdict(new_due_on: date, relief: Relief) -> str:
    """The verdict of one new due date; the cap day itself is inside."""
    if relief.cap_on is None:
        return "no_cap"
    if new_due_on <= relief.cap_on:
        return "pass"
    return "breach" if relief.cap_strength == "shall" else "in_principle_breach"


def tested(moved: Iterable[Moved], relief: Relief) -> tuple[Tested, ...]:
    """Every deferred amount against the cap, and whether its old due date lies in the window of the programme.

    A programme that names no window is about what falls due until its cap.
    """
    last = relief.window_to or relief.cap_on or date.max
    first = relief.window_from or date.min
    return tuple(Tested(item, verdict(item.new_due_on, relief), first <= item.old_due_on <= last) for item in moved)


def worst(items: Iterable[Tested]) -> str:
    """The verdict of a whole agreement: the worst of its parts."""
    order = ("breach", "in_principle_breach", "no_cap", "pass")
    found = {item.verdict for item in items}
    return next((word for word in order if word in found), "pass")
