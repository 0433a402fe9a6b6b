"""The guarantee period when the due date moves: with consent it runs from the new date, without from the old one.

Civil Code art. 695: a change of the time of performance without the guarantor's written consent leaves the period
untouched; art. 692: where no period is agreed it is six months from the due date (a parameter of the clause).

A guarantee contract, of a maximum amount or not, may also end by itself before the new due date: then nobody stands
for what was moved behind its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from steadyrest.desks.relief.mechanisms.months import later_by
from steadyrest.desks.relief.mechanisms.verdict import Check, Truth
from steadyrest.policy import Clause


@dataclass(frozen=True, slots=True)
class GuaranteePeriod:
    """The day by which the guarantor must be called upon, and how many days after the new due date that is."""

    claim_by_on: date
    days_after_new_due: int


def guarantee_period(
    old_due_on: date, new_due_on: date, has_consent: Truth, clause: Clause, agreed_months: int | None = None
) -> GuaranteePeriod:
    """The period of a deferred loan. Consent that is unknown counts as missing: the earlier day is the safe one."""
    start = new_due_on if has_consent else old_due_on
    months = clause.parameters["period_months"].value if agreed_months is None else agreed_months
    assert isinstance(months, int)
    claim_by = later_by(start, months)
    return GuaranteePeriod(claim_by, (claim_by - new_due_on).days)


def ended_before(due: pl.DataFrame, loan: pl.DataFrame, guarantee: pl.DataFrame) -> pl.DataFrame:
    """Guarantee contracts that end before a new due date: `loan_id, guarantee_id, to_on, new_due_on`.

    `due` has `loan_id, new_due_on`; of several dates of a receipt the latest counts. A contract without an end, and a
    receipt without a contract id, say nothing.
    """
    latest = due.group_by("loan_id").agg(pl.col("new_due_on").max())
    contracts = latest.join(loan.select("loan_id", "contract_id"), on="loan_id")
    ends = guarantee.select("guarantee_id", "contract_id", "to_on").unique()
    short = contracts.join(ends, on="contract_id").filter(pl.col("to_on") < pl.col("new_due_on"))
    return short.select("loan_id", "guarantee_id", "to_on", "new_due_on").sort("loan_id", "guarantee_id", "to_on")


def checks(has_consent: Truth) -> tuple[Check, ...]:
    """The rule asks for the guarantor's written consent; without it the period is counted from the old due date."""
    return (Check("guarantor_consent", has_consent),)
