"""The plain figures of a vector: overrides, kept days, counts, and what the flow tables say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from steadyrest.contracts import LoanTerms, event_frame, project, resolve, terms_frame
from steadyrest.contracts.amortisation import Bullet
from steadyrest.contracts.events import Event
from steadyrest.desks.relief.mechanisms import programme, renewal
from validation.relief.judge import CAPS, SCREENS, Judge


def figure(judge: Judge, key: str, expected: Any) -> Any:
    """The product's value for one expected key; a key nobody knows is named as such."""
    if key == "alternative":
        cap = next(name for name in expected if name in CAPS)
        verdict = judge.alternative(date.fromisoformat(expected["new_due"]), cap)
        return {"new_due": expected["new_due"], cap: verdict}
    if key == "override":
        return {name: _OVERRIDE[name](judge) for name in expected if name in _OVERRIDE}
    return _FIGURES[key](judge) if key in _FIGURES else "a key this command does not know"


def _needs_override(judge: Judge) -> bool:
    return programme.needs_override(judge.snapshot, judge.asked)


def _breached(judge: Judge) -> list[int]:
    """The instalments past the cap that the case is tested against."""
    claimed = judge.asked.programme or SCREENS["N2"]
    tests = programme.cap_tests(judge.snapshot, claimed, judge.asked)
    return [item.moved.instalment for item in tests if item.verdict != "pass" and item.moved.instalment is not None]


def _support(judge: Judge) -> str | None:
    """The clause that relaxes the cap, when it is met."""
    return "N4" if programme.screen_word(judge.snapshot, SCREENS["N4"], judge.asked) == "pass" else None


def _penalty_from(judge: Judge) -> str | None:
    """The day from which penalty interest already booked is reversed: relief was signed late and waives it."""
    waived = programme.promises(judge.snapshot, judge.asked, "accrual")
    return judge.case.first_old_due_on.isoformat() if waived and judge.case.is_late else None


def _report_changes(judge: Judge) -> bool:
    return judge.case.signed_on is not None


def _clause_days(judge: Judge) -> tuple[date, date] | None:
    clause = programme.found(judge.snapshot, judge.asked.programme or "")
    return (clause.effective_from, clause.known_from) if clause else None


def _valid_on(judge: Judge) -> str | None:
    days = _clause_days(judge)
    return days[0].isoformat() if days else None


def _known_on(judge: Judge) -> str | None:
    days = _clause_days(judge)
    return days[1].isoformat() if days else None


def _replaced(judge: Judge) -> bool:
    """Whether the return of replaced debts lists the new receipt."""
    return renewal.replaces_bad_debt(judge.renewal, judge.is_qualified_renewal)


def _households(judge: Judge) -> int:
    """Borrowers: a receipt of an owner is linked to the business and makes no household of its own."""
    receipts = judge.case.input.get("receipts", [{}])
    return len(
        {receipt["id"] for receipt in receipts if not receipt.get("customer_link")} if len(receipts) > 1 else {""}
    )


def _interest_on_deferred_interest(judge: Judge) -> int:
    """What the engine charges on deferred interest: a loan of the case's dates, with and without the deferral."""
    moved = judge.case.moved
    drawn, end = judge.asked.facts["drawn_on"], judge.case.maturity_on
    assert isinstance(drawn, date)
    terms = LoanTerms("-", 100_000_000, drawn, end, Bullet(), 435_000, interest_cycle_months=3, interest_day=20)
    event = Event(
        "-",
        1,
        judge.case.decided_on,
        "park",
        deferred_part="interest",
        from_on=min(item.old_due_on for item in moved),
        to_on=max(item.old_due_on for item in moved),
        new_due_on=max(item.new_due_on for item in moved),
    )
    sums = [
        int(project(resolve(terms_frame([terms]), event_frame(events))).rows["interest_due_fen"].sum())
        for events in ([], [event])
    ]
    return sums[1] - sums[0]


_OVERRIDE: Mapping[str, Callable[[Judge], Any]] = {
    "given": lambda judge: bool(judge.case.input.get("override")),
    "supported_by": _support,
    "for_instalments": _breached,
}
_FIGURES: Mapping[str, Callable[[Judge], Any]] = {
    "override_needed": _needs_override,
    "breach_instalments": _breached,
    "days_past_due_kept": lambda judge: judge.kept_days(),
    "penalty_reversed_from": _penalty_from,
    "report_changes": _report_changes,
    "valid_on": _valid_on,
    "known_on": _known_on,
    "new_lending": lambda judge: judge.case.is_renewal,
    "restructure_return_置换旧债": _replaced,
    "households": _households,
    "receipts": lambda judge: len(judge.case.input.get("receipts", [None])),
    "interest_on_deferred_interest_fen": _interest_on_deferred_interest,
}
