"""Other plans beside the parked one, each with its own verdict (practice: the cap binds each deferred amount)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from steadyrest.desks.relief.mechanisms.form_rules import whole_months
from steadyrest.policy import Clause, Relief
from steadyrest.rules import Parameter
from tests.desks.relief.policy import AS_OF, NOTICE, NOTICE_CAP, clause, context, relief
from tests.desks.relief.tables import Row, book, codes, loan, row, run, terms, total, word

DAY = date(2022, 9, 15)
FORMS = ("deferral_agreement", "extension_contract", "renewal_receipt")
ALL_FORMS = replace(NOTICE, relief=replace(relief(NOTICE_CAP), legal_forms=FORMS))
INSTALMENTS: dict[str, Any] = {
    "loan": [loan(drawn_on=date(2022, 4, 20), maturity_on=date(2023, 4, 20), balance_fen=75_000_000)],
    "loan_terms": [terms(amortisation="even_principal", original_principal_fen=100_000_000)],
}
"""Twelve equal parts of principal, nine to come: five fall due before the cap, four after it."""


def limits(grade: Any = "B") -> Clause:
    months = {"short_term_months": 12, "medium_term_months": 60, "long_limit_months": 36}
    values = {name: Parameter(value, "months") for name, value in months.items()}
    return replace(clause("art12", [], kind="norm"), mechanism="extension_limit", parameters=values, grade=grade)


def renewals(binds: bool = False) -> Clause:
    tests = ['product == "F022"', "applied_on < maturity_on"]
    flag = {"conditions_bind_renewal": Parameter(binds, "flag")}
    return replace(clause("renew", tests, kind="norm"), mechanism="renewal", parameters=flag)


def beside(*clauses: Clause, **rows: Any) -> dict[str, Row]:
    """The options of the one receipt by plan."""
    found = run(book(**rows), context(*(clauses or (ALL_FORMS,))), "propose")["option"]
    assert found["option_no"].to_list() == list(range(1, found.height + 1))
    return {item["plan"]: item for item in found.iter_rows(named=True)}


def test_the_plans_of_an_instalment_loan_each_with_its_verdict() -> None:
    found = beside(**INSTALMENTS)
    assert list(found) == ["parked", "catch_up", "last_instalment", "slide"]
    assert [item["is_proposed"] for item in found.values()] == [True, False, False, False]
    verdicts = {plan: item["cap_verdict"] for plan, item in found.items()}
    late = "in_principle_breach"
    assert verdicts == {"parked": "pass", "catch_up": "pass", "last_instalment": late, "slide": late}
    assert {item["last_due_before_on"] for item in found.values()} == {date(2023, 4, 20)}


def test_catching_up_puts_the_first_half_onto_the_second_inside_the_cap() -> None:
    found = beside(**INSTALMENTS)["catch_up"]
    assert (found["from_on"], found["to_on"]) == (date(2022, 8, 20), date(2022, 9, 20))
    assert (found["spread_periods"], found["new_due_on"]) == (3, date(2022, 12, 20))
    assert found["last_due_after_on"] == date(2023, 4, 20)
    assert abs(found["deferred_principal_fen"] - 2 * 100_000_000 / 12) < 2


def test_adding_to_the_last_instalment_ends_when_the_contract_ends() -> None:
    found = beside(**INSTALMENTS)["last_instalment"]
    assert found["new_due_on"] == found["last_due_after_on"] == date(2023, 4, 20)
    assert abs(found["deferred_principal_fen"] - 5 * 100_000_000 / 12) < 3


def test_sliding_touches_amounts_that_were_not_due_in_the_window() -> None:
    found = beside(**INSTALMENTS)["slide"]
    assert found["shift_months"] == 5
    assert (found["new_due_on"], found["last_due_after_on"]) == (date(2023, 9, 20), date(2023, 9, 20))
    assert found["deferred_principal_fen"] == 75_000_000


def test_a_bullet_inside_the_window_can_be_extended_or_renewed_to_the_day_of_the_parked_plan() -> None:
    found = beside()
    assert list(found) == ["parked", "catch_up", "slide", "extension", "renewal"]
    for plan, form in (("extension", "extension_contract"), ("renewal", "renewal_receipt")):
        option = found[plan]
        assert (option["legal_form"], option["shape"], option["deferred_part"]) == (form, "extension", "principal")
        assert (option["from_on"], option["new_due_on"]) == (DAY, date(2022, 12, 30))
        assert (option["deferred_principal_fen"], option["deferred_interest_fen"]) == (100_000_000, 0)
        assert (option["form_clause_id"], option["form_verdict"]) == (None, None)
    assert "extension" not in beside(NOTICE)


APPLIED = [{"application_id": "A1", "loan_id": "L1", "applied_on": AS_OF}]


@pytest.mark.parametrize(
    ("grade", "rows", "verdict"),
    [
        ("B", {"application": APPLIED}, "eligible"),
        ("B", {}, "needs_data"),
        ("C", {"application": APPLIED, "loan": [loan(drawn_on=date(2022, 7, 15))]}, "needs_data"),
        ("B", {"application": APPLIED, "loan": [loan(drawn_on=date(2022, 7, 15))]}, "refused"),
        ("B", {"application": APPLIED, "loan": [loan(guarantee_kind="C")]}, "needs_data"),
    ],
)
def test_an_extension_is_tested_by_its_own_clause(grade: str, rows: dict[str, Any], verdict: str) -> None:
    found = beside(ALL_FORMS, limits(grade), **rows)["extension"]
    assert (found["form_clause_id"], found["form_verdict"]) == ("test.art12", verdict)


@pytest.mark.parametrize(
    ("binds", "product", "verdict"),
    [(False, "F022", "eligible"), (True, "F022", "needs_data"), (False, "F02", "refused")],
)
def test_a_renewal_is_tested_by_its_own_clause(binds: bool, product: str, verdict: str) -> None:
    rows = {"application": APPLIED, "loan": [loan(product=product)]}
    assert beside(ALL_FORMS, renewals(binds), **rows)["renewal"]["form_verdict"] == verdict


def test_a_signed_plan_beyond_the_cap_is_amended_as_it_was_shown() -> None:
    plans = list(beside(**INSTALMENTS))
    for plan in plans:
        said = {"option_no": plans.index(plan) + 1, "proposer": "Li", "approver": "Zhou", "decided_on": AS_OF}
        rows = [{**said, "loan_id": "L1", "decision": what, "reason": "season"} for what in ("approved", "signed")]
        tables = run(book(decision=rows, **INSTALMENTS), context(ALL_FORMS))
        option = row(tables["option"], plan=plan)
        found = row(tables["amendment"])
        assert found["last_due_after_on"] == option["last_due_after_on"]
        assert found["interest_after_fen"] - found["interest_before_fen"] == option["extra_interest_fen"]
        after = tables["cash_flow"].filter(pl.col("version") == "after")
        assert total(after, "principal_due_fen") == 75_000_000


def test_a_plan_that_sets_its_days_takes_no_day_of_its_own() -> None:
    number = list(beside(**INSTALMENTS)).index("slide") + 1
    said = {"loan_id": "L1", "option_no": number, "decision": "approved", "reason": "season", "proposer": "Li"}
    decision = said | {"approver": "Zhou", "decided_on": AS_OF, "new_due_on": NOTICE_CAP}
    tables = run(book(decision=[decision], **INSTALMENTS), context(ALL_FORMS), "decide")
    assert (tables["decision"].height, codes(tables["finding"])) == (0, ["DECISION-012"])


def test_a_binding_cap_is_breached_by_the_plans_that_pass_it() -> None:
    binding = Relief("notice_2022", FORMS, None, None, "both", NOTICE_CAP, "shall")
    found = beside(replace(NOTICE, relief=binding), evidence=[word("temporary_difficulty")], **INSTALMENTS)
    assert found["slide"]["cap_verdict"] == "breach"


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2022, 1, 15), date(2022, 2, 15), 1),
        (date(2022, 1, 15), date(2022, 2, 16), 2),
        (date(2022, 1, 31), date(2022, 2, 28), 1),
        (date(2021, 12, 1), date(2022, 1, 1), 1),
        (DAY, DAY, 0),
    ],
)
def test_a_part_of_a_month_counts_as_one(since: date, until: date, months: int) -> None:
    frame = pl.DataFrame({"a": [since], "b": [until]})
    assert frame.select(whole_months(pl.col("a"), pl.col("b"))).item() == months
