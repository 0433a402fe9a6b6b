"""One loan before and after events: dues, totals and the effective rate, for a person who tries things out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from steadyrest.contracts import LoanTerms
from steadyrest.contracts.servicing import Event, Instalment, Kind, State, replay
from steadyrest.contracts.servicing.loans import serviced
from steadyrest.contracts.servicing.phrases import read_event
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

    Raises `TermsError` for terms or events that cannot be, `UsageError` for a phrase that cannot be read.
    """
    terms = serviced(loan)
    drawn = Event(kind=Kind.DISBURSEMENT, effective_on=loan.drawn_on, sequence=1, amount_fen=terms.principal_fen)
    events = tuple(read_event(text, number, loan.drawn_on) for number, text in enumerate(phrases, 2))
    return WhatIf(loan, events, _side(replay(terms, [drawn])), _side(replay(terms, [drawn, *events])))


def _side(state: State) -> Side:
    return Side(state.instalments, state.balances_fen, _effective_rate(state))


def _effective_rate(state: State) -> float | None:
    """The rate at which what was paid out is worth what falls due."""
    dues = [(item.due_on, item.due_fen) for item in state.instalments if item.due_fen]
    moves = sorted([*((on, -fen) for on, fen in state.drawn), *dues])
    days = np.array([(on - _EPOCH).days for on, _ in moves], np.int64)
    flows = Flows(np.array([0, len(moves)], np.int64), days, np.array([fen for _, fen in moves], np.int64))
    rate = float(effective_rates(flows).annual[0])
    return None if np.isnan(rate) else rate
