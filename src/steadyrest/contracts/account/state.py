"""The state of an account between two operations, and the event an operation shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from steadyrest.contracts.account.arithmetic import Number
from steadyrest.contracts.account.operations import Kind
from steadyrest.contracts.account.terms import Terms


@dataclass(frozen=True, slots=True)
class State:
    """Everything the next operation depends on. Balances and flows carry the sign of the role.

    `accrued` is interest that has run and is not settled, exact but for its segments that are `closed`. `base` is what
    interest runs on where that is not the notional (NTL). `payment` is the amount of the next redemptions. `fee_span`
    is the fee cycle around `day`.
    """

    terms: Terms
    day: int
    maturity: int | None = None
    notional: Number = 0
    rate: Number = 0
    accrued: Number = 0
    closed: Number = 0
    base: Number = 0
    payment: Number = 0
    fee_accrued: Number = 0
    fee_span: tuple[int, ...] = ()
    notional_scale: Number = 1
    interest_scale: Number = 1
    performance: str = "PF"
    exercise_amount: Number | None = None
    exercise_time: datetime | None = None
    ends_when_repaid: bool = False
    """A prepayment shortened the contract: it is over on the day nothing is owed any more."""

    @property
    def interest_base(self) -> Number:
        """The amount interest runs on."""
        return self.base if self.terms.lags_interest_base else self.notional


@dataclass(frozen=True, slots=True)
class Event:
    """What an operation shows: the flow, and the state after it. A positive payoff is received."""

    time: datetime
    kind: Kind
    payoff: Number
    notional: Number
    rate: Number
    accrued: Number
    exercise_amount: Number | None = None
    exercise_time: datetime | None = None
