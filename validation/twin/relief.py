"""Eligibility, options, decisions and amendments of one receipt, from the text of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import evaluate, masks_of
from tests.reference.schedule_twin import Impossible
from tests.reference.schedule_twin import Row as Due
from validation.twin.alternatives import beside
from validation.twin.facts import reference
from validation.twin.returns import Standing, kept_days, reported
from validation.twin.schedules import Plan, in_force, interest, option_event

Row = Mapping[str, Any]

SECURED = ("A", "B", "B01", "B99", "C", "C01", "C99", "E")


@dataclass(frozen=True)
class Receipt:
    """One receipt with all its rows."""

    loan: Row
    plan: Plan
    dues: list[Due]
    state: str
    agreements: Sequence[Row]
    arrears: Sequence[Row]
    applications: Sequence[Row]
    consents: Sequence[Row]
    decisions: Sequence[Row]


# --- eligibility ---


def defined(snapshot: PolicySnapshot, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with the flags that definition clauses set, in the order of the snapshot."""
    facts = dict(facts)
    for clause in snapshot.definitions:
        verdicts = [evaluate(condition.node, facts) for condition in clause.conditions]
        assert clause.defines is not None
        facts[clause.defines] = False if False in verdicts else None if None in verdicts else True
    return facts


def eligibility(snapshot: PolicySnapshot, facts: Row) -> dict[str, int]:
    """The two masks of every screening clause."""
    row: dict[str, int] = {}
    for clause in snapshot.screens:
        masks = masks_of(clause.conditions, facts)
        row |= {f"{clause.slug}_fail": masks.fail, f"{clause.slug}_unknown": masks.unknown}
    return row


# --- options ---


@cache
def _bank_days() -> dict[str, str]:
    return {row["on"]: row["is_bank_day"] for row in reference("calendar")}


def last_bank_day(limit: date) -> date:
    """The last bank day on or before a limit, by the packaged calendar."""
    while True:
        word = _bank_days().get(limit.isoformat(), "")
        if word == "1" or (word == "" and limit.weekday() < 5):
            return limit
        limit -= timedelta(days=1)


def options(snapshot: PolicySnapshot, masks: Row, facts: Row, receipt: Receipt) -> list[dict[str, Any]]:
    """One option for every clause that allows relief and sets a cap, numbered in the order of the snapshot; then the
    other plans beside the proposed one.
    """
    if receipt.state != "projected" or in_force(receipt.agreements, receipt.plan.as_of):
        return []
    found: list[dict[str, Any]] = []
    ranks: list[tuple[int, int, Clause]] = []
    for clause in snapshot.screens:
        if clause.relief is None or clause.relief.cap_on is None:
            continue
        if masks[f"{clause.slug}_fail"] or masks[f"{clause.slug}_unknown"]:
            continue
        option = _option(clause, receipt)
        if option is not None:
            found.append({"loan_id": receipt.loan["loan_id"], "option_no": len(found) + 1, **option})
            ranks.append((clause.relief.cap_on.toordinal(), clause.known_from.toordinal(), clause))
    best = min(ranks, key=lambda rank: (-rank[0], -rank[1], rank[2].id), default=None)
    for option, rank in zip(found, ranks, strict=True):
        option["is_proposed"] = rank is best
    proposed = next((option for option in found if option["is_proposed"]), None)
    if proposed is not None:
        others = beside(proposed, receipt.plan, receipt.dues, snapshot, facts, consents_open(receipt))
        found += [other | {"option_no": number} for number, other in enumerate(others, len(found) + 1)]
    return found


