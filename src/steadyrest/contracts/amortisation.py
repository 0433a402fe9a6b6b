"""The small algebra of repayment plans. A plan is a value; `columns` writes it as the columns of `loan_terms`.

>>> columns(PaymentHoliday(2, InterestOnly(3, Level())))["holiday_periods"]
2
>>> columns(InterestOnly(3, PaymentHoliday(2, Level())))
Traceback (most recent call last):
...
steadyrest.errors.UsageError: contracts.plan_order: a payment holiday stands after interest-only periods. ...
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from steadyrest.errors import UsageError


@dataclass(frozen=True, slots=True)
class Level:
    """Equal instalments of principal and interest (等额本息, ACTUS ANN)."""


@dataclass(frozen=True, slots=True)
class EvenPrincipal:
    """Equal parts of principal every `cycle_months`; 0 = with every interest due (等额本金, ACTUS LAM)."""

    cycle_months: int = 0


@dataclass(frozen=True, slots=True)
class Bullet:
    """All principal at maturity (到期还本, ACTUS PAM)."""


@dataclass(frozen=True, slots=True)
class Balloon:
    """A part of the principal stays until maturity, the rest follows `then`."""

    balloon_fen: int
    then: Level | EvenPrincipal


@dataclass(frozen=True, slots=True)
class InterestOnly:
    """`periods` with interest only, `then` the plan."""

    periods: int
    then: Level | EvenPrincipal | Bullet | Balloon


@dataclass(frozen=True, slots=True)
class PaymentHoliday:
    """`periods` without any payment, `then` the plan; their interest is due with the first due after them, or at the
    end.
    """

    periods: int
    then: Level | EvenPrincipal | Bullet | Balloon | InterestOnly
    interest: Literal["first_resumed", "at_end"] = "first_resumed"


Plan: TypeAlias = Level | EvenPrincipal | Bullet | Balloon | InterestOnly | PaymentHoliday


def columns(plan: Plan) -> dict[str, int | str | None]:
    """The plan as columns of `loan_terms`; a prefix in another order than holiday, interest-only, plan is a
    `UsageError`.
    """
    found: dict[str, int | str | None] = dict.fromkeys(
        ("holiday_periods", "holiday_interest", "interest_only_periods", "balloon_fen", "repayment_cycle_months")
    )
    if isinstance(plan, PaymentHoliday):
        found |= {"holiday_periods": plan.periods, "holiday_interest": plan.interest}
        plan = plan.then
    if isinstance(plan, InterestOnly):
        found |= {"interest_only_periods": plan.periods}
        plan = plan.then
    if isinstance(plan, Balloon):
        found |= {"balloon_fen": plan.balloon_fen}
        plan = plan.then
    if isinstance(plan, EvenPrincipal) and plan.cycle_months:
        found |= {"repayment_cycle_months": plan.cycle_months}
    if isinstance(plan, PaymentHoliday | InterestOnly | Balloon):
        raise UsageError("contracts.plan_order")
    return found | {"amortisation": _NAMES[type(plan)]}


_NAMES: dict[type[Level] | type[EvenPrincipal] | type[Bullet], str] = {
    Level: "level",
    EvenPrincipal: "even_principal",
    Bullet: "bullet",
}
