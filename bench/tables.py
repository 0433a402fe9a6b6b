"""A decision table of 200 rows and 8 inputs: our kernel, a Polars chain of when and then, and DuckDB.

`python -m bench.tables [rows ...]` prints JSON lines. All three decide the same `first` table; before a time is printed
their answers are compared row by row. The chain and the CASE are those that `rules.tables` writes.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Final

import duckdb
import numpy as np
import polars as pl

from steadyrest.rules.tables import Input, Output, Table, decide, polars_rule, sql_rule, table
from steadyrest.schema import TABLES, Kind
from steadyrest.text import Text

RULES: Final = 200
SIZES: Final = (1_000_000, 10_000_000)
NAMES: Final = ("past_due_days", "balance_fen", "maturity_on", "drawn_on", "enterprise_size", "quality",
                "loan_status", "borrower_kind")  # fmt: skip
FACTS: Final = TABLES["loan_facts"].by_name()


def rate_table(seed: int = 1) -> Table:
    """Rows that each test most inputs: intervals of days, amounts and dates, and lists of codes."""
    draw = random.Random(seed)
    inputs = [Input(FACTS[name], FACTS[name].label, "fen" if FACTS[name].kind is Kind.MONEY else "") for name in NAMES]
    rows = [([_cell(draw, item) for item in inputs], [str(draw.randint(1, 9))], "") for _ in range(RULES)]
    return table("first", inputs, [Output("points", Kind.COUNT, Text("分数", "points"))], rows)


def _cell(draw: random.Random, item: Input) -> str:
    if draw.random() < 0.25:
        return "-"
    if item.column.codes:
        return ", ".join(draw.sample(item.column.codes, max(1, len(item.column.codes) // 2)))
    if item.column.kind is Kind.DAY:
        year = draw.randint(2018, 2024)
        return f"[{year}-0{draw.randint(1, 9)}-01..{year + 2}-06-30]"
    low = draw.randint(0, 300) * (10**7 if item.column.kind is Kind.MONEY else 1)
    return f"[{low}..{2 * low + 90}]"


def facts(rows: int, seed: int = 2) -> pl.DataFrame:
    """Random rows in the registered types; one value in a hundred is missing."""
    draw = np.random.default_rng(seed)
    columns = []
    for name in NAMES:
        column = FACTS[name]
        if column.codes:
            words = pl.Series(column.codes, dtype=column.polars)
            values = words.gather(draw.integers(0, len(column.codes), rows))
        elif column.kind is Kind.DAY:
            values = pl.Series(draw.integers(17_500, 20_500, rows), dtype=pl.Int32).cast(pl.Date)
        else:
            values = pl.Series(draw.integers(0, 400 * (10**7 if column.kind is Kind.MONEY else 1), rows))
        columns.append(values.alias(name).set(pl.Series(draw.random(rows) < 0.01), None))
    return pl.DataFrame(columns)


def timed(action: Callable[[], object]) -> float:
    """The better of two runs, in seconds."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def main(sizes: list[int]) -> None:
    """Measure every size."""
    known = rate_table()
    chain, case = polars_rule(known).alias("row"), sql_rule(known)
    for rows in sizes or SIZES:
        data = facts(rows)
        with duckdb.connect() as database:
            database.register("raw", data.to_arrow())
            database.execute("CREATE TABLE facts AS SELECT row_number() OVER () AS place, * FROM raw")
            compare(known, data, chain, case, database)
            seconds = measured(known, data, chain, case, database)
        for name, spent in seconds.items():
            line = {"bench": "tables", "rules": RULES, "inputs": len(NAMES), "rows": rows, "what": name,
                    "seconds": round(spent, 3), "rows_per_s": round(rows / spent)}  # fmt: skip
            ratios = {f"times_{other}": round(seconds[other] / spent, 2) for other in seconds if other != name}
            print(json.dumps(line | ratios), flush=True)


def measured(
    known: Table, data: pl.DataFrame, chain: pl.Expr, case: str, database: duckdb.DuckDBPyConnection
) -> dict[str, float]:
    """Seconds of each."""
    replay = f"CREATE OR REPLACE TABLE found AS SELECT {case} AS r FROM facts"
    return {
        "kernel": timed(lambda: decide(known, data)),
        "polars": timed(lambda: data.select(chain)),
        "duckdb": timed(lambda: database.execute(replay)),
    }


def compare(known: Table, data: pl.DataFrame, chain: pl.Expr, case: str, database: duckdb.DuckDBPyConnection) -> None:
    """All three give the same rows."""
    found = decide(known, data)
    mine = found.select(pl.when(pl.col("state") == "needs_data").then(-2).otherwise(pl.col("row").fill_null(0)))
    theirs = database.execute(f"SELECT {case} AS r FROM facts ORDER BY place").fetchnumpy()["r"]
    assert (mine.to_series() == data.select(chain)["row"]).all()
    assert (mine.to_series().to_numpy() == theirs).all()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
