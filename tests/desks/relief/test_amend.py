"""Amendments: before and after of what is signed, and what the return then says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from tests.desks.relief.policy import AS_OF, context
from tests.desks.relief.tables import Row, book, loan, row, run, terms, word
from tests.desks.relief.test_decide import decision

DAY = timedelta(days=1)
DEFERRAL = {
    "agreement_id": "G1",
    "loan_id": "L1",
    "legal_form": "deferral_agreement",
    "programme": "deferral_line",
    "risk_effect": "not_restructured",
    "deferred_part": "both",
    "from_on": date(2022, 7, 1),
    "to_on": date(2022, 9, 30),
    "new_due_on": date(2022, 12, 30),
    "signed_on": date(2022, 6, 20),
    "signed_by": "Chen",
}
EXTENSION = DEFERRAL | {
    "legal_form": "extension_contract",
    "deferred_part": None,
    "from_on": None,
    "to_on": None,
    "new_due_on": date(2022, 12, 15),
    "signed_on": date(2022, 7, 25),
}


def amended(*agreements: Row, **rows: Any) -> dict[str, pl.DataFrame]:
    return run(book(agreement=agreements, **rows), context(), "amend")


def test_a_deferral_agreement_is_compared_over_the_contract_from_its_first_old_due() -> None:
    tables = amended(DEFERRAL)
    found = row(tables["amendment"])
    assert (found["option_no"], found["clause_id"], found["programme"]) == (0, None, "deferral_line")
    assert (found["legal_form"], found["risk_effect"], found["approver"]) == (
        "deferral_agreement",
        "not_restructured",
        None,  # who signed did not approve
    )
    assert (found["signed_on"], found["known_on"]) == (date(2022, 6, 20), date(2022, 6, 20))
    assert (found["last_due_before_on"], found["last_due_after_on"]) == (date(2022, 9, 15), date(2022, 12, 30))
    assert found["deferred_principal_fen"] == 100_000_000
    flows = tables["cash_flow"]
    before, after = (flows.filter(pl.col("version") == name) for name in ("before", "after"))
    assert before["due_on"].to_list() == [date(2022, 7, 15), date(2022, 8, 15), date(2022, 9, 15)]
    assert before["sequence"].to_list() == [1, 2, 3]
    assert found["interest_before_fen"] == found["deferred_interest_fen"] == before["interest_due_fen"].sum()
    assert found["interest_after_fen"] == after["interest_due_fen"].sum()
    assert found["interest_after_fen"] > found["interest_before_fen"]


def test_a_signed_deferral_replaces_the_maturity_and_stays_normal() -> None:
    found = row(amended(DEFERRAL)["amendment"])
    assert (found["reported_maturity_on"], found["reported_extended_on"]) == (date(2022, 12, 30), None)
    assert (found["reported_status"], found["reported_overdue_kind"], found["reporting_rule"]) == (
        "LS01",
        None,
        "D1, D11",
    )
    assert found["past_due_kept_days"] == 0


def test_an_extension_keeps_the_maturity_and_fills_a_second_date() -> None:
    found = row(amended(EXTENSION)["amendment"])
    assert (found["reported_maturity_on"], found["reported_extended_on"]) == (date(2022, 9, 15), date(2022, 12, 15))
    assert found["reported_status"] == "LS02"
    assert (found["deferred_principal_fen"], found["deferred_interest_fen"]) == (100_000_000, 0)
    flows = amended(EXTENSION)["cash_flow"]
    assert flows.filter(pl.col("version") == "before")["due_on"].min() == date(2022, 8, 15)


def test_what_is_not_signed_or_is_broken_amends_nothing() -> None:
    for change in ({"signed_on": None}, {"signed_on": AS_OF + DAY}, {"broken_on": AS_OF}):
        assert amended(DEFERRAL | change)["amendment"].is_empty()
    renewal = DEFERRAL | {"legal_form": "renewal_receipt"}
    assert amended(renewal)["amendment"].is_empty()


def test_a_late_signature_keeps_the_days_past_due() -> None:
    late = DEFERRAL | {"from_on": date(2022, 7, 15), "signed_on": date(2022, 7, 25)}
    arrears = [{"loan_id": "L1", "due_on": date(2022, 7, 15), "principal_fen": 0, "interest_fen": 300_000}]
    found = row(amended(late, arrears=arrears)["amendment"])
    assert found["past_due_kept_days"] == 10
    assert (found["reported_status"], found["reported_overdue_kind"]) == ("LS01", None)


def test_arrears_the_agreement_does_not_reach_stay_overdue() -> None:
    signed = DEFERRAL | {"from_on": date(2022, 8, 1), "signed_on": date(2022, 7, 25)}
    arrears = [{"loan_id": "L1", "due_on": date(2022, 7, 15), "principal_fen": 0, "interest_fen": 300_000}]
    found = row(amended(signed, arrears=arrears)["amendment"])
    assert (found["reported_status"], found["reported_overdue_kind"], found["reporting_rule"]) == ("LS03", "02", "D12")
    assert found["reported_maturity_on"] == date(2022, 12, 30)


def test_arrears_after_the_signature_make_an_extended_receipt_overdue() -> None:
    signed = EXTENSION | {"signed_on": date(2022, 7, 1)}
    both = {"loan_id": "L1", "principal_fen": 1, "interest_fen": 1}
    found = row(amended(signed, arrears=[both | {"due_on": date(2022, 7, 15)}])["amendment"])
    assert (found["reported_status"], found["reported_overdue_kind"], found["reporting_rule"]) == ("LS03", "03", "D3")
    today = row(amended(signed, arrears=[both | {"due_on": AS_OF}])["amendment"])
    assert today["reported_status"] == "LS02"


def test_without_a_schedule_dates_are_reported_and_amounts_are_null() -> None:
    tables = amended(DEFERRAL, loan_terms=[])
    found = row(tables["amendment"])
    assert (found["last_due_before_on"], found["last_due_after_on"]) == (date(2022, 9, 15), date(2022, 12, 30))
    assert found["reported_maturity_on"] == date(2022, 12, 30)
    amounts = ("interest_before_fen", "interest_after_fen", "deferred_principal_fen", "deferred_interest_fen")
    assert [found[name] for name in amounts] == [None] * 4
    assert tables["cash_flow"].is_empty()
    inside = DEFERRAL | {"new_due_on": date(2022, 9, 1)}
    assert row(amended(inside, loan_terms=[])["amendment"])["last_due_after_on"] == date(2022, 9, 15)


def test_two_agreements_make_one_row_under_the_later_one() -> None:
    second = EXTENSION | {"agreement_id": "G2", "new_due_on": date(2023, 3, 15), "programme": "notice_2022"}
    first = DEFERRAL | {"from_on": date(2022, 7, 1), "to_on": date(2022, 7, 31), "deferred_part": "interest"}
    tables = amended(first, second)
    found = row(tables["amendment"])
    assert (found["legal_form"], found["programme"]) == ("extension_contract", "notice_2022")
    assert (found["reported_extended_on"], found["last_due_after_on"]) == (date(2023, 3, 15), date(2023, 3, 15))
    assert tables["cash_flow"]["due_on"].min() == date(2022, 7, 15)


def test_a_signed_decision_is_compared_over_the_book_from_the_as_of_date() -> None:
    own_day = date(2023, 1, 31)
    more: dict[str, Any] = {"new_due_on": own_day, "reason": "season"}
    tables = run(book(decision=[decision(**more), decision("signed", **more)]), context(), "amend")
    found = row(tables["amendment"])
    option = row(tables["option"], plan="parked")
    assert (found["option_no"], found["clause_id"], found["risk_effect"]) == (1, "test.n2", "not_assessed")
    assert (found["signed_on"], found["approver"]) == (AS_OF, "Zhou")
    assert (found["last_due_after_on"], found["reported_maturity_on"]) == (own_day, own_day)
    assert found["deferred_principal_fen"] == option["deferred_principal_fen"]
    flows = tables["cash_flow"]
    for version, name in (("before", "interest_before_fen"), ("after", "interest_after_fen")):
        assert flows.filter(pl.col("version") == version)["interest_due_fen"].sum() == found[name]
    assert flows.select("version", "option_no").unique(maintain_order=True).rows() == [
        ("before", 0),
        ("proposed", 1),
        ("after", 1),
    ]


def test_an_approval_alone_amends_nothing() -> None:
    tables = run(book(decision=[decision()]), context(), "amend")
    assert tables["amendment"].is_empty()
    assert "after" not in tables["cash_flow"]["version"].to_list()


def test_an_impossible_agreement_amends_dates_only() -> None:
    wrong = DEFERRAL | {"to_on": date(2022, 6, 1)}
    tables = amended(wrong)
    assert row(tables["loan_facts"])["schedule_state"] == "impossible_terms"
    assert tables["finding"]["code"].to_list() == ["SCHEDULE-011"]
    assert row(tables["amendment"])["interest_after_fen"] is None


def test_parked_principal_bears_interest_inside_the_window() -> None:
    level = terms(amortisation="even_principal", original_principal_fen=100_000_000)
    long = loan(maturity_on=date(2023, 9, 15), balance_fen=60_000_000)
    rows = [decision(), decision("signed")]
    tables = run(
        book(loan=[long], loan_terms=[level], decision=rows, evidence=[word("temporary_difficulty")]), context()
    )
    found, option = row(tables["amendment"]), row(tables["option"], plan="parked")
    assert found["deferred_principal_fen"] == option["deferred_principal_fen"]
    assert found["deferred_interest_fen"] > option["deferred_interest_fen"] > 0


def test_an_extension_to_an_earlier_day_is_reported_as_shortened_to_that_day() -> None:
    earlier = date(2022, 9, 1)
    found = row(amended(EXTENSION | {"new_due_on": earlier})["amendment"])
    assert (found["reported_status"], found["reported_extended_on"]) == ("LS04", earlier)
    assert found["reported_extended_on"] < found["reported_maturity_on"]
