"""The shape every desk shares: a stage is a pure function from tables to tables, under one snapshot and one day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import polars as pl

from steadyrest.policy import PolicySnapshot

Tables: TypeAlias = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Context:
    """What a stage may know besides its tables. Time is an input: nothing here asks a clock."""

    as_of: date
    snapshot: PolicySnapshot
    decisions_file: str = "decisions"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the road: the tables it reads, the tables it writes, and the function between them."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Callable[[Tables, Context], Tables]


def carry(tables: dict[str, pl.DataFrame], stage: Stage, context: Context) -> None:
    """Run a stage and put what it wrote into `tables`: a table it has read is replaced, any other gains the rows."""
    written = stage.run({name: tables[name] for name in stage.reads}, context)
    assert set(written) == set(stage.writes), f"{stage.name} writes {sorted(written)}"
    for name, frame in written.items():
        is_more = name in tables and name not in stage.reads
        tables[name] = pl.concat([tables[name], frame]) if is_more else frame
