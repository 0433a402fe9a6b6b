"""Case states: each with its day, person and reply deadline; nothing is dated that nobody recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.desks.relief.policy import AS_OF, NOTICE, context
from tests.desks.relief.tables import Row, book, codes, loan, row, run, word
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


def test_a_signature_before_the_first_application_is_a_finding() -> None:
    asked = ASKED | {"reply_due_on": None}  # on 4 July; the agreement is of 20 June
    assert cases(application=[asked], agreement=[DEFERRAL])[1] == ["CASE-005"]
    on_the_day = [DEFERRAL | {"signed_on": asked["applied_on"]}]
    assert cases(application=[asked], agreement=on_the_day)[1] == []
    earlier = asked | {"application_id": "A0", "applied_on": date(2022, 6, 1)}
    assert cases(application=[asked, earlier], agreement=[DEFERRAL])[1] == []
    ended = DEFERRAL | {"from_on": date(2022, 2, 1), "to_on": date(2022, 2, 28), "new_due_on": date(2022, 7, 1)}
    assert cases(application=[asked], agreement=[ended | {"signed_on": date(2022, 1, 20)}])[1] == []


def test_a_decision_signed_before_the_application_is_a_finding() -> None:
    on = date(2022, 7, 3)
    signed = [decision(decided_on=on), decision("signed", decided_on=on)]
    assert cases(application=[ASKED], decision=signed)[1] == ["CASE-005"]
    assert cases(decision=signed)[1] == []


def guarantee(to_on: date | None, **more: Any) -> Row:
    return {"guarantee_id": "DB1", "contract_id": "HT1", "guarantor_id": "P1", "to_on": to_on, **more}


def test_a_guarantee_that_ends_before_the_new_due_date_of_an_agreement_is_a_finding() -> None:
    of_contract = {"loan": [loan(contract_id="HT1")], "agreement": [DEFERRAL]}
    ends = DEFERRAL["new_due_on"]
    assert isinstance(ends, date)
    tables = run(book(guarantee=[guarantee(ends - DAY)], **of_contract), context(NOTICE))
    found = row(tables["finding"])
    assert (found["code"], found["table"], found["row_id"]) == ("CASE-006", "guarantee", "DB1")
    assert (found["field"], found["value"]) == ("to_on", "2022-12-29")
    assert found["args"] == '{"loan_id":"L1","new_due_on":"2022-12-30"}'
    two = [guarantee(ends - DAY), guarantee(ends - DAY, guarantor_id="P2")]
    assert cases(guarantee=two, **of_contract)[1] == ["CASE-006"], "one contract, two guarantors"
    for enough in (ends, None):
        assert cases(guarantee=[guarantee(enough)], **of_contract)[1] == []
    assert cases(guarantee=[guarantee(ends - DAY, contract_id="HT2")], **of_contract)[1] == []
    broken = DEFERRAL | {"broken_on": AS_OF}
    assert cases(guarantee=[guarantee(ends - DAY)], loan=[loan(contract_id="HT1")], agreement=[broken])[1] == []


def test_a_guarantee_that_ends_before_the_new_due_date_of_a_decision_is_a_finding() -> None:
    signed = [decision(), decision("signed")]
    short = guarantee(date(2022, 12, 29))
    assert cases(guarantee=[short], loan=[loan(contract_id="HT1")], decision=signed)[1] == ["CASE-006"]
    assert cases(guarantee=[short], loan=[loan(contract_id="HT1")])[1] == [], "nothing is signed"
