"""Effective rates and carrying amounts: contracts a second on one core, against pyxirr and plain NumPy in the same run.

`python -m bench.measures [contracts]` prints JSON lines. The loans are level, 36 monthly dues with gaps of 28 to 31
days and a fee. pyxirr is called contract by contract on dates and amounts that are ready as arrays, for a sample. NumPy
takes periods as columns: Newton's steps over blocks of contracts with `exp` for each flow, a fixed number of steps, no
bracket and no checks; so its figure is an upper bound and not a peer. Best of three, taking turns. `ratio` is the time
of the other over ours for the same contracts: above 1 ours is the faster.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import numpy as np

from bench.contracts import best
from steadyrest.measures import Flows, amortised_cost, carrying_amounts, effective_rates

CONTRACTS = 1_000_000
DUES = 36
SAMPLE = 20_000
BLOCK = 4_096
NUMPY_STEPS = 4
FIRST = 18_993
ON = date(2022, 12, 31)


def level_loans(contracts: int, seed: int = 1) -> Flows:
    """Level loans of 10 thousand to 10 million yuan at 3 to 8 % with a fee of half a percent."""
    random = np.random.default_rng(seed)
    principal = random.integers(10**6, 10**9, contracts)
    monthly = random.uniform(0.03, 0.08, contracts) / 12
    instalment = np.round(principal * monthly / -np.expm1(-DUES * np.log1p(monthly))).astype(np.int64)
    days = FIRST + np.concatenate(
        [np.zeros((contracts, 1), np.int64), random.integers(28, 32, (contracts, DUES))], 1
    ).cumsum(1)
    amounts = np.empty((contracts, DUES + 1), np.int64)
    amounts[:, 0], amounts[:, 1:] = principal // 200 - principal, instalment[:, None]
    return Flows(np.arange(contracts + 1) * (DUES + 1), days.ravel(), amounts.ravel())


def rates_by_numpy(of: Flows) -> Any:
    """Daily log-rates by Newton's steps from zero, flows as columns, in blocks that fit a cache."""
    found = np.empty(of.size)
    days, amounts = of.days.reshape(of.size, -1), of.amounts.reshape(of.size, -1)
    for start in range(0, of.size, BLOCK):
        part = slice(start, start + BLOCK)
        age = np.ascontiguousarray((days[part] - days[part, :1]).T).astype(float)
        amount = np.ascontiguousarray(amounts[part].T).astype(float)
        rate = np.zeros(age.shape[1])
        for _ in range(NUMPY_STEPS):
            value = slope = 0.0
            for k in range(age.shape[0]):
                worth = amount[k] * np.exp(-rate * age[k])
                value = value + worth
                slope = slope + worth * age[k]
            rate = rate + value / slope
        found[part] = rate
    return found


def amounts_by_numpy(of: Flows, daily: Any) -> Any:
    """Carrying amounts on a day, flows as columns."""
    on, found = (ON - date(1970, 1, 1)).days, np.empty(of.size)
    days, amounts = of.days.reshape(of.size, -1), of.amounts.reshape(of.size, -1)
    for start in range(0, of.size, BLOCK):
        part = slice(start, start + BLOCK)
        age = np.ascontiguousarray((days[part] - on).T).astype(float)
        amount, rate, value = np.ascontiguousarray(amounts[part].T).astype(float), daily[part], np.zeros(age.shape[1])
        for k in range(age.shape[0]):
            value = value + np.where(age[k] > 0, amount[k] * np.exp(-rate * age[k]), 0.0)
        found[part] = value
    return found


def line(case: str, seconds: float, contracts: int, flows: int, **more: object) -> None:
    """One measured claim."""
    figures = {
        "contracts_per_s": round(contracts / seconds),
        "ns_per_flow": round(seconds * 1e9 / flows, 2),
        "seconds": round(seconds, 4),
        "contracts": contracts,
        "threads": 1,
    }
    print(json.dumps({"bench": "measures", "case": case, **figures, **more}), flush=True)


def against_pyxirr(of: Flows, seconds_each: float, annual: Any) -> None:
    """The same contracts one by one by pyxirr."""
    try:
        peer: ModuleType = importlib.import_module("pyxirr")
    except ImportError:
        print(
            json.dumps({"bench": "measures", "case": "effective rate by pyxirr", "absent": "pyxirr is not installed"})
        )
        return
    width, count = DUES + 1, min(SAMPLE, of.size)
    epoch = date(1970, 1, 1)
    days = [
        np.array([epoch + timedelta(int(day)) for day in of.days[i * width : (i + 1) * width]], "datetime64[D]")
        for i in range(count)
    ]
    amounts = [of.amounts[i * width : (i + 1) * width].astype(float) for i in range(count)]
    found = np.empty(count)

    def run() -> None:
        for i in range(count):
            found[i] = peer.xirr(days[i], amounts[i])

    (seconds,) = best(run)
    apart = float(np.abs(found - annual[:count]).max())
    ratio = round(seconds / count / seconds_each, 2)
    line("effective rate by pyxirr", seconds, count, count * width, ratio=ratio, largest_difference=apart)


def main(arguments: list[str]) -> int:
    """All cases at one size."""
    contracts = int(arguments[0]) if arguments else CONTRACTS
    of = level_loans(contracts)
    small = level_loans(100)
    carrying_amounts(small, effective_rates(small).daily, ON)
    count = contracts * (DUES + 1)
    rates = effective_rates(of, threads=1)
    ours, numpy_rates, value, numpy_value = best(
        lambda: effective_rates(of, threads=1),
        lambda: rates_by_numpy(of),
        lambda: carrying_amounts(of, rates.daily, ON, threads=1),
        lambda: amounts_by_numpy(of, rates.daily),
    )
    apart = float(np.abs(np.expm1(365 * rates_by_numpy(of)) - rates.annual).max())
    line(
        "effective rate", ours, contracts, count, steps=float(rates.steps.mean()), not_ok=int((rates.status != 0).sum())
    )
    line(
        "effective rate by numpy",
        numpy_rates,
        contracts,
        count,
        ratio=round(numpy_rates / ours, 2),
        largest_difference=apart,
    )
    against_pyxirr(of, ours / contracts, rates.annual)
    line("carrying amount", value, contracts, count)
    line("carrying amount by numpy", numpy_value, contracts, count, ratio=round(numpy_value / value, 2))
    ends = [date(2022 + month // 12, month % 12 + 1, 28) for month in range(DUES + 2)]
    part = Flows(of.offsets[: contracts // 10 + 1], of.days[: count // 10], of.amounts[: count // 10])
    (walk,) = best(lambda: amortised_cost(part, rates.daily[: part.size], ends, threads=1))
    line("amortised cost by month, in rows", walk, part.size, part.size * (DUES + 1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
