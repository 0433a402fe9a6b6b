"""What holds after any events: every ordered pair of kinds, and random triples."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts.account import TermsError
from steadyrest.contracts.servicing import Event, Kind, State, replay
from tests.contracts.servicing.made import KINDS, TERMS, drawn, event

NAMES = sorted(KINDS)


def listed(*names: str) -> list[Event]:
    """The loan drawn, then events of these kinds, a day apart."""
    events = [drawn()]
    for number, name in enumerate(names):
        parameters = dict(KINDS[name])
        kind = parameters.pop("kind")
        base = event(kind).effective_on + timedelta(days=number)
        events.append(event(kind, base, number + 2, **parameters))
    return events


def hold(state: State) -> None:
    """The invariants of a loan."""
    items = state.instalments
    lent = state.drawn_fen + sum(fen for _, fen in state.capitalised) - sum(fen for _, fen in state.forgiven)
    assert sum(item.principal_fen for item in items) == lent
    assert min(state.balances_fen) >= 0
    assert state.balances_fen[-1] == 0
    for item in items:
        assert min(item.principal_fen, item.interest_fen, item.fee_fen, item.penalty_fen) >= 0
        assert item.due_fen == item.principal_fen + item.interest_fen + item.fee_fen + item.penalty_fen
        assert item.paid_principal_fen <= item.principal_fen
    assert [item.due_on for item in items] == sorted(item.due_on for item in items)
    regular = [item for item in items if item.is_regular]
    assert all(before.due_on <= after.since for before, after in pairwise(regular))


def replayed(names: tuple[str, ...]) -> State | None:
    """The loan after these events; none where one of them cannot be after those before it."""
    try:
        return replay(TERMS, listed(*names))
    except TermsError:
        return None


@pytest.mark.parametrize("first", NAMES)
def test_every_ordered_pair(first: str) -> None:
    refused = []
    for second in NAMES:
        state = replayed((first, second))
        if state is None:
            refused.append(second)
        else:
            hold(state)
    if first != "settlement":
        assert set(refused) <= {"re-amortise", "deferral of interest", "reschedule", "skip", first} | _deferrals()


def _deferrals() -> set[str]:
    return {name for name in NAMES if name.startswith("deferral") or name in ("shift", "forgiveness")}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=3, max_size=3).map(tuple))
def test_random_triples(names: tuple[str, ...]) -> None:
    state = replayed(names)
    if state is not None:
        hold(state)


@pytest.mark.parametrize("name", NAMES)
def test_a_reversal_is_as_if_nothing_had_been(name: str) -> None:
    for other in ("repayment", "deferral"):
        before = replay(TERMS, listed(other))
        events = listed(other, name)
        back = event(Kind.REVERSAL, events[-1].effective_on, 99, reverses=events[-1].sequence)
        assert replay(TERMS, [*events, back], today=before.today) == before
        again = event(Kind.REVERSAL, events[-1].effective_on, 100, reverses=99)
        assert _outcome([*events, back, again]) == _outcome(events)


def _outcome(events: list[Event]) -> State | str:
    try:
        return replay(TERMS, events)
    except TermsError as refused:
        return refused.field


@pytest.mark.parametrize(("first", "second"), list(product(NAMES, repeat=2))[::7])
def test_the_order_in_which_a_list_is_written_does_not_matter(first: str, second: str) -> None:
    events = listed(first, second)
    assert _outcome(events) == _outcome(events[::-1])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_known_later_does_not_count_before(name: str) -> None:
    *events, late = listed("repayment", name)
    late = Event(
        **{field: getattr(late, field) for field in late.__slots__} | {"known_on": late.effective_on + timedelta(9)}
    )
    before = replay(TERMS, events)
    assert replay(TERMS, [*events, late], known_on=late.effective_on, today=before.today) == before
