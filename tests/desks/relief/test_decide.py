"""Decisions: four eyes, caps, approvals, consents; one finding with the first reason for each that does not stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.desks.relief.policy import AS_OF, context
from tests.desks.relief.tables import Row, book, codes, loan, row, run, word

WORDS = [word("temporary_difficulty"), word("severely_hit")]
N2, N4 = 1, 2
"""Option 1 is under a cap of 2022-12-31 that binds in principle, option 2 under a binding one of 2023-06-30."""


def decision(what: str = "approved", option_no: int = N2, **more: Any) -> Row:
    plain = {"loan_id": "L1", "option_no": option_no, "clause_id": None, "decision": what, "reason": None}
    return plain | {"proposer": "Li", "approver": "Zhou", "decided_on": AS_OF, **more}


def decided(*rows: Row, **more: Any) -> tuple[pl.DataFrame, list[str]]:
    tables = run(book(evidence=WORDS, decision=rows, **more), context(), "decide")
    return tables["decision"], codes(tables["finding"])


def test_an_approval_and_a_signature_stand() -> None:
    accepted, against = decided(decision(), decision("signed"))
    assert accepted["decision"].to_list() == ["approved", "signed"]
    assert against == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"option_no": 9}, "DECISION-001"),
        ({"loan_id": "L9"}, "DECISION-001"),
        ({"clause_id": "test.n4"}, "DECISION-002"),
        ({"approver": " LI "}, "DECISION-003"),
        ({"new_due_on": date(2023, 1, 3)}, "DECISION-004"),
        ({"new_due_on": date(2023, 1, 3), "reason": "  "}, "DECISION-004"),
        ({"new_due_on": date(2023, 1, 3), "reason": "season", "approver": " "}, "DECISION-004"),
        ({"decided_on": AS_OF + timedelta(days=1)}, "DECISION-005"),
        ({"option_no": N4, "new_due_on": date(2023, 7, 1), "reason": "season"}, "DECISION-009"),
        ({"new_due_on": date(2022, 9, 15)}, "DECISION-010"),
    ],
)
def test_an_approval_that_does_not_stand(bad: Row, code: str) -> None:
    accepted, against = decided(decision(**bad))
    assert against == [code]
    assert accepted.is_empty()


def test_a_cap_that_binds_in_principle_is_passed_with_reason_and_approver() -> None:
    accepted, against = decided(decision(new_due_on=date(2023, 1, 3), reason="order book until spring"))
    assert against == []
    assert row(accepted)["new_due_on"] == date(2023, 1, 3)


def test_the_cap_day_itself_is_inside() -> None:
    assert decided(decision(new_due_on=date(2022, 12, 31)))[1] == []
    assert decided(decision(option_no=N4, new_due_on=date(2023, 6, 30)))[1] == []


def test_a_refusal_needs_no_reason() -> None:
    accepted, against = decided(decision("refused", N4, new_due_on=date(2023, 7, 1)))
    assert (accepted["decision"].to_list(), against) == (["refused"], [])


def test_nothing_is_signed_that_is_not_approved_before() -> None:
    signed = decision("signed")
    assert decided(signed)[1] == ["DECISION-007"]
    earlier = signed | {"decided_on": AS_OF - timedelta(days=1)}
    assert decided(decision(), earlier)[1] == ["DECISION-007"]
    other_day = signed | {"new_due_on": date(2022, 11, 30)}
    assert decided(decision(), other_day)[1] == ["DECISION-007"]
    assert decided(decision(option_no=N4), signed)[1] == ["DECISION-007"]
    refused_approval = decision(approver="Li")
    assert decided(refused_approval, signed)[1] == ["DECISION-003", "DECISION-007"]


def test_what_is_refused_is_not_granted() -> None:
    accepted, against = decided(decision(), decision("refused"), decision("signed"))
    assert accepted["decision"].to_list() == ["refused"]
    assert against == ["DECISION-008", "DECISION-008"]


def test_one_option_a_receipt_is_signed_the_earlier_one() -> None:
    first = AS_OF - timedelta(days=1)
    rows = [decision(), decision("signed"), decision(option_no=N4, decided_on=first)]
    rows.append(decision("signed", N4, decided_on=first))
    accepted, against = decided(*rows)
    assert accepted.filter(pl.col("decision") == "signed")["option_no"].to_list() == [N4]
    assert against == ["DECISION-011"]


@pytest.mark.parametrize(
    ("consents", "is_open"),
    [
        ([], True),
        ([("G", "asked", None)], True),
        ([("G", "refused", AS_OF)], True),
        ([("G", "given", AS_OF)], False),
        ([("G", "given", AS_OF + timedelta(days=1))], True),
        ([("G", "given", AS_OF), ("M", "asked", None)], True),
    ],
)
def test_a_secured_loan_is_signed_only_when_every_consent_is_given(
    consents: list[tuple[str, str, date | None]], is_open: bool
) -> None:
    given = [
        {"loan_id": "L1", "party_id": party, "party_kind": "guarantor", "consent_state": state, "given_on": on}
        for party, state, on in consents
    ]
    rows = (decision(), decision("signed"))
    accepted, against = decided(*rows, loan=[loan(guarantee_kind="C99")], consent=given)
    assert against == (["DECISION-006"] if is_open else [])
    assert accepted.height == (1 if is_open else 2)


def test_the_finding_names_file_receipt_clause_and_option() -> None:
    tables = run(book(evidence=WORDS, decision=[decision(approver="Li")]), context(), "decide")
    found = row(tables["finding"])
    assert (found["source_file"], found["table"], found["row_id"]) == ("decisions", "decision", "L1")
    assert (found["clause"], found["value"], found["severity"]) == ("test.n2", "approved", "error")
    assert found["args"] is not None
    assert '"option_no":1' in found["args"]
