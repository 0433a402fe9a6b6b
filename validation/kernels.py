"""Command line: `python -m validation.kernels [--n 2000000] [--twin 2000] [--seed 1]`.

Random loans of every plan and convention go through all the kernels there are: every due and every total of the
period-major kernel must be that of the exact fold, the totals those of the dues, and a sample that of the Decimal twin,
to the fen. Counts loans.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from steadyrest import reference
from steadyrest.contracts import CashFlows, Resolved, project, resolve, totals
from steadyrest.contracts.standard import Classes, StandardDues, classes, standard_dues, standard_totals
from tests.reference.schedule_twin import Impossible, Quote, schedule
from validation.report import Report

CHUNK = 200_000
CODES = {
    "amortisation": ["level", "even_principal", "bullet"],
    "day_count": ["A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"],
    "rounding": ["half_up", "half_up", "half_even", "up", "down"],
    "instalment_rounding": ["half_up", "half_even", "up", "down"],
    "level_rate_basis": ["twelfths", "twelfths", "actual"],
    "settlement_rounding": ["per_settlement", "per_segment"],
}


def loans(size: int, seed: int) -> pl.DataFrame:
    """Random terms, fixed and floating, with prefixes, settlement days and broken last periods."""
    random = np.random.default_rng(seed)
    drawn = np.datetime64("2020-01-01") + random.integers(0, 1_400, size)
    cycle = random.choice([1, 1, 1, 3], size)
    months = cycle * random.integers(1, 40, size)
    whole = (drawn.astype("M8[M]") + months).astype("M8[D]") + np.minimum(drawn - drawn.astype("M8[M]"), 27)
    maturity = np.where(random.random(size) < 0.8, whole, drawn + random.integers(1, 1_500, size))
    day = random.choice([0, 0, 20, 31], size)
    floats = random.random(size) < 0.15
    frame = pl.DataFrame(
        {
            "loan_id": np.arange(size).astype(str),
            "original_principal_fen": random.integers(1, 10 ** random.integers(4, 13, size)),
            "drawn_on": drawn,
            "maturity_on": maturity,
            "interest_cycle_months": cycle,
            "interest_day": day,
            "interest_only_periods": random.choice([0, 0, 0, 2], size),
            "holiday_periods": random.choice([0, 0, 0, 0, 1], size),
            "rate_type": np.where(floats, "RF02", "RF01"),
            "benchmark": random.choice(["LPR1Y", "LPR5Y"], size),
            "spread_bp": random.integers(-20, 200, size),
            "reset_cycle_months": random.choice([1, 3, 12], size),
            "nominal_rate_e7": random.integers(0, 150, size) * 10_000,
            **{name: random.choice(values, size) for name, values in CODES.items()},
        }
    )
    return frame.with_columns(
        pl.col("drawn_on", "maturity_on").cast(pl.Date), pl.when(pl.col("interest_day") > 0).then("interest_day")
    )


def check(report: Report, frame: pl.DataFrame) -> None:
    """Dues by the exact fold against totals, period-major dues and period-major totals."""
    resolved = resolve(frame)
    flows = project(resolved)
    wrong = set(by_totals(resolved, flows))
    of = classes(resolved)
    wrong |= set(by_rows(of, standard_dues(of, threads=2), flows))
    wrong |= set(by_sums(of, flows))
    report.passed(frame.height - len(wrong))
    for position in sorted(wrong)[:20]:
        print(f"  {frame.row(position, named=True)}")
    if wrong:
        report.failed(f"{len(wrong)} loans", "the kernels differ", len(wrong))


def by_totals(resolved: Resolved, flows: CashFlows) -> list[int]:
    """Loans whose totals are not the sums of their dues."""
    summed = totals(resolved).by_loan.with_row_index("loan").select(
        pl.col("loan").cast(pl.Int64), "principal_fen", "interest_fen"
    )  # fmt: skip
    dues = flows.rows.group_by("loan").agg(pl.col("principal_due_fen", "interest_due_fen").sum())
    both = summed.join(dues, on="loan", how="left").fill_null(0)
    differs = (pl.col("principal_fen") != pl.col("principal_due_fen")) | (
        pl.col("interest_fen") != pl.col("interest_due_fen")
    )
    return both.filter(differs)["loan"].to_list()


def by_rows(of: Classes, found: StandardDues, flows: CashFlows) -> list[int]:
    """Standard loans one of whose dues differs: all rows of both are put in the order of the loans."""
    at, begins = of.row_begins
    sizes = of.periods
    place = np.repeat(np.arange(of.order.size), sizes)
    number = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    number_class = of.class_of(place)
    rows = begins[at[number_class] + number] + place - of.start[number_class]
    ours = pl.DataFrame(
        {
            "loan": of.order[place],
            "principal_due_fen": found.principal_fen[rows],
            "interest_due_fen": found.interest_fen[rows],
            "balance_after_fen": found.balance_fen[rows],
        }
    ).filter((pl.col("principal_due_fen") + pl.col("interest_due_fen")) > 0)
    names = ours.columns[1:]
    mine = ours.sort("loan", maintain_order=True).with_columns(pl.int_range(pl.len()).over("loan").alias("n"))
    theirs = (
        flows.rows.filter(pl.col("loan").is_in(pl.Series(of.order).implode()))
        .select("loan", *names)
        .with_columns(pl.int_range(pl.len()).over("loan").alias("n"))
    )
    both = mine.join(theirs, on=["loan", "n"], how="full", suffix="_exact", coalesce=True)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_exact")) for name in names)
    return both.filter(differs)["loan"].unique().to_list()


def by_sums(of: Classes, flows: CashFlows) -> list[int]:
    """Standard loans whose interest differs; all of them where a month does."""
    found = standard_totals(of, threads=2)
    mine = flows.rows.filter(pl.col("loan").is_in(pl.Series(of.order).implode()))
    dues = mine.group_by("loan").agg(pl.col("interest_due_fen").sum())
    both = pl.DataFrame({"loan": of.order, "interest": found.interest_fen}).join(dues, on="loan", how="left")
    wrong = both.filter(pl.col("interest") != pl.col("interest_due_fen").fill_null(0))["loan"].to_list()
    month = (pl.col("due_on").dt.year().cast(pl.Int64) * 12 + pl.col("due_on").dt.month() - 1).alias("month_position")
    months = mine.group_by(month).agg(pl.col("principal_due_fen", "interest_due_fen").sum()).sort("month_position")
    return wrong if found.months.rows() == months.rows() else of.order.tolist()


def against_twin(report: Report, frame: pl.DataFrame) -> None:
    """A sample against the slow twin in fractions and dates."""
    flows = project(resolve(frame))
    status = flows.loans["status"]
    by_loan = flows.rows.partition_by("loan", as_dict=True)
    quotes = [
        (row["quote_on"], row["lpr_1y_rate_e7"], row["lpr_5y_rate_e7"])
        for row in reference.table("lpr").sort("quote_on").iter_rows(named=True)
    ]
    names = ("due_on", "principal_due_fen", "interest_due_fen")
    for position, terms in enumerate(frame.iter_rows(named=True)):
        mine = by_loan.get((position,))
        rows = [] if mine is None else mine.select(names).rows()
        told, theirs = by_twin({name: value for name, value in terms.items() if value is not None}, quotes)
        right = status[position] == told and rows == theirs
        report.check(f"loan {position} of the twin", right, "" if right else f"{terms}")


def by_twin(terms: dict[str, Any], quotes: list[Quote]) -> tuple[str, list[tuple[date, int, int]]]:
    """Status and dues of one loan."""
    try:
        dues = schedule(terms, quotes=quotes)
    except Impossible as impossible:
        return str(impossible), []
    return "ok", [
        (due.due_on, due.principal_due_fen, due.interest_due_fen)
        for due in dues
        if due.principal_due_fen + due.interest_due_fen
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare; exit code 1 when a loan differs."""
    parser = argparse.ArgumentParser(prog="validation.kernels", description=__doc__)
    parser.add_argument("--n", type=int, default=2_000_000, help="loans")
    parser.add_argument("--twin", type=int, default=2_000, help="loans that also go through the slow twin")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    report = Report()
    for number, first in enumerate(range(0, options.n, CHUNK)):
        check(report, loans(min(CHUNK, options.n - first), options.seed + number))
    against_twin(report, loans(options.twin, options.seed + 1_000_000))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
