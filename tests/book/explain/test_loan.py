"""What is said of one receipt as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from steadyrest.book.explain import explain_loan
from steadyrest.book.explain.workings import choice
from steadyrest.book.run_folder import RunFolder
from steadyrest.errors import RunError
from steadyrest.text import Language


def said(run: RunFolder, loan_id: str, language: Language = "en") -> str:
    """All sentences of a receipt's explanation."""
    nodes = [explain_loan(run, loan_id)]
    found = []
    while nodes:
        node = nodes.pop()
        found += [node.title[language], *(sentence.text[language] for sentence in node.says)]
        nodes += node.parts
    return "\n".join(found)


def test_every_screening_clause_stands_with_verdict_citation_strength_and_grade(run: RunFolder) -> None:
    clauses = explain_loan(run, "D1").find("clause")
    assert [(node.name, node.value("verdict")) for node in clauses] == [
        ("cn.test.p8", "needs_data"),
        ("cn.test.n2", "refused"),
    ]
    assert clauses[1].says[0].text.zh == "依据：某通知第n2条"
    assert (clauses[1].value("strength"), clauses[1].value("grade")) == ("should", "B")


def test_a_condition_tells_field_test_actual_threshold_distance_and_what_would_help(run: RunFolder) -> None:
    late = explain_loan(run, "D1").find("condition", "manufacturer")
    soft, hard = late
    assert (soft.value("verdict"), hard.value("verdict")) == ("referred", "failed")
    assert (hard.value("field"), hard.value("test")) == ("borrower_section", 'borrower_section == "C"')
    assert (hard.value("actual"), hard.value("threshold")) == ("F", "C")
    assert any("Would be met if" in sentence.text.en for sentence in hard.says)


def test_an_ordered_threshold_has_a_distance(altered: Callable[..., RunFolder]) -> None:
    run = altered("loan_facts", pl.lit(date(2023, 1, 10)).alias("first_unpaid_on"))
    (due,) = explain_loan(run, "A1").find("condition", "due")
    assert due.value("threshold") == date(2022, 12, 31)
    assert due.value("distance_days") == 10


def test_facts_that_were_changed_after_screening_are_noticed(altered: Callable[..., RunFolder], run: RunFolder) -> None:
    changed = altered("loan_facts", pl.lit("A").cast(pl.Enum(list("ABCDEFGHIJKLMNOPQRST"))).alias("borrower_section"))
    assert "the masks differ" in said(changed, "A1")
    assert "the masks differ" not in said(run, "A1")


def test_options_say_which_is_proposed_and_why(run: RunFolder) -> None:
    assert "option 2 is proposed: its cap 2022-12-31 is the latest" in said(run, "A1")
    assert "推荐方案 2：期限 2022-12-31 最晚" in said(run, "A1", "zh")
    assert "it is the only option" in said(run, "B1")


@pytest.mark.parametrize(
    ("caps", "clauses", "sentence"),
    [
        ((1, 2), ("p8", "n2"), "is the latest"),
        ((2, 2), ("p8", "n2"), "became known last, on 2022-07-04"),
        ((2, 2), ("n2", "n2"), "clause id comes first"),
    ],
)
def test_the_choice_names_the_step_that_decided(
    run: RunFolder, caps: tuple[int, int], clauses: tuple[str, str], sentence: str
) -> None:
    plan = {"plan": "parked"}
    options = [
        {"option_no": n, "clause_id": f"cn.test.{slug}", "cap_on": date(2022, 12, cap), "is_proposed": n == 2} | plan
        for n, (cap, slug) in enumerate(zip(caps, clauses, strict=True), 1)
    ]
    assert sentence in choice(run, options).text.en


def test_why_there_is_no_option(run: RunFolder) -> None:
    assert "no clause says eligible" in said(run, "D1")
    assert "eligible under clause p8, but without an option" in said(run, "E1")
    assert "还款计划未测算" in said(run, "C1", "zh")


def test_decisions_amendment_and_case_stand_in_order(run: RunFolder) -> None:
    node = explain_loan(run, "B1")
    assert [part.value("decision") for part in node.find("decision")] == ["approved", "signed"]
    assert node.find("amendment")[0].value("option_no") == 1
    assert [part.name for part in node.find("case")] == ["applied", "signed"]
    assert node.find("case", "signed")[0].title.en == "signed: 2022-07-31"


def test_a_quarantined_receipt_is_explained_by_its_findings(run: RunFolder) -> None:
    node = explain_loan(run, "Q1")
    assert "quarantined" in node.says[0].text.en
    assert [part.value("severity") for part in node.find("finding")] == ["quarantine"]


def test_every_explanation_ends_with_the_versions(run: RunFolder) -> None:
    for loan_id in ("A1", "B1", "C1", "D1", "E1", "Q1"):
        last = explain_loan(run, loan_id).parts[-1]
        assert last.kind == "versions"
        assert last.value("snapshot_hash") == "5a" * 32
        assert last.value("book") == "ab" * 32


def test_an_unknown_receipt_is_a_run_error(run: RunFolder) -> None:
    with pytest.raises(RunError) as caught:
        explain_loan(run, "A2")
    assert (caught.value.code, caught.value.values["nearest"]) == ("run.no_loan", "A1")
