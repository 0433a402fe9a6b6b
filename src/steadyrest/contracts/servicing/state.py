"""The state of a loan under servicing: its instalments, what was paid out, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from steadyrest.contracts.servicing.terms import Component, ServicingTerms


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is due on a day, and what of it is paid. `level_fen` is the instalment the plan was laid with.

    A `regular` one ends a period that bears interest; a `down_payment` and what was `moved` to a day of its own do not.
    `is_fixed`: the principal was set by an event and no later plan changes it. `interest_to`: the interest of its
    period is due on other days, in equal parts; `bears_nothing_due`: it is waived, or has become principal.
    """

    since: date
    due_on: date
    kind: Literal["regular", "down_payment", "moved"] = "regular"
    principal_fen: int = 0
    interest_fen: int = 0
    fee_fen: int = 0
    penalty_fen: int = 0
    paid_principal_fen: int = 0
    paid_interest_fen: int = 0
    paid_fee_fen: int = 0
    paid_penalty_fen: int = 0
    advance_fen: int = 0
    late_fen: int = 0
    level_fen: int = 0
    is_fixed: bool = False
    period_end: date | None = None
    """When the period would have ended, where it was cut short."""
    interest_to: tuple[date, ...] = ()
    bears_nothing_due: bool = False

    @property
    def due_fen(self) -> int:
        """All components together."""
        return self.principal_fen + self.interest_fen + self.fee_fen + self.penalty_fen

    @property
    def paid_fen(self) -> int:
        """What of them is paid."""
        return self.paid_principal_fen + self.paid_interest_fen + self.paid_fee_fen + self.paid_penalty_fen

    @property
    def owed_principal_fen(self) -> int:
        """Principal that is not paid."""
        return self.principal_fen - self.paid_principal_fen

    @property
    def owed_interest_fen(self) -> int:
        """Interest that is not paid."""
        return self.interest_fen - self.paid_interest_fen

    @property
    def owed_fen(self) -> int:
        """What is not paid."""
        return self.due_fen - self.paid_fen

    def owed(self, component: Component) -> int:
        """What of one component is not paid."""
        due: int = getattr(self, f"{component}_fen")
        paid: int = getattr(self, f"paid_{component}_fen")
        return due - paid

    @property
    def is_regular(self) -> bool:
        """One of the plan, not a down payment."""
        return self.kind == "regular"


@dataclass(frozen=True, slots=True)
class State:
    """Everything the next event depends on. `today` is the day up to which interest follows what is really owed."""

    terms: ServicingTerms
    today: date
    drawn: tuple[tuple[date, int], ...] = ()
    instalments: tuple[Instalment, ...] = ()
    rates: tuple[tuple[date, Fraction], ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()
    repaid: tuple[tuple[date, date, int], ...] = ()
    """Principal repaid: when, of the instalment of which due day, how much."""
    spare_fen: int = 0
    capitalised: tuple[tuple[date, int], ...] = ()
    forgiven: tuple[tuple[date, int], ...] = ()
    recovered_fen: int = 0
    past_due_pauses: tuple[tuple[date, date], ...] = ()
    succeeded_by: str = ""
    charged_off_on: date | None = None

    @property
    def drawn_fen(self) -> int:
        """What was paid out."""
        return sum(amount for _, amount in self.drawn)

    @property
    def lent(self) -> tuple[tuple[date, int], ...]:
        """What the plan has to repay, by day: paid out, interest that became principal, less what is forgiven."""
        less = ((on, -amount) for on, amount in self.forgiven)
        return (*self.drawn, *self.capitalised, *less)

    @property
    def owed_principal_fen(self) -> int:
        """Principal that is not paid."""
        return sum(item.owed_principal_fen for item in self.instalments)

    @property
    def owed_fen(self) -> int:
        """Principal and interest that are not paid."""
        return sum(item.owed_fen for item in self.instalments)

    @property
    def balances_fen(self) -> tuple[int, ...]:
        """What is outstanding by the plan after each instalment."""
        counts_day = self.terms.spreads == "original"
        repaid, found = 0, []
        for item in self.instalments:
            repaid += item.principal_fen
            drawn = sum(
                amount
                for on, amount in self.lent
                if on < item.due_on or (on == item.due_on and (counts_day or not item.is_regular))
            )
            found.append(drawn - repaid)
        return tuple(found)

    def with_instalments(self, instalments: list[Instalment]) -> State:
        """The state with other instalments."""
        return replace(self, instalments=tuple(instalments))
