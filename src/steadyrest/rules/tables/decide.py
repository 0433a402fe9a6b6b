"""Deciding: the results of a table for a frame of data, and for one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.rules.tables.kernels import count_hits, first_hits, list_hits, only_hits
from steadyrest.rules.tables.model import LISTS, SINGLE, STATES, Input, Output, Result, Table
from steadyrest.rules.tables.places import bitmap, placed
from steadyrest.rules.types import Value
from steadyrest.schema.registry import Kind

STATE = pl.Enum(STATES)
_KINDS: Final = {Kind.CODE: pl.String(), Kind.TEXT: pl.String(), Kind.DAY: pl.Date(), Kind.FLAG: pl.Boolean()}


def decide(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """State, rows and results for each row of data.

    `frame` has the input columns in their registered types. Columns out: `state` (of `STATES`), `row` (the row of the
    table that decided, from 1; a list of rows where the policy gives several) and one for each output (lists where the
    policy gives several). Whatever is not `hit` has null results.
    """
    known = bitmap(table)
    places = placed(table, frame)
    if table.hit_policy in SINGLE:
        return _single(table, places, known.holds, known.may)
    return _several(table, places, known.holds, known.may)


def _single(table: Table, places: Any, holds: Any, may: Any) -> pl.DataFrame:
    found = np.empty(places.shape[1], np.int64)
    if table.hit_policy in ("unique", "any"):
        only_hits(places, holds, may, _groups(table), found)
    else:
        first_hits(places, holds, may, found)
    order = np.array(table.order, np.int64)
    rows = np.where(found >= 0, order[np.maximum(found, 0)], -1)
    at = pl.Series("row", rows).replace(-1, None)
    columns = [_results(table, index, output).gather(at) for index, output in enumerate(table.outputs)]
    return pl.DataFrame([_states(found), (at + 1).alias("row"), *columns])


def _groups(table: Table) -> Any:
    """The group of each row: under `any` rows with the same results are one group, under `unique` each is its own."""
    if table.hit_policy == "unique":
        return np.arange(len(table.rows), dtype=np.int64)
    numbers: dict[tuple[Result, ...], int] = {}
    return np.array([numbers.setdefault(table.rows[row].results, len(numbers)) for row in table.order], np.int64)


def _states(found: Any) -> pl.Series:
    codes = np.select([found >= 0, found == -1, found == -3], [0, 1, 2], 3).astype(np.uint8)
    return pl.Series("state", STATES, dtype=STATE).gather(pl.Series(codes))


def _results(table: Table, index: int, output: Output) -> pl.Series:
    kind = _KINDS.get(output.kind, pl.Int64())
    return pl.Series(output.name, [row.results[index] for row in table.rows], dtype=kind)


def _several(table: Table, places: Any, holds: Any, may: Any) -> pl.DataFrame:
    counts = np.empty(places.shape[1], np.int64)
    count_hits(places, holds, may, counts)
    state = _states(np.where(counts > 0, 0, np.where(counts == 0, -1, -2)))
    hits = np.empty(int(counts.clip(0).sum()), np.int64)
    list_hits(places, holds, counts, hits)
    rows = pl.Series("row", np.array(table.order, np.int64)[hits])
    owner = pl.Series("owner", np.repeat(np.arange(counts.size), counts.clip(0)))
    flat = pl.DataFrame(
        [owner, rows + 1, *(_results(table, at, out).gather(rows) for at, out in enumerate(table.outputs))]
    )
    return _grouped(table, flat, state)


def _grouped(table: Table, flat: pl.DataFrame, state: pl.Series) -> pl.DataFrame:
    names = [output.name for output in table.outputs]
    if table.hit_policy in LISTS:
        gathered = flat.group_by("owner", maintain_order=True).agg(pl.col("row", *names))
    else:
        how = {
            "collect_sum": pl.col(names).sum(),
            "collect_min": pl.col(names).min(),
            "collect_max": pl.col(names).max(),
            "collect_count": pl.col(names).len().cast(pl.Int64),
        }[table.hit_policy]
        gathered = flat.group_by("owner", maintain_order=True).agg(pl.col("row"), how)
    owners = pl.DataFrame({"owner": pl.Series(np.arange(len(state)), dtype=flat.schema["owner"])})
    whole = owners.join(gathered, on="owner", how="left", maintain_order="left").drop("owner")
    return whole.select(state, "row", *names)


def decide_row(table: Table, row: Mapping[str, Value | None]) -> tuple[str, tuple[int, ...], dict[str, Any]]:
    """(state, rows of the table from 1, results by output) for one row of data, cell by cell: the yardstick."""
    truths = {at: _truth(table, at, row) for at in range(len(table.rows))}
    open_or_true = [at for at in table.order if truths[at] is not False]
    true = [at for at in open_or_true if truths[at]]
    if table.hit_policy in ("first", "priority"):
        return _told(table, open_or_true[:1], truths[open_or_true[0]] is None if open_or_true else False)
    if table.hit_policy in ("unique", "any"):
        group = (lambda at: table.rows[at].results) if table.hit_policy == "any" else (lambda at: at)
        if len({group(at) for at in true}) > 1:
            return "conflict", (), {}
        is_open = len(open_or_true) > len(true) and (not true or len({group(at) for at in open_or_true}) > 1)
        return _told(table, true[:1], is_open)
    return _told(table, true, len(open_or_true) > len(true), many=True)


def _truth(table: Table, at: int, row: Mapping[str, Value | None]) -> bool | None:
    found = [cell.accepts(_ordinal(row.get(item.column.name), item)) for cell, item in
             zip(table.rows[at].cells, table.inputs, strict=True)]  # fmt: skip
    return False if False in found else None if None in found else True


def _ordinal(value: Value | None, item: Input) -> int | str | None:
    if value is None or isinstance(value, str):
        return value
    return value.toordinal() if isinstance(value, date) else int(value)


def _told(
    table: Table, rows: Sequence[int], is_open: bool, many: bool = False
) -> tuple[str, tuple[int, ...], dict[str, Any]]:
    if is_open:
        return "needs_data", (), {}
    if not rows:
        return "none", (), {}
    numbers = tuple(at + 1 for at in rows)
    results = {output.name: [table.rows[at].results[k] for at in rows] for k, output in enumerate(table.outputs)}
    if not many:
        return "hit", numbers, {name: values[0] for name, values in results.items()}
    if table.hit_policy == "collect_count":
        return "hit", numbers, {name: len(values) for name, values in results.items()}
    if table.hit_policy.startswith("collect_"):
        return "hit", numbers, {name: _aggregated(table.hit_policy, values) for name, values in results.items()}
    return "hit", numbers, results


def _aggregated(hit_policy: str, values: Sequence[Result]) -> int | None:
    numbers = [value for value in values if isinstance(value, int)]
    if hit_policy == "collect_sum":
        return sum(numbers)
    if not numbers:
        return None
    return min(numbers) if hit_policy == "collect_min" else max(numbers)
