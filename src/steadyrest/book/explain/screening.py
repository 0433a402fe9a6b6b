"""Clauses and their conditions for one receipt: verdict, citation, each test with its distance, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from steadyrest.book.clauses import ClauseRecord
from steadyrest.book.explain.tree import Explanation, Fact, Sentence, filled, own, said, word
from steadyrest.rules import Condition, Reason, columns, explain, masks_of
from steadyrest.rules.words import listed, value_words
from steadyrest.schema import TABLES, Column, Kind, code_label
from steadyrest.schema.money import money_of
from steadyrest.text import Text

_SUFFIX = {"fen": "_fen", "1e-7 a year": "_rate_e7", "months": "_months", "days": "_days", "day": "_days"}
_DISTANCE = {Kind.DAY: Kind.COUNT}


def verdict_of(fail: int, unknown: int) -> str:
    """Refused by any fail bit, else needs data by any unknown bit, else eligible.

    >>> verdict_of(0, 0), verdict_of(0, 4), verdict_of(1, 4)
    ('eligible', 'needs_data', 'refused')
    """
    if fail:
        return "refused"
    return "needs_data" if unknown else "eligible"


def screened(clause: ClauseRecord, facts: Mapping[str, Any], masks: Mapping[str, Any]) -> Explanation:
    """One screening clause: the recorded verdict, the citation, and every condition in bit order."""
    verdict = recorded_verdict(clause, masks)
    titled = filled("clause", title=clause.title, verdict=code_label("verdict", verdict))
    node = cited(clause, titled)
    verdict_fact = Fact(replace(_VERDICT, name="verdict"), verdict)
    return replace(
        node,
        facts=(verdict_fact, *node.facts),
        says=(*node.says, *_recheck(clause, facts, masks)),
        parts=conditions(clause, facts),
    )


def recorded_verdict(clause: ClauseRecord, masks: Mapping[str, Any]) -> str:
    """The verdict by the masks the run has written."""
    return verdict_of(int(masks[f"{clause.slug}_fail"]), int(masks[f"{clause.slug}_unknown"]))


def cited(clause: ClauseRecord, title: Text | None = None) -> Explanation:
    """A clause with its citation: document and article, its words, how strongly it binds, how sure the source is."""
    says = [Sentence(filled("citation", citation=clause.citation))]
    if clause.quote:
        says.append(said("quote", quote=clause.quote))
    says += [Sentence(filled("open_reading", reading=reading)) for reading in clause.open_readings]
    if clause.confirmed_by:
        says.append(said("confirmed_by", name=clause.confirmed_by))
    facts = (
        own("clause_id", clause.id),
        Fact(own("strength", clause.strength).column, clause.strength, words=word(f"strength.{clause.strength}")),
        Fact(own("grade", clause.grade).column, clause.grade, words=word(f"grade.{clause.grade}")),
        own("document_source", clause.source),
        own("effective_from", clause.effective_from, Kind.DAY),
        own("effective_to", clause.effective_to, Kind.DAY),
        own("known_from", clause.known_from, Kind.DAY),
    )
    return Explanation("clause", title or clause.title, clause.id, tuple(says), facts)


def conditions(clause: ClauseRecord, facts: Mapping[str, Any]) -> tuple[Explanation, ...]:
    """Every condition of a clause in bit order, as it comes out for these facts."""
    return tuple(condition_part(condition, facts) for condition in clause.conditions)


def condition_part(condition: Condition, facts: Mapping[str, Any]) -> Explanation:
    """One condition: outcome, the test that decided, actual value, threshold, distance, first counterfactual."""
    reason = explain(condition, facts)
    quotes = tuple(sorted(columns(condition.node)))
    says = [Sentence(reason.sentence, quotes)]
    if reason.counterfactual is not None:
        says.append(Sentence(reason.counterfactual.sentence, quotes))
    elif reason.verdict is not True:
        says.append(said("no_change_helps"))
    title = filled("condition", bit=_same(condition.bit), title=condition.title)
    facts_shown = _reason_facts(condition, reason, str(facts.get("currency") or "CNY"))
    return Explanation("condition", title, condition.id, tuple(says), facts_shown, is_brief=reason.verdict is True)


def _reason_facts(condition: Condition, reason: Reason, currency: str) -> tuple[Fact, ...]:
    column = TABLES["loan_facts"][reason.column]
    money = money_of(column.name, currency)
    outcome = {True: "passed", False: "referred" if condition.is_soft else "failed", None: "unknown"}[reason.verdict]
    facts = [
        own("bit", condition.bit, Kind.COUNT),
        Fact(own("verdict", outcome).column, outcome, words=word(f"truth.{outcome}")),
        Fact(own("field", column.name).column, column.name, words=column.label),
        own("test", reason.test),
        Fact(_as(column, "actual"), reason.actual, money, masked_as=column.name),
    ]
    if len(reason.threshold) == 1:
        facts.append(Fact(_as(column, "threshold"), reason.threshold[0], money, masked_as=column.name))
    elif reason.threshold:
        plain = ", ".join(str(value) for value in reason.threshold)
        words = listed(value_words(value, column, money) for value in reason.threshold)
        facts.append(Fact(own("threshold", plain).column, plain, words=words))
    if reason.distance is not None:
        name = f"distance{_SUFFIX.get(column.unit, '')}"
        kind = _DISTANCE.get(column.kind, column.kind)
        facts.append(Fact(Column(name, kind, word("field.distance"), column.null), reason.distance, money))
    return tuple(facts)


def _recheck(clause: ClauseRecord, facts: Mapping[str, Any], masks: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """Said only when the interpreter, run on the written facts, does not give the written masks."""
    again = masks_of(clause.conditions, facts)
    if (again.fail, again.unknown) == (masks[f"{clause.slug}_fail"], masks[f"{clause.slug}_unknown"]):
        return ()
    return (said("masks_differ", fail=again.fail, unknown=again.unknown),)


def _as(column: Column, name: str) -> Column:
    return replace(column, name=name, label=word(f"field.{name}"))


def _same(value: object) -> Text:
    return Text(zh=str(value), en=str(value))


_VERDICT = TABLES["clause_result"]["verdict"]
