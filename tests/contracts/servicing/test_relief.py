"""Relief on a plan against the integer kernels, treatment by treatment, and what it may not do."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts import EvenPrincipal, LoanTerms, event_frame, project, resolve, terms_frame
from steadyrest.contracts import Event as LoanEvent
from steadyrest.contracts.account import TermsError
from steadyrest.contracts.servicing import Basis, Event, Kind, ServicingTerms, State, renewed, replay
from steadyrest.contracts.servicing.standing import days_past_due
from steadyrest.units import Rounding
from tests.contracts.servicing.made import KINDS, TERMS, WINDOW, drawn, event

Due = tuple[date, int, int]


def dues(state: State) -> list[Due]:
    return [(item.due_on, item.principal_fen, item.interest_fen) for item in state.instalments if item.due_fen]


def named(name: str) -> Event:
    parameters = dict(KINDS[name])
    return event(parameters.pop("kind"), sequence=2, **parameters)


@settings(max_examples=120, deadline=None)
@given(
    st.dates(date(2019, 1, 1), date(2023, 12, 31)),
    st.integers(2, 36),
    st.integers(10_000, 10**11),
    st.integers(0, 1_500_000),
    st.integers(0, 34),
    st.integers(0, 12),
    st.integers(1, 200),
    st.sampled_from([None, "principal", "interest"]),
)
def test_a_deferral_is_that_of_the_kernels(
    start: date, months: int, principal: int, rate: int, first: int, length: int, after: int, part: Any
) -> None:
    terms = ServicingTerms(
        principal_fen=principal,
        starts_on=start,
        instalments=months,
        rate=Fraction(rate, 10**7),
        interest="daily",
        amortisation="even_principal",
        basis=Basis(360, 0),
        rounding=Rounding.HALF_UP,
    )
    days = [item.due_on for item in replay(terms, [drawn(terms)]).instalments]
    window = days[min(first, months - 1)], days[min(first + length, months - 1)]
    new = date.fromordinal(window[1].toordinal() + after)
    deferral = event(Kind.DEFERRAL, start, 2, from_on=window[0], until_on=window[1], new_due_on=new, part=part)
    loan = LoanTerms("loan", principal, start, days[-1], EvenPrincipal(), rate)
    park = LoanEvent(
        "loan", 1, start, "park", from_on=window[0], to_on=window[1], new_due_on=new, deferred_part=part or "both"
    )
    flows = project(resolve(terms_frame([loan]), event_frame([park]))).rows
    assert (
        dues(replay(terms, [drawn(terms), deferral]))
        == flows.select("due_on", "principal_due_fen", "interest_due_fen").rows()
    )


def test_deferred_interest_keeps_its_amount_whatever_its_days() -> None:
    own = replay(TERMS, [drawn(), event(Kind.DEFERRAL, sequence=2, **WINDOW, part="principal", treatment="at_end")])
    moved = [
        replay(TERMS, [drawn(), event(Kind.DEFERRAL, sequence=2, **WINDOW, treatment=treatment, instalments=2)])
        for treatment in ("at_end", "first_resumed", "spread")
    ]
    interest = sum(item.interest_fen for item in own.instalments)
    assert [sum(item.interest_fen for item in state.instalments) for state in moved] == [interest] * 3


def test_waived_interest_is_that_of_the_window_and_capitalised_interest_bears_interest() -> None:
    at_end = replay(TERMS, [drawn(), event(Kind.DEFERRAL, sequence=2, **WINDOW)])
    waived, capitalised = (replay(TERMS, [drawn(), named(f"deferral, {how}")]) for how in ("waived", "capitalised"))
    window = [item for item in at_end.instalments if item.interest_to]
    assert len(window) == 3
    total = [sum(item.interest_fen for item in state.instalments) for state in (at_end, waived, capitalised)]
    joined = sum(fen for _, fen in capitalised.capitalised)
    assert total[1] < total[0] < total[2] + joined
    assert sum(item.principal_fen for item in capitalised.instalments) == TERMS.principal_fen + joined


def test_nothing_is_past_due_inside_relief() -> None:
    deferred = replay(TERMS, [drawn(), *_paid_until_july(), named("deferral")])
    assert [days_past_due(deferred, day) for day in (date(2022, 9, 15), date(2022, 11, 30), date(2022, 12, 1))] == [
        0,
        0,
        1,
    ]


def _paid_until_july() -> list[Event]:
    plan = replay(TERMS, [drawn()])
    return [
        event(Kind.REPAYMENT, item.due_on, 10 + number, amount_fen=item.due_fen)
        for number, item in enumerate(plan.instalments[:6])
    ]


def test_days_past_due_leave_out_grace_and_pause() -> None:
    terms = ServicingTerms(**{name: getattr(TERMS, name) for name in TERMS.__slots__} | {"grace_days": 5})
    state = replay(terms, [drawn(), event(Kind.PAST_DUE_PAUSE, date(2022, 3, 10), 2, until_on=date(2022, 3, 20))])
    assert state.instalments[0].due_on == date(2022, 2, 28)
    days = (date(2022, 2, 28), date(2022, 3, 5), date(2022, 3, 6), date(2022, 3, 15), date(2022, 3, 31))
    assert [days_past_due(state, day) for day in days] == [0, 0, 6, 10, 21]


def test_principal_goes_first_once_a_loan_is_past_due_for_long() -> None:
    terms = ServicingTerms(
        **{name: getattr(TERMS, name) for name in TERMS.__slots__} | {"principal_first_after_days": 90}
    )
    early, late = (
        replay(terms, [drawn(), event(Kind.REPAYMENT, on, 2, amount_fen=100_000)])
        for on in (date(2022, 5, 29), date(2022, 5, 30))
    )
    assert (early.instalments[0].paid_interest_fen, early.instalments[0].paid_principal_fen) == (100_000, 0)
    assert (late.instalments[0].paid_interest_fen, late.instalments[0].paid_principal_fen) == (0, 100_000)


def test_a_settlement_pays_the_interest_that_has_run_and_names_the_new_receipt() -> None:
    state = replay(TERMS, [drawn(), *_paid_until_july(), named("settlement")])
    assert state.succeeded_by == "new"
    assert state.owed_fen == 0
    last = next(item for item in state.instalments if item.due_on == date(2022, 7, 15))
    assert last.principal_fen == state.balances_fen[4]
    assert last.interest_fen == 0 if last.principal_fen == 0 else last.interest_fen > 0


@pytest.mark.parametrize("form", ["renewal_receipt", "new_for_old_receipt"])
def test_a_renewal_settles_the_old_receipt_and_pays_out_the_new_one(form: str) -> None:
    before = [drawn(), *_paid_until_july()]
    owed = replay(TERMS, before).owed_principal_fen
    old, new = renewed(TERMS, before, on=date(2022, 7, 15), old_id="old", new_id="new", legal_form=form)
    settled = replay(TERMS, old)
    assert (settled.owed_fen, settled.succeeded_by, old[-1].legal_form) == (0, "new", form)
    assert (new[0].amount_fen, new[0].linked_loan_id) == (owed, "old")
    with pytest.raises(TermsError, match="principal_fen"):
        renewed(TERMS, old, on=date(2022, 7, 16), old_id="old", new_id="newer", legal_form=form)


def test_a_fee_goes_before_interest_and_principal() -> None:
    state = replay(TERMS, [drawn(), named("fee"), event(Kind.REPAYMENT, date(2022, 8, 20), 3, amount_fen=5_000)])
    assert [item.paid_fee_fen for item in state.instalments if item.fee_fen] == [0]
    assert state.instalments[0].paid_interest_fen == 5_000


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"kind": Kind.REPAYMENT, "amount_fen": 0}, "amount_fen"),
        ({"kind": Kind.REPAYMENT, "amount_fen": 1, "on": date(2022, 1, 1)}, "effective_on"),
        ({"kind": Kind.DEFERRAL, "from_on": date(2022, 8, 2), "until_on": date(2022, 8, 3)}, "from_on"),
        ({"kind": Kind.DEFERRAL, "from_on": date(2022, 8, 3), "until_on": date(2022, 8, 2)}, "until_on"),
        ({"kind": Kind.DEFERRAL, **WINDOW, "new_due_on": date(2022, 9, 1)}, "new_due_on"),
        ({"kind": Kind.EXTENSION, "new_due_on": date(2022, 12, 1)}, "new_due_on"),
        ({"kind": Kind.SHIFT, "from_on": date(2030, 1, 1), "months": (1,)}, "from_on"),
        ({"kind": Kind.SHIFT, "from_on": date(2022, 9, 1)}, "months"),
        ({"kind": Kind.SKIP, "months": (13,)}, "months"),
        ({"kind": Kind.RESCHEDULE, "from_on": date(2022, 9, 2)}, "from_on"),
        ({"kind": Kind.RATE_CHANGE}, "rate"),
        ({"kind": Kind.FORGIVENESS, "amount_fen": 10**12}, "amount_fen"),
        ({"kind": Kind.RECOVERY, "amount_fen": 1}, "effective_on"),
        ({"kind": Kind.INTEREST_PAUSE, "until_on": date(2022, 1, 1)}, "until_on"),
    ],
)
def test_an_event_that_cannot_be_is_refused_with_its_field(parameters: dict[str, Any], field: str) -> None:
    given = dict(parameters)
    on = given.pop("on", date(2022, 7, 15))
    with pytest.raises(TermsError) as refused:
        replay(TERMS, [drawn(), event(given.pop("kind"), on, 2, **given)])
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"principal_fen": 0}, "principal_fen"),
        ({"instalments": 0}, "instalments"),
        ({"rate": Fraction(-1, 100)}, "rate"),
        ({"down_payment": Fraction(1)}, "down_payment"),
        ({"grace_on_principal": 12}, "grace_on_principal"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_their_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(TermsError) as refused:
        ServicingTerms(**{name: getattr(TERMS, name) for name in TERMS.__slots__} | change)
    assert refused.value.field == field


def test_a_plain_loan_is_that_of_the_kernels() -> None:
    loan = LoanTerms("loan", 120_000_000, date(2022, 1, 31), date(2023, 1, 31), EvenPrincipal(), 435_000)
    terms = ServicingTerms(
        **{name: getattr(TERMS, name) for name in TERMS.__slots__} | {"amortisation": "even_principal"}
    )
    flows = project(resolve(terms_frame([loan]))).rows.select("due_on", "principal_due_fen", "interest_due_fen")
    assert isinstance(flows, pl.DataFrame)
    assert dues(replay(terms, [drawn()])) == flows.rows()
