"""The terms of a receipt told by its next instalment."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts import Bullet, EvenPrincipal, Level, LoanTerms, Plan, project, resolve, terms_frame
from steadyrest.contracts.inference import GAPS, infer

PLANS: list[Plan] = [Level(), EvenPrincipal(), Bullet()]
METHODS: dict[int, str] = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}


def plan_of(loan: LoanTerms, number: int, **changes: Any) -> dict[str, Any]:
    """A receipt as an extract says it, before its due `number`."""
    rows = project(resolve(terms_frame([loan]))).rows
    due = rows.row(number % rows.height, named=True)
    is_bullet = isinstance(loan.plan, Bullet)
    return {
        "loan_id": loan.loan_id,
        "drawn_on": loan.drawn_on,
        "maturity_on": loan.maturity_on,
        "nominal_rate_e7": loan.nominal_rate_e7,
        "original_principal_fen": loan.original_principal_fen,
        "performing_fen": due["balance_after_fen"] + due["principal_due_fen"],
        "repayment_method": "at_maturity" if is_bullet else METHODS[loan.interest_cycle_months],
        "interest_method": METHODS[loan.interest_cycle_months],
        "next_due_on": due["due_on"],
        "next_principal_fen": due["principal_due_fen"],
        "next_interest_fen": due["interest_due_fen"],
        **changes,
    }


@st.composite
def loans(draw: st.DrawFn) -> LoanTerms:
    drawn = draw(st.dates(date(2020, 1, 1), date(2022, 12, 31)))
    cycle = draw(st.sampled_from([1, 3]))
    plan = draw(st.sampled_from(PLANS))
    months = cycle * draw(st.integers(3, 12))
    end = pl.Series([drawn]).dt.offset_by(f"{months}mo").item()
    return LoanTerms(
        "J",
        draw(st.integers(10_000_000, 10**11)),
        drawn,
        end,
        plan,
        draw(st.integers(200_000, 900_000)),
        cycle,
        draw(st.sampled_from([None, 20])),
        day_count=draw(st.sampled_from(["A360", "A365F", "30E360"])),
    )


@settings(max_examples=150, deadline=None)
@given(loans(), st.integers(0, 40), st.booleans())
def test_terms_that_are_told_lay_the_rest_of_the_receipt(loan: LoanTerms, number: int, is_silent: bool) -> None:
    silent = {"repayment_method": None, "interest_method": None} if is_silent else {}
    asked = plan_of(loan, number, **silent)
    told = infer(pl.DataFrame([asked])).row(0, named=True)
    assert [told[name] for name in GAPS] == [0, 0, 0]
    assert told["state"] in ("reproduced", "ambiguous")
    if told["state"] == "ambiguous":
        return
    known = {name: told[name] for name in told if name not in ("state", *GAPS)}
    terms = asked | known | {"rate_type": "RF01"}
    dues = (
        project(resolve(pl.DataFrame([rows]))).rows.filter(pl.col("due_on") >= asked["next_due_on"])
        for rows in (terms, terms_frame([loan]).row(0, named=True))
    )
    ours, theirs = (rows.select("due_on", "principal_due_fen", "interest_due_fen").rows() for rows in dues)
    assert ours == theirs


def test_a_fen_beside_is_not_reproduced_and_the_nearest_form_says_so() -> None:
    loan = LoanTerms("J", 100_000_000, date(2022, 1, 20), date(2023, 1, 20), Level(), 435_000)
    asked = plan_of(loan, 3)
    told = infer(pl.DataFrame([asked | {"next_interest_fen": asked["next_interest_fen"] + 1}])).row(0, named=True)
    assert (told["state"], told["amortisation"], told["interest_gap_fen"]) == ("not_reproduced", "level", -1)


def test_a_balance_that_a_prepayment_has_lowered_is_not_reproduced() -> None:
    loan = LoanTerms("J", 100_000_000, date(2022, 1, 20), date(2023, 1, 20), EvenPrincipal(), 435_000)
    asked = plan_of(loan, 3)
    told = infer(pl.DataFrame([asked | {"performing_fen": asked["performing_fen"] - 500}])).row(0, named=True)
    assert (told["state"], told["balance_gap_fen"]) == ("not_reproduced", 500)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"next_due_on": None}, "no_plan"),
        ({"original_principal_fen": None}, "no_plan"),
        ({"nominal_rate_e7": None}, "no_plan"),
        ({"next_due_on": date(2030, 1, 1)}, "no_plan"),
        ({"repayment_method": "by_progress"}, "not_reproduced"),
    ],
)
def test_what_cannot_be_compared_has_no_terms(change: dict[str, Any], state: str) -> None:
    loan = LoanTerms("J", 100_000_000, date(2022, 1, 20), date(2023, 1, 20), Level(), 435_000)
    told = infer(pl.DataFrame([plan_of(loan, 3, **change)])).row(0, named=True)
    assert (told["state"], told["amortisation"]) == (state, None)


def test_interest_that_comes_with_the_principal() -> None:
    loan = LoanTerms("J", 100_000_000, date(2022, 3, 31), date(2022, 9, 30), Bullet(), 400_000, 12)
    asked = plan_of(loan, 0, interest_method="with_principal")
    told = infer(pl.DataFrame([asked])).row(0, named=True)
    assert (told["state"], told["amortisation"], told["interest_cycle_months"]) == ("reproduced", "bullet", 7)


def test_no_receipts_are_no_rows() -> None:
    loan = LoanTerms("J", 100_000_000, date(2022, 3, 31), date(2022, 9, 30), Bullet(), 400_000, 12)
    assert infer(pl.DataFrame([plan_of(loan, 0)]).clear()).height == 0
