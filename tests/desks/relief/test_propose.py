"""Options: what is due between as-of date and cap, parked on the last bank day within the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from steadyrest.desks.relief.mechanisms.windows import windows
from tests.desks.relief.policy import (
    AS_OF,
    INCLUSIVE,
    LATER_CAP,
    LONGER,
    NOTICE,
    NOTICE_CAP,
    clause,
    context,
    relief,
    snapshot,
)
from tests.desks.relief.tables import book, loan, row, run, terms, total, word

BOTH_WORDS = [word("temporary_difficulty"), word("severely_hit")]


def options(*clauses: Any, as_of: date = AS_OF, **rows: Any) -> pl.DataFrame:
    return every(*clauses, as_of=as_of, **rows).filter(pl.col("plan") == "parked")


def every(*clauses: Any, as_of: date = AS_OF, **rows: Any) -> pl.DataFrame:
    return run(book(**rows), context(*clauses, as_of=as_of), "propose")["option"]


def test_the_window_ends_on_the_last_bank_day_within_the_cap() -> None:
    (window,) = windows(snapshot(NOTICE), AS_OF)
    assert NOTICE_CAP.weekday() == 5
    assert (window.low, window.high, window.new_due_on) == (AS_OF, date(2022, 12, 29), date(2022, 12, 30))


def test_a_window_of_the_clause_narrows_it_and_a_past_cap_closes_it() -> None:
    narrow = replace(NOTICE, relief=relief(NOTICE_CAP, window=(date(2022, 10, 1), date(2022, 11, 30))))
    (window,) = windows(snapshot(narrow), AS_OF)
    assert (window.low, window.high) == (date(2022, 10, 1), date(2022, 11, 30))
    assert windows(snapshot(NOTICE), date(2022, 12, 30)) == ()


def test_principal_and_interest_due_within_the_window_are_parked() -> None:
    found = row(options(NOTICE))
    assert (found["from_on"], found["to_on"]) == (date(2022, 8, 15), date(2022, 9, 15))
    assert (found["new_due_on"], found["cap_on"], found["cap_verdict"]) == (date(2022, 12, 30), NOTICE_CAP, "pass")
    each = 31 * 100_000_000 * 365_000 / 360 / 10_000_000
    assert found["deferred_principal_fen"] == 100_000_000
    assert found["deferred_interest_fen"] == 2 * round(each)
    later = (date(2022, 12, 30) - date(2022, 9, 15)).days
    assert abs(found["extra_interest_fen"] - later * 100_000_000 * 365_000 / 360 / 10_000_000) < 5
    assert (found["last_due_before_on"], found["last_due_after_on"]) == (date(2022, 9, 15), date(2022, 12, 30))
    assert (found["shape"], found["interest_treatment"], found["legal_form"]) == (
        "park",
        "at_end",
        "deferral_agreement",
    )


def test_a_clause_on_principal_leaves_the_interest_where_it_is() -> None:
    found = row(options(INCLUSIVE, LONGER, evidence=BOTH_WORDS))
    assert (found["deferred_part"], found["deferred_interest_fen"]) == ("principal", 0)
    assert (found["from_on"], found["to_on"]) == (date(2022, 9, 15), date(2022, 9, 15))
    assert found["new_due_on"] == LATER_CAP


def test_all_options_are_shown_and_the_latest_cap_is_proposed() -> None:
    found = options(evidence=BOTH_WORDS)
    assert found.select("option_no", "clause_id", "is_proposed").rows() == [(1, "test.n2", False), (2, "test.n4", True)]


def test_of_equal_caps_the_clause_known_later_is_proposed_then_the_smaller_id() -> None:
    early = clause("early", ["has_temporary_difficulty"], relief=relief(NOTICE_CAP), known_from=date(2022, 1, 1))
    twin = clause("b_twin", ["has_temporary_difficulty"], relief=relief(NOTICE_CAP))
    proposed = options(early, NOTICE, twin).filter("is_proposed")
    assert proposed["clause_id"].to_list() == ["test.b_twin"]
    assert options(early, NOTICE).filter("is_proposed")["clause_id"].to_list() == ["test.n2"]


def test_no_amount_no_option() -> None:
    assert options(NOTICE, loan=[loan(maturity_on=date(2023, 3, 15))]).height == 1  # interest is due before the cap
    principal_only = clause("p", ["has_temporary_difficulty"], relief=relief(NOTICE_CAP, "principal"))
    assert options(principal_only, loan=[loan(maturity_on=date(2023, 3, 15))]).is_empty()


def test_no_option_without_a_cap_a_schedule_or_a_clear_mask() -> None:
    assert options(clause("n9", ["has_temporary_difficulty"], relief=relief(None))).is_empty()
    assert options(NOTICE, loan_terms=[]).is_empty()
    assert options(NOTICE, evidence=[]).is_empty()
    assert options(NOTICE, evidence=[word("temporary_difficulty", holds=False)]).is_empty()


def test_an_agreement_in_force_leaves_no_second_option() -> None:
    signed = {
        "agreement_id": "G1",
        "loan_id": "L1",
        "legal_form": "extension_contract",
        "new_due_on": date(2022, 11, 15),
    }
    assert options(NOTICE, agreement=[signed | {"signed_on": AS_OF}]).is_empty()
    assert options(NOTICE, agreement=[signed | {"signed_on": None}]).height == 1


def test_cash_flows_are_kept_for_receipts_with_an_option_only() -> None:
    loans = [loan("L1"), loan("L2", "B2")]
    tables = run(book(loan=loans, loan_terms=[terms("L1"), terms("L2")], evidence=BOTH_WORDS), context(), "propose")
    flows = tables["cash_flow"]
    assert flows["loan_id"].unique().to_list() == ["L1"]
    versions = flows.select("version", "option_no").unique().sort("option_no").rows()
    assert versions == [("before", 0), ("proposed", 2)]
    by_version = flows.group_by("version").agg(pl.col("principal_due_fen").sum(), pl.col("balance_after_fen").last())
    assert by_version.select("principal_due_fen", "balance_after_fen").rows() == [(100_000_000, 0)] * 2
    priced = row(tables["option"], is_proposed=True)
    before, proposed = (flows.filter(pl.col("version") == name) for name in ("before", "proposed"))
    extra = total(proposed, "interest_due_fen") - total(before, "interest_due_fen")
    assert extra == priced["extra_interest_fen"]
