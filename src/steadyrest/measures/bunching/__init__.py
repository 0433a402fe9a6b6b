"""Maturity bunching: new due dates spread over their windows so that no day, week or customer's week carries too much.

    deferrals, limits, wall -> relaxation (bound, prices) -> whole deferrals on days -> what was reached, gap, clashes

`spread` does it. Every bound is added up in whole numbers from the prices of the relaxation, every plan is counted
again from its due days, and limits that cannot hold together come as `Clash` with the amounts that prove it.
"""

from steadyrest.measures.bunching.clash import Clash
from steadyrest.measures.bunching.limits import Limit, Limits, Scope
from steadyrest.measures.bunching.problem import DEFERRAL_SCHEMA, SPREAD_FAULTS, SPREAD_STATUS, WALL_SCHEMA
from steadyrest.measures.bunching.spread import Outcome, Spread, spread

__all__ = [
    "DEFERRAL_SCHEMA",
    "SPREAD_FAULTS",
    "SPREAD_STATUS",
    "WALL_SCHEMA",
    "Clash",
    "Limit",
    "Limits",
    "Outcome",
    "Scope",
    "Spread",
    "spread",
]
