"""The wall in three versions: the difference that proposals and signatures make, with households counted once."""

from __future__ import annotations

from datetime import date

import polars as pl

from steadyrest.contracts import project, resolve
from steadyrest.desks.positions import positions
from tests.desks.relief.policy import AS_OF, NOTICE, context
from tests.desks.relief.tables import book, firm, loan, row, run, terms, total
from tests.desks.relief.test_decide import decision

LOANS = [loan("L1"), loan("L2", maturity_on=date(2023, 3, 15)), loan("L3", "B2")]
BOOK = {
    "loan": LOANS,
    "loan_terms": [terms(item["loan_id"]) for item in LOANS],
    "enterprise": [firm("B1"), firm("B2")],
}


def month(frame: pl.DataFrame, version: str, on: date) -> dict[str, int]:
    return row(frame, version=version, month_on=on)


def test_without_options_all_versions_are_the_book() -> None:
    months = run(book(**BOOK, evidence=[]), context(), "months")["cash_flow_month"]
    versions = [months.filter(pl.col("version") == name).drop("version") for name in ("before", "proposed", "after")]
    assert versions[0].height == 8
    assert versions[0].equals(versions[1])
    assert versions[0].equals(versions[2])


def test_proposals_move_amounts_and_households() -> None:
    months = run(book(**BOOK), context(NOTICE), "months")["cash_flow_month"]
    september, december = date(2022, 9, 1), date(2022, 12, 1)
    before, proposed = (month(months, version, september) for version in ("before", "proposed"))
    assert (before["households"], before["receipts"], before["principal_due_fen"]) == (2, 3, 200_000_000)
    assert (proposed["households"], proposed["receipts"], proposed["principal_due_fen"]) == (1, 1, 100_000_000)
    parked = month(months, "proposed", december)
    assert (parked["households"], parked["receipts"], parked["principal_due_fen"]) == (1, 2, 100_000_000)
    assert months.filter(pl.col("version") == "after").height == months.filter(pl.col("version") == "before").height


def test_a_signature_moves_only_what_is_signed() -> None:
    rows = [decision(), decision("signed")]
    months = run(book(**BOOK, decision=rows), context(NOTICE), "months")["cash_flow_month"]
    after = month(months, "after", date(2022, 12, 1))
    assert after["principal_due_fen"] == 100_000_000
    assert month(months, "after", date(2022, 8, 1))["receipts"] == 2


def test_the_months_are_the_sum_of_all_dues() -> None:
    tables = run(book(**BOOK), context(NOTICE), "months")
    at = positions(tables, AS_OF)
    flows = tables["cash_flow"].filter(pl.col("version") == "proposed")
    plain = project(resolve(at.terms), book=at.book, as_of=AS_OF).rows
    ids = at.terms["loan_id"].gather(plain["loan"])
    others = plain.filter(~ids.is_in(flows["loan_id"].unique().implode()))
    months = tables["cash_flow_month"].filter(pl.col("version") == "proposed")
    for name in ("principal_due_fen", "interest_due_fen"):
        assert total(months, name) == total(flows, name) + total(others, name)
