"""One relief case under every clause of a snapshot: does the clause speak of it, is it met, and who needs to decide.

Works on one row by the rule interpreter, for the page of one case; the stages do the same for whole books.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from steadyrest.desks.relief.mechanisms import cap
from steadyrest.desks.relief.mechanisms.cap import Moved
from steadyrest.desks.relief.mechanisms.verdict import Word
from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import evaluate, masks_of
from steadyrest.rules.types import Value

Facts = Mapping[str, Value | None]
State = Literal["active", "not_yet", "expired", "superseded", "unconfirmed"]


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for: the amounts that move, whether by a new receipt, under which clause, on which facts.

    `programme` is the id of the clause claimed; null when relief is given under none.
    """

    programme: str | None
    moved: tuple[Moved, ...]
    is_renewal: bool
    facts: Facts


def with_definitions(snapshot: PolicySnapshot, facts: Facts) -> Facts:
    """The facts with the flags that the definitions of the snapshot set."""
    row = dict(facts)
    for clause in snapshot.definitions:
        verdicts = [evaluate(condition.node, row) for condition in clause.conditions]
        assert clause.defines is not None
        row[clause.defines] = False if False in verdicts else None if None in verdicts else True
    return row


def found(snapshot: PolicySnapshot, clause_id: str) -> Clause | None:
    """A clause of the snapshot, in force or not."""
    every = (*snapshot.clauses, *(clause for clause, _ in snapshot.inactive))
    return next((clause for clause in every if clause.id == clause_id), None)


def state_of(snapshot: PolicySnapshot, clause: Clause) -> State:
    """Whether a clause is in force in the snapshot, and why not."""
    if any(active.place == clause.place for active in snapshot.clauses):
        return "active"
    if clause.known_from > snapshot.known_on or clause.effective_from > snapshot.valid_on:
        return "not_yet"
    if any(clause.id in active.supersedes for active in snapshot.clauses):
        return "superseded"
    if clause.effective_to is not None and clause.effective_to < snapshot.valid_on:
        return "expired"
    return "unconfirmed"


def screen_word(snapshot: PolicySnapshot, clause_id: str, case: Case) -> Word:
    """Whether relief can be given under a screening clause.

    A clause whose time has run out fails; one that is not known yet, was replaced, or is not confirmed does not speak
    of the case, nor does a deferral clause of a renewal. A clause that relaxes a cap is silent while the cap is kept.
    """
    clause = found(snapshot, clause_id)
    state = "unconfirmed" if clause is None else state_of(snapshot, clause)
    if clause is None or case.is_renewal or state not in ("active", "expired"):
        return "not_applicable"
    if state == "expired":
        return "fail"
    relaxed = _relaxes(snapshot, clause)
    if relaxed is not None and cap_word(snapshot, relaxed.id, case) in ("pass", "no_cap", "not_applicable"):
        return "not_applicable"
    masks = masks_of(clause.conditions, case.facts)
    return "fail" if masks.fail else "unknown" if masks.unknown else "pass"


def cap_tests(snapshot: PolicySnapshot, clause_id: str, case: Case) -> tuple[cap.Tested, ...]:
    """Every deferred amount against the cap of a screening clause; empty when the cap does not speak of the case.

    A cap that came into force while the deferral was running is shown for information: it did not bind at signing.
    """
    clause = found(snapshot, clause_id)
    if clause is None or clause.relief is None or clause.relief.cap_on is None or case.is_renewal:
        return ()
    state = state_of(snapshot, clause)
    is_running = max(item.new_due_on for item in case.moved) >= clause.effective_from
    if state in ("expired", "superseded", "unconfirmed") or (state == "not_yet" and not is_running):
        return ()
    if state == "active" and screen_word(snapshot, clause_id, case) == "fail":
        return ()
    return cap.tested(case.moved, clause.relief)


def cap_word(snapshot: PolicySnapshot, clause_id: str, case: Case) -> str:
    """The verdict of the cap on the whole agreement."""
    tests = cap_tests(snapshot, clause_id, case)
    return cap.worst(tests) if tests else "not_applicable"


def open_programmes(snapshot: PolicySnapshot, case: Case) -> tuple[Clause, ...]:
    """The clauses that decide a case: the one claimed while it is open, otherwise every other that is met."""
    claimed = next((clause for clause in snapshot.screens if clause.id == case.programme), None)
    if case.programme is None or case.is_renewal:
        return ()
    if claimed is not None and screen_word(snapshot, claimed.id, case) in ("pass", "unknown"):
        return (claimed,)
    return tuple(clause for clause in snapshot.screens if screen_word(snapshot, clause.id, case) == "pass")


def needs_override(snapshot: PolicySnapshot, case: Case) -> bool:
    """Whether the new dates pass the cap of every programme that is open: reason and approver are needed."""
    words = [cap_word(snapshot, clause.id, case) for clause in open_programmes(snapshot, case)]
    return bool(words) and all(word == "in_principle_breach" for word in words)


def promises(snapshot: PolicySnapshot, case: Case, mechanism: str) -> bool:
    """Whether the instrument under which relief is given has a norm with a mechanism: `accrual` (normal interest and
    no penalty), `class_kept` (the class is not lowered)."""
    documents = {clause.document for clause in open_programmes(snapshot, case) if clause.id == case.programme}
    return any(clause.mechanism == mechanism and clause.document in documents for clause in snapshot.clauses)


def _relaxes(snapshot: PolicySnapshot, clause: Clause) -> Clause | None:
    """The capped clause of the same document whose cap a clause without one relaxes."""
    if clause.relief is None or clause.relief.cap_on is not None:
        return None
    capped = [
        other
        for other in snapshot.screens
        if other.document == clause.document and other.relief is not None and other.relief.cap_on is not None
    ]
    return capped[0] if capped else None
