"""A small policy made by hand, so that the desk is tested on rules that stand on this page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from steadyrest.desks.stage import Context
from steadyrest.policy import Clause, PolicySnapshot, Relief
from steadyrest.rules import Condition, parse
from steadyrest.schema import TABLES
from steadyrest.text import Text

AS_OF = date(2022, 7, 31)
NOTICE_CAP = date(2022, 12, 31)
LATER_CAP = date(2023, 6, 30)

_SCOPE = TABLES["loan_facts"].by_name()


def clause(
    slug: str,
    tests: Sequence[str],
    *,
    kind: Literal["screen", "definition", "norm"] = "screen",
    soft: bool = False,
    relief: Relief | None = None,
    defines: str | None = None,
    known_from: date = date(2022, 7, 4),
) -> Clause:
    """A clause whose conditions are these predicates, bit 0 first."""
    words = Text(zh=slug, en=slug)
    conditions = tuple(
        Condition(bit, f"{slug}.{bit}", parse(text, _SCOPE), Text(zh=text, en=text), soft)
        for bit, text in enumerate(tests)
    )
    return Clause(
        id=f"test.{slug}",
        slug=slug,
        kind=kind,
        title=words,
        document=words,
        article=words,
        quote="",
        strength="shall",
        binds=("bank",),
        grade="B",
        source="made up for tests",
        effective_from=known_from,
        effective_to=None,
        known_from=known_from,
        supersedes=(),
        status="in force",
        open_readings=(),
        conditions=conditions,
        parameters={},
        relief=relief,
        defines=defines,
        mechanism=None,
        confirmed_by=None,
        place="tests:1",
    )


def relief(
    cap_on: date | None,
    parts: Literal["principal", "both"] = "both",
    strength: Literal["shall", "in_principle"] = "in_principle",
    window: tuple[date | None, date | None] = (None, None),
) -> Relief:
    """Relief by deferral agreement up to a cap."""
    return Relief("notice_2022", ("deferral_agreement",), *window, parts, cap_on, strength)


INCLUSIVE = clause(
    "inclusive",
    ['enterprise_size in ("small", "micro")', "credit_line_fen <= 1000000000"],
    kind="definition",
    defines="is_inclusive_cbirc",
)
NOTICE = clause(
    "n2",
    [
        'borrower_section == "C"',
        'enterprise_size in ("medium", "small", "micro")',
        "has_temporary_difficulty",
        "next_due_on <= 2022-12-31",
    ],
    relief=relief(NOTICE_CAP),
)
LONGER = clause(
    "n4",
    ['borrower_section == "C"', "is_severely_hit", "is_inclusive_cbirc"],
    relief=relief(LATER_CAP, "principal", "shall", (None, NOTICE_CAP)),
)
OPEN_ENDED = clause("n9", ["has_temporary_difficulty"], relief=relief(None))


def snapshot(*clauses: Clause) -> PolicySnapshot:
    """A snapshot of these clauses, in the order a resolver gives them."""
    ordered = tuple(sorted(clauses, key=lambda item: (item.known_from, item.id)))
    return PolicySnapshot(AS_OF, AS_OF, ordered, (), (), "0" * 64)


def context(*clauses: Clause, as_of: date = AS_OF) -> Context:
    """What a stage knows: these clauses, or all of this page."""
    return Context(as_of, snapshot(*(clauses or (INCLUSIVE, NOTICE, LONGER, OPEN_ENDED))))
