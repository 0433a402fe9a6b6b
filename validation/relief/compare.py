"""What a vector expects against what the product says, key by key.

Compared: verdicts with what belongs to them, override_needed, report blocks, class_effect, and the plain figures below.
Sentences for a reader are not compared (`COMMENTARY`); a key that is neither known nor commentary fails the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from steadyrest.policy import Library
from steadyrest.schema.codes import code_label
from validation.relief.figures import figure
from validation.relief.judge import Judge
from validation.relief.phrases import phrase, rules
from validation.relief.vector import read

COMMENTARY = frozenset(
    (
        *("why", "note", "reading", "table", "never", "outcome", "state", "control", "strength", "pack_warning"),
        *("finding", "vector", "counts_as", "credit_record", "penalty_reversed", "status_and_class_differ"),
        *("who", "needs"),
    )
)


def mistakes(case: Mapping[str, Any], library: Library) -> list[str]:
    """Everything a case expects and the product does not say; empty when it passes."""
    judge = Judge(library, read(case["input"]))
    found: list[str] = []
    for key, expected in case["expect"].items():
        found += list(_differences(judge, key, expected, case["expect"]))
    return found


def _differences(judge: Judge, key: str, expected: Any, whole: Mapping[str, Any]) -> Iterator[str]:
    dates = [date.fromisoformat(block["report_date"]) for block in whole.get("report", ())]
    if key == "clauses":
        for clause, wanted in expected.items():
            yield from _parts(clause, wanted, judge.verdict(clause))
    elif key == "report":
        for block in expected:
            yield from _report(judge, block)
    elif key == "class_effect":
        yield from _effect(judge, expected, dates)
    elif key not in COMMENTARY and not (key == "alternative" and isinstance(expected, str)):
        wanted, found = _plain(expected), figure(judge, key, expected)
        if found != wanted:
            yield f"{key}: expected {wanted}, found {found}"


def _plain(expected: Any) -> Any:
    """An expected figure without its commentary; "yes if ..." is a yes."""
    if isinstance(expected, dict):
        return {name: value for name, value in expected.items() if name not in COMMENTARY}
    return True if isinstance(expected, str) and expected.startswith("yes") else expected


def _parts(name: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Every expected part of a mapping; lists of mappings are compared in order."""
    for key, wanted in expected.items():
        if key in COMMENTARY:
            continue
        if key not in found:
            yield f"{name}.{key}: expected {wanted}, found nothing"
        elif isinstance(wanted, list):
            if len(wanted) != len(found[key]):
                yield f"{name}.{key}: expected {len(wanted)} entries, found {len(found[key])}"
            for number, (left, right) in enumerate(zip(wanted, found[key], strict=False)):
                yield from _parts(f"{name}.{key}[{number}]", left, right)
        elif found[key] != wanted:
            yield f"{name}.{key}: expected {wanted}, found {found[key]}"


def _report(judge: Judge, block: Mapping[str, Any]) -> Iterator[str]:
    on = date.fromisoformat(block["report_date"])
    found = judge.report(on, block.get("receipt"))
    name = f"report {block['report_date']}"
    if "rule" in block and not rules(block["rule"]) <= rules(found.get("rule", "")):
        yield f"{name}.rule: expected {block['rule']}, found {found.get('rule')}"
    if "drawdown_kind" in block:
        kind = code_label("legal_form", found["drawdown_kind"]).zh
        if kind != block["drawdown_kind"]:
            yield f"{name}.drawdown_kind: expected {block['drawdown_kind']}, found {kind}"
    ours = {key: value for key, value in block.items() if key not in _NAMES}
    yield from _parts(name, ours, found)


_NAMES = ("report_date", "receipt", "previous_receipt", "rule", "drawdown_kind")


def _effect(judge: Judge, sentence: str, dates: list[date]) -> Iterator[str]:
    wanted, found = phrase(sentence), judge.effect(dates)
    if found.effect != wanted.effect:
        yield f"class_effect: expected {wanted.effect} ({sentence!r}), found {found.effect}"
    if wanted.floor is not None and found.floor != wanted.floor:
        yield f"class_effect floor: expected {wanted.floor}, found {found.floor}"
    if wanted.trigger_on is not None and judge.overdue_on(dates) != wanted.trigger_on:
        yield f"class_effect trigger: expected {wanted.trigger_on}, found {judge.overdue_on(dates)}"
    if wanted.is_tested and not found.is_tested:
        yield "class_effect: a test for restructuring is expected"
