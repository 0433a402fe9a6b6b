"""The renewal calendar of a finished run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from steadyrest import policy
from steadyrest.book.manifest import Manifest
from steadyrest.book.run_folder import whole_tables
from steadyrest.desks.relief.mechanisms.calendar import renewal_calendar
from steadyrest.errors import RunError, UsageError
from steadyrest.schema import TABLES
from steadyrest.text import Text


@dataclass(frozen=True, slots=True)
class Renewals:
    """The calendar, and the titles of the conditions it names by their ids."""

    rows: pl.DataFrame
    titles: Mapping[str, Text]


def renewals(run: Path, overlays: Sequence[Path] = (), *, days: int = 90, lead_days: int = 30) -> Renewals:
    """Receipts of a run that mature within `days` of its as-of date, under the rules of its two dates.

    `RunError` for a folder that is no finished run, `UsageError` for days below zero.
    """
    if days < 0 or lead_days < 0:
        raise UsageError("call.days", found=min(days, lead_days))
    path = run / "tables" / "loan_facts.parquet"
    if not path.is_file():
        raise RunError("run.not_finished", path=run.name)
    manifest = Manifest.read(run / "manifest.json")
    snapshot = policy.resolve(policy.load_library(tuple(overlays)), manifest.valid_on, manifest.known_on)
    with whole_tables(run):
        facts = pl.read_parquet(path).cast(pl.Schema(TABLES["loan_facts"].polars()))
    rows = renewal_calendar(facts, snapshot, manifest.as_of, days=days, lead_days=lead_days)
    asked = (clause for clause in snapshot.clauses if clause.mechanism == "renewal")
    return Renewals(rows, {item.id: item.title for clause in asked for item in clause.conditions})
