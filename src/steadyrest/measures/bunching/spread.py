"""Spreading: from deferrals, limits and the wall to a due day for each, with what could be reached at best."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import polars as pl

from steadyrest.errors import UsageError
from steadyrest.measures.bunching import bounds
from steadyrest.measures.bunching.caps import NONE, Caps, caps_of, loads
from steadyrest.measures.bunching.clash import Clash, clashes
from steadyrest.measures.bunching.limits import SCOPES, Limits, Scope
from steadyrest.measures.bunching.placing import along, exactly, repaired
from steadyrest.measures.bunching.problem import Problem, make
from steadyrest.measures.bunching.relaxation import Parts, parts_of, solve
from steadyrest.measures.flows import Floats, Ints

Outcome = Literal["kept", "not_reached", "impossible"]
LEVELS: Final = 6
_NOTHING: Final = 1e-9
SCOPE_TYPE: Final = pl.Enum(SCOPES)


@dataclass(frozen=True, slots=True)
class Spread:
    """`rows`: one a deferral in the order given, with `due_on` (null where it could not be placed) and `status`.

    `outcome`: `kept` = all limits hold; `impossible` = they cannot, and `clashes` says which and why; `not_reached` =
    they were not all kept and nothing proves that they cannot be. `levels` has one row a scope, `loads` one a day: `on,
    wall_fen, deferred_fen`. Days are the bank days inside any window; on others nothing is put, and they count in their
    week.

    levels: `scope, limit_fen` (null = none), `bound_fen` (no plan has a smaller peak), `reached_fen, gap_fen`, bound
    and reached as shares of the total (float64), `peak_on` (the day, or the Monday of the week), `peak_customer_id`.
    The bound of the goal is that of plans which keep the other limits, where the plan does; the other bounds come from
    windows and wall alone.
    """

    rows: pl.DataFrame
    levels: pl.DataFrame
    loads: pl.DataFrame
    clashes: tuple[Clash, ...]
    outcome: Outcome
    total_fen: int


def spread(
    deferrals: pl.DataFrame, limits: Limits | None = None, *, wall: pl.DataFrame | None = None, goal: Scope = "day"
) -> Spread:
    """Give each deferral a due day in its window so that limits hold and the peak of the goal is small.

    `deferrals`: `loan_id, customer_id, amount_fen, from_on, to_on` (the days it may fall due on, both included; bank
    days count) and `weight_e4` (how much of the amount counts, 10,000 = all of it = null). A row that cannot be placed
    has a status (`SPREAD_STATUS`), null as due day, and counts nowhere. `wall`: what falls due anyway, `on, amount_fen`
    and `customer_id` (null = of no customer here); it counts in days, weeks, customers' weeks and in the total of which
    shares are taken. Deferrals are not cut. The answer does not depend on the order of rows. A null or negative amount
    of the wall is a `UsageError`, and so are more than 10^18 fen together.
    """
    if goal not in SCOPES:
        raise UsageError("measures.goal", value=goal, allowed=", ".join(SCOPES))
    asked = limits or Limits()
    problem, status = make(deferrals, wall)
    limit = asked.caps(problem.total)
    if problem.size == 0:
        return _result(deferrals, status, problem, caps_of(problem, asked), np.zeros(0, np.int64), (), {}, limit)
    floors = {scope: bounds.window_floor(problem, scope) for scope in SCOPES}
    caps = caps_of(problem, asked, floors[goal] if goal == "customer_week" else NONE)
    parts = parts_of(problem, caps)
    found, wide = clashes(problem, caps, parts)
    aim = _aim(problem, wide, parts, goal, floors[goal])
    day = _placed(problem, wide, aim, goal)
    if (loads(problem, wide, day) <= wide.cap).all():
        floors[goal] = aim.floor
    return _result(deferrals, status, problem, caps, day, found, floors, limit)


@dataclass(frozen=True, slots=True)
class _Aim:
    """`floor` of the goal's peak for plans within the caps, `targets` one a row, `day_load` to put on each day."""

    floor: int
    targets: Ints
    day_load: Floats


def _aim(problem: Problem, caps: Caps, parts: Parts, goal: Scope, window_floor: int) -> _Aim:
    """Level after level: the rows that make the peak are held where they are, then the peak of the others is made
    small.

    The first level gives the floor. The later ones only say where to aim below it, so that a day the wall alone makes
    the peak of leaves the others even.
    """
    floor, held, targets = window_floor, caps, caps.cap.copy()
    rows, day_load = caps.rows(goal), np.zeros(caps.days)
    if rows.size == 0:  # no customer's week can be made smaller
        rows = caps.rows("day")
    for level in range(LEVELS):
        found = solve(problem, held, parts, rows)
        if found is None:  # what is held leaves no room within the tolerance of the solver
            break
        if level == 0 and rows.size == caps.rows(goal).size:
            floor = max(floor, bounds.floor_of_peak(problem, caps, parts, found.price, found.goal_price))
        day_load, peak = found.day_load, int(np.ceil(found.level)) + 1
        targets[rows] = np.minimum(caps.cap[rows], np.maximum(floor if level == 0 else peak, caps.wall[rows]))
        tight = rows[found.goal_price[rows] > _NOTHING]
        cap = held.cap.copy()
        cap[tight] = np.minimum(cap[tight], np.maximum(peak, caps.wall[tight]))
        held, rows = replace(held, cap=cap), np.setdiff1d(rows, tight)
        if rows.size == 0 or tight.size == 0:
            break
    return _Aim(floor, targets, day_load)


