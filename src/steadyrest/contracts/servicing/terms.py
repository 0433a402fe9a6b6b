"""What is agreed on a loan that is serviced: facts of the product and of the contract, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.faults import TermsError
from steadyrest.units import Rounding, round_fraction

MONTH = Period(1)

Interest = Literal["flat", "period", "daily"]
"""`flat`: on the whole principal, every period alike. `period`: on the balance at the start of the period. `daily`: on
the balance of every day.
"""
Component = Literal["penalty", "fee", "interest", "principal"]
Prepayment = Literal["reduces_instalment", "reduces_term", "next_instalments", "next_due"]
"""What principal paid beyond the plan does: the level falls; the plan ends sooner; it stands for the principal of the
next instalments; or nothing but that it is paid.
"""
Future = Literal["next", "last", "even"]
"""Where money goes that is paid in advance: the next instalment, the last one, or evenly onto all."""


@dataclass(frozen=True, slots=True)
class Basis:
    """How a period becomes a part of a year: days of the year (0: those of the calendar), days of a month (0: those of
    the calendar). With 30 a period of whole months counts as such, however many days it has.
    """

    year_days: int = 360
    month_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicingTerms:
    """A loan that is paid out in one or more parts and repaid in instalments. Money in minor units.

    `spreads`: what is paid out later goes onto the instalments still to come (`remaining`), or every instalment gets
    the share it would have had from the start and the last one takes the rest (`original`). `allocates_anew`: payments
    are put onto the plan as it stands in the end, not as it stood when they came.

    `recalculates`: interest follows what is really owed up to today, day by day or as it stands on due days (`rests`);
    what is paid beyond what is due then repays principal of the instalments to come (`coming`), or of the one whose
    period runs (`current`), and `prepayment` says what follows.

    A level instalment comes from the rate factor of every period (`each_period`), from that of the first
    (`first_period`) or from annual / 12 (`twelfths`), and is fixed anew at the first of `later_rates` that changes it;
    `evens_last` moves it where the last one then deviates less. `day_count` (an ACTUS name) takes the place of `basis`.
    """

    principal_fen: int
    starts_on: date
    instalments: int
    every: Period = MONTH
    rate: Fraction = Fraction(0)
    later_rates: tuple[tuple[date, Fraction], ...] = ()
    day_count: str = ""
    interest: Interest = "period"
    amortisation: Literal["level", "even_principal"] = "level"
    basis: Basis = Basis()
    agreed_periods: tuple[tuple[date, date], ...] = ()
    counts_from_start: bool = False
    grace_on_principal: int = 0
    grace_on_interest: int = 0
    down_payment: Fraction = Fraction(0)
    pays_down_payment: bool = False
    spreads: Literal["remaining", "original"] = "remaining"
    level_from: Literal["each_period", "first_period", "twelfths"] = "each_period"
    allocates: Literal["by_instalment", "due_then_advance"] = "by_instalment"
    components: tuple[Component, ...] = ("penalty", "fee", "interest", "principal")
    principal_first_after_days: int | None = None
    grace_days: int = 0
    future: Future = "next"
    allocates_anew: bool = False
    recalculates: bool = False
    rests: Literal["daily", "due_days"] = "daily"
    prepays: Literal["coming", "current"] = "coming"
    prepayment: Prepayment = "next_due"
    evens_last: bool = False
    instalment_multiple_fen: int = 1
    rounding: Rounding = Rounding.HALF_EVEN
    instalment_rounding: Rounding | None = None
    is_per_segment: bool = False

    def __post_init__(self) -> None:
        if self.principal_fen <= 0:
            raise TermsError("below_limit", "principal_fen", value=self.principal_fen, limit=0)
        if self.instalments <= 0:
            raise TermsError("below_limit", "instalments", value=self.instalments, limit=0)
        if self.every.months + self.every.days <= 0:
            raise TermsError("below_limit", "every", value=self.every, limit=0)
        if self.rate < 0:
            raise TermsError("below_limit", "rate", value=self.rate, limit=0)
        if not 0 <= self.down_payment < 1:
            raise TermsError("over_limit", "down_payment", value=self.down_payment, limit=1)
        if max(self.grace_on_principal, self.grace_on_interest) >= self.instalments:
            raise TermsError("over_limit", "grace_on_principal", value=self.grace_on_principal, limit=self.instalments)

    def whole(self, amount: Fraction) -> int:
        """An amount of interest, rounded."""
        return round_fraction(amount, self.rounding)

    def instalment(self, amount: Fraction) -> int:
        """An instalment, rounded to its multiple."""
        rounding = self.instalment_rounding or self.rounding
        return round_fraction(amount / self.instalment_multiple_fen, rounding) * self.instalment_multiple_fen
