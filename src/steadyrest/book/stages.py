"""The stage registry: every stage of every desk, in the order of the road."""

from __future__ import annotations

from steadyrest.desks import relief
from steadyrest.desks.stage import Stage

STAGES: tuple[Stage, ...] = relief.STAGES


def inputs() -> tuple[str, ...]:
    """Names of the tables that must come from the book: read by a stage and written by none before it."""
    written: set[str] = set()
    wanted: dict[str, None] = {}
    for stage in STAGES:
        wanted |= dict.fromkeys(name for name in stage.reads if name not in written)
        written |= set(stage.writes)
    return tuple(wanted)
