"""No overlay is laxer than a `shall`: what a bank's own clause puts in its place must ask for at least as much.

A bank cannot change a shipped clause; it can add one that supersedes it. Where the old clause is a `shall`, every case
that the new one lets through must have passed the old one, its window must not be wider and its cap not later. That the
conditions ask for as much is proved over the values that can matter; what cannot be proved counts as laxer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from steadyrest.errors import PackError
from steadyrest.policy.model import Clause, Relief
from steadyrest.policy.resolve import Index, build, by_id, version_of
from steadyrest.policy.sources import Library
from steadyrest.rules.domain import verdicts
from steadyrest.rules.syntax import And, Not

BINDING: Final = "shall"


def check_strictness(library: Library) -> None:
    """`PackError` with file and line for the first clause of an overlay that is laxer than a `shall` it supersedes."""
    index = by_id(library)
    shipped = {clause.id for pack in library.packs for clause in pack.clauses}
    for overlay in library.overlays:
        for source in (clause for pack in overlay.packs for clause in pack.clauses):
            for old in (id for id in source.supersedes if id in shipped):
                new = build(source, index, source.effective_from, source.known_from)
                for why in laxer(new, _old(old, index, source.effective_from)):
                    raise PackError("pack.laxer", place=source.place, id=source.id, old=old, why=why)


def _old(id: str, index: Index, on: date) -> Clause:
    return build(version_of(index[id], on, date.max), index, on, date.max)


def laxer(new: Clause, old: Clause) -> Iterator[str]:
    """In what a clause asks for less than the `shall` it supersedes: names of conditions, or of days."""
    if old.strength != BINDING:
        return
    asked = And(tuple(item.node for item in new.conditions))
    for condition in old.conditions:
        if True in verdicts(And((asked, Not(condition.node)))):
            yield condition.id
    if new.relief and old.relief:
        yield from _wider(new.relief, old.relief)
    elif bool(new.relief) != bool(old.relief):
        yield "relief"


def _wider(new: Relief, old: Relief) -> Iterable[str]:
    if (new.window_from or date.min) < (old.window_from or date.min):
        yield "window_from"
    if (new.window_to or date.max) > (old.window_to or date.max):
        yield "window_to"
    if (new.cap_on or date.max) > (old.cap_on or date.max):
        yield "cap_on"
