"""Witnesses: for each condition of each clause in force a receipt that fails only that, and its neighbours."""

from datetime import date

import polars as pl

from steadyrest.policy import PolicySnapshot, load_library, packs_folder, resolve
from steadyrest.synth.witness.goals import Goal, goals
from steadyrest.synth.witness.search import Found, Impossible, search
from steadyrest.synth.witness.tables import tables_of

__all__ = ["Found", "Goal", "Impossible", "demo_snapshot", "goals", "search", "tables_of", "witness_tables"]


def demo_snapshot(as_of: date) -> PolicySnapshot:
    """The policy the witnesses are made for: all packs with the demonstration overlay, in force and known as of."""
    return resolve(load_library((packs_folder() / "demo_overlay",)), as_of, as_of)


def witness_tables(found: tuple[Found, ...]) -> dict[str, pl.DataFrame]:
    """The input tables of witnesses; the receipt id of each says what it shows."""
    return tables_of([item.case for item in found], [item.goal.loan_id for item in found])
