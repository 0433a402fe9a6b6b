"""The account in fen against the integer kernels: two engines that share no arithmetic, on the same loans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts import Bullet, EvenPrincipal, Level, LoanTerms, Plan, project, terms_frame
from steadyrest.contracts import resolve as resolve_loans
from steadyrest.contracts.account import Exact, Kind, Terms, read_terms, resolve, run
from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.moments import moment
from steadyrest.units import Rounding

PLANS: Final[Mapping[str, Plan]] = {"PAM": Bullet(), "LAM": EvenPrincipal(), "ANN": Level()}
Due = tuple[date, int, int]


@st.composite
def loans(draw: st.DrawFn) -> tuple[str, LoanTerms]:
    """A loan that both engines know, its dues on the day it was drawn."""
    kind = draw(st.sampled_from(sorted(PLANS)))
    drawn = draw(st.dates(date(2015, 1, 1), date(2024, 12, 31)))
    months = draw(st.integers(1, 60))
    return kind, LoanTerms(
        "loan",
        draw(st.integers(10_000, 10**11)),
        drawn,
        Period(months).after(moment(drawn)).date(),
        PLANS[kind],
        draw(st.integers(0, 2_000_000)),
        day_count=draw(st.sampled_from(["A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"])),
        rounding=draw(st.sampled_from(list(Rounding))).value,
        instalment_rounding=draw(st.sampled_from(list(Rounding))).value,
        level_rate_basis=draw(st.sampled_from(["twelfths", "actual"])),
    )


def as_terms(kind: str, loan: LoanTerms) -> Terms:
    """The loan in ACTUS words."""
    given: dict[str, Any] = {
        "contractType": kind,
        "contractRole": "RPA",
        "statusDate": Period(0, -1).after(moment(loan.drawn_on)).isoformat(),
        "initialExchangeDate": loan.drawn_on.isoformat(),
        "maturityDate": loan.maturity_on.isoformat(),
        "notionalPrincipal": f"{loan.original_principal_fen}e-2",
        "nominalInterestRate": f"{loan.nominal_rate_e7}e-7",
        "dayCountConvention": loan.day_count,
        "levelRateBasis": loan.level_rate_basis,
    }
    for name in ("PrincipalRedemption", "InterestPayment"):
        given[f"cycleOf{name}"] = "P1ML1"
    return read_terms(given)


def by_account(kind: str, loan: LoanTerms) -> list[Due]:
    """Due day, principal and interest of the account; a day on which nothing is due is no due."""
    arithmetic = Exact(Rounding(loan.rounding), instalment_rounding=Rounding(loan.instalment_rounding))
    found: dict[date, list[int]] = {}
    for event in run(resolve(as_terms(kind, loan)), arithmetic):
        if event.kind in (Kind.PR, Kind.MD, Kind.IP):
            found.setdefault(event.time.date(), [0, 0])[event.kind is Kind.IP] += int(event.payoff)
    return [(on, *amounts) for on, amounts in found.items() if any(amounts)]  # type: ignore[misc]


def by_kernel(loan: LoanTerms) -> list[Due]:
    """The same of the kernels."""
    dues = project(resolve_loans(terms_frame([loan]))).rows
    return dues.select("due_on", "principal_due_fen", "interest_due_fen").rows()


@settings(max_examples=600, deadline=None)
@given(loans())
def test_the_account_and_the_kernels_agree_to_the_fen(case: tuple[str, LoanTerms]) -> None:
    kind, loan = case
    assert by_account(kind, loan) == by_kernel(loan)
