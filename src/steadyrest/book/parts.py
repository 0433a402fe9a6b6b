"""One part of a book through all stages, kept on disk until the run is whole.

A part is written under a temporary name and renamed when it is complete, so a killed run goes on with the first part
that is missing. Its content hashes and sums are taken while the frames are in memory; those of the whole are sums over
the parts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias, TypedDict

import polars as pl

from steadyrest.book.content import frame_hash
from steadyrest.book.stages import STAGES, inputs
from steadyrest.desks.stage import Context, carry
from steadyrest.schema import TABLES, Kind
from steadyrest.schema.registry import Column

Sums: TypeAlias = dict[str, dict[str, int]]
"""currency ("" where a table has none) -> money column -> exact sum in fen."""


class FrameFacts(TypedDict):
    """What is known of one frame of a stored part."""

    rows: int
    hash: str
    sums: Sums


Load: TypeAlias = Callable[[str, int], pl.DataFrame]
"""(table, part) -> the registered rows of that part."""

KEPT = (
    "loan_facts",
    "eligibility",
    "option",
    "decision",
    "case_event",
    "amendment",
    "cash_flow",
    "finding",
    "quarantine",
)
"""Result tables whose parts are put one after the other."""
ADDED = ("cash_flow_month", "clause_result")
"""Result tables whose parts are added up by key: a part holds whole borrowers, so households add up too."""
PASSED = ("enterprise",)
"""Input tables that a report reads and that are therefore kept beside the results."""
_FACTS = "part.json"


def run_part(load: Load, part: int, context: Context) -> dict[str, pl.DataFrame]:
    """The result tables of one part."""
    tables = {name: load(name, part) for name in inputs()}
    for stage in STAGES:
        carry(tables, stage, context)
    return {name: tables[name] for name in (*KEPT, *ADDED, *PASSED) if name in tables}


def store(folder: Path, results: Mapping[str, pl.DataFrame]) -> None:
    """Write frames and what is known of them into `folder`, all or nothing."""
    temporary = folder.with_name(f"{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    facts: dict[str, FrameFacts] = {}
    for name, frame in results.items():
        frame.write_ipc(temporary / f"{name}.arrow", compression="lz4")
        facts[name] = {"rows": frame.height, "hash": f"{frame_hash(frame):032x}", "sums": sums(name, frame)}
    (temporary / _FACTS).write_text(json.dumps(facts, sort_keys=True), "utf-8")
    temporary.rename(folder)


def is_stored(folder: Path) -> bool:
    """The folder is complete."""
    return (folder / _FACTS).is_file()


def facts_of(folder: Path) -> dict[str, FrameFacts]:
    """What is known of the frames of a stored folder."""
    known: dict[str, FrameFacts] = json.loads((folder / _FACTS).read_text("utf-8"))
    return known


def sums(table: str, frame: pl.DataFrame) -> Sums:
    """Exact sums of the money columns by currency ("" where the table has none), null amounts left out."""
    names = [column.name for column in money_columns(table, frame.columns)]
    if not names:
        return {}
    by = "currency" if "currency" in frame.columns else pl.lit("").alias("currency")
    found = frame.group_by(by).agg(pl.col(names).sum())
    return {str(row[0]): dict(zip(names, row[1:], strict=True)) for row in found.sort("currency").iter_rows()}


def money_columns(table: str, present: list[str]) -> tuple[Column, ...]:
    """The money columns of a table that has its control totals taken."""
    known = TABLES[table].columns if table in TABLES else ()
    return tuple(column for column in known if column.kind is Kind.MONEY and column.name in present)
