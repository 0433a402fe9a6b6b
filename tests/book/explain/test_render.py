"""On its way out: JSON that any reader takes, aligned lines, and nothing of a person that is masked."""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl
import pytest

from steadyrest.book.explain import as_dict, as_lines, explain_cell, explain_loan, nothing_hidden
from steadyrest.book.explain.render import shown, width
from steadyrest.book.explain.tree import Explanation, Fact, Sentence
from steadyrest.book.run_folder import RESULT_TABLES, RunFolder
from steadyrest.schema import TABLES
from steadyrest.text import LANGUAGES, Language, Text

NAME = "江苏恒力机械有限公司"


def stars(column: str) -> Callable[[str], str] | None:
    """A mask as the report's: names and borrower ids."""
    return (lambda value: "*" * len(value)) if column in ("name", "person", "borrower_id") else None


@pytest.mark.parametrize("loan_id", ["A1", "B1", "C1", "D1", "E1", "Q1"])
def test_the_object_is_json_and_holds_both_languages(run: RunFolder, loan_id: str) -> None:
    body = json.loads(json.dumps(as_dict(explain_loan(run, loan_id), nothing_hidden), ensure_ascii=False))
    assert body["kind"] == "loan"
    assert body["title"] == {"zh": f"借据 {loan_id}", "en": f"Receipt {loan_id}"}
    assert {part["kind"] for part in body["parts"]} >= {"versions"}


def test_values_keep_their_units(run: RunFolder) -> None:
    body = as_dict(explain_loan(run, "D1"), nothing_hidden)
    assert isinstance(body["facts"], list)
    facts = {fact["name"]: fact for fact in body["facts"]}
    assert facts["balance_fen"]["value"] == 10_000_000
    assert facts["balance_fen"]["unit"] == "USD"
    assert facts["balance_fen"]["shown"]["en"] == "100,000.00 USD"
    assert facts["credit_line_fen"]["unit"] == "CNY"
    assert facts["as_of_on"]["value"] == "2022-07-31"
    assert facts["has_temporary_difficulty"]["shown"]["zh"] == "空（资料不足，未知）"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_masked_in_every_table_and_shape(run: RunFolder, language: Language) -> None:
    nodes = [explain_loan(run, loan_id) for loan_id in ("A1", "B1", "C1", "Q1")]
    for table in RESULT_TABLES:
        nodes += [explain_cell(run, "C1", table, column) for column in run.table(table).names]
    nodes += [explain_cell(run, "Q1", "quarantine", column) for column in ("codes", "raw")]
    text = "\n".join(line for node in nodes for line in as_lines(node, language, stars))
    text += json.dumps([as_dict(node, stars) for node in nodes], ensure_ascii=False)
    for secret in (NAME, "Wang Wu", "王小明", "91320594"):
        assert secret not in text


def test_a_finding_hides_what_it_quotes_of_a_person_by_any_name_of_the_field(altered: Callable[..., RunFolder]) -> None:
    run = altered("finding", pl.lit("客户名称").alias("field"))
    text = "\n".join(as_lines(explain_loan(run, "Q1"), "zh", stars))
    assert "王小明" not in text
    assert "***" in text


def test_unmasked_shows_all(run: RunFolder) -> None:
    node = explain_cell(run, "C1", "enterprise", "name")
    assert NAME in "\n".join(as_lines(node, "zh", nothing_hidden))


def test_a_sentence_that_quotes_a_masked_column_is_left_out() -> None:
    node = Explanation("test", Text("题", "title"), says=(Sentence(Text("王", "Wang"), ("name",)),))
    assert list(as_lines(node, "en", stars)) == ["title"]
    assert list(as_lines(node, "en", nothing_hidden)) == ["title", "  Wang"]


def test_values_stand_in_one_column(run: RunFolder) -> None:
    node = explain_cell(run, "A1", "option", "cap_on", option_no=1).find("cell")[0]
    lines = list(as_lines(Explanation("x", node.title, facts=node.facts), "zh", nothing_hidden))[1:]
    values = [shown(fact)["zh"] for fact in node.facts]
    starts = {width(line.removesuffix(value)) for line, value in zip(lines, values, strict=True)}
    assert len(starts) == 1


def test_brief_nodes_leave_their_values_to_json() -> None:
    fact = Fact(TABLES["option"]["cap_on"], None)
    node = Explanation("stretch", Text("题", "title"), facts=(fact,), is_brief=True)
    assert list(as_lines(node, "en", nothing_hidden)) == ["title"]
    assert as_dict(node, nothing_hidden)["facts"]


def test_codes_are_said_with_their_label_and_own_codes_once() -> None:
    loan = TABLES["loan"]
    assert shown(Fact(loan["quality"], "FQ01")).en == "FQ01 normal"
    assert shown(Fact(TABLES["loan_facts"]["schedule_state"], "needs_data")).en == "needs data"


def test_what_is_not_at_hand_is_said_in_both_languages() -> None:
    fact = Fact(TABLES["loan_terms"]["day_count"], None, is_at_hand=False)
    assert shown(fact) == Text("输入不在手边", "input not at hand")
