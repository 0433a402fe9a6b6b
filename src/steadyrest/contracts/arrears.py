"""What an amount costs that is not paid when it is due: penalty interest, compound interest, and their reversal.

Overdue principal bears the penalty rate from its due day to the day before payment, in place of the contract rate.
Unpaid interest bears compound interest by settlement period, at the contract rate inside the term and at the penalty
rate after maturity. A deferred amount is not unpaid: it bears neither until its new due day, and from that day on both
if it is missed. Relief signed after the old due day reverses what was booked since and keeps the days past due.

Sources: 人民币利率管理规定 art. 20, 21, 25; 银发〔2003〕251号 (penalty 1.3 to 1.5 times, misuse 1.5 to 2.0 times);
银保监发〔2020〕6号 and 银发〔2022〕252号 (no penalty inside relief).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.accrual import Run, Settlement, periods
from steadyrest.units import Rounding

ONE: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrearsTerms:
    """How a contract charges arrears. Rates in 1e-7 a year.

    `base`: compound interest runs on the unpaid interest alone, or also on compound interest that is itself unpaid at
    a settlement. `in_term`: the rate of compound interest before maturity. With `grace_days` a payment within them is
    on time; after them everything counts from the due day.
    """

    rate_e7: int
    penalty_multiplier: Fraction = Fraction(3, 2)
    maturity_on: date | None = None
    settlement_months: int = 3
    settlement_day: int = 20
    day_count: str = "A360"
    rounding: Rounding = Rounding.HALF_UP
    base: Literal["interest", "interest_and_compound"] = "interest"
    in_term: Literal["contract", "penalty"] = "contract"
    grace_days: int = 0

    def __post_init__(self) -> None:
        if self.penalty_multiplier < 1:
            raise TermsError("below_limit", "penalty_multiplier", value=self.penalty_multiplier, limit=1)
        if self.grace_days < 0:
            raise TermsError("below_limit", "grace_days", value=self.grace_days, limit=0)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An amount and the day it is due."""

    part: Literal["principal", "interest"]
    amount_fen: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Relief:
    """A deferral of the amount: signed on a day, due on another."""

    signed_on: date
    new_due_on: date


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge: penalty or compound interest of a settlement, or the reversal of all that was booked before relief.

    A reversal has the negative amount, no settlement, and the day of signature.
    """

    kind: Literal["penalty", "compound", "reversal"]
    on: date
    fen: int
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True)
class Arrears:
    """The charges in order, the days past due on the last day looked at, and those kept from before relief."""

    charges: tuple[Charge, ...]
    days_past_due: int
    days_kept: int = 0

    @property
    def fen(self) -> int:
        """What is owed beside the amount itself."""
        return sum(charge.fen for charge in self.charges)


Window = tuple[date, date]
"""First day and the day after the last."""


def arrears(
    terms: ArrearsTerms,
    unpaid: Unpaid,
    until: date,
    *,
    relief: Relief | None = None,
    suspended: Sequence[Window] = (),
) -> Arrears:
    """The arrears of one amount up to the day it is paid, or looked at. In `suspended` windows nothing is charged.

    Raises `TermsError` for relief to a day not after the due day, or an amount that is negative.

    >>> terms = ArrearsTerms(rate_e7=435_000, penalty_multiplier=Fraction(13, 10))
    >>> arrears(terms, Unpaid("principal", 50_000_000, date(2022, 9, 10)), date(2022, 10, 25)).fen
    353438
    """
    if unpaid.amount_fen < 0:
        raise TermsError("below_limit", "amount_fen", value=unpaid.amount_fen, limit=0)
    if relief is None:
        return _since(terms, unpaid, until, suspended)
    if relief.new_due_on <= unpaid.due_on:
        raise TermsError("below_limit", "new_due_on", value=relief.new_due_on, limit=unpaid.due_on)
    before = _since(terms, unpaid, min(until, relief.signed_on), suspended)
    if until < relief.signed_on:
        return before
    booked = before.fen
    reversal = (Charge("reversal", relief.signed_on, -booked),) if booked else ()
    moved = Unpaid(unpaid.part, unpaid.amount_fen, relief.new_due_on)
    after = _since(terms, moved, until, suspended)
    return Arrears((*before.charges, *reversal, *after.charges), after.days_past_due, before.days_past_due)


def _since(terms: ArrearsTerms, unpaid: Unpaid, until: date, suspended: Sequence[Window]) -> Arrears:
    """Without relief: everything from the due day on."""
    late = (until - unpaid.due_on).days
    if late <= terms.grace_days:
        return Arrears((), 0)
    charges = _penalty if unpaid.part == "principal" else _compound
    return Arrears(tuple(charges(terms, unpaid, until, suspended)), late)


def _penalty(terms: ArrearsTerms, unpaid: Unpaid, until: date, suspended: Sequence[Window]) -> Iterator[Charge]:
    found = tuple(
        Run(since, end, unpaid.amount_fen, terms.rate_e7, terms.day_count, terms.penalty_multiplier)
        for since, end in _without(((unpaid.due_on, until),), suspended)
    )
    settlement = Settlement(until, found, terms.rounding)
    yield Charge("penalty", until, settlement.fen, settlement)


def _compound(terms: ArrearsTerms, unpaid: Unpaid, until: date, suspended: Sequence[Window]) -> Iterator[Charge]:
    base = unpaid.amount_fen
    for since, pay_on in periods(unpaid.due_on, until, terms.settlement_months, terms.settlement_day):
        found = tuple(
            Run(start, end, base, terms.rate_e7, terms.day_count, _multiplier(terms, start))
            for start, end in _without(_at_maturity(terms, since, pay_on), suspended)
        )
        settlement = Settlement(pay_on, found, terms.rounding)
        yield Charge("compound", pay_on, settlement.fen, settlement)
        if terms.base == "interest_and_compound":
            base += settlement.fen


def _at_maturity(terms: ArrearsTerms, since: date, until: date) -> Iterable[Window]:
    """A window in two where maturity lies in it: the rate changes there."""
    cut = terms.maturity_on
    return ((since, cut), (cut, until)) if cut is not None and since < cut < until else ((since, until),)


def _multiplier(terms: ArrearsTerms, on: date) -> Fraction:
    is_after_term = terms.maturity_on is not None and on >= terms.maturity_on
    return terms.penalty_multiplier if is_after_term or terms.in_term == "penalty" else ONE


def _without(windows: Iterable[Window], suspended: Sequence[Window]) -> Iterator[Window]:
    """Windows less the days of others."""
    for since, until in windows:
        for first, last in sorted(suspended):
            if first < until and last > since:
                if since < first:
                    yield since, first
                since = max(since, last)
        if since < until:
            yield since, until


def reported_rate_e7(balance_fen: int, overdue_fen: int, rate_e7: int, multiplier: Fraction) -> Fraction:
    """The rate of a receipt that is partly overdue, weighted by balance, penalty included (PBoC reporting guide Q28).

    >>> reported_rate_e7(100_000_000, 20_000_000, 435_000, Fraction(3, 2))
    Fraction(478500, 1)
    """
    return Fraction(balance_fen - overdue_fen + overdue_fen * multiplier) * rate_e7 / balance_fen
