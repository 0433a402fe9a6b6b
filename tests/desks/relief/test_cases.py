"""Case states: each with its day, person and reply deadline; nothing is dated that nobody recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.desks.relief.policy import AS_OF, NOTICE, context
from tests.desks.relief.tables import Row, book, codes, loan, run, word
from tests.desks.relief.test_amend import DEFERRAL
from tests.desks.relief.test_decide import decision

DAY = timedelta(days=1)
ASKED = {
    "application_id": "A1",
    "loan_id": "L1",
    "applied_on": date(2022, 7, 4),
    "reply_due_on": date(2022, 8, 10),
    "applicant": "owner",
}


def cases(**rows: Any) -> tuple[list[tuple[Any, ...]], list[str]]:
    tables = run(book(**rows), context(NOTICE))
    states = tables["case_event"].select("sequence", "case_state", "on", "person", "option_no").rows()
    return states, codes(tables["finding"])


def names(states: list[tuple[Any, ...]]) -> list[str]:
    return [state[1] for state in states]


def test_from_application_to_signature() -> None:
    states, against = cases(application=[ASKED], decision=[decision(), decision("signed")])
    assert states == [
        (1, "applied", date(2022, 7, 4), "owner", None),
        (2, "assessed", date(2022, 7, 10), "survey officer", None),
        (3, "proposed", AS_OF, "Li", 1),
        (4, "approved", AS_OF, "Zhou", 1),
        (5, "signed", AS_OF, "Zhou", 1),
    ]
    assert against == []


def test_the_reply_deadline_stands_with_the_application() -> None:
    tables = run(book(application=[ASKED]), context(NOTICE))
    assert tables["case_event"]["reply_due_on"].to_list() == [date(2022, 8, 10), None, None]


def test_what_nobody_decided_is_proposed_by_the_run_on_its_day() -> None:
    states, _ = cases()
    assert states[-1] == (2, "proposed", AS_OF, None, 1)


def test_no_case_without_application_option_or_agreement() -> None:
    states, _ = cases(evidence=[word("temporary_difficulty", holds=False)])
    assert states == []


def test_a_refusal_ends_the_case() -> None:
    states, _ = cases(decision=[decision("refused")])
    assert names(states) == ["assessed", "proposed", "refused"]


def test_consents_are_complete_on_the_day_of_the_last_one() -> None:
    party = {"loan_id": "L1", "party_kind": "guarantor", "consent_state": "given"}
    days = (date(2022, 7, 12), date(2022, 7, 20))
    consents: list[Row] = [party | {"party_id": f"G{n}", "given_on": on} for n, on in enumerate(days)]
    secured = [loan(guarantee_kind="C")]
    states, _ = cases(loan=secured, consent=consents)
    assert ("consents_complete", days[1]) in [state[1:3] for state in states]
    asked = [*consents, party | {"party_id": "M", "consent_state": "asked"}]
    assert "consents_complete" not in names(cases(loan=secured, consent=asked)[0])
    undated = [consents[0], consents[1] | {"given_on": None}]
    assert "consents_complete" not in names(cases(loan=secured, consent=undated)[0])


def test_an_agreement_is_signed_booked_active_and_completed() -> None:
    done = DEFERRAL | {"from_on": date(2022, 4, 1), "to_on": date(2022, 5, 31), "new_due_on": date(2022, 7, 20)}
    done |= {"signed_on": date(2022, 3, 20), "booked_on": date(2022, 3, 25)}
    states, against = cases(agreement=[done])
    assert [state[1:3] for state in states] == [
        ("signed", date(2022, 3, 20)),
        ("booked", date(2022, 3, 25)),
        ("active", date(2022, 4, 1)),
        ("assessed", date(2022, 7, 10)),
        ("completed", date(2022, 7, 20)),
    ]
    assert against == []


def test_before_its_first_old_due_an_agreement_is_not_active() -> None:
    later = DEFERRAL | {"from_on": AS_OF + DAY}
    assert names(cases(agreement=[later])[0]) == ["signed", "assessed"]


def test_a_missed_new_due_date_is_no_completion() -> None:
    missed = DEFERRAL | {"from_on": date(2022, 4, 1), "to_on": date(2022, 5, 31), "new_due_on": date(2022, 7, 20)}
    arrears = [{"loan_id": "L1", "due_on": date(2022, 7, 20), "principal_fen": 0, "interest_fen": 600_000}]
    states, against = cases(agreement=[missed], arrears=arrears)
    assert "completed" not in names(states)
    assert against == ["CASE-002"]
    broken = missed | {"broken_on": date(2022, 7, 21)}
    states, against = cases(agreement=[broken], arrears=arrears)
    assert ("broken", date(2022, 7, 21)) in [state[1:3] for state in states]
    assert against == []


def test_an_unanswered_application_past_its_deadline_is_a_finding() -> None:
    late = ASKED | {"reply_due_on": AS_OF - DAY}
    assert cases(application=[late])[1] == ["CASE-001"]
    assert cases(application=[ASKED | {"reply_due_on": AS_OF}])[1] == []
    assert cases(application=[late | {"replied_on": AS_OF}])[1] == []
    assert cases(application=[late], decision=[decision()])[1] == []


def test_a_booking_without_a_signature_is_a_finding() -> None:
    booked = DEFERRAL | {"signed_on": None, "booked_on": date(2022, 7, 1)}
    states, against = cases(agreement=[booked])
    assert against == ["CASE-003"]
    assert "booked" not in names(states)
    assert cases(agreement=[booked | {"signed_on": date(2022, 7, 2)}])[1] == ["CASE-003"]


def test_a_signed_agreement_with_open_consents_is_a_finding() -> None:
    assert cases(agreement=[DEFERRAL], loan=[loan(guarantee_kind="B01")])[1] == ["CASE-004"]
    assert cases(agreement=[DEFERRAL])[1] == []