def _placed(problem: Problem, caps: Caps, aim: _Aim, goal: Scope) -> Ints:
    """The best of the days found along the relaxation and, where it is small, by the whole programme."""
    day = repaired(problem, caps, along(problem, aim.day_load), aim.targets, goal)
    if _score(problem, caps, day, goal) > (0, aim.floor):
        better = exactly(problem, caps, goal)
        if better is not None and _score(problem, caps, better, goal) < _score(problem, caps, day, goal):
            return better
    return day


def _score(problem: Problem, caps: Caps, day: Ints, goal: Scope) -> tuple[int, int]:
    """Overload of the caps, then the peak of the goal."""
    load = loads(problem, caps, day)
    return int(np.maximum(load - caps.cap, 0).sum()), _peak(problem, caps, load, day, goal)[0]


def _peak(problem: Problem, caps: Caps, load: Ints, day: Ints, scope: Scope) -> tuple[int, int, int]:
    """(largest load of a scope, its day or week, its customer or -1); the earliest of equals."""
    if scope != "customer_week":
        rows = caps.rows(scope)
        place = int(np.argmax(load[rows])) if rows.size else 0
        return (int(load[rows][place]) if rows.size else 0), place, -1
    weeks = max(int(problem.weeks.size), 1)
    own, wall = problem.customer * weeks + problem.week_of[day], problem.customer_wall
    keys, at = np.unique(np.concatenate([own, wall[:, 0] * weeks + wall[:, 1]]), return_inverse=True)
    if keys.size == 0:
        return 0, 0, -1
    sums = np.zeros(keys.size, np.int64)
    np.add.at(sums, at, np.concatenate([problem.load, wall[:, 2]]))
    place = int(np.argmax(sums))
    return int(sums[place]), int(keys[place]) % weeks, int(keys[place]) // weeks


def _result(
    deferrals: pl.DataFrame,
    status: pl.Series,
    problem: Problem,
    caps: Caps,
    day: Ints,
    found: tuple[Clash, ...],
    floors: dict[Scope, int],
    limit: dict[Scope, int],
) -> Spread:
    due = np.full(deferrals.height, -1, np.int64)
    due[problem.row] = problem.days[day]
    due_on = pl.Series("due_on", due).cast(pl.Int32)
    rows = deferrals.with_columns(due_on.set(due_on < 0, None).cast(pl.Date), status.alias("status"))
    load = loads(problem, caps, day)
    is_kept = bool((load <= caps.cap).all())
    return Spread(
        rows,
        _levels(problem, caps, load, day, floors, limit),
        _load_frame(problem, load),
        found,
        "kept" if is_kept else "impossible" if found else "not_reached",
        problem.total,
    )


def _levels(
    problem: Problem, caps: Caps, load: Ints, day: Ints, floors: dict[Scope, int], limit: dict[Scope, int]
) -> pl.DataFrame:
    rows = []
    for scope in SCOPES:
        reached, place, customer = _peak(problem, caps, load, day, scope)
        floor = floors.get(scope, reached)
        assert floor <= reached, "a bound lies above what was reached"
        places = problem.days if scope == "day" else problem.weeks
        rows.append(
            {
                "scope": scope,
                "limit_fen": limit.get(scope),
                "bound_fen": floor,
                "reached_fen": reached,
                "gap_fen": reached - floor,
                "bound_share": floor / problem.total if problem.total else 0.0,
                "reached_share": reached / problem.total if problem.total else 0.0,
                "peak_on": int(places[place]) if places.size else None,
                "peak_customer_id": problem.customers[customer] if customer >= 0 else None,
            }
        )
    return pl.DataFrame(rows, schema=_LEVELS).with_columns(pl.col("peak_on").cast(pl.Date))


_LEVELS: Final[dict[str, pl.DataType]] = {
    "scope": SCOPE_TYPE,
    "limit_fen": pl.Int64(),
    "bound_fen": pl.Int64(),
    "reached_fen": pl.Int64(),
    "gap_fen": pl.Int64(),
    "bound_share": pl.Float64(),
    "reached_share": pl.Float64(),
    "peak_on": pl.Int32(),
    "peak_customer_id": pl.String(),
}


def _load_frame(problem: Problem, load: Ints) -> pl.DataFrame:
    days = int(problem.days.size)
    return pl.DataFrame(
        {
            "on": pl.Series(problem.days).cast(pl.Int32).cast(pl.Date),
            "wall_fen": problem.wall_day,
            "deferred_fen": load[:days] - problem.wall_day,
        }
    )
