"""The state of a loan under servicing: its instalments, what was paid out, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from steadyrest.contracts.servicing.terms import ServicingTerms


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is due on a day, and what of it is paid. `level_fen` is the instalment the plan was laid with.

    `is_fixed`: the principal was set by an event and no later plan changes it.
    """

    since: date
    due_on: date
    kind: Literal["regular", "down_payment"] = "regular"
    principal_fen: int = 0
    interest_fen: int = 0
    paid_principal_fen: int = 0
    paid_interest_fen: int = 0
    advance_fen: int = 0
    late_fen: int = 0
    level_fen: int = 0
    is_fixed: bool = False

    @property
    def due_fen(self) -> int:
        """Principal and interest."""
        return self.principal_fen + self.interest_fen

    @property
    def paid_fen(self) -> int:
        """What of both is paid."""
        return self.paid_principal_fen + self.paid_interest_fen

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
        return self.owed_principal_fen + self.owed_interest_fen

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
    forgiven_fen: int = 0
    recovered_fen: int = 0
    charged_off_on: date | None = None
    level_fen: int | None = None
    grace_on_principal: int = 0

    @property
    def drawn_fen(self) -> int:
        """What was paid out."""
        return sum(amount for _, amount in self.drawn)

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
                for on, amount in self.drawn
                if on < item.due_on or (on == item.due_on and (counts_day or not item.is_regular))
            )
            found.append(drawn - repaid)
        return tuple(found)

    def with_instalments(self, instalments: list[Instalment]) -> State:
        """The state with other instalments."""
        return replace(self, instalments=tuple(instalments))
