"""The other plans beside the parked one, receipt by receipt, from the text of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import masks_of
from tests.reference.schedule_twin import Impossible
from tests.reference.schedule_twin import Row as Due
from validation.twin.schedules import Plan, interest, option_event

Row = Mapping[str, Any]


def beside(
    parked: Row, plan: Plan, dues: Sequence[Due], snapshot: PolicySnapshot, facts: Row, lacks_consent: bool
) -> Iterator[dict[str, Any]]:
    """The alternatives to a proposed option that the contract can carry, without a number."""
    for candidate in _candidates(parked, plan, dues, snapshot):
        try:
            after = plan.remaining(option_event(candidate, plan.as_of))
        except Impossible:
            continue
        moved = [due for due in after if due.deferred_principal_fen + due.deferred_interest_fen > 0]
        if moved:
            reached = max(due.due_on for due in moved)
            candidate |= {
                "new_due_on": reached,
                "cap_verdict": _cap_verdict(reached, snapshot.clause(parked["clause_id"])),
                "deferred_principal_fen": sum(due.deferred_principal_fen for due in moved),
                "deferred_interest_fen": sum(due.deferred_interest_fen for due in moved),
                "extra_interest_fen": interest(after) - interest(dues),
                "last_due_after_on": after[-1].due_on,
                "is_proposed": False,
            }
            yield candidate | _form(candidate["plan"], parked["new_due_on"], snapshot, facts, lacks_consent)


def _candidates(parked: Row, plan: Plan, dues: Sequence[Due], snapshot: PolicySnapshot) -> Iterator[dict[str, Any]]:
    takes_interest = parked["deferred_part"] == "both"
    inside = [due.due_on for due in dues if parked["from_on"] <= due.due_on <= parked["to_on"]]
    inside = [
        on
        for on in inside
        if any(due.due_on == on and due.principal_due_fen + takes_interest * due.interest_due_fen > 0 for due in dues)
    ]
    half, last = len(inside) // 2, dues[-1]
    if half:
        spread = {"spread_periods": len(inside) - half, "interest_treatment": "spread", "new_due_on": None}
        yield {**parked, "plan": "catch_up", "to_on": inside[half - 1], **spread}
    if last.due_on > parked["to_on"] and last.due_on != parked["new_due_on"]:
        yield {**parked, "plan": "last_instalment", "new_due_on": last.due_on}
    months = _slide_months(parked["from_on"], parked["to_on"], plan.terms)
    slide = {"shape": "shift", "shift_months": months, "interest_treatment": "first_resumed", "new_due_on": None}
    yield {**parked, "plan": "slide", **slide}
    relief = snapshot.clause(parked["clause_id"]).relief
    assert relief is not None
    if parked["from_on"] <= last.due_on <= parked["to_on"] and last.principal_due_fen:
        whole = {"shape": "extension", "deferred_part": "principal", "from_on": last.due_on, "to_on": last.due_on}
        for name, form in (("extension", "extension_contract"), ("renewal", "renewal_receipt")):
            if form in relief.legal_forms:
                yield {**parked, "plan": name, "legal_form": form, **whole}


def _slide_months(first: date, last: date, terms: Row) -> int:
    """The least number of whole cycles after which the first due lies beyond the last one; a bullet has no cycle."""
    cycle = max(terms.get("repayment_cycle_months") or 1, terms.get("interest_cycle_months") or 1)
    if terms.get("amortisation") == "bullet":
        cycle = 1
    months = _months(first, last + timedelta(days=1))
    return -(-months // cycle) * cycle


def _months(since: date, until: date) -> int:
    """Months from one day to another, a part of a month being one."""
    count = 0
    while (since.year + (since.month - 1 + count) // 12, (since.month - 1 + count) % 12 + 1, since.day) < (
        until.year,
        until.month,
        until.day,
    ):
        count += 1
    return count


def _cap_verdict(reached: date, clause: Clause) -> str:
    relief = clause.relief
    assert relief is not None
    assert relief.cap_on is not None
    if reached <= relief.cap_on:
        return "pass"
    return "breach" if relief.cap_strength == "shall" else "in_principle_breach"


def _form(plan: str, asked_on: date, snapshot: PolicySnapshot, facts: Row, lacks_consent: bool) -> dict[str, Any]:
    """The clause of the legal form, and its verdict."""
    mechanism = {"extension": "extension_limit", "renewal": "renewal"}.get(plan)
    clause = next((item for item in reversed(snapshot.clauses) if mechanism and item.mechanism == mechanism), None)
    if clause is None:
        return {"form_clause_id": None, "form_verdict": None}
    if plan == "renewal":
        masks = masks_of(clause.conditions, facts)
        is_open = bool(masks.unknown) or bool(clause.parameters["conditions_bind_renewal"].value)
        word = "refused" if masks.fail else "needs_data" if is_open else "eligible"
    else:
        word = _extension_word(clause, asked_on, facts, lacks_consent)
    return {"form_clause_id": clause.id, "form_verdict": word}


def _extension_word(clause: Clause, asked_on: date, facts: Row, lacks_consent: bool) -> str:
    limits: dict[str, Any] = {name: parameter.value for name, parameter in clause.parameters.items()}
    original = _months(facts["drawn_on"], facts["maturity_on"])
    limit = 2 * limits["long_limit_months"]
    if original <= limits["short_term_months"]:
        limit = 2 * original
    elif original <= limits["medium_term_months"]:
        limit = original
    applied = facts["applied_on"]
    tests = [
        None if applied is None else applied < facts["maturity_on"],
        2 * _months(facts["maturity_on"], asked_on) <= limit,
        None if lacks_consent else True,
    ]
    if all(tests):
        return "eligible"
    return "refused" if False in tests and clause.grade in ("A", "B") else "needs_data"
