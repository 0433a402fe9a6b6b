"""The search for witnesses: change a plain case in one or two facts until the desk sees what a goal asks for.

The search knows nothing of a clause but its tests: candidate values come from their thresholds and lists. Whether a
case reaches a goal is decided by the stages of the desk alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Final

import polars as pl

from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import columns, leaves
from steadyrest.rules.syntax import ColumnRef, Constant, Leaf, operands
from steadyrest.schema import TABLES
from steadyrest.schema.registry import Kind
from steadyrest.synth.witness.case import SETTERS, Case, Fact, plain_case
from steadyrest.synth.witness.goals import ORDERED, Goal, goals, is_never_null, never_unknown, reached
from steadyrest.synth.witness.tables import look

ROUNDS: Final = 8
_FLAGS: Final = (True, False, None)
_OUTSIDE: Final = {"currency": ("CNY", "USD"), "borrower_division": ("13", "51")}  # facts of open text


@dataclass(frozen=True, slots=True)
class Found:
    """A case that reaches a goal."""

    goal: Goal
    case: Case


@dataclass(frozen=True, slots=True)
class Impossible:
    """A goal no case reaches: because its columns are never null, or because another condition always goes with it."""

    goal: Goal
    reason: str


def search(snapshot: PolicySnapshot) -> tuple[tuple[Found, ...], tuple[Impossible, ...]]:
    """Witnesses for every goal of every screening and definition clause, and the goals that cannot be reached."""
    found: list[Found] = []
    impossible: list[Impossible] = []
    for clause in (*snapshot.definitions, *snapshot.screens):
        ours, missing = _search_clause(clause, snapshot)
        found += ours
        impossible += [Impossible(goal, "never_null" if never_unknown(goal) else "implied") for goal in missing]
    return tuple(found), tuple(impossible)


def _search_clause(clause: Clause, snapshot: PolicySnapshot) -> tuple[list[Found], list[Goal]]:
    base = passing_case(clause, snapshot)
    changes = _changes(clause, snapshot, base)
    singles = [_changed(base, [change]) for change in changes]
    found, left = _matched(goals(clause), [base, *singles], snapshot)
    left_possible = [goal for goal in left if not never_unknown(goal)]
    if left_possible:
        pairs = [_changed(base, pair) for pair in combinations(changes, 2) if pair[0][0] != pair[1][0]]
        more, still = _matched(left_possible, pairs, snapshot)
        return found + more, still + [goal for goal in left if never_unknown(goal)]
    return found, left


def _matched(wanted: Iterable[Goal], cases: Sequence[Case], snapshot: PolicySnapshot) -> tuple[list[Found], list[Goal]]:
    """For each goal the first case that reaches it."""
    if not cases:
        return [], list(wanted)
    seen = look(cases, snapshot)
    found, left = [], []
    for goal in wanted:
        places = reached(goal, seen.facts, seen.masks[goal.clause.id]).arg_true()
        if places.len():
            found.append(Found(goal, cases[int(places[0])]))
        else:
            left.append(goal)
    return found, left


def passing_case(clause: Clause, snapshot: PolicySnapshot) -> Case:
    """The plain case, changed fact by fact until the clause passes; as near as it gets where it never does."""
    case = plain_case(snapshot.valid_on)
    wrong = _wrong_bits([case], clause, snapshot)[0]
    for _ in range(ROUNDS):
        if wrong == 0:
            break
        cases = [_changed(case, [change]) for change in _changes(clause, snapshot, case)]
        counts = _wrong_bits(cases, clause, snapshot)
        best = min(counts)
        if best >= wrong:
            break
        case, wrong = cases[counts.index(best)], best
    return case


def _wrong_bits(cases: Sequence[Case], clause: Clause, snapshot: PolicySnapshot) -> list[int]:
    masks = look(cases, snapshot).masks[clause.id]
    return masks.select((pl.col("fail") | pl.col("unknown")).bitwise_count_ones()).to_series().to_list()


Change = tuple[str, Fact]


def _changed(case: Case, changes: Iterable[Change]) -> Case:
    for column, value in changes:
        case = SETTERS[column](case, value)
    return case


def _changes(clause: Clause, snapshot: PolicySnapshot, base: Case) -> list[Change]:
    """Every fact the clause looks at, with every value at which one of its tests may turn."""
    clauses = _with_definitions(clause, snapshot)
    names = sorted({name for item in clauses for part in item.conditions for name in columns(part.node)})
    steered = [name for name in names if name in SETTERS]
    return [(name, value) for name in steered for value in _values(name, clauses, base)]


def _with_definitions(clause: Clause, snapshot: PolicySnapshot) -> list[Clause]:
    """The clause, and the definitions of the flags it looks at."""
    looked_at = {name for condition in clause.conditions for name in columns(condition.node)}
    return [clause, *(item for item in snapshot.definitions if item.defines in looked_at and item is not clause)]


def _values(name: str, clauses: Sequence[Clause], base: Case) -> list[Fact]:
    """Thresholds with their neighbours, codes of lists with one that is in none, and null."""
    column = TABLES["loan_facts"][name]
    if column.kind is Kind.FLAG:
        return list(_FLAGS)
    unknown: list[Fact] = [] if is_never_null(name) else [None]
    group = _group(name, clauses)
    constants = _constants(group, clauses)
    if column.kind in ORDERED:
        own = [_own(base, other) for other in group - {name}]
        steps = range(-2, 3) if own else range(-1, 2)
        near = {_moved(value, step) for value in (*constants, *own) if value is not None for step in steps}
        return [*sorted(near, key=str), *unknown]
    outside = [code for code in column.codes or _OUTSIDE.get(name, ()) if code not in constants]
    return [*dict.fromkeys(constants), *outside, *unknown]


def _group(name: str, clauses: Sequence[Clause]) -> set[str]:
    """The column and those it is compared with: they share their candidate values."""
    found = {name}
    for leaf in _leaves(clauses):
        names = {leaf.column.name, *(operand.name for operand in operands(leaf) if isinstance(operand, ColumnRef))}
        found |= names if names & found else set()
    return found


def _leaves(clauses: Sequence[Clause]) -> list[Leaf]:
    return [leaf for clause in clauses for condition in clause.conditions for leaf in leaves(condition.node)]


def _constants(group: set[str], clauses: Sequence[Clause]) -> list[Fact]:
    """What columns are compared with."""
    found = [leaf for leaf in _leaves(clauses) if leaf.column.name in group]
    return [part.value for leaf in found for part in operands(leaf) if isinstance(part, Constant)]  # type: ignore[misc]


def _own(case: Case, name: str) -> Fact:
    """A value of the case under the name of the fact."""
    aliases = {"as_of_on": "as_of", "last_due_on": "maturity_on", "next_due_on": "due_on", "first_unpaid_on": "due_on"}
    value: Fact = getattr(case, aliases.get(name, name), None)
    return value


def _moved(value: Fact, step: int) -> Fact:
    if isinstance(value, date):
        return value + timedelta(days=step)
    assert isinstance(value, int)
    return value + step