def _option(clause: Clause, receipt: Receipt) -> dict[str, Any] | None:
    relief = clause.relief
    assert relief is not None
    assert relief.cap_on is not None
    target = last_bank_day(relief.cap_on)
    low = max(receipt.plan.as_of, relief.window_from or date.min)
    high = min(relief.window_to or date.max, target - timedelta(days=1))
    takes_interest = relief.parts == "both"
    moved = [
        due
        for due in receipt.dues
        if low <= due.due_on <= high and due.principal_due_fen + takes_interest * due.interest_due_fen > 0
    ]
    if not moved:
        return None
    option: dict[str, Any] = {
        "clause_id": clause.id,
        "programme": relief.programme,
        "plan": "parked",
        "legal_form": relief.legal_forms[0],
        "form_clause_id": None,
        "form_verdict": None,
        "shift_months": None,
        "spread_periods": None,
        "shape": "park",
        "deferred_part": relief.parts,
        "interest_treatment": "at_end",
        "from_on": moved[0].due_on,
        "to_on": moved[-1].due_on,
        "new_due_on": target,
        "cap_on": relief.cap_on,
        "cap_verdict": "pass",
        "deferred_principal_fen": sum(due.principal_due_fen for due in moved),
        "deferred_interest_fen": interest(moved) if takes_interest else 0,
        "last_due_before_on": receipt.dues[-1].due_on,
    }
    try:
        after = receipt.plan.remaining(option_event(option, receipt.plan.as_of))
    except Impossible:
        return None  # the schedule cannot carry it
    extra = interest(after) - interest(receipt.dues)
    return option | {"extra_interest_fen": extra, "last_due_after_on": after[-1].due_on}


# --- decisions ---


def accepted(receipt: Receipt, found: Sequence[Row], snapshot: PolicySnapshot) -> list[Row]:
    """The decision rows that stand, in the order of the sheet."""
    by_number = {option["option_no"]: option for option in found}
    good = [row for row in receipt.decisions if _stands(row, by_number.get(row["option_no"]), receipt, snapshot)]
    return [row for row in good if _is_consistent(row, good, by_number[row["option_no"]])]


def _stands(row: Row, option: Row | None, receipt: Receipt, snapshot: PolicySnapshot) -> bool:
    """Whether a row by itself stands: an option of this run, two people, a day that has come, a date that is open."""
    if option is None or (row.get("clause_id") or option["clause_id"]) != option["clause_id"]:
        return False
    if _folded(row["proposer"]) == _folded(row["approver"]) or row["decided_on"] > receipt.plan.as_of:
        return False
    if row["decision"] == "signed" and consents_open(receipt):
        return False
    return row["decision"] == "refused" or _is_open(row, option, snapshot)


def _is_open(row: Row, option: Row, snapshot: PolicySnapshot) -> bool:
    """Whether the new due date may be granted: after the last due that moves, and within the cap or with a reason."""
    if _new_due_on(row, option) <= option["to_on"]:
        return False
    verdict = cap_verdict(row, option, snapshot)
    return verdict == "pass" or (verdict == "in_principle_breach" and bool((row.get("reason") or "").strip()))


def cap_verdict(row: Row, option: Row, snapshot: PolicySnapshot) -> str:
    """The cap tested on the day the sheet names, by the strength of the norm that caps."""
    day = _new_due_on(row, option)
    if day <= option["cap_on"]:
        return "pass"
    relief = snapshot.clause(option["clause_id"]).relief
    assert relief is not None
    return "breach" if relief.cap_strength == "shall" else "in_principle_breach"


def _new_due_on(row: Row, option: Row) -> Any:
    return row.get("new_due_on") or option["new_due_on"]


def consents_open(receipt: Receipt) -> bool:
    """A consent that is not given, or security without any consent on file."""
    if any(row["consent_state"] != "given" for row in receipt.consents):
        return True
    return receipt.loan.get("guarantee_kind") in SECURED and not receipt.consents


def _is_consistent(row: Row, good: Sequence[Row], option: Row) -> bool:
    """Whether the others on the sheet bear a row out: what is signed was approved before, on the same new due date."""
    same = [other for other in good if other["option_no"] == row["option_no"]]
    if row["decision"] == "signed":
        approvals = [
            other["decided_on"]
            for other in same
            if other["decision"] == "approved" and _new_due_on(other, option) == _new_due_on(row, option)
        ]
        if not approvals or min(approvals) > row["decided_on"]:
            return False
    return row["decision"] == "refused" or all(other["decision"] != "refused" for other in same)


def _folded(name: str) -> str:
    return name.strip().lower()


# --- amendments ---


@dataclass(frozen=True)
class Amended:
    """One amendment row and the dues before and after it."""

    row: dict[str, Any]
    before: list[Due]
    after: list[Due]


