"""Clauses made for these tests, in the rule language and free of any pack."""

from __future__ import annotations

from datetime import date

from steadyrest.policy import Clause, PolicySnapshot
from steadyrest.rules import Condition, checked, parse
from steadyrest.schema import TABLES
from steadyrest.text import Text

AS_OF = date(2022, 7, 31)


def clause(slug: str, *tests: str, defines: str | None = None, soft: frozenset[int] = frozenset()) -> Clause:
    """A clause whose condition n has bit n."""
    scope = TABLES["loan_facts"].by_name()
    conditions = checked(
        Condition(bit, f"c{bit}", parse(test, scope), Text(zh=test, en=test), is_soft=bit in soft)
        for bit, test in enumerate(tests)
    )
    title = Text(zh=slug, en=slug)
    return Clause(
        id=f"test.{slug}", slug=slug, kind="definition" if defines else "screen", title=title, document=title,
        article=title, quote="", strength="shall", binds=(), grade="A", source="made for a test",
        effective_from=AS_OF, effective_to=None, known_from=AS_OF, supersedes=(), status="VERIFIED", open_readings=(),
        conditions=conditions, parameters={}, relief=None, defines=defines, mechanism=None, confirmed_by=None,
        place="test:1",
    )  # fmt: skip


def snapshot(*clauses: Clause) -> PolicySnapshot:
    """A snapshot of the clauses given."""
    return PolicySnapshot(AS_OF, AS_OF, clauses, (), (), "test")
