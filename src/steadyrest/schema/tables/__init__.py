"""All registered tables by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from steadyrest.schema.registry import Table
from steadyrest.schema.tables import (
    evidence,
    extracts,
    intake,
    lending,
    party,
    relief,
    results,
    security,
    supervision,
    terms,
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        item.name: item
        for module in (party, lending, extracts, terms, security, relief, evidence, intake, results, supervision)
        for item in vars(module).values()
        if isinstance(item, Table)
    }
)
"""Every table with fixed columns. `eligibility` depends on the snapshot: see `results.eligibility`."""
