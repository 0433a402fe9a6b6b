"""What can be said against conditions before any row is seen: tests without effect, and the same thing said twice.

Sound, not complete: what is reported is proved over the small model of `domain`; a predicate whose model is too large
is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from steadyrest.rules.conditions import Condition
from steadyrest.rules.domain import same, verdicts
from steadyrest.rules.syntax import Among, And, Exists, Leaf, Node, Not, Or, leaves, parameters_used, text_of
from steadyrest.rules.types import Parameter, never_null
from steadyrest.text import Text, label

ProblemCode = Literal[
    "always_true", "always_false", "redundant", "repeated_value", "never_null", "duplicate", "unused_parameter"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the conditions of a clause; `test` is the part of the predicate it speaks of.

    `condition` is the id of the condition, empty when no condition uses a parameter; `other` is the condition that
    says the same, or the parameter.
    """

    code: ProblemCode
    condition: str = ""
    test: str = ""
    other: str = ""

    @property
    def sentence(self) -> Text:
        """What is wrong, in both languages."""
        return label(f"rules.problem.{self.code}", id=self.condition, test=self.test, other=self.other)


def check(conditions: Sequence[Condition], parameters: Mapping[str, Parameter] | None = None) -> tuple[Problem, ...]:
    """All problems of the conditions of one clause, in the order of the conditions; none when they are sound."""
    found: list[Problem] = []
    for condition in conditions:
        found += (replace(problem, condition=condition.id) for problem in _inside(condition.node))
    for first, second in combinations(conditions, 2):
        if same(first.node, second.node):
            found.append(Problem("duplicate", second.id, text_of(second.node), first.id))
    used = frozenset[str]().union(*(parameters_used(condition.node) for condition in conditions))
    found += (Problem("unused_parameter", other=name) for name in parameters or {} if name not in used)
    return tuple(found)


def _inside(node: Node) -> tuple[Problem, ...]:
    """The problems of a predicate. Where a part has one, nothing more is said about the whole."""
    listed = tuple(Problem("repeated_value", test=text_of(leaf)) for leaf in leaves(node) if _repeats(leaf))
    return listed or _effects(node)


def _repeats(leaf: Leaf) -> bool:
    return isinstance(leaf, Among) and len({value.value for value in leaf.values}) < len(leaf.values)


def _effects(node: Node) -> tuple[Problem, ...]:
    inner = tuple(problem for part in _parts(node) for problem in _effects(part))
    return inner or tuple(_constant(node)) or tuple(_redundant(node))


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Not):
        return (node.part,)
    return node.parts if isinstance(node, And | Or) else ()


def _constant(node: Node) -> Iterator[Problem]:
    """Whether a predicate, where it can be told at all, comes out the same on every row."""
    if isinstance(node, Exists) and never_null(node.column.column):
        yield Problem("never_null", test=text_of(node))
        return
    found = verdicts(node)
    if False not in found:
        yield Problem("always_true", test=text_of(node))
    elif True not in found:
        yield Problem("always_false", test=text_of(node))


def _redundant(node: Node) -> Iterator[Problem]:
    """Parts of a conjunction or disjunction that can go, the last ones first, each judged without those before it."""
    if not isinstance(node, And | Or):
        return
    kept = node
    for part in reversed(node.parts):
        less = replace(kept, parts=tuple(other for other in kept.parts if other is not part))
        if less.parts and same(kept, less):
            kept = less
            yield Problem("redundant", test=text_of(part))
