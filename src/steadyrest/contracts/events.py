"""What may be agreed on a loan, as an append-only list: the engine folds it in the order (effective, known, sequence)."""

from __future__ import annotations

import polars as pl

EVENT_SCHEMA: dict[str, pl.DataType] = {
    "loan_id": pl.String(),
    "sequence": pl.Int64(),
    "effective_on": pl.Date(),
    "known_on": pl.Date(),
    "shape": pl.String(),
    "deferred_part": pl.String(),
    "from_on": pl.Date(),
    "to_on": pl.Date(),
    "new_due_on": pl.Date(),
    "shift_months": pl.Int64(),
    "interest_treatment": pl.String(),
    "spread_periods": pl.Int64(),
}
"""Columns of an event list.

`shape` is park, shift or extension. `park` moves the dues of the window [from_on, to_on] to `new_due_on`; `shift` moves
the dues from `from_on` on, and all later ones, by `shift_months`; `extension` moves the last due to `new_due_on`.
`deferred_part` says principal, interest or both. Deferred interest is due `at_end`, with the `first_resumed` due, or
`spread` over `spread_periods` dues. It bears no interest.
"""

SHAPES = {"park": 0, "shift": 1, "extension": 2}
PARTS = {"principal": 1, "interest": 2, "both": 3}
TREATMENTS = {"at_end": 0, "first_resumed": 1, "spread": 2}


def no_events() -> pl.DataFrame:
    """An empty event list."""
    return pl.DataFrame(schema=EVENT_SCHEMA)
