"""How long, and when, a due date may be put off by an extension contract.

贷款通则 art. 12 and Civil Code art. 678: asked for before the due date; extensions of a short-term loan together not
longer than its original term, of a medium-term loan not longer than half of it, of a long-term loan not longer than a
number of months; guarantors, mortgagors and pledgors consent in writing. The figures are parameters of the clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from steadyrest.desks.relief.mechanisms.verdict import Check, Truth
from steadyrest.policy import Clause


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension asked for. Months are whole; `extension_months` counts all extensions of the loan together."""

    maturity_on: date
    applied_on: date | None
    original_months: int | None
    extension_months: int
    has_consents: Truth


def limit_months(original_months: int, clause: Clause) -> Fraction:
    """The longest extension of a loan by its original term; half of an odd number of months is not rounded."""
    if original_months <= months_of(clause, "short_term_months"):
        return Fraction(original_months)
    if original_months <= months_of(clause, "medium_term_months"):
        return Fraction(original_months, 2)
    return Fraction(months_of(clause, "long_limit_months"))


def checks(extension: Extension, clause: Clause) -> tuple[Check, ...]:
    """The three things the rule asks for."""
    asked = None if extension.applied_on is None else extension.applied_on < extension.maturity_on
    original = extension.original_months
    short = None if original is None else extension.extension_months <= limit_months(original, clause)
    return (
        Check("applied_before_maturity", asked),
        Check("within_limit", short),
        Check("written_consents", extension.has_consents),
    )


def months_of(clause: Clause, name: str) -> int:
    """A parameter of the clause in months."""
    value = clause.parameters[name].value
    assert isinstance(value, int)
    return value
