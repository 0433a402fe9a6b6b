"""The engine near the machine's limit: 36 monthly dues, one core, beside a fill, numpy and other libraries.

`python -m bench.engine [contracts]` prints JSON lines. `fill` is the faster of two kernels that write three integer
columns of the same size on the same threads. `numpy` yields the same fen columns period by period in plain numpy, on
whole columns as it is usually written, and on blocks of several sizes; it knows no calendar, day count, rounding rule
or tie. Ratios are the claims: time over that of the fill, and of numpy over ours. Best of five in one process, after a
first call; the time of a first call, with and without compiled code on disk, is measured in processes of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np

from bench import peers
from bench.contracts import best, deferrals, uniform
from steadyrest.accelerate import kernel
from steadyrest.contracts import end_of_day as days
from steadyrest.contracts import resolve, standard, totals
from steadyrest.contracts.kernels import period_major

CONTRACTS: Final = 1_000_000
PERIODS: Final = 36
BLOCKS: Final = (10**9, 4_096, 16_384, 65_536)
BYTES_A_DUE: Final = 24
AS_OF: Final = date(2022, 7, 31)


@kernel
def fill(first: int, stop: int, out: Any) -> None:
    """Write three columns."""
    one, two, three = out
    for j in range(first, stop):
        one[j], two[j], three[j] = j, j + 1, j + 2


@kernel
def fill_by_column(first: int, stop: int, out: Any) -> None:
    """Write three columns one after the other."""
    for column in out:
        for j in range(first, stop):
            column[j] = j


def say(case: str, seconds: float, contracts: int, dues: int = 0, **more: object) -> None:
    """One measured line."""
    figures: dict[str, object] = {"seconds": round(seconds, 4), "contracts_per_s": round(contracts / seconds)}
    if dues:
        figures["ns_per_due"] = round(seconds * 1e9 / dues, 2)
    print(json.dumps({"bench": "engine", "case": case, **figures, **more}), flush=True)


def by_numpy(principal: Any, factor: Any, out: Any, block: int) -> None:
    """Principal, interest and balance of level loans in fen, period-major."""
    repaid_out, interest_out, left_out = (column.reshape(PERIODS, -1) for column in out)
    for start in range(0, principal.size, block):
        here = slice(start, min(start + block, principal.size))
        balance, rate = principal[here].copy(), factor[here]
        level = np.floor(balance * rate / -np.expm1(-PERIODS * np.log1p(rate)) + 0.5)
        for k in range(PERIODS):
            interest = np.floor(balance * rate + 0.5)
            repaid = balance if k == PERIODS - 1 else level - interest
            balance = balance - repaid
            repaid_out[k, here], interest_out[k, here], left_out[k, here] = repaid, interest, balance


def materialised(contracts: int) -> None:
    """Schedules written out, against a fill of the same columns and numpy."""
    frame = uniform(contracts, dues=PERIODS)
    of = standard.classes(resolve(frame))
    rows, start = of.rows, of.start
    principal = frame["original_principal_fen"].to_numpy().astype(float)
    rate = frame["nominal_rate_e7"].to_numpy() / 12e7
    size = of.dues
    out = (np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64))
    whole = tuple(np.empty(PERIODS * contracts, np.int64) for _ in range(3))
    pool = ThreadPoolExecutor(2)

    columns = standard.columns_of(of)
    balance, tie = columns[0].copy(), columns[-1]

    def lay(threads: int) -> None:
        columns[0][:] = balance
        tie[:] = 0
        standard.over_classes(
            of, threads, lambda a, b: period_major.lay_classes(start, of.rhythms, columns, rows, a, b, out)
        )

    def write(way: Callable[..., None], threads: int) -> None:
        cuts = np.linspace(0, size, threads + 1).astype(int).tolist()
        list(pool.map(lambda pair: way(*pair, out), pairwise(cuts)))

    ways = [partial(write, way, threads) for threads in (1, 2) for way in (fill, fill_by_column)]
    one, one_more, two, two_more = best(*ways, times=5)
    fills = (min(one, one_more), min(two, two_more))
    times = best(lambda: lay(1), lambda: lay(2), times=5)
    whole_time = best(lambda: standard.standard_dues(of))[0]
    plain, *blocks = best(*(lambda block=block: by_numpy(principal, rate, whole, block) for block in BLOCKS))
    for threads, filled, seconds in zip((1, 2), fills, times, strict=True):
        say(f"fill, {threads} threads", filled, contracts, size, gb_per_s=round(BYTES_A_DUE * size / filled / 1e9, 1))
        say(
            f"materialised, {threads} threads", seconds, of.order.size, size,
            gb_per_s=round(BYTES_A_DUE * size / seconds / 1e9, 1), times_fill=round(seconds / filled, 2),
            numpy_over_ours=round(plain / seconds, 2), blocked_numpy_over_ours=round(min(blocks) / seconds, 2),
        )  # fmt: skip
    say("materialised with near ties settled, new columns", whole_time, of.order.size, size)
    say("numpy, same fen columns, whole columns", plain, contracts, size)
    say("numpy, same fen columns, best block size", min(blocks), contracts, size)
    print(json.dumps({"bench": "engine", "case": "one thread over two", "ratio": round(times[0] / times[1], 2)}))


def sums(contracts: int) -> None:
    """Sums by loan and by month without the dues; and a day closed."""
    of = standard.classes(resolve(uniform(contracts, dues=PERIODS)))
    columns = standard.columns_of(of)
    balance, paid, months = columns[0].copy(), np.zeros(of.order.size), np.zeros((1_200, 2), np.int64)
    base = 2015 * 12

    def add_up() -> None:
        columns[0][:] = balance
        period_major.sum_classes(of.start, of.rhythms, columns, 0, of.start.size - 1, paid, base, months)

    say("sums by loan and month, kernel alone", best(add_up, times=5)[0], of.order.size, of.dues)
    say(
        "sums by loan and month, near ties settled",
        best(lambda: standard.standard_totals(of))[0],
        of.order.size,
        of.dues,
    )
    random = np.random.default_rng(1)
    late = np.where(random.random(contracts) < 0.1, 19_000 - random.integers(0, 400, contracts), 0)
    book = days.book(
        random.integers(10**6, 10**9, contracts), random.integers(300_000, 800_000, contracts), late_since=late,
        paused_days=random.integers(0, 30, contracts), group=random.integers(0, 256, contracts),
    )  # fmt: skip
    say("end of day", best(lambda: days.close_day(book, AS_OF), times=5)[0], contracts)


def exact(contracts: int) -> None:
    """The exact fold with relief on no, 30 % and all loans, one thread."""
    frame = uniform(contracts, dues=PERIODS)
    events = deferrals(frame)
    for share in (0, 30, 100):
        resolved = resolve(frame, events.head(contracts * share // 100)) if share else resolve(frame)
        seconds = best(partial(totals, resolved, threads=1))[0]
        say(f"exact fold, relief on {share} %", seconds, contracts, PERIODS * contracts)


def first_call() -> None:
    """Seconds of a first projection in a new process: nothing compiled, and with the code on disk."""
    script = (
        "import time; from bench.contracts import uniform; start = time.perf_counter();"
        "from steadyrest.contracts import resolve, totals; totals(resolve(uniform(10)));"
        "print(time.perf_counter() - start)"
    )
    with tempfile.TemporaryDirectory() as folder:
        for case in ("nothing compiled", "compiled code on disk"):
            done = subprocess.run(
                [sys.executable, "-c", script], check=True, capture_output=True, text=True,
                env=os.environ | {"NUMBA_CACHE_DIR": folder},
            )  # fmt: skip
            print(
                json.dumps({"bench": "engine", "case": f"first call, {case}", "seconds": round(float(done.stdout), 2)})
            )


def main(arguments: list[str]) -> int:
    """All cases at one size."""
    contracts = int(arguments[0]) if arguments else CONTRACTS
    warm: list[Callable[[int], None]] = [exact, sums, materialised]
    for case in warm:
        _quietly(case)
    for case in (materialised, sums, exact):
        case(contracts)
    first_call()
    for name, found in peers.measure().items():
        print(json.dumps({"bench": "engine", "case": f"peer {name}", **found}), flush=True)
    return 0


def _quietly(case: Callable[[int], None]) -> None:
    """A small run, so that everything is compiled; its lines are not printed."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        case(10_000)


if __name__ == "__main__":
    begun = time.perf_counter()
    code = main(sys.argv[1:])
    print(json.dumps({"bench": "engine", "case": "whole script", "seconds": round(time.perf_counter() - begun, 1)}))
    sys.exit(code)
