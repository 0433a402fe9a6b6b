"""What differs between two snapshots, clause by clause and value by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from steadyrest.policy.canonical import canonical
from steadyrest.policy.model import Clause, PolicySnapshot
from steadyrest.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `field` names a value of a changed clause with dots, as in `relief.cap_on` or
    `conditions.manufacturer.test`; it is empty for a clause that came or went. `before` and `after` are null for none.
    """

    kind: Literal["added", "removed", "changed"]
    clause_id: str
    title: Text
    field: str
    before: object
    after: object


def diff(a: PolicySnapshot, b: PolicySnapshot) -> tuple[Change, ...]:
    """The way from `a` to `b`, by clause id, then by field."""
    before, after = ({clause.id: clause for clause in snapshot.clauses} for snapshot in (a, b))
    found: list[Change] = []
    for id in sorted(before.keys() | after.keys()):
        if id not in after:
            found.append(Change("removed", id, before[id].title, "", id, None))
        elif id not in before:
            found.append(Change("added", id, after[id].title, "", None, id))
        else:
            found += _changes(before[id], after[id])
    return tuple(found)


def _changes(before: Clause, after: Clause) -> Iterator[Change]:
    old, new = (dict(_flat("", _named(canonical(clause)))) for clause in (before, after))
    for field in sorted(old.keys() | new.keys()):
        if old.get(field) != new.get(field):
            yield Change("changed", after.id, after.title, field, old.get(field), new.get(field))


def _named(content: dict[str, object]) -> dict[str, object]:
    """Conditions by their id, so that one more does not make all the later ones differ."""
    conditions = content["conditions"]
    assert isinstance(conditions, list)
    return {**content, "conditions": {item["id"]: item for item in conditions}}


def _flat(prefix: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, child)
    else:
        yield prefix, value
