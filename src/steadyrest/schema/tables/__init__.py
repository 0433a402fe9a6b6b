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
    particulars,
    party,
    relief,
    renewals,
    results,
    security,
    supervision,
    terms,
)

_OWN = {
    item.name: item
    for module in (party, lending, extracts, terms, security, relief, evidence, intake, results, renewals, supervision)
    for item in vars(module).values()
    if isinstance(item, Table)
}
TABLES: Mapping[str, Table] = MappingProxyType({**_OWN, **particulars.particulars(_OWN)})
"""Every table with fixed columns. `eligibility` depends on the snapshot: see `results.eligibility`."""
PARTICULARS = particulars.BESIDE
"""Tables that are read on request only (what official returns say beyond what desks read) -> the table beside each."""
