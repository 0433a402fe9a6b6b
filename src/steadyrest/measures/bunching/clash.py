"""Limits that cannot hold together: small sets, each proven and each needing all its members, with a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from steadyrest.measures.bunching import bounds
from steadyrest.measures.bunching.caps import NONE, Caps
from steadyrest.measures.bunching.limits import SCOPES, Scope
from steadyrest.measures.bunching.problem import Problem
from steadyrest.measures.bunching.relaxation import Parts, solve
from steadyrest.measures.flows import Floats, Ints, Marks
from steadyrest.text import Text, label
from steadyrest.units import format_fen

Kind = Literal["wall", "alone", "together"]
SETS: Final = 10
"""Sets that are looked for; what is left then is within the stretched limits all the same."""
_NOTHING: Final = 1e-9
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Clash:
    """A set of limits that cannot all be kept.

    `kind`: `wall` = more falls due anyway than a limit lets through; `alone` = one deferral is over a limit wherever it
    is put; `together` = the deferrals that must fall there are. `scopes` are the kinds in it, `rows` how many days and
    weeks, `from_on` and `to_on` the first and last of them (a week by its Monday), `customer_id` the customer where all
    rows are of one. `capacity_fen` is what the limits let through together (`alone`: the best of them), `wall_fen` what
    falls due there anyway (`alone`: 0, it is taken off the capacity), `deferred_fen` and `deferrals` what has no day
    outside; `short_fen` is the least by which the limits together are missed, shown in whole numbers.
    """

    kind: Kind
    scopes: tuple[Scope, ...]
    rows: int
    from_on: date
    to_on: date
    customer_id: str | None
    capacity_fen: int
    wall_fen: int
    deferred_fen: int
    deferrals: int
    short_fen: int

    @property
    def words(self) -> Text:
        """The clash as a sentence."""
        scopes = [label(f"bunching.scope.{scope}") for scope in self.scopes]
        names = Text(zh="、".join(text.zh for text in scopes), en=", ".join(text.en for text in scopes))
        who = Text("", "") if self.customer_id is None else label("bunching.of_customer", customer=self.customer_id)
        values = {
            "rows": self.rows,
            "from_on": self.from_on,
            "to_on": self.to_on,
            "capacity": format_fen(self.capacity_fen),
            "wall": format_fen(self.wall_fen),
            "deferred": format_fen(self.deferred_fen),
            "deferrals": self.deferrals,
            "short": format_fen(self.short_fen),
        }
        sentence = label(f"bunching.clash.{self.kind}")
        return Text(
            zh=sentence.zh.format(**values, scopes=names.zh, who=who.zh),
            en=sentence.en.format(**values, scopes=names.en, who=who.en),
        )


def clashes(problem: Problem, caps: Caps, parts: Parts) -> tuple[tuple[Clash, ...], Caps]:
    """Sets of limits that cannot all be kept, and the caps raised so far that a plan exists for deferrals that may be
    cut.

    First walls and single deferrals that are alone over a limit, then sets from the relaxation.
    """
    walls, caps = _walls(problem, caps)
    alone, caps = _alone(problem, caps)
    sets: list[Clash] = []
    while int((caps.cap < NONE).sum()):
        found = solve(problem, caps, parts, None)
        if found is None or found.level == 0.0:
            break
        short = bounds.shortfall(problem, caps, parts, found.price)
        rows = np.flatnonzero(found.price > _NOTHING) if len(sets) < SETS else np.flatnonzero(caps.cap < NONE)
        if short and len(sets) < SETS:
            items = _without_way_out(problem, caps, found.price)
            amounts = (int(problem.load[items].sum()), int(items.sum()), short)
            sets.append(_clash(problem, caps, "together", rows, *amounts))
        caps = _raised(caps, rows, int(np.ceil(found.level)) + 1)
        if not short or len(sets) == SETS:
            caps = _raised(caps, np.flatnonzero(caps.cap < NONE), int(np.ceil(found.level)) + 1)
    return (*walls, *alone, *sets), caps


def _walls(problem: Problem, caps: Caps) -> tuple[list[Clash], Caps]:
    """Rows on which more falls due anyway than may."""
    rows = np.flatnonzero(caps.wall > caps.cap)
    over = (caps.wall - caps.cap)[rows]
    found = [_clash(problem, caps, "wall", rows[k : k + 1], 0, 0, int(over[k])) for k in range(rows.size)]
    return found, replace(caps, cap=np.maximum(caps.cap, caps.wall))


def _alone(problem: Problem, caps: Caps) -> tuple[list[Clash], Caps]:
    """Deferrals that are alone over a limit on every day of their window; the caps there are raised by what lacks."""
    found: list[Clash] = []
    cap, room = caps.cap.copy(), caps.cap - caps.wall
    by_day = np.minimum(room[: caps.days], room[caps.days + problem.week_of])
    windows = np.stack([problem.first, problem.last], axis=1)
    most = {(a, b): int(by_day[a : b + 1].max()) for a, b in np.unique(windows, axis=0).tolist()}
    slots = caps.slot[problem.customer].tolist()
    for (first, last), load, slot in zip(windows.tolist(), problem.load.tolist(), slots, strict=True):
        if slot < 0 and load <= most[first, last]:
            continue
        rows = [_rows_of(problem, caps, slot, day) for day in range(first, last + 1)]
        short = min(max(load - int(room[row]) for row in on) for on in rows)
        if short <= 0:
            continue
        over = np.array(sorted({row for on in rows for row in on if load > room[row]}))
        clash = _clash(problem, caps, "alone", over, load, 1, short)
        found.append(replace(clash, capacity_fen=load - short, wall_fen=0))
        cap[over] = np.maximum(cap[over], caps.cap[over] + short)
    return found, replace(caps, cap=cap)


def _rows_of(problem: Problem, caps: Caps, slot: int, day: int) -> list[int]:
    week = int(problem.week_of[day])
    rows = [day, caps.days + week]
    return rows if slot < 0 else [*rows, caps.days + caps.weeks * (slot + 1) + week]


def _raised(caps: Caps, rows: Ints, by: int) -> Caps:
    cap = caps.cap.copy()
    cap[rows] += by
    return replace(caps, cap=cap)


def _without_way_out(problem: Problem, caps: Caps, price: Floats) -> Marks:
    """Items that pay on every day of their window."""
    pays = price > _NOTHING
    by_day = pays[: caps.days] | pays[caps.days + problem.week_of]
    free = np.concatenate([[0], np.cumsum(~by_day)])
    found: Marks = free[problem.last + 1] == free[problem.first]
    for item in np.flatnonzero(~found & (caps.slot[problem.customer] >= 0)).tolist():
        base = caps.days + caps.weeks * (int(caps.slot[problem.customer[item]]) + 1)
        days = slice(int(problem.first[item]), int(problem.last[item]) + 1)
        found[item] = bool((by_day[days] | pays[base + problem.week_of[days]]).all())
    return found


def _clash(problem: Problem, caps: Caps, kind: Kind, rows: Ints, deferred: int, deferrals: int, short: int) -> Clash:
    places = [caps.place(int(row)) for row in rows]
    days = [int(problem.days[at] if scope == "day" else problem.weeks[at]) for scope, at, _ in places]
    customers = {customer for _, _, customer in places}
    customer = customers.pop() if len(customers) == 1 else -1
    return Clash(
        kind,
        tuple(scope for scope in SCOPES if any(scope == name for name, _, _ in places)),
        len(places),
        _EPOCH + timedelta(min(days)),
        _EPOCH + timedelta(max(days)),
        problem.customers[customer] if customer >= 0 else None,
        int(caps.cap[rows].sum()),
        int(caps.wall[rows].sum()),
        deferred,
        deferrals,
        short,
    )
