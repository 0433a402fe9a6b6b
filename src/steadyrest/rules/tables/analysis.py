"""What is wrong with a table as a whole: regions no row covers, rows that meet, and rows that are never reached.

Exact: the columns are cut into segments that no cell tells apart, and regions are followed column by column with the
set of rows still alive; equal sets are followed once. A table with too many regions is told so, not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from steadyrest.rules.tables.cells import HIGHEST, LOWEST, is_ordered, value_text
from steadyrest.rules.tables.model import SINGLE, Input, Table
from steadyrest.rules.tables.places import OTHER, Segments, bitmap
from steadyrest.schema.registry import Kind

STEP_LIMIT: Final = 200_000
SHOWN: Final = 50
Region = tuple[tuple[int, ...] | None, ...]
"""For each column the places it may stand at; null for all of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`rows` count from 1. `region` says by column what is meant, in the words of its cells; blank for everything."""

    kind: Literal["gap", "overlap", "conflict", "unreachable", "too_large"]
    rows: tuple[int, ...]
    region: str


class _TooLarge(Exception):
    pass


def analyse(table: Table) -> tuple[Finding, ...]:
    """Gaps first, then rows that meet (under `unique` an error, under `any` only with other results), then rows that
    are never reached. At most `SHOWN` of a kind.
    """
    return (*_gaps(table), *_meetings(table), *_unreachable(table))


def _alive(table: Table) -> tuple[tuple[Segments, ...], list[list[int]], int]:
    """Segments; for each column and place (without that of a missing value) the rows that hold; all rows."""
    known = bitmap(table)
    words = known.holds.shape[1]
    columns = []
    for part, first in zip(known.segments, known.first, strict=True):
        rows = known.holds[first : first + part.count - 1]
        columns.append([sum(int(row[w]) << (64 * w) for w in range(words)) for row in rows])
    return known.segments, columns, (1 << len(table.rows)) - 1


def _uncovered(columns: Sequence[list[int]], alive: int, within: Sequence[frozenset[int] | None]) -> Iterator[Region]:
    """The regions in which no row of `alive` holds; `within` narrows the columns."""
    steps = 0
    dead: dict[tuple[int, int], list[Region]] = {}

    def follow(at: int, rows: int) -> list[Region]:
        nonlocal steps
        if not rows:
            return [tuple(None if part is None else tuple(sorted(part)) for part in within[at:])]
        if at == len(columns):
            return []
        if (at, rows) not in dead:
            groups: dict[int, list[int]] = {}
            for place, holds in enumerate(columns[at]):
                if within[at] is None or place in (within[at] or ()):
                    groups.setdefault(rows & holds, []).append(place)
            steps += len(groups)
            if steps > STEP_LIMIT:
                raise _TooLarge
            alike: dict[tuple[Region, ...], list[int]] = {}
            for left, places in groups.items():
                alike.setdefault(tuple(follow(at + 1, left)), []).extend(places)
            dead[at, rows] = [
                (None if len(places) == len(columns[at]) else tuple(sorted(places)), *rest)
                for rests, places in alike.items()
                for rest in rests
            ]
            if len(dead[at, rows]) > STEP_LIMIT:
                raise _TooLarge
        return dead[at, rows]

    yield from follow(0, alive)


def _gaps(table: Table) -> Iterator[Finding]:
    segments, columns, rows = _alive(table)
    try:
        found = list(_uncovered(columns, rows, [None] * len(columns)))
    except _TooLarge:
        yield Finding("too_large", (), "")
        return
    for region in found[:SHOWN]:
        yield Finding("gap", (), words(table, segments, region))


def _meetings(table: Table) -> Iterator[Finding]:
    """Pairs of rows that both hold somewhere, where the policy has no answer for that."""
    if table.hit_policy not in ("unique", "any"):
        return
    segments, columns, _ = _alive(table)
    boxes = [_box(columns, bit) for bit in range(len(table.rows))]
    shown = 0
    for one in range(len(boxes)):
        for two in range(one + 1, len(boxes)):
            shared = [a & b for a, b in zip(boxes[one], boxes[two], strict=True)]
            same = table.rows[one].results == table.rows[two].results
            if all(shared) and not (table.hit_policy == "any" and same):
                region = tuple(None if len(places) == len(column) else tuple(sorted(places))
                               for places, column in zip(shared, columns, strict=True))  # fmt: skip
                yield Finding("overlap" if same else "conflict", (one + 1, two + 1), words(table, segments, region))
                shown += 1
                if shown == SHOWN:
                    return


def _box(columns: Sequence[list[int]], bit: int) -> list[frozenset[int]]:
    return [frozenset(place for place, rows in enumerate(column) if rows >> bit & 1) for column in columns]


def _unreachable(table: Table) -> Iterator[Finding]:
    """Rows whose whole region is taken by rows asked before them, or that hold nowhere."""
    segments, columns, _ = _alive(table)
    for bit, row in enumerate(table.order):
        box = _box(columns, bit)
        before = (1 << bit) - 1 if table.hit_policy in SINGLE - {"unique", "any"} else 0
        if any(cell.takes_missing and not cell.is_any for cell in table.rows[row].cells):
            continue  # it waits for a missing value
        try:
            open_regions = next(_uncovered(columns, before, box), None) if all(box) else None
        except _TooLarge:
            yield Finding("too_large", (row + 1,), "")
            continue
        if open_regions is None:
            taken = [
                table.order[other] + 1 for other in range(bit) if before >> other & 1 and _meet(columns, bit, other)
            ]
            region = words(table, segments, tuple(tuple(sorted(places)) for places in box)) if all(box) else ""
            yield Finding("unreachable", (row + 1, *taken[:8]), region)


def _meet(columns: Sequence[list[int]], one: int, two: int) -> bool:
    return all(any(rows >> one & rows >> two & 1 for rows in column) for column in columns)


def words(table: Table, segments: Sequence[Segments], region: Region) -> str:
    """A region by column, as its cells would be written; columns that may be anything are left out."""
    told = [
        f"{item.column.name}: {_places(item, part, places)}"
        for item, part, places in zip(table.inputs, segments, region, strict=True)
        if places is not None and len(places) < part.count - 1
    ]
    return "; ".join(told) or "-"


def _places(item: Input, part: Segments, places: Sequence[int]) -> str:
    if not is_ordered(item.column):
        named = [part.words[place] for place in places]
        others = ", ".join(word for word in part.words if word != OTHER and word not in named)
        return f"not({others})" if OTHER in named else ", ".join(named)
    if item.column.kind is Kind.FLAG:
        return ", ".join(value_text(part.starts[place], item.column) for place in places)
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        runs = _joined(runs, place)
    return ", ".join(_span(item, part, low, high) for low, high in runs)


def _joined(runs: list[tuple[int, int]], place: int) -> list[tuple[int, int]]:
    if runs and runs[-1][1] == place - 1:
        return [*runs[:-1], (runs[-1][0], place)]
    return [*runs, (place, place)]


def _span(item: Input, part: Segments, low: int, high: int) -> str:
    start = part.starts[low]
    stop = part.starts[high + 1] - 1 if high + 1 < len(part.starts) else HIGHEST
    shown = [value_text(value, item.column, item.unit) if LOWEST < value < HIGHEST else "" for value in (start, stop)]
    if shown[0] == shown[1]:
        return shown[0]
    return f"<= {shown[1]}" if not shown[0] else f">= {shown[0]}" if not shown[1] else f"[{shown[0]}..{shown[1]}]"
