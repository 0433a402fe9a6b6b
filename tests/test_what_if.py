"""Trials of events in any company: principal is conserved, no interest is negative, the rate stays the contract's."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.app import what_if
from steadyrest.contracts import Bullet, EvenPrincipal, InterestOnly, Level, LoanTerms, PaymentHoliday, Plan
from steadyrest.contracts.account import TermsError

PLANS: list[Plan] = [
    Level(), EvenPrincipal(), Bullet(), InterestOnly(3, Level()), PaymentHoliday(2, EvenPrincipal()),
]  # fmt: skip
PAYMENTS = ["pay 100000 on 2022-05-05", "pay 50000 on 2022-09-09"]
MODES = ["", " term", " next"]
KEEPING_THE_RATE = ["extend to 2023-06-30", "skip 5,6", "shift from 2022-06-20 by 2"]
DEFERRALS = [
    "defer 2022-05-01..2022-07-31 to 2022-11-30",
    "defer principal 2022-04-01..2022-06-30 first",
    "defer interest 2022-06-01..2022-08-31 spread 3",
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PLANS),
    st.sampled_from([None, 20]),
    st.lists(st.sampled_from(PAYMENTS), unique=True, max_size=2),
    st.sampled_from(MODES),
    st.lists(st.sampled_from([*KEEPING_THE_RATE, *DEFERRALS]), unique=True, max_size=2),
)
def test_events_in_any_company(plan: Plan, day: int | None, payments: list[str], mode: str, others: list[str]) -> None:
    loan = LoanTerms("x", 100_000_000, date(2022, 1, 20), date(2023, 1, 20), plan, 435_000, interest_day=day)
    try:
        found = what_if(loan, [*(f"{payment}{mode}" for payment in payments), *others])
    except TermsError:  # nothing falls due where an event looks for it
        return
    dues = found.after.instalments
    assert sum(item.principal_fen for item in dues) == 100_000_000
    assert min(item.interest_fen for item in dues) >= 0
    assert found.after.effective_rate is not None
    lowest = (
        0.04 if any(each in DEFERRALS for each in others) else 0.0444
    )  # what is deferred bears no interest on interest
    assert lowest < found.after.effective_rate < 0.0451
