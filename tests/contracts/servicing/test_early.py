"""Early repayment: what it pays, and what follows from it: a lower level, a shorter plan, or the next instalments."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from steadyrest.contracts.servicing import Basis, Event, Kind, ServicingTerms, State, replay
from tests.contracts.servicing.made import drawn, event

START = date(2024, 1, 1)
PROGRESSIVE = ServicingTerms(
    principal_fen=10_000,
    starts_on=START,
    instalments=6,
    rate=Fraction(7, 100),
    interest="daily",
    basis=Basis(360, 30),
    recalculates=True,
    allocates="due_then_advance",
    components=("principal", "interest"),
)
CURRENT: dict[str, Any] = {
    "principal_fen": 500_000,
    "starts_on": date(2022, 11, 1),
    "instalments": 6,
    "rate": Fraction(12, 100),
    "interest": "daily",
    "basis": Basis(0, 0),
    "level_from": "first_period",
    "recalculates": True,
    "prepays": "current",
    "instalment_multiple_fen": 100,
    "is_per_segment": True,
}


def paid(terms: ServicingTerms, *payments: tuple[date, int]) -> State:
    events: list[Event] = [drawn(terms)]
    events += [event(Kind.REPAYMENT, on, number, amount_fen=fen) for number, (on, fen) in enumerate(payments, 2)]
    return replay(terms, events)


def parts(state: State) -> list[tuple[int, int]]:
    return [(item.principal_fen, item.interest_fen) for item in state.instalments]


def test_an_instalment_paid_early_bears_the_interest_that_has_run() -> None:
    """14 of 29 days of February on 83.57 are 0.24; the other 0.20 is due with the next instalment."""
    state = paid(PROGRESSIVE, (date(2024, 2, 1), 1_701), (date(2024, 2, 15), 1_701))
    assert parts(state)[:3] == [(1_643, 58), (1_677, 24), (1_642, 59)]
    assert [item.owed_fen for item in state.instalments[:2]] == [0, 0]


def test_instalments_whose_period_has_not_begun_are_all_principal() -> None:
    state = paid(PROGRESSIVE, (date(2024, 1, 15), 5 * 1_701))
    assert parts(state)[:5] == [(1_675, 26), (1_701, 0), (1_701, 0), (1_701, 0), (1_701, 0)]


@pytest.mark.parametrize(
    ("prepayment", "count", "second"),
    [
        ("reduces_instalment", 6, (49_045, 2_555)),
        ("reduces_term", 4, (83_645, 2_555)),
        ("next_instalments", 6, (0, 2_555)),
    ],
)
def test_what_is_paid_beyond_the_due_does_what_was_agreed(prepayment: Any, count: int, second: tuple[int, int]) -> None:
    state = paid(ServicingTerms(**CURRENT, prepayment=prepayment), (date(2022, 12, 1), 254_200))
    assert len(state.instalments) == count
    assert parts(state)[:2] == [(249_268, 4_932), second]
    assert state.balances_fen[-1] == 0
