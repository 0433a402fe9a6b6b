"""Command line: `python -m validation.backends [--n ROWS] [--seed S]`.

The three back ends of the rule language against each other. The rows are shared out among the clauses of all packs, in
every version and with every dated value, and random predicates over the same columns; each row is judged by the
interpreter, by Polars and by SQL in DuckDB, and a row counts as passed when all masks are the same. Values stand at and
around the constants that are asked for, with nulls, the ends of the types, and ratios that are no number.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from steadyrest.policy import load_library
from steadyrest.policy.load import packs_folder
from steadyrest.policy.resolve import SCOPE, build, by_id
from steadyrest.rules import Condition, Node, masks_of, parse, polars_masks, sql_masks, text_of
from steadyrest.rules.syntax import Constant, column_refs, leaves, literal_text, operands
from steadyrest.rules.types import ORDERED_KINDS, Value, neighbours
from steadyrest.schema import Column, Kind
from steadyrest.text import Text
from validation.report import Report

CHUNK: Final = 20_000
RANDOM_PREDICATES: Final = 200
SHOWN: Final = 5
PLACE: Final = "row_place"
_INTEGERS: Final = (-(2**63), -1, 0, 1, 2, 100, 365, 10_000, 2**63 - 1)
ENDS: Final[Mapping[Kind, tuple[Value, ...]]] = {
    Kind.TEXT: ("", "a", "it's", "上海", "%_\\", "C34"),
    Kind.COUNT: _INTEGERS,
    Kind.MONEY: _INTEGERS,
    Kind.RATE: _INTEGERS,
    Kind.RATIO: (math.nan, math.inf, -math.inf, -1.5, 0.0, 0.1, 1.0, 5e-324, 1.7e308),
    Kind.DAY: (date(1, 1, 1), date(1900, 2, 28), date(2022, 7, 11), date(2022, 12, 31), date(9999, 12, 31)),
    Kind.FLAG: (True, False),
    Kind.MASK: (0, 1, 2**31, 2**32 - 1),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Conditions that rows are judged by together, how many rows, and the seed they are drawn with."""

    name: str
    conditions: tuple[Condition, ...]
    rows: int
    seed: int


def clauses() -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """The conditions of every clause of the shipped packs, in all versions and on all days on which a value changes."""
    library = load_library((packs_folder() / "demo_overlay",))
    index = by_id(library)
    for source in library.clauses:
        values = [value for parameter in source.parameters for value in parameter.values]
        days = {(source.effective_from, source.known_from), *((item.from_on, item.known_from) for item in values)}
        seen = set()
        for on, known_on in sorted(days):
            clause = build(source, index, on, known_on)
            texts = tuple(text_of(item.node) for item in clause.conditions)
            if texts and texts not in seen:
                seen.add(texts)
                yield f"{clause.id}@{on}", clause.conditions


