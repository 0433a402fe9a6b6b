"""The dated relief cases: all pass, and a case that expects something else fails."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from steadyrest.desks.relief.mechanisms.cap import Moved
from steadyrest.policy import Library, load_library
from validation.relief.__main__ import OVERLAY, main
from validation.relief.compare import mistakes
from validation.relief.phrases import phrase, rules
from validation.relief.vector import Unreadable, read

PLAIN: Mapping[str, Any] = {
    "industry": "C34",
    "size": "small",
    "credit_line_fen": 800_000_000,
    "borrower": "enterprise",
    "guarantor_consent_written": True,
    "temporary_difficulty": True,
    "financial_difficulty": False,
    "programme": "N2",
    "legal_form": "deferral_agreement",
    "old_due": "2022-09-15",
    "new_due": "2022-12-15",
    "signed_on": "2022-08-16",
}


@cache
def library() -> Library:
    return load_library([OVERLAY])


def case(expect: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {"id": "made up", "input": {**PLAIN, **changes}, "expect": dict(expect)}


def test_every_shared_case_passes(shared: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    path = shared("facts/relief_vectors.json")
    assert main([str(path)]) == 0
    cases = len(json.loads(path.read_text("utf-8"))["cases"])
    assert capsys.readouterr().out.splitlines()[-1] == f"{cases} passed, 0 failed"


def test_a_case_that_expects_something_else_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = case({"clauses": {"N3": {"verdict": "pass"}}, "override_needed": False})
    bad = copy.deepcopy(good)
    bad["expect"]["override_needed"] = True
    strange = case({"colour": "blue"})
    unreadable = case({"override_needed": False}, old_due=None)
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [good, bad, strange, unreadable]}), "utf-8")
    assert main([str(file)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 3 failed"


@pytest.mark.parametrize(
    ("expect", "changes"),
    [
        ({"clauses": {"N3": {"verdict": "in_principle_breach"}}, "override_needed": True}, {"new_due": "2023-01-01"}),
        ({"clauses": {"N2": {"verdict": "fail"}, "N3": {"verdict": "not_applicable"}}}, {"industry": "F51"}),
        ({"clauses": {"N2": {"verdict": "unknown"}}}, {"industry": None}),
        ({"clauses": {"252S": {"verdict": "not_applicable"}}}, {"signed_on": "2022-11-13"}),
        ({"clauses": {"6C": {"verdict": "fail"}}}, {
            "programme": "6S", "old_due": "2020-05-10", "new_due": "2020-07-01", "signed_on": "2020-05-01",
            "applied_on": "2020-04-20",
        }),
        ({"class_effect": "restructured, at least substandard"}, {"financial_difficulty": True}),
        ({"report": [{"report_date": "2022-09-30", "maturity": "2022-12-15", "status": "LS01"}]}, {}),
        ({"report": [{"report_date": "2022-09-30", "maturity": "2022-09-15", "status": "LS03", "days_past_due": 15}]}, {
            "signed_on": None, "decided_on": "2022-09-01",
        }),
    ],
)  # fmt: skip
def test_cases_of_the_same_shape(expect: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    assert mistakes(case(expect, **changes), library()) == []


def test_a_plan_that_slides_and_one_that_catches_up() -> None:
    plan = {"plan": "12 monthly instalments 2022-01-31..2022-12-31"}
    slid = read({**PLAIN, **plan, "method": "slide instalments 2-3 by two months"})
    assert slid.moved == (
        Moved(date(2022, 2, 28), date(2022, 4, 28), 2),
        Moved(date(2022, 3, 31), date(2022, 5, 31), 3),
    )
    caught = read({**PLAIN, **plan, "method": "instalments 7 and 8 added to the last instalment"})
    assert [item.new_due_on for item in caught.moved] == [date(2022, 12, 31)] * 2
    assert caught.new_maturity_on == date(2022, 12, 31)
    with pytest.raises(Unreadable):
        read({**PLAIN, **plan, "method": "instalment 7 forgiven"})


def test_a_sentence_is_read_by_its_leading_phrase() -> None:
    found = phrase("special-mention trigger on 2022-08-31 (overdue); stays, and is tested for restructuring")
    assert (found.effect, found.trigger_on, found.is_tested) == ("special_mention_trigger", date(2022, 8, 31), True)
    assert phrase("restructured asset, at least special-mention; observation").floor == "FQ02"
    assert phrase("something new").effect is None
    assert rules("D2: first overdue, then extended; D15") == {"D2", "D15"}
