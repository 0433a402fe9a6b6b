"""The whole road over a made-up book: registered columns, and the same rows however the book is split or shuffled."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from steadyrest.desks.relief import STAGES
from steadyrest.schema import TABLES
from steadyrest.schema.registry import NEVER
from steadyrest.text import catalogue
from tests.desks.relief.made_up import made_up, with_decisions
from tests.desks.relief.policy import context
from tests.desks.relief.tables import run

SUMMED = {"cash_flow_month": ("month_on", "version", "currency"), "clause_result": ("clause_id", "verdict", "currency")}
OUT = tuple(dict.fromkeys(name for stage in STAGES for name in stage.writes))
OF_BORROWER = ("enterprise", "evidence", "credit_line")
OF_LOAN = ("loan_terms", "arrears", "application", "agreement", "consent", "decision")


@cache
def inputs() -> dict[str, pl.DataFrame]:
    tables = made_up()
    return with_decisions(tables, run(tables, context(), "propose")["option"])


@cache
def outputs() -> dict[str, pl.DataFrame]:
    return run(inputs(), context())


def split(tables: dict[str, pl.DataFrame], parts: int) -> list[dict[str, pl.DataFrame]]:
    """The book by borrower; what hangs on a receipt follows it, the business of an owner stands beside the owner."""
    numbers = pl.col("borrower_id").str.slice(1).cast(pl.Int64) % parts
    return [_part(tables, numbers == part) for part in range(parts)]


def _part(tables: dict[str, pl.DataFrame], is_here: pl.Expr) -> dict[str, pl.DataFrame]:
    loan = tables["loan"].filter(is_here)
    part = {"loan": loan} | {name: tables[name].filter(is_here) for name in OF_BORROWER}
    part |= {name: tables[name].join(loan, on="loan_id", how="semi") for name in OF_LOAN}
    part["guarantee"] = tables["guarantee"].join(loan, on="contract_id", how="semi")
    links = tables["customer_link"].join(
        part["enterprise"], left_on="from_borrower_id", right_on="borrower_id", how="semi"
    )
    linked = tables["linked_enterprise"].join(links, left_on="borrower_id", right_on="to_borrower_id", how="semi")
    return part | {"customer_link": links, "linked_enterprise": linked}


def merged(parts: list[dict[str, pl.DataFrame]], name: str) -> pl.DataFrame:
    whole = pl.concat([part[name] for part in parts])
    if name in SUMMED:
        figures = [column for column in whole.columns if column not in SUMMED[name]]
        whole = whole.group_by(SUMMED[name]).agg(pl.col(column).sum() for column in figures)
    return whole.select(parts[0][name].columns)


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns, nulls_last=True)


@pytest.mark.parametrize("parts", [2, 7])
def test_a_split_by_borrower_gives_the_same_rows(parts: int) -> None:
    done = [run(part, context()) for part in split(inputs(), parts)]
    for name in OUT:
        assert in_order(merged(done, name)).equals(in_order(outputs()[name])), name


def test_the_order_of_the_rows_read_does_not_matter() -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=3) for name, frame in inputs().items()}
    again = run(shuffled, context())
    for name in OUT:
        assert again[name].equals(outputs()[name]), name


@pytest.mark.parametrize("name", [name for name in OUT if name != "eligibility"])
def test_every_table_has_its_registered_columns_and_stands_in_the_order_of_its_key(name: str) -> None:
    found, table = outputs()[name], TABLES[name]
    assert dict(found.schema) == table.polars()
    never = [column.name for column in table.columns if column.null == NEVER]
    assert found.select(never).null_count().sum_horizontal().sum() == 0
    if name == "finding":
        return
    assert not found.select(table.key).is_duplicated().any()
    keys = found.select(table.key)
    if name == "cash_flow":  # schedule by schedule, as they are made: sorting millions of rows is dear
        schedules = keys.select(pl.struct("loan_id", "version", "option_no").rle_id().alias("at"), "sequence")
        assert schedules["at"].max() == keys.select("loan_id", "version", "option_no").n_unique() - 1
        assert (
            schedules["sequence"].to_list()
            == schedules.select(pl.int_range(1, pl.len() + 1).over("at")).to_series().to_list()
        )
    else:
        assert keys.equals(keys.sort(table.key))


@pytest.mark.parametrize("name", OUT)
def test_every_column_holds_something(name: str) -> None:
    """But for what the book does not speak of: the other flags, the reasons and dates nobody wrote on the sheet."""
    silent = {
        "loan_facts": {"is_inclusive_pbc", "has_good_prior_credit", "has_financial_difficulty", "is_trade_chain_firm"},
        "decision": {"clause_id", "reason", "new_due_on"},
        "option": {"form_clause_id", "form_verdict"},  # no such rule in the snapshot
        "finding": {"row_number"},
    }
    found = outputs()[name]
    empty = {column for column in found.columns if found[column].null_count() == found.height}
    assert empty == silent.get(name, set())


def test_every_finding_has_its_sentences() -> None:
    found = set(outputs()["finding"]["code"])
    assert {"RELIEF-001", "SCHEDULE-005", "DECISION-001", "CASE-001", "CASE-003", "CASE-004"} <= found
    for code in found:
        assert {f"finding.{code}.what", f"finding.{code}.todo"} <= set(catalogue())


def test_a_receipt_is_never_lost() -> None:
    ids = inputs()["loan"]["loan_id"].sort()
    assert outputs()["loan_facts"]["loan_id"].equals(ids)
    assert outputs()["eligibility"]["loan_id"].equals(ids)
    by_clause = outputs()["clause_result"].group_by("clause_id").agg(pl.col("receipts", "balance_fen").sum())
    assert by_clause["receipts"].to_list() == [300] * 3
    assert by_clause["balance_fen"].to_list() == [inputs()["loan"]["balance_fen"].sum()] * 3


def test_what_is_parked_is_paid_in_the_end() -> None:
    flows = outputs()["cash_flow"]
    repaid = flows.group_by("loan_id", "version").agg(
        pl.col("principal_due_fen").sum(), pl.col("balance_after_fen").last()
    )
    assert repaid["balance_after_fen"].to_list() == [0] * repaid.height
    options = outputs()["option"].filter("is_proposed")["loan_id"]
    of_options = repaid.filter(pl.col("loan_id").is_in(options.implode()))
    assert of_options.group_by("loan_id").agg(pl.col("principal_due_fen").n_unique())["principal_due_fen"].max() == 1
