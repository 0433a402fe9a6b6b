"""Schedules of one receipt by the slow twin of tests/reference: current, with an option, with an agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from tests.reference.schedule_twin import Impossible, Quote, schedule
from tests.reference.schedule_twin import Row as Due
from validation.twin.facts import reference

Row = Mapping[str, Any]
Event = Mapping[str, Any]

_MOVE = ("shape", "deferred_part", "from_on", "to_on", "interest_treatment", "new_due_on")
MOVES = (*_MOVE, "shift_months", "spread_periods")
SHAPES = {"deferral_agreement": "park", "extension_contract": "extension"}


@dataclass(frozen=True)
class Plan:
    """The terms of one receipt, what was agreed on it, and the balance the book shows."""

    terms: Row
    agreed: tuple[Event, ...]
    book: int | None
    as_of: date
    known: dict[tuple[Any, ...], list[Due]] = field(default_factory=dict, compare=False, repr=False)

    def remaining(self, *more: Event) -> list[Due]:
        """The dues that remain after the as-of day; options that move the same dues to the same day share them."""
        key = tuple(event.get(name) for event in more for name in MOVES)
        if key not in self.known:
            events = (*self.agreed, *more)
            self.known[key] = schedule(self.terms, events, quotes=quotes(), book=self.book, as_of=self.as_of)
        return self.known[key]

    def whole(self, events: Sequence[Event]) -> list[Due]:
        """All dues from drawdown on, without the book."""
        return schedule(self.terms, events, quotes=quotes())


@cache
def quotes() -> tuple[Quote, ...]:
    """The LPR quotes of the packaged table."""
    rows = reference("lpr")
    return tuple(
        (date.fromisoformat(row["quote_on"]), int(row["lpr_1y_rate_e7"]), int(row["lpr_5y_rate_e7"])) for row in rows
    )


def plan_of(loan: Row, terms: Row | None, agreements: Sequence[Row], arrears: Sequence[Row], as_of: date) -> Plan:
    """The plan of a receipt; the performing balance is the balance without principal in arrears, never below zero."""
    of_loan = {name: loan.get(name) for name in ("drawn_on", "maturity_on", "rate_type", "nominal_rate_e7")}
    late = sum(row.get("principal_fen") or 0 for row in arrears if row["due_on"] <= as_of)
    book = None if loan.get("balance_fen") is None else max(loan["balance_fen"] - late, 0)
    return Plan({**(terms or {}), **of_loan}, agreed_events(agreements, as_of), book, as_of)


def in_force(agreements: Sequence[Row], as_of: date) -> list[Row]:
    """Agreements that change the schedule: signed, not broken, and of a form that moves a due date."""
    found = [
        row
        for row in agreements
        if row.get("signed_on") is not None
        and row["signed_on"] <= as_of
        and (row.get("broken_on") is None or row["broken_on"] > as_of)
        and row["legal_form"] in SHAPES
    ]
    return sorted(found, key=lambda row: (row["signed_on"], row["agreement_id"]))


def agreed_events(agreements: Sequence[Row], as_of: date) -> tuple[Event, ...]:
    """The events of the agreements in force, in the order in which they are folded."""
    return tuple(
        {
            "sequence": sequence,
            "effective_on": row["signed_on"],
            "known_on": row["signed_on"],
            "shape": SHAPES[row["legal_form"]],
            "deferred_part": row.get("deferred_part") or "both",
            "from_on": row.get("from_on"),
            "to_on": row.get("to_on"),
            "new_due_on": row["new_due_on"],
            "interest_treatment": "at_end",
        }
        for sequence, row in enumerate(in_force(agreements, as_of), 1)
    )


def option_event(option: Row, on: date, new_due_on: date | None = None) -> Event:
    """The event of an option from a day on, with the new due date the decision sheet names when it names one."""
    event = {name: option[name] for name in MOVES}
    if option["spread_periods"] or option["shift_months"]:
        event["new_due_on"] = None  # such a plan has no day of its own
    elif new_due_on:
        event["new_due_on"] = new_due_on
    return event | {"sequence": 1, "effective_on": on, "known_on": on}


def current(plan: Plan, has_terms: bool) -> tuple[list[Due], str]:
    """The current schedule and its state."""
    if not has_terms:
        return [], "needs_data"
    try:
        return plan.remaining(), "projected"
    except Impossible as fault:
        return [], "needs_data" if str(fault) == "missing" else "impossible_terms"


def interest(dues: Sequence[Due]) -> int:
    """All interest of a schedule."""
    return sum(due.interest_due_fen for due in dues)
