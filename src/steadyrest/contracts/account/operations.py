"""Operations: what the fold carries out, one after the other.

A schedule turns terms into operations. What is agreed or done later (relief, servicing) are operations too. All are
ordered by (effective, rank within the day, known, sequence), so a back-dated one takes its place and the account is
folded again from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final

from steadyrest.contracts.account.terms import Terms


class Kind(StrEnum):
    """The ACTUS event types of the contract types that are built."""

    IED = "IED"  # initial exchange
    FP = "FP"  # fee payment
    PR = "PR"  # principal redemption
    PD = "PD"  # principal drawing
    PI = "PI"  # principal increase
    PY = "PY"  # penalty payment
    PP = "PP"  # principal prepayment
    XD = "XD"  # exercise
    IP = "IP"  # interest payment
    IPCI = "IPCI"  # interest capitalisation
    CE = "CE"  # credit event
    RRF = "RRF"  # rate reset with a known rate
    RR = "RR"  # rate reset with an observed rate
    PRF = "PRF"  # fixing of the principal payment
    PRD = "PRD"  # purchase
    TD = "TD"  # termination
    SC = "SC"  # scaling index
    IPCB = "IPCB"  # fixing of the interest calculation base
    MD = "MD"  # maturity
    STD = "STD"  # settlement


RANK: Final[Mapping[Kind, int]] = {kind: 10 * number for number, kind in enumerate(Kind, 1)}
"""The order within one moment: that of the declaration. A call or a claim (XD) stands before the interest that its
settlement pays; a payment is fixed anew (PRF) after the reset that is its cause. Other operations may stand between.
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of the account. `time` is printed and paid, `day` is the day up to which interest is counted; the other
    fields are parameters of the kinds that use them, as written in the terms.
    """

    time: datetime
    day: int
    kind: Kind
    amount: Fraction | None = None
    """PR, PI, PD, PP, PY: an amount of its own instead of that of the state. SC: index now / index at the start."""
    rate: Fraction | None = None
    """RR: the observed rate with multiplier and spread, before caps. RRF: the new rate. PY: the market's rate."""
    days: tuple[int, ...] = ()
    """PRF: the days on which the payment to be fixed falls due. FP: this day and the end of the cycle that begins."""
    since: int | None = None
    """IED: from when interest has run, where that is before the exchange."""
    months: int = 0
    """PRF: the length of every period to come, where a level payment is that of whole months."""
    covers_interest: bool = False
    """PR: the amount pays interest first, principal with the rest."""
    performance: str = ""
    """CE: the new state of performance."""
    exposure: Exposure | None = None
    """Of a guarantee: what is covered at this moment."""
    is_silent: bool = False
    """It changes the state and shows no event: before a purchase, or a fixing that no party sees."""
    follows: Kind | None = None
    """It takes its place within the moment right after this kind, not where its own kind stands."""
    known: datetime | None = None
    """When it became known, where that is not when it took effect."""
    sequence: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    """Parameters of kinds that are added later."""


def order(operation: Operation) -> tuple[datetime, int, datetime, int]:
    """The key by which operations are carried out."""
    rank = RANK[operation.kind] if operation.follows is None else RANK[operation.follows] + 1
    return operation.time, rank, operation.known or operation.time, operation.sequence


@dataclass(frozen=True, slots=True)
class Exposure:
    """The contracts a guarantee covers, on a day. `amount` is the exposure where it is agreed or observed."""

    day: int
    contracts: tuple[Resolved, ...] = ()
    amount: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A contract ready to be folded: its operations in order, and how it stands on its status date.

    `runs_since` is the day interest has run from on the status date, None when none is known to have run. `payment` is
    the next redemption, unsigned, where it is known at the start.
    """

    terms: Terms
    operations: tuple[Operation, ...]
    maturity: datetime | None = None
    is_exchanged: bool = False
    runs_since: int | None = None
    payment: Fraction | None = None
    fee_span: tuple[int, ...] = ()
    opening: Operation | None = None
    """A fixing that belongs to the status date itself."""


def joined(contract: Resolved, operations: Iterable[Operation]) -> Resolved:
    """A contract with operations that were agreed or done later, each in its place."""
    return replace(contract, operations=tuple(sorted((*contract.operations, *operations), key=order)))