def predicates(seed: int) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Random predicates over the columns of the facts, written as text and read by the parser."""
    draw = random.Random(seed)
    for number in range(RANDOM_PREDICATES):
        node = parse(_predicate(draw, 3), SCOPE)
        yield f"random {number}", (Condition(number % 32, "c", node, Text("条件", "condition"), bool(number % 2)),)


def _predicate(draw: random.Random, depth: int) -> str:
    shape = draw.choice(("test", "test", "and", "or", "not")) if depth else "test"
    if shape == "not":
        return f"not ({_predicate(draw, depth - 1)})"
    if shape in ("and", "or"):
        return f" {shape} ".join(f"({_predicate(draw, depth - 1)})" for _ in range(draw.choice((2, 3))))
    return _test(draw, draw.choice(list(SCOPE.values())))


def _test(draw: random.Random, column: Column) -> str:
    known = [literal_text(value) for value in _ends(column) if value == value and _is_written(value)]
    other = [item.name for item in SCOPE.values() if (item.kind, item.unit, item.codes) == (
        column.kind, column.unit, column.codes)]  # fmt: skip
    right = draw.choice((*known, draw.choice(other))) if known else draw.choice(other)
    shapes = [
        "exists",
        "equal",
        *(["among"] if known else []),
        *(["order", "between"] * (column.kind in ORDERED_KINDS)),
    ]
    shape = draw.choice(shapes)
    if shape == "exists":
        return f"exists {column.name}"
    if shape == "among":
        return f"{column.name} in ({', '.join(draw.sample(known, draw.randint(1, len(known))))})"
    if shape == "between":
        return f"{column.name} between {right} and {draw.choice(known or other)}"
    sign = draw.choice(("<", "<=", ">", ">=") if shape == "order" else ("==", "!="))
    return f"{column.name} {sign} {right}"


def _is_written(value: Value) -> bool:
    """Whether the language has a literal for a value."""
    return not (isinstance(value, float) and (math.isinf(value) or not 1e-9 < abs(value) < 1e9))


def _ends(column: Column) -> tuple[Value, ...]:
    return tuple(column.codes) if column.codes else ENDS.get(column.kind, ("a", "b"))


def pools(nodes: Sequence[Node]) -> dict[str, tuple[Column, list[Value | None]]]:
    """For every column that is looked at the values worth trying: null, ends, and all around its constants."""
    columns = {ref.name: ref.column for node in nodes for ref in column_refs(node)}
    found: dict[str, list[Value | None]] = {name: [None, *_ends(column)] for name, column in columns.items()}
    constants: dict[Kind, list[Value]] = {}
    for node in nodes:
        for leaf in leaves(node):
            for operand in operands(leaf):
                if isinstance(operand, Constant):
                    near = (operand.value, *neighbours(operand.value, leaf.column.column))
                    constants.setdefault(leaf.column.column.kind, []).extend(near)
    for name, column in columns.items():
        around = [] if column.codes else constants.get(column.kind, [])
        found[name] = list(dict.fromkeys([*found[name], *around]))
    return {name: (columns[name], values) for name, values in found.items()}


def drawn(known: Mapping[str, tuple[Column, list[Value | None]]], rows: int, seed: int) -> pl.DataFrame:
    """Rows of registered types with each value drawn from its pool."""
    draw = np.random.default_rng(seed)
    columns = []
    for name, (column, values) in known.items():
        pool = pl.Series(name, values, dtype=column.polars)
        columns.append(pool.gather(pl.Series(draw.integers(0, len(values), rows))))
    return pl.DataFrame(columns) if columns else pl.DataFrame({"place": np.arange(rows)})


def judge(task: Task) -> tuple[str, int, list[str]]:
    """(name, rows on which the back ends differ, the first of them)."""
    known = pools([item.node for item in task.conditions])
    fail, unknown = polars_masks(task.conditions)
    texts = sql_masks(task.conditions)
    wrong, shown = 0, list[str]()
    with duckdb.connect() as database:
        for start in range(0, task.rows, CHUNK):
            facts = drawn(known, min(CHUNK, task.rows - start), task.seed + start)
            by_polars = facts.select(pl.lit(0).alias("at"), fail.alias("fail"), unknown.alias("unknown"))
            places = facts.with_row_index(PLACE)
            database.register("facts", places.to_arrow())
            said = database.execute(f"SELECT {texts[0]} AS fail, {texts[1]} AS unknown FROM facts ORDER BY {PLACE}")
            by_sql = pl.DataFrame(dict(said.fetchnumpy()))
            rows = facts.iter_rows(named=True)
            masks = [masks_of(task.conditions, row) for row in rows]
            mine = pl.DataFrame({"fail": [item.fail for item in masks], "unknown": [item.unknown for item in masks]})
            differs = _differs(mine, by_polars) | _differs(mine, by_sql)
            wrong += int(differs.sum())
            for at in islice(differs.arg_true().to_list(), SHOWN - len(shown)):
                others = (by_polars.row(at)[1:], by_sql.row(at))
                shown.append(f"{facts.row(at, named=True)}: {masks[at]} against {others}")
    return task.name, wrong, shown


def _differs(one: pl.DataFrame, other: pl.DataFrame) -> pl.Series:
    return (one["fail"] != other["fail"].cast(pl.Int64)) | (one["unknown"] != other["unknown"].cast(pl.Int64))


def tasks(rows: int, seed: int) -> list[Task]:
    """All conditions, each with its share of the rows."""
    known = [*clauses(), *predicates(seed)]
    share, rest = divmod(rows, len(known))
    return [
        Task(name, conditions, share + (at < rest), seed * 1_000_003 + at * 10_007_000)
        for at, (name, conditions) in enumerate(known)
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run; the exit code is 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m validation.backends", description=__doc__)
    parser.add_argument("--n", type=int, default=1_000_000, metavar="ROWS")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--workers", type=int, default=2)
    given: Any = parser.parse_args(argv)
    report = Report()
    work = tasks(given.n, given.seed)
    if given.workers > 1:
        with ProcessPoolExecutor(given.workers) as pool:
            count(report, work, pool.map(judge, work, chunksize=1))
    else:
        count(report, work, map(judge, work))
    return report.finish()


def count(report: Report, work: Sequence[Task], found: Iterator[tuple[str, int, list[str]]]) -> None:
    """One case a row."""
    for task, (name, wrong, shown) in zip(work, found, strict=True):
        report.passed(task.rows - wrong)
        if wrong:
            report.failed(name, "; ".join(shown), count=wrong)


if __name__ == "__main__":
    sys.exit(main())
