"""Every cell of the run answers; figures are worked out again, and a wrong one is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl
import pytest

from steadyrest.book.explain import Explanation, explain_cell
from steadyrest.book.explain.screening import condition_part
from steadyrest.book.run_folder import RESULT_TABLES, RunFolder
from steadyrest.errors import RunError, UsageError
from steadyrest.rules import Condition, parse
from steadyrest.schema import TABLES, Kind
from steadyrest.text import Language, Text

LOANS = ("A1", "B1", "C1", "D1", "E1")
WORKED = (
    "cash_flow.interest_due_fen",
    "cash_flow.balance_after_fen",
    "option.deferred_principal_fen",
    "option.deferred_interest_fen",
    "option.extra_interest_fen",
    "amendment.deferred_principal_fen",
    "amendment.deferred_interest_fen",
    "amendment.interest_before_fen",
    "amendment.interest_after_fen",
    "clause_result.households",
    "clause_result.receipts",
    "clause_result.balance_fen",
)


def walk(node: Explanation) -> Iterator[Explanation]:
    """The node and all below it."""
    yield node
    for part in node.parts:
        yield from walk(part)


def said(node: Explanation, language: Language = "en") -> str:
    """All sentences of a tree."""
    return "\n".join(sentence.text[language] for part in walk(node) for sentence in part.says)


@pytest.mark.parametrize("table", RESULT_TABLES)
def test_every_cell_of_every_table_answers(run: RunFolder, table: str) -> None:
    answered = 0
    for loan_id in LOANS:
        for column in run.table(table).names:
            node = explain_cell(run, loan_id, table, column)
            cells = node.find("cell")
            assert cells or "there is no row" in said(node) or "no row of this receipt" in said(node)
            assert all(cell.says[0].text.en and cell.says[0].text.zh for cell in cells)
            assert all(cell.value(column) == cell.value(column) for cell in cells)
            assert "the two differ" not in said(node)
            answered += len(cells)
    assert answered or table == "quarantine", "only a receipt that was set aside has rows there"


@pytest.mark.parametrize("name", WORKED)
def test_worked_figures_agree_with_the_run(run: RunFolder, name: str) -> None:
    table, column = name.split(".")
    agreed = sum(said(explain_cell(run, loan_id, table, column)).count("as the table has it") for loan_id in LOANS)
    assert agreed >= 1


@pytest.mark.parametrize("name", WORKED)
def test_a_figure_that_was_changed_is_found(altered: Callable[..., RunFolder], name: str) -> None:
    table, column = name.split(".")
    run = altered(table, pl.col(column) + 1)
    assert any("the two differ" in said(explain_cell(run, loan_id, table, column)) for loan_id in LOANS)


def test_the_arithmetic_of_interest_is_spelled_out(run: RunFolder) -> None:
    node = explain_cell(run, "A1", "cash_flow", "interest_due_fen", version="before", option_no=0, sequence=1)
    (stretch,) = node.find("stretch")
    assert stretch.title.en == "1,000,000.00 × 4.35% × 31 days / 360 = 3,745.833333"
    assert (stretch.value("days"), stretch.value("basis"), stretch.value("nominal_rate_e7")) == (31, 360, 435_000)
    assert "rate: fixed by the contract" in said(node)


def test_a_floating_rate_names_its_benchmark(run: RunFolder) -> None:
    node = explain_cell(run, "B1", "cash_flow", "interest_due_fen", version="before", sequence=1)
    assert "the quote of one-year LPR on the reset day plus 50 basis points" in said(node)


def test_deferred_interest_is_shown_on_the_day_it_moved_to(run: RunFolder) -> None:
    node = explain_cell(run, "C1", "cash_flow", "interest_due_fen", version="after", sequence=3)
    titles = [period.title.en for period in node.find("period")]
    assert len(titles) >= 4
    assert "was due on 2022-06-10, deferred to this day" in titles[0]


def test_a_mask_is_explained_bit_by_bit(run: RunFolder) -> None:
    node = explain_cell(run, "D1", "eligibility", "n2_fail")
    assert node.find("cell")[0].value("n2_fail") == 1
    assert [part.title.en.split(":")[0] for part in node.find("condition")] == [
        "bit 0 is set",
        "bit 1 is clear",
        "bit 2 is clear",
    ]


def test_a_defined_flag_is_explained_by_the_conditions_of_its_definition(run: RunFolder) -> None:
    node = explain_cell(run, "C1", "loan_facts", "is_inclusive_cbirc")
    assert node.find("clause")[0].name == "cn.test.inclusive"
    assert node.find("condition", "line")[0].value("distance_fen") == 1
    other = explain_cell(run, "C1", "loan_facts", "is_inclusive_pbc")
    assert "no clause in force in this run defines it" in said(other)


def test_a_figure_under_a_clause_cites_it(run: RunFolder) -> None:
    node = explain_cell(run, "A1", "option", "new_due_on", option_no="2")
    assert "cited: Some Notice, article n2" in said(node)
    assert "the last bank day not after 2022-12-31 is 2022-12-30" in said(node)


def test_evidence_that_counts_is_that_of_the_matter(run: RunFolder) -> None:
    node = explain_cell(run, "A1", "loan_facts", "is_severely_hit")
    assert len(node.find("row", "evidence")) == 1


def test_inputs_that_are_not_in_the_run_are_named_when_the_book_is_not_at_hand(bare_run: RunFolder) -> None:
    node = explain_cell(bare_run, "A1", "cash_flow", "interest_due_fen", version="before", sequence=1)
    assert all(not fact.is_at_hand for fact in node.find("row", "loan_terms")[0].facts)
    assert "the repayment terms are not at hand" in said(node)
    assert "还款条件不在手边" in said(node, "zh")


def test_totals_give_the_rows_the_receipt_counts_in(run: RunFolder) -> None:
    rows = explain_cell(run, "D1", "clause_result", "receipts").find("cell")
    assert [(row.value("clause_id"), row.value("verdict"), row.value("currency")) for row in rows] == [
        ("cn.test.n2", "refused", "USD"),
        ("cn.test.p8", "needs_data", "USD"),
    ]
    named = explain_cell(run, "D1", "clause_result", "receipts", verdict="eligible", currency="CNY").find("cell")
    assert {row.value("verdict") for row in named} == {"eligible"}


def test_a_month_shows_the_part_of_the_receipt(run: RunFolder) -> None:
    node = explain_cell(run, "A1", "cash_flow_month", "principal_due_fen", version="before", month_on="2022-11-01")
    (part,) = node.find("sum")
    assert part.facts[0].value == 100_000_000
    kept = explain_cell(run, "C1", "cash_flow_month", "principal_due_fen", version="before", month_on="2022-11-01")
    assert "not those of the current schedule" in said(kept)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"schedule_state": "needs_data"}, "has no projected schedule, so it is not in the total"),
        ({"next_due_on": date(2022, 12, 1)}, "has no due in this month, so it is not in the total"),
        ({"next_due_on": None}, "has no due in this month"),
        ({"last_due_on": date(2022, 10, 31), "next_due_on": date(2022, 8, 20)}, "has no due in this month"),
        ({"next_due_on": date(2022, 8, 20)}, "are not kept"),
    ],
)
def test_a_month_without_a_due_of_the_receipt_says_why(
    altered: Callable[..., RunFolder], change: dict[str, object], sentence: str
) -> None:
    """D1 has neither option nor amendment; its currency is that of the month here."""
    is_d1 = pl.col("loan_id") == "D1"
    kinds = TABLES["loan_facts"].polars()
    told = {"currency": "CNY", "last_due_on": date(2023, 1, 31), **change}
    changes = [
        pl.when(is_d1).then(pl.lit(value, kinds[name])).otherwise(name).alias(name) for name, value in told.items()
    ]
    run = altered("loan_facts", *changes)
    month = {"version": "before", "month_on": "2022-11-01"}
    assert sentence in said(explain_cell(run, "D1", "cash_flow_month", "principal_due_fen", **month))


def test_a_month_in_which_a_kept_schedule_has_nothing_due_says_so(altered: Callable[..., RunFolder]) -> None:
    run = altered("cash_flow_month", pl.lit(date(2030, 1, 1)).alias("month_on"))
    month = {"version": "before", "month_on": "2030-01-01"}
    assert "has no due in this month" in said(explain_cell(run, "A1", "cash_flow_month", "interest_due_fen", **month))


def test_findings_of_a_quarantined_receipt_are_found(run: RunFolder) -> None:
    assert len(explain_cell(run, "Q1", "finding", "code").find("cell")) == 1
    (row,) = explain_cell(run, "Q1", "quarantine", "codes").find("cell")
    assert row.value("codes") == "SCHEDULE-001"
    assert row.find("row", "finding")[0].value("code") == "SCHEDULE-001"


def test_an_input_names_the_line_it_came_from_or_the_files_that_feed_its_table(run: RunFolder) -> None:
    node = explain_cell(run, "A1", "loan_facts", "balance_fen")
    assert "read from: loan.csv, row 1" in said(node), "the line of a finding"
    assert "来自：loan.csv 第 1 行" in said(node, "zh")
    other = explain_cell(run, "B1", "loan_facts", "balance_fen")
    assert "read from: book/loan.csv" in said(other)
    terms = explain_cell(run, "B1", "loan_facts", "next_due_on")
    (part,) = terms.find("row", "loan_terms")
    assert "it has no file of its own" in part.says[0].text.en
    owner = explain_cell(run, "C1", "enterprise", "name")
    assert "read from: firms.csv" in said(owner)


def test_a_receipt_in_dollars_is_told_in_dollars(run: RunFolder) -> None:
    test = parse("balance_fen >= 100000000 and credit_line_fen <= 100000000", TABLES["loan_facts"].by_name())
    part = condition_part(Condition(0, "size", test, Text("规模", "size")), run.loan("D1"))
    (sentence, *_) = part.says
    assert "balance is at least 1,000,000.00 USD" in sentence.text.en
    assert "total credit line of the customer, CNY is at most 1,000,000.00 yuan" in sentence.text.en
    assert "100,000.00 USD" in sentence.text.en.partition("it is")[2]
    shown_there = {fact.column.name: fact.currency for fact in part.facts if fact.column.kind is Kind.MONEY}
    assert set(shown_there.values()) == {"USD"}


def test_no_row_is_said(run: RunFolder) -> None:
    assert "there is no row of this receipt in table option" in said(explain_cell(run, "D1", "option", "cap_on"))
    assert said(explain_cell(run, "A1", "quarantine", "raw")) == "no row of this receipt was quarantined."
    node = explain_cell(run, "Q1", "loan_facts", "balance_fen")
    assert [part.value("code") for part in node.find("finding")] == ["SCHEDULE-001"]
    aside = said(node)
    assert aside.startswith("this receipt was quarantined (loan.csv, row 9) and entered no computation")
    missing = explain_cell(run, "A1", "option", "cap_on", option_no=9)
    assert "has no such row: option_no = 9" in said(missing)


@pytest.mark.parametrize(
    ("loan_id", "table", "column", "code", "nearest"),
    [
        ("A9", "option", "cap_on", "run.no_loan", "A1"),
        ("Q9", "finding", "code", "run.no_loan", ""),
        ("A1", "options", "cap_on", "run.no_table", None),
        ("A1", "option", "cap_in", "run.no_column", "cap_on"),
        ("A1", "eligibility", "n2_fial", "run.no_column", "n2_fail"),
    ],
)
def test_unknown_names_are_run_errors(
    run: RunFolder, loan_id: str, table: str, column: str, code: str, nearest: str | None
) -> None:
    with pytest.raises(RunError) as caught:
        explain_cell(run, loan_id, table, column)
    assert caught.value.code == code
    assert caught.value.what.zh
    if nearest:
        assert caught.value.values["nearest"] == nearest


@pytest.mark.parametrize(
    "where",
    [{"version": "befor"}, {"sequence": "one"}, {"due_on": "2022-13-01"}],
)
def test_a_value_no_row_could_have_is_a_usage_error(run: RunFolder, where: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        explain_cell(run, "A1", "cash_flow", "principal_due_fen", **where)
    assert caught.value.what.en
    with pytest.raises(RunError):
        explain_cell(run, "A1", "cash_flow", "principal_due_fen", versoin="before")
