"""A renewal is a new receipt that repays an old one: whether its rule is met, and what the returns say of both.

A renewal that meets its rule is booked as one (无还本续贷); one that does not is new for old. Only the latter can be
the replacement of an old debt that could not be paid (reporting rule D9). The rule is a clause with the mechanism
`renewal`: its conditions look at the old receipt, the dates of the new contract are looked at here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from steadyrest.desks.relief.mechanisms.reporting import Reported, Standing, reported
from steadyrest.desks.relief.mechanisms.verdict import Check, Truth, both
from steadyrest.policy import Clause
from steadyrest.rules import evaluate
from steadyrest.rules.interpreter import Row


@dataclass(frozen=True, slots=True)
class Renewal:
    """A renewal asked for. `signed_on` is null while nothing is signed.

    `facts` is the old receipt's row of `loan_facts`. `meets_conditions`: the bank's assessment of the conditions the
    rule lists (lawful and continuing business, good credit, terms of a new loan, the bank's own); null is unknown.
    """

    old_due_on: date
    new_maturity_on: date
    signed_on: date | None
    facts: Row
    meets_conditions: Truth


def checks(renewal: Renewal, clause: Clause) -> tuple[Check, ...]:
    """What the rule asks for: its conditions, and a new contract before the old maturity."""
    signed = None if renewal.signed_on is None else renewal.signed_on < renewal.old_due_on
    found = [*_conditions(renewal, clause), Check("signed_before_maturity", signed)]
    if clause.parameters["conditions_bind_renewal"].value:
        found.append(Check("listed_conditions", renewal.meets_conditions))
    return tuple(found)


def keeps_normal(renewal: Renewal, clause: Clause | None) -> Truth:
    """Whether the new receipt may stay normal: the old one was, and the listed conditions hold.

    Without a clause in force that says so it may not.
    """
    if clause is None:
        return False
    return both(*(check.holds for check in _conditions(renewal, clause)), renewal.meets_conditions)


def drawdown_kind(is_renewal: bool) -> str:
    """The legal form (list `legal_form`) of the new receipt, by which the return names its kind of drawdown."""
    return "renewal_receipt" if is_renewal else "new_for_old"


def replaces_bad_debt(renewal: Renewal, is_renewal: bool) -> bool:
    """Whether the return of replaced debts lists it: the old receipt could not be paid when due (D9)."""
    return not is_renewal and renewal.signed_on is not None and renewal.signed_on > renewal.old_due_on


def new_receipt(renewal: Renewal, report_on: date) -> Reported | None:
    """The new receipt in the return; null while it is not signed."""
    if renewal.signed_on is None or renewal.signed_on > report_on:
        return None
    return reported(Standing(renewal.new_maturity_on), report_on)


def old_receipt(renewal: Renewal, report_on: date) -> Reported | None:
    """The old receipt in the return; null once the new one has repaid it: not in stock, 收回 in the flow table."""
    if renewal.signed_on is not None and renewal.signed_on <= report_on:
        return None
    overdue_from = renewal.old_due_on + timedelta(days=1)
    return reported(Standing(renewal.old_due_on, overdue_from_on=overdue_from, overdue_kind="01"), report_on)


def _conditions(renewal: Renewal, clause: Clause) -> list[Check]:
    return [Check(condition.id, evaluate(condition.node, renewal.facts)) for condition in clause.conditions]
