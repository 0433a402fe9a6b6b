"""Maturity bunching of large sets of deferrals: seconds, bound, reached peak and gap, against two plain ways.

`python -m bench.bunching [deferrals ...]` prints JSON lines. Windows of 5 to 90 days lie in 170 days (about 115 bank
days), amounts are lognormal, a wall falls due anyway with a peak every month. The plain ways are `last day` (everything
on the last bank day of its window, what happens when nobody spreads) and `emptiest day` (largest first, each on the day
of its window that carries least; it knows no weeks, customers or bound). Once with no limit but the goal, once with
limits of a week and of a customer's week, the latter a twentieth above the largest deferral. One thread, one run each;
the kernels are compiled before.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from steadyrest import calendar
from steadyrest.measures.bunching import Limit, Limits, Spread, spread

SIZES = (10_000, 100_000)
START = date(2023, 1, 3)
DAYS = 170
WEEK = Limit(share_e7=410_000)
"""A little above what windows and wall allow at best; the plan without limits passes it."""


def drawn(size: int, seed: int = 1) -> pl.DataFrame:
    """Deferrals of a third as many customers."""
    random = np.random.default_rng(seed)
    first = random.integers(0, DAYS - 10, size)
    last = np.minimum(first + random.integers(5, 91, size), DAYS - 1)
    base = np.datetime64(START)
    return pl.DataFrame(
        {
            "loan_id": np.arange(size),
            "customer_id": random.integers(0, size // 3, size),
            "amount_fen": np.exp(random.normal(16.5, 1.2, size)).astype(np.int64) + 1,
            "from_on": base + first,
            "to_on": base + last,
        }
    )


def wall_of(size: int) -> pl.DataFrame:
    """What falls due anyway: about half as much as is deferred, three times as much on every thirtieth day."""
    days = np.arange(DAYS)
    amounts = np.where(days % 30 == 20, 3, 1) * (size * 130_000)
    return pl.DataFrame({"on": np.datetime64(START) + days, "amount_fen": amounts})


def plain_peaks(frame: pl.DataFrame, wall: pl.DataFrame) -> dict[str, int]:
    """Peaks of a day by the two plain ways."""
    bank = np.array([calendar.is_bank_day(START + timedelta(k)) for k in range(DAYS)])
    load: Any = {way: wall["amount_fen"].to_numpy().copy() for way in ("last day", "emptiest day")}
    first = (frame["from_on"] - START).dt.total_days().to_numpy()
    last = (frame["to_on"] - START).dt.total_days().to_numpy()
    amount = frame["amount_fen"].to_numpy()
    for i in np.argsort(-amount, kind="stable"):
        days = first[i] + np.flatnonzero(bank[first[i] : last[i] + 1])
        if days.size:
            load["last day"][days[-1]] += amount[i]
            load["emptiest day"][days[np.argmin(load["emptiest day"][days])]] += amount[i]
    return {way: int(of[bank].max()) for way, of in load.items()}


def line(case: str, size: int, seconds: float, found: Spread, plain: dict[str, int]) -> None:
    """One measured claim."""
    day = found.levels.row(by_predicate=pl.col("scope") == "day", named=True)
    figures = {
        "seconds": round(seconds, 2),
        "deferrals": size,
        "outcome": found.outcome,
        "clashes": len(found.clashes),
        "bound_share": day["bound_share"],
        "reached_share": day["reached_share"],
        "gap_part_of_bound": day["gap_fen"] / day["bound_fen"],
        **{f"{way.replace(' ', '_')}_share": peak / found.total_fen for way, peak in plain.items()},
    }
    print(json.dumps({"bench": "bunching", "case": case, **figures}), flush=True)


def main(arguments: list[str]) -> int:
    """All sizes."""
    spread(drawn(500))
    for size in [int(n) for n in arguments] or SIZES:
        frame, wall = drawn(size), wall_of(size)
        plain = plain_peaks(frame, wall)
        largest = frame["amount_fen"].to_numpy().max().item() * 21 // 20
        tight = Limits(week=WEEK, customer_week=Limit(amount_fen=largest))
        for case, limits in (("no limits", Limits()), ("limits of week and customer's week", tight)):
            start = time.perf_counter()
            found = spread(frame, limits, wall=wall)
            line(case, size, time.perf_counter() - start, found, plain)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
