"""What a change of rules does to a book: verdicts that flip, by clause, with receipts, households and amounts.

Both snapshots are laid over the facts of one finished run, slice by slice; nothing of the run changes. What the run
sent stays what it was: this only says what another day, or later knowledge, would have said of the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.book.run_folder import whole_tables
from steadyrest.desks.relief.stages.screen import defined, screened
from steadyrest.errors import RunError
from steadyrest.policy import PolicySnapshot
from steadyrest.schema import TABLES

SLICE: Final = 500_000
SHOWN: Final = 5
ABSENT: Final = "not_in_force"
"""Stands beside eligible, refused and needs_data where the clause is not in the snapshot."""
_KEY: Final = ("clause_id", "before", "after", "currency")


@dataclass(frozen=True, slots=True)
class Flip:
    """Receipts whose verdict under a clause differs; `first` are some of their ids."""

    clause_id: str
    before: str
    after: str
    currency: str
    receipts: int
    households: int
    balance_fen: int
    first: tuple[str, ...]


def impact(run: Path, before: PolicySnapshot, after: PolicySnapshot) -> tuple[Flip, ...]:
    """All flips, by clause; `RunError` for a folder without the facts of a run."""
    path = run / "tables" / "loan_facts.parquet"
    if not path.is_file():
        raise RunError("run.not_finished", path=run.name)
    with whole_tables(run):
        parts = list(_parts(path, before, after))
    whole = pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys((*_KEY, "loan_id"), pl.String()))
    if not whole.height:
        return ()
    found = whole.group_by(_KEY).agg(
        pl.len().alias("receipts"),
        pl.col("borrower_id").n_unique().alias("households"),
        pl.col("balance_fen").sum(),
        pl.col("loan_id").sort().head(SHOWN).alias("first"),
    )
    return tuple(Flip(**{**row, "first": tuple(row["first"])}) for row in found.sort(_KEY).iter_rows(named=True))


def _parts(path: Path, before: PolicySnapshot, after: PolicySnapshot) -> Iterator[pl.DataFrame]:
    """The rows whose verdict differs, one line for each clause; a slice at a time."""
    facts = pl.scan_parquet(path)
    rows = facts.select(pl.len()).collect().item()
    for start in range(0, rows, SLICE):
        part = facts.slice(start, SLICE).collect().cast(pl.Schema(TABLES["loan_facts"].polars()))
        yield flips(part, before, after)


def flips(facts: pl.DataFrame, before: PolicySnapshot, after: PolicySnapshot) -> pl.DataFrame:
    """Clause, both verdicts and the receipt, for every verdict that differs on these facts."""
    old, new = (_verdicts(facts, snapshot) for snapshot in (before, after))
    named = facts.select("loan_id", "borrower_id", "currency", "balance_fen")
    found = [_flipped(named, clause, old, new) for clause in sorted(old.keys() | new.keys())]
    empty = named.clear().with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in ("clause_id", "before", "after"))
    )
    return pl.concat([empty, *found])


def _flipped(named: pl.DataFrame, clause: str, old: dict[str, pl.Series], new: dict[str, pl.Series]) -> pl.DataFrame:
    absent = pl.repeat(ABSENT, named.height, dtype=pl.String, eager=True)
    both = named.with_columns(
        pl.lit(clause).alias("clause_id"),
        old.get(clause, absent).alias("before"),
        new.get(clause, absent).alias("after"),
    )
    return both.filter(pl.col("before") != pl.col("after"))


def _verdicts(facts: pl.DataFrame, snapshot: PolicySnapshot) -> dict[str, pl.Series]:
    """The verdict of every receipt under every screening clause; definitions are set anew."""
    known = defined(facts, snapshot.definitions)
    masks = screened(known, snapshot.screens)
    return {clause.id: masks.select(_verdict(clause.slug)).to_series() for clause in snapshot.screens}


def _verdict(slug: str) -> pl.Expr:
    refused = pl.when(pl.col(f"{slug}_fail") != 0).then(pl.lit("refused"))
    return refused.when(pl.col(f"{slug}_unknown") != 0).then(pl.lit("needs_data")).otherwise(pl.lit("eligible"))
