"""The two engines on the same loans: every plan, convention and floating rates, to the fen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts import (
    Balloon,
    Bullet,
    EvenPrincipal,
    InterestOnly,
    Level,
    LoanTerms,
    PaymentHoliday,
    Plan,
    project,
    resolve,
    terms_frame,
)
from steadyrest.contracts.account import TermsError
from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.moments import moment
from steadyrest.contracts.servicing import Event, Kind, replay
from steadyrest.contracts.servicing.loans import serviced

PLANS: list[Plan] = [Bullet(), EvenPrincipal(), Level(), InterestOnly(2, Level()), PaymentHoliday(1, EvenPrincipal())]


@st.composite
def loans(draw: st.DrawFn) -> LoanTerms:
    drawn = draw(st.dates(date(2019, 9, 1), date(2023, 12, 31)))
    cycle = draw(st.sampled_from([1, 3]))
    months = cycle * draw(st.integers(4, 16))
    settlement = draw(st.sampled_from([None, 20, 31]))
    floats = draw(st.booleans())
    rate: dict[str, Any] = {"nominal_rate_e7": draw(st.integers(0, 1_500_000))}
    if floats:
        rate = {
            "rate_type": "RF02",
            "benchmark": draw(st.sampled_from(["LPR1Y", "LPR5Y", "LPR"])),
            "floor_rate_e7": draw(st.none() | st.integers(300_000, 400_000)),
            "cap_rate_e7": draw(st.none() | st.integers(400_000, 600_000)),
            "spread_bp": draw(st.integers(-50, 300)),
            "reset_cycle_months": draw(st.sampled_from([3, 12])),
        }
    return LoanTerms(
        "loan",
        draw(st.integers(100_000, 10**11)),
        drawn,
        Period(months).after(moment(drawn)).date(),
        draw(st.sampled_from(PLANS)),
        interest_cycle_months=cycle,
        interest_day=settlement,
        day_count=draw(st.sampled_from(["A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"])),
        rounding=draw(st.sampled_from(["half_up", "half_even", "up", "down"])),
        instalment_rounding=draw(st.sampled_from(["half_up", "half_even", "up", "down"])),
        level_rate_basis=draw(st.sampled_from(["twelfths", "actual"])),
        settlement_rounding=draw(st.sampled_from(["per_settlement", "per_segment"])),
        **rate,
    )


@settings(max_examples=250, deadline=None)
@given(loans())
def test_a_loan_that_is_serviced_is_that_of_the_book(loan: LoanTerms) -> None:
    terms = serviced(loan)
    drawn = Event(kind=Kind.DISBURSEMENT, effective_on=loan.drawn_on, sequence=1, amount_fen=terms.principal_fen)
    flows = project(resolve(terms_frame([loan]))).rows.select("due_on", "principal_due_fen", "interest_due_fen")
    found = [
        (item.due_on, item.principal_fen, item.interest_fen)
        for item in replay(terms, [drawn]).instalments
        if item.due_fen
    ]
    assert found == flows.rows()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"plan": Balloon(1_000, Level())}, "amortisation"),
        ({"plan": EvenPrincipal(3)}, "repayment_cycle_months"),
        ({"plan": PaymentHoliday(1, Level(), "at_end")}, "holiday_interest"),
        ({"maturity_on": date(2021, 1, 1)}, "maturity_on"),
        ({"nominal_rate_e7": None}, "nominal_rate_e7"),
    ],
)
def test_what_servicing_does_not_lay_is_refused_with_its_field(change: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {
        "loan_id": "loan",
        "original_principal_fen": 10**8,
        "drawn_on": date(2022, 1, 20),
        "maturity_on": date(2023, 1, 20),
        "plan": Level(),
        "nominal_rate_e7": 435_000,
    }
    with pytest.raises(TermsError) as refused:
        serviced(LoanTerms(**(given | change)))
    assert refused.value.field == field
