"""Screening speed: the two masks of a clause made by the rule language, against the same masks hand-written in Polars.

`python -m bench.screening [rows ...]` prints one JSON line a size. Both run on the same frame in one process, taking
turns; the best of each counts. `ratio` is the hand-written time over ours: above 1 the rule language is the faster.
The hand-written masks are the fastest of five ways that were tried: when/then in the narrowest type.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import reduce

import numpy as np
import polars as pl

from steadyrest.rules import Condition, parse, polars_masks
from steadyrest.schema import TABLES, Column, Kind
from steadyrest.text import Text

SIZES = (1_000_000, 10_000_000)
FACTS = TABLES["loan_facts"]
CLAUSE = (
    'borrower_kind in ("enterprise", "individual_business", "owner")',
    'borrower_section == "C"',
    'enterprise_size in ("medium", "small", "micro")',
    'quality in ("FQ01", "FQ02")',
    "next_due_on between 2022-07-04 and 2022-12-31",
    "has_temporary_difficulty and credit_line_fen <= 1_000_000_000",
)


def frame(rows: int, seed: int = 2022) -> pl.DataFrame:
    """A frame in the shape of `loan_facts`: the registered types, each nullable column empty in one row of twenty."""
    random = np.random.default_rng(seed)
    names = {"borrower_kind", "borrower_section", "enterprise_size", "quality", "next_due_on"}
    columns = [FACTS[name] for name in sorted({*names, "has_temporary_difficulty", "credit_line_fen"})]
    return pl.DataFrame([_series(column, rows, random) for column in columns])


def _series(column: Column, rows: int, random: np.random.Generator) -> pl.Series:
    if column.codes:
        codes = pl.Series(column.name, column.codes, dtype=column.polars)
        values = codes.gather(random.integers(0, len(codes), rows))
    elif column.kind is Kind.DAY:
        values = pl.Series(column.name, 18_900 + random.integers(0, 600, rows), dtype=pl.Int32).cast(pl.Date)
    elif column.kind is Kind.FLAG:
        values = pl.Series(column.name, random.random(rows) < 0.5)
    else:
        values = pl.Series(column.name, random.integers(0, 2_000_000_000, rows))
    present = pl.Series(random.random(rows) >= 0.05)
    return values.to_frame().select(pl.when(present).then(pl.col(column.name))).to_series()


def compiled() -> list[pl.Expr]:
    """The masks as the product makes them."""
    scope = FACTS.by_name()
    title = Text(zh="", en="")
    clause = [Condition(bit, f"c{bit}", parse(text, scope), title) for bit, text in enumerate(CLAUSE)]
    fail, unknown = polars_masks(clause)
    return [fail.alias("fail"), unknown.alias("unknown")]


def hand_written() -> list[pl.Expr]:
    """The same masks as somebody who knows Polars would write them."""
    kind, section, size, quality = (
        pl.col(name) for name in ("borrower_kind", "borrower_section", "enterprise_size", "quality")
    )
    tests = [
        kind.is_in(["enterprise", "individual_business", "owner"]),
        section == "C",
        size.is_in(["medium", "small", "micro"]),
        quality.is_in(["FQ01", "FQ02"]),
        pl.col("next_due_on").is_between(date(2022, 7, 4), date(2022, 12, 31)),
        pl.col("has_temporary_difficulty") & (pl.col("credit_line_fen") <= 1_000_000_000),
    ]
    none = pl.lit(0, pl.UInt8)
    bits = [pl.lit(1 << bit, pl.UInt8) for bit in range(len(tests))]
    fails = [pl.when(~test).then(bit).otherwise(none) for test, bit in zip(tests, bits, strict=True)]
    unknowns = [pl.when(test.is_null()).then(bit).otherwise(none) for test, bit in zip(tests, bits, strict=True)]
    fail, unknown = (reduce(pl.Expr.or_, parts).cast(pl.UInt32) for parts in (fails, unknowns))
    return [fail.alias("fail"), unknown.alias("unknown")]


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(rows: int, turns: int) -> dict[str, object]:
    """Best of `turns`, the two taking turns; before that, both must give the same masks."""
    facts, ours, theirs = frame(rows), compiled(), hand_written()
    assert facts.select(ours).equals(facts.select(theirs)), "the two pairs of masks differ"
    timed = [(seconds(lambda: facts.select(ours)), seconds(lambda: facts.select(theirs))) for _ in range(turns)]
    best, baseline = (min(column) for column in zip(*timed, strict=True))
    return {
        "bench": "screening",
        "rows": rows,
        "seconds": round(best, 5),
        "baseline_seconds": round(baseline, 5),
        "rows_per_second": round(rows / best),
        "ratio": round(baseline / best, 2),
    }


def main(sizes: list[int]) -> None:
    """Measure every size and print a line for each."""
    for rows in sizes or SIZES:
        print(json.dumps(measure(rows, turns=15 if rows <= 1_000_000 else 7)), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