def amended(receipt: Receipt, found: Sequence[Row], decisions: Sequence[Row]) -> Amended | None:
    """What is signed on a receipt: agreements of the book, or a decision of the sheet."""
    agreements = in_force(receipt.agreements, receipt.plan.as_of)
    if agreements:
        return _by_agreement(receipt, agreements)
    signed = [row for row in decisions if row["decision"] == "signed"]
    first = min(signed, key=lambda row: (row["decided_on"], row["option_no"]), default=None)  # one option a receipt
    return _by_decision(receipt, found, first) if first else None


def _by_agreement(receipt: Receipt, agreements: Sequence[Row]) -> Amended:
    last = agreements[-1]
    before: list[Due] = []
    after: list[Due] = []
    since = min(row["signed_on"] if row["legal_form"] == "extension_contract" else row["from_on"] for row in agreements)
    if receipt.state == "projected":
        before = [due for due in receipt.plan.whole(()) if due.due_on >= since]
        after = [due for due in receipt.plan.whole(receipt.plan.agreed) if due.due_on >= since]
    row = {
        "option_no": 0,
        "clause_id": None,
        "programme": last.get("programme"),
        "legal_form": last["legal_form"],
        "risk_effect": last.get("risk_effect"),
        "signed_on": last["signed_on"],
        "known_on": last["signed_on"],
        "approver": None,  # the book says who signed, not who approved
        "new_due_on": last["new_due_on"],
        "old_due_on": receipt.loan["maturity_on"] if last["legal_form"] == "extension_contract" else last["from_on"],
    }
    return Amended(_filled(receipt, row, before, after), before, after)


def _by_decision(receipt: Receipt, found: Sequence[Row], signed: Row) -> Amended:
    option = next(option for option in found if option["option_no"] == signed["option_no"])
    after = receipt.plan.remaining(option_event(option, signed["decided_on"], signed.get("new_due_on")))
    row = {
        "option_no": option["option_no"],
        "clause_id": option["clause_id"],
        "programme": option["programme"],
        "legal_form": option["legal_form"],
        "risk_effect": "not_assessed",
        "signed_on": signed["decided_on"],
        "known_on": signed["decided_on"],
        "approver": signed["approver"],
        "new_due_on": signed.get("new_due_on") or option["new_due_on"],
        "old_due_on": option["from_on"],
    }
    return Amended(_filled(receipt, row, receipt.dues, after), receipt.dues, after)


def _filled(receipt: Receipt, row: dict[str, Any], before: Sequence[Due], after: Sequence[Due]) -> dict[str, Any]:
    new_due, old_due = row.pop("new_due_on"), row.pop("old_due_on")
    last_after = after[-1].due_on if after else max(receipt.loan["maturity_on"], new_due)
    overdue = [item for item in receipt.arrears if item["due_on"] < receipt.plan.as_of and _owed(item)]
    oldest = min((item["due_on"] for item in overdue), default=None)
    signed, form = row["signed_on"], row["legal_form"]
    told = new_due if form == "extension_contract" else last_after  # an extension reports the date agreed (D8)
    standing = Standing(receipt.loan["maturity_on"], form, signed, told, oldest, _overdue_kind(overdue), old_due)
    return {
        "loan_id": receipt.loan["loan_id"],
        **row,
        "deferred_principal_fen": sum(due.deferred_principal_fen for due in after) if after else None,
        "deferred_interest_fen": sum(due.deferred_interest_fen for due in after) if after else None,
        "interest_before_fen": interest(before) if before else None,
        "interest_after_fen": interest(after) if after else None,
        "last_due_before_on": before[-1].due_on if before else receipt.loan["maturity_on"],
        "last_due_after_on": last_after,
        "past_due_kept_days": kept_days(old_due, signed),
        **reported(standing, receipt.plan.as_of),
    }


def _overdue_kind(rows: Sequence[Row]) -> str | None:
    principal = any(row.get("principal_fen") for row in rows)
    unpaid = any(row.get("interest_fen") for row in rows)
    return {(True, False): "01", (False, True): "02", (True, True): "03"}.get((principal, unpaid))


def _owed(row: Row) -> int:
    return (row.get("principal_fen") or 0) + (row.get("interest_fen") or 0)
