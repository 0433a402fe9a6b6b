"""What was agreed on a loan: an append-only list, folded in the order (effective, known, sequence).

Nothing is ever changed or removed: an agreement that falls away is annulled by a later `reversal`. Under which
clause it stands, what was signed and what follows for the class are columns of their own; the arithmetic never
looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import polars as pl

from steadyrest.contracts.terms import conform

EVENT_SCHEMA: Final[dict[str, pl.DataType]] = {
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
    "reverses": pl.Int64(),
    "programme": pl.String(),
    "legal_form": pl.String(),
    "risk_effect": pl.String(),
    "clause_id": pl.String(),
    "approver": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One agreed change.

    `park`: the dues of the window [from_on, to_on] move to `new_due_on`; principal without a `new_due_on` is spread
    over the `spread_periods` dues after the window. `shift`: principal due from `from_on` on moves by
    `shift_months`; interest due in the gap that opens goes by its treatment. `extension`: principal due on the last
    day is due on `new_due_on`. `reversal`: the event of the loan with sequence number `reverses` never was.

    Deferred interest is due `at_end` (on `new_due_on`, or on the last due day), with the `first_resumed` due after
    the window or gap, or `spread` over `spread_periods` dues from there. It bears no interest; deferred principal
    bears the contract rate until its new day.
    """

    loan_id: str
    sequence: int
    effective_on: date
    shape: str
    known_on: date | None = None  # null = known when effective
    deferred_part: str = "both"
    from_on: date | None = None
    to_on: date | None = None
    new_due_on: date | None = None
    shift_months: int | None = None
    interest_treatment: str = "at_end"
    spread_periods: int | None = None
    reverses: int | None = None
    programme: str | None = None
    legal_form: str | None = None
    risk_effect: str | None = None
    clause_id: str | None = None
    approver: str | None = None


def event_frame(events: Iterable[Event]) -> pl.DataFrame:
    """Records as columns, one row an event."""
    return pl.DataFrame([asdict(event) for event in events], schema=EVENT_SCHEMA)


def in_force(events: pl.DataFrame, known_on: date | None = None) -> pl.DataFrame:
    """The events that count, in the order they are folded: known by a day, and not reversed by one that counts
    itself.
    """
    frame = conform(events, EVENT_SCHEMA).with_columns(pl.col("known_on").fill_null(pl.col("effective_on")))
    if known_on is not None:
        frame = frame.filter(pl.col("known_on") <= known_on)
    frame = frame.sort("loan_id", "effective_on", "known_on", "sequence")
    is_reversal = pl.col("shape") == "reversal"
    reversals = frame.filter(is_reversal).sort("sequence", descending=True)
    annulled: set[tuple[str, int]] = set()
    for loan_id, sequence, reverses in reversals.select("loan_id", "sequence", "reverses").iter_rows():
        if (loan_id, sequence) not in annulled and reverses is not None and reverses < sequence:
            annulled.add((loan_id, reverses))
    frame = frame.filter(~is_reversal | is_reversal.is_null())
    if not annulled:
        return frame
    gone = pl.DataFrame(sorted(annulled), schema={"loan_id": pl.String, "reverses": pl.Int64}, orient="row")
    return frame.join(gone, left_on=["loan_id", "sequence"], right_on=["loan_id", "reverses"], how="anti").sort(
        "loan_id", "effective_on", "known_on", "sequence"
    )
