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
