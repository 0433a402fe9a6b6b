"""Contract engine speed: totals and dues of whole books, against the plainest thing numpy can do.

`python -m bench.contracts [loans]` prints JSON lines. The baseline is period-major float64 in numpy, the fastest
of whole columns and several block sizes: every loan level and monthly with the same number of instalments,
a month is a twelfth, interest is floor(x + 0.5), amounts are summed by loan and by month. It knows no calendar, day
count, plan, agreement or fit to a book, so its figure is an upper bound and not a peer. `ratio` is its time over ours
for the same number of loans and dues: above 1 ours is the faster. Best of three, in one process, taking turns.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from steadyrest.contracts import EVENT_SCHEMA, Resolved, project, resolve, totals

LOANS = 1_000_000
DUES = 24
BLOCKS = (10**9, 4_096, 16_384, 65_536)
"""Loans the baseline takes at a time; the first is whole columns, as it is usually written."""
AS_OF = date(2022, 7, 31)


def uniform(loans: int, seed: int = 1, dues: int = DUES) -> pl.DataFrame:
    """Level monthly loans, as the baseline can have them, with days drawn over the month."""
    random = np.random.default_rng(seed)
    drawn = np.datetime64("2021-01-01") + random.integers(0, 28, loans)
    return _frame(loans, random, drawn, np.full(loans, dues), np.full(loans, "level"), np.full(loans, "30E360"))


def mixed(loans: int, seed: int = 2) -> pl.DataFrame:
    """Three plans, three day counts, 12 to 36 monthly dues from any day of three years; 24 on average."""
    random = np.random.default_rng(seed)
    drawn = np.datetime64("2020-01-01") + random.integers(0, 900, loans)
    plans = random.choice(["level", "even_principal", "bullet"], loans)
    return _frame(
        loans, random, drawn, random.integers(12, 37, loans), plans, random.choice(["A360", "A365F", "30E360"], loans)
    )


def _frame(
    loans: int, random: np.random.Generator, drawn: Any, months: Any, plans: Any, day_counts: Any
) -> pl.DataFrame:
    end = (drawn.astype("M8[M]") + months).astype("M8[D]") + np.minimum(drawn - drawn.astype("M8[M]"), 27)
    frame = pl.DataFrame(
        {
            "loan_id": np.arange(loans),
            "original_principal_fen": random.integers(10**6, 10**9, loans),
            "drawn_on": drawn,
            "maturity_on": end,
            "amortisation": plans,
            "interest_cycle_months": np.ones(loans, np.int64),
            "day_count": day_counts,
            "rate_type": np.full(loans, "RF01"),
            "nominal_rate_e7": random.integers(30, 81, loans) * 10_000,
        }
    )
    codes = {"amortisation": ["level", "even_principal", "bullet"], "day_count": ["A360", "A365F", "30E360"]}
    typed = [pl.col(name).cast(pl.Enum(values)) for name, values in codes.items()]
    return frame.with_columns(
        pl.col("loan_id").cast(pl.String), pl.col("rate_type").cast(pl.Enum(["RF01", "RF02"])), *typed
    )


def deferrals(terms: pl.DataFrame) -> pl.DataFrame:
    """Principal and interest due in the second half of 2022 parked at the end of it, for every loan."""
    return terms.select(
        "loan_id",
        sequence=pl.lit(1, pl.Int64),
        effective_on=date(2022, 7, 1),
        shape=pl.lit("park"),
        deferred_part=pl.lit("both"),
        from_on=date(2022, 7, 1),
        to_on=date(2022, 12, 29),
        new_due_on=date(2022, 12, 30),
    ).select(
        pl.col(name) if name in ("loan_id", *_PARKED) else pl.lit(None, kind).alias(name)
        for name, kind in EVENT_SCHEMA.items()
    )


_PARKED = ("sequence", "effective_on", "shape", "deferred_part", "from_on", "to_on", "new_due_on")


def by_numpy(principal: Any, rate: Any, block: int) -> tuple[Any, Any]:
    """(interest by loan, dues by month) of level loans, period by period over blocks of loans."""
    interest, months = np.zeros(principal.size), np.zeros((2, DUES))
    for start in range(0, principal.size, block):
        balance, r = principal[start : start + block].copy(), rate[start : start + block]
        instalment = np.floor(balance * r / -np.expm1(-DUES * np.log1p(r)) + 0.5)
        paid = np.zeros(balance.size)
        for k in range(DUES):
            accrued = np.floor(balance * r + 0.5)
            repaid = balance if k == DUES - 1 else instalment - accrued
            months[0, k] += repaid.sum()
            months[1, k] += accrued.sum()
            paid += accrued
            balance = balance - repaid
        interest[start : start + block] = paid
    return interest, months


def best(*runs: Callable[[], object], times: int = 3) -> list[float]:
    """The best time of each, taking turns."""
    found = [float("inf")] * len(runs)
    for _ in range(times):
        for i, run in enumerate(runs):
            start = time.perf_counter()
            run()
            found[i] = min(found[i], time.perf_counter() - start)
    return found


def line(case: str, ratio: float | None, seconds: float, loans: int, dues: int, threads: int, **more: object) -> None:
    """One measured claim."""
    figures = {
        "loans_per_s": round(loans / seconds),
        "ns_per_due": round(seconds * 1e9 / dues, 2),
        "seconds": round(seconds, 3),
        "loans": loans,
        "dues": dues,
        "threads": threads,
    }
    shown = None if ratio is None else round(ratio, 2)
    print(json.dumps({"bench": "contracts", "case": case, "ratio": shown, **figures, **more}), flush=True)


def against_numpy(loans: int) -> None:
    """The same loans and dues by both, one thread and all of them."""
    terms = uniform(loans)
    resolved = resolve(terms)
    principal = terms["original_principal_fen"].to_numpy().astype(float)
    rate = terms["nominal_rate_e7"].to_numpy() / 12e7
    threads = os.cpu_count() or 1
    *blocks, one, many = best(
        *(lambda block=block: by_numpy(principal, rate, block) for block in BLOCKS),
        lambda: totals(resolved, threads=1),
        lambda: totals(resolved, threads=threads),
    )
    baseline = min(blocks)
    ours = totals(resolved).by_loan["interest_fen"].to_numpy()
    equal = int((ours == by_numpy(principal, rate, BLOCKS[1])[0]).sum())
    note = {
        "numpy_seconds": round(baseline, 3),
        "numpy_whole_column_seconds": round(blocks[0], 3),
        "equal_to_the_fen": equal,
    }
    line("level 24 monthly, totals", baseline / one, one, loans, loans * DUES, 1, **note)
    line("level 24 monthly, totals", baseline / many, many, loans, loans * DUES, threads, **note)


def of_mixed_books(loans: int) -> None:
    """What a run does: resolve, totals as signed, over a book, with agreements, and dues in rows."""
    terms, threads = mixed(loans), os.cpu_count() or 1
    resolved, modified = resolve(terms), resolve(terms, deferrals(terms))
    plain = totals(resolved).by_loan
    dues = int(plain["dues"].sum())
    book = totals(resolved, as_of=AS_OF, window=(date(2022, 8, 1), date(2040, 1, 1))).by_loan["window_principal_fen"]
    some = resolve(terms.head(loans // 10))
    cases: dict[str, tuple[Callable[[], object], int, int]] = {
        "mixed book, resolve": (lambda: resolve(terms), loans, dues),
        "mixed book, totals": (lambda: totals(resolved), loans, dues),
        "mixed book, totals over balances that agree": (lambda: totals(resolved, book=book, as_of=AS_OF), loans, dues),
        "mixed book, totals over balances that do not": (
            lambda: totals(resolved, book=book // 2, as_of=AS_OF),
            loans,
            dues,
        ),
        "mixed book, all deferred, totals": (
            lambda: totals(modified),
            loans,
            int(totals(modified).by_loan["dues"].sum()),
        ),
        "mixed book, dues in rows": (lambda: project(some), some.size, int(plain["dues"].head(some.size).sum())),
    }
    for (name, (_, size, count)), seconds in zip(
        cases.items(), best(*(run for run, _, _ in cases.values())), strict=True
    ):
        line(name, None, seconds, size, count, threads)


def of_ten_parts(loans: int) -> None:
    """A book ten times as large, part by part as a run takes it: resolve and totals."""
    seconds, dues = 0.0, 0
    for part in range(10):
        terms = mixed(loans, seed=part)
        start = time.perf_counter()
        resolved: Resolved = resolve(terms)
        dues += int(totals(resolved).by_loan["dues"].sum())
        seconds += time.perf_counter() - start
    line("mixed book in ten parts, resolve and totals", None, seconds, 10 * loans, dues, os.cpu_count() or 1)


def main(arguments: list[str]) -> int:
    """All cases at one size."""
    loans = int(arguments[0]) if arguments else LOANS
    totals(resolve(uniform(100)))
    project(resolve(mixed(100)))
    against_numpy(loans)
    of_mixed_books(loans)
    of_ten_parts(loans)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
