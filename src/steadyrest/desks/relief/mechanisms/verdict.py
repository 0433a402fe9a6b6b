"""A norm on an agreement as a list of checks, each true, false or unknown, and the word for them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Truth: TypeAlias = bool | None
Word: TypeAlias = Literal["pass", "fail", "unknown", "in_principle_breach", "breach", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a norm asks for, by name; null where the data do not tell."""

    name: str
    holds: Truth


def word_of(checks: Iterable[Check]) -> Word:
    """fail when one check fails, else unknown when one is unknown, else pass.

    >>> word_of([Check("a", True), Check("b", None)])
    'unknown'
    """
    found = [check.holds for check in checks]
    return "fail" if False in found else "unknown" if None in found else "pass"


def both(*parts: Truth) -> Truth:
    """Kleene's and: false decides, unknown stays open.

    >>> both(True, None), both(None, False)
    (None, False)
    """
    return False if False in parts else None if None in parts else True


def either(*parts: Truth) -> Truth:
    """Kleene's or: true decides, unknown stays open.

    >>> either(False, None), either(None, True)
    (None, True)
    """
    return True if True in parts else None if None in parts else False
