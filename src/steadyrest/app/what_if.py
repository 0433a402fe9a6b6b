"""One loan before and after events: dues, totals and the effective rate, for a person who tries things out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from steadyrest.contracts import LoanTerms
from steadyrest.contracts.account import TermsError
from steadyrest.contracts.servicing import Event, Instalment, Kind, State, replay
from steadyrest.contracts.servicing.loans import serviced
from steadyrest.contracts.servicing.phrases import prepayment_of, read_event
from steadyrest.contracts.servicing.terms import ServicingTerms
from steadyrest.errors import UsageError
from steadyrest.measures import Flows, effective_rates

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Side:
    """The loan on one side of the events. Money in fen; the rate a year on act/365, none where flows have none."""

    instalments: tuple[Instalment, ...]
    balances_fen: tuple[int, ...]
    effective_rate: float | None

    @property
    def interest_fen(self) -> int:
        """All interest, fees and penalties that fall due."""
        return sum(item.due_fen - item.principal_fen for item in self.instalments)

    @property
    def last_due_on(self) -> date:
        """The last day on which something is due."""
        return max((item.due_on for item in self.instalments if item.due_fen), default=self.instalments[-1].due_on)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Before and after, and the events between."""

    loan: LoanTerms
    events: tuple[Event, ...]
    before: Side
    after: Side

    @property
    def extra_interest_fen(self) -> int:
        """What the events cost the borrower beside principal."""
        return self.after.interest_fen - self.before.interest_fen


def what_if(loan: LoanTerms, phrases: Sequence[str]) -> WhatIf:
    """The loan as signed, and after the events that `phrases` say (`contracts.servicing.phrases`).

    With a payment among the events, all that falls due before it is taken as paid on its day. Raises `TermsError` for
    terms or events that cannot be, `UsageError` for a phrase that cannot be read or payments of two kinds.
    """
    terms = serviced(loan)
    drawn = Event(kind=Kind.DISBURSEMENT, effective_on=loan.drawn_on, sequence=1, amount_fen=terms.principal_fen)
    events = tuple(read_event(text, number, loan.drawn_on) for number, text in enumerate(phrases, 2))
    before = _side(replay(terms, [drawn]))
    modes = {mode for text in phrases if (mode := prepayment_of(text)) is not None}
    if not modes:
        return WhatIf(loan, events, before, _side(replay(terms, [drawn, *events])))
    if len(modes) > 1:
        raise UsageError("call.two_prepayments")
    after = replace(terms, recalculates=True, prepays="current", prepayment=modes.pop())
    return WhatIf(loan, events, before, _side(_kept_up(after, [drawn, *events])))


def _kept_up(terms: ServicingTerms, events: Sequence[Event]) -> State:
    """The loan after events, where what falls due before each payment is paid on its day."""
    known = [event for event in events if event.kind is not Kind.REPAYMENT]
    payments = sorted((event for event in events if event.kind is Kind.REPAYMENT), key=lambda event: event.effective_on)
    number = max(event.sequence for event in events)
    for payment in payments:
        for item in replay(terms, known).instalments:
            if item.due_on < payment.effective_on and item.owed_fen > 0:
                number += 1
                known.append(
                    Event(kind=Kind.REPAYMENT, effective_on=item.due_on, sequence=number, amount_fen=item.owed_fen)
                )
        known.append(payment)
        spare = replay(terms, known).spare_fen
        if spare:
            owed = payment.amount_fen - spare
            raise TermsError("over_limit", "amount_fen", value=payment.amount_fen, limit=owed)
    return replay(terms, known)


def _side(state: State) -> Side:
    return Side(state.instalments, state.balances_fen, _effective_rate(state))


def _effective_rate(state: State) -> float | None:
    """The rate at which what was paid out is worth what falls due; principal repaid early counts on its day."""
    dues = [(item.due_on, item.due_fen) for item in state.instalments if item.due_fen]
    early = [(on, due_on, fen) for on, due_on, fen in state.repaid if on < due_on]
    dues += [(on, fen) for on, _, fen in early] + [(due_on, -fen) for _, due_on, fen in early]
    moves = sorted([*((on, -fen) for on, fen in state.drawn), *dues])
    days = np.array([(on - _EPOCH).days for on, _ in moves], np.int64)
    flows = Flows(np.array([0, len(moves)], np.int64), days, np.array([fen for _, fen in moves], np.int64))
    rate = float(effective_rates(flows).annual[0])
    return None if np.isnan(rate) else rate
