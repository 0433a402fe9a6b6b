"""Everything the run says of one receipt: its facts, every clause, the options and the choice, decisions, the case."""

from __future__ import annotations

from dataclasses import replace

from steadyrest.book.explain.cell import versions
from steadyrest.book.explain.inputs import row_part
from steadyrest.book.explain.places import quarantined_in
from steadyrest.book.explain.screening import recorded_verdict, screened
from steadyrest.book.explain.tree import Explanation, Sentence, filled, said, word
from steadyrest.book.explain.workings import choice
from steadyrest.book.run_folder import Row, RunFolder
from steadyrest.schema import TABLES, code_label
from steadyrest.text import Text

_HIDDEN_AGAIN = ("loan_id", "option_no", "case_state", "on")


def explain_loan(run: RunFolder, loan_id: str) -> Explanation:
    """Explain a receipt: facts, findings, clauses in their order, options, decisions, amendments, case, versions.

    A receipt whose row was quarantined, or of which other tables alone speak, is explained by its findings. Raises
    `RunError` for one the run never saw.
    """
    title = word("loan", loan=loan_id)
    findings = tuple(_plain(run, "finding", row) for row in run.rows("finding", row_id=loan_id))
    known = run.rows("loan_facts", loan_id=loan_id)
    if not known and findings:
        says = said("quarantined" if quarantined_in(run, loan_id) else "only_findings")
        return Explanation("loan", title, loan_id, (says,), (), (*findings, versions(run)))
    facts = run.loan(loan_id)
    masks, currency = run.rows("eligibility", loan_id=loan_id), str(facts["currency"])
    clauses = tuple(screened(clause, facts, masks[0]) for clause in run.screens) if masks else ()
    parts = (
        *clauses,
        *_options(run, facts, masks),
        *(_plain(run, "decision", row, currency) for row in run.rows("decision", loan_id=loan_id)),
        *(_plain(run, "amendment", row, currency) for row in run.rows("amendment", loan_id=loan_id)),
        *(_state(run, row) for row in run.rows("case_event", loan_id=loan_id)),
        *findings,
        versions(run),
    )
    head = row_part(run, "loan_facts", facts, TABLES["loan_facts"].names, currency)
    return Explanation("loan", title, loan_id, (), head.facts, parts)


def _options(run: RunFolder, facts: Row, masks: list[Row]) -> tuple[Explanation, ...]:
    """The options with the reason of the choice; without any, why there is none."""
    rows = run.rows("option", loan_id=facts["loan_id"])
    if not rows:
        return (Explanation("options", word("no_options"), says=_why_none(run, masks)),)
    parts = tuple(_option(run, row, str(facts["currency"])) for row in rows)
    return (Explanation("options", word("options", count=len(rows)), says=(choice(run, rows),), parts=parts),)


def _option(run: RunFolder, row: Row, currency: str) -> Explanation:
    clause = run.clause(row["clause_id"])
    number = Text(zh=str(row["option_no"]), en=str(row["option_no"]))
    named = clause.title if clause is not None else Text(zh=row["clause_id"], en=row["clause_id"])
    columns = tuple(name for name in TABLES["option"].names if name not in _HIDDEN_AGAIN)
    node = row_part(run, "option", row, columns, currency, kind="option")
    return replace(node, title=filled("option", option_no=number, clause=named), name=str(row["option_no"]))


def _why_none(run: RunFolder, masks: list[Row]) -> tuple[Sentence, ...]:
    eligible = [clause for clause in run.screens if masks and recorded_verdict(clause, masks[0]) == "eligible"]
    if not eligible:
        return (said("no_option_not_eligible"),)
    return tuple(Sentence(filled("no_option_no_amount", clause=clause.title)) for clause in eligible)


def _state(run: RunFolder, row: Row) -> Explanation:
    state = code_label("case_state", str(row["case_state"]))
    on = Text(zh=str(row["on"]), en=str(row["on"]))
    columns = tuple(name for name in TABLES["case_event"].names if name not in _HIDDEN_AGAIN and row[name] is not None)
    node = row_part(run, "case_event", row, columns, kind="case")
    return replace(node, title=filled("case", state=state, on=on), name=str(row["case_state"]))


def _plain(run: RunFolder, name: str, row: Row, currency: str = "CNY") -> Explanation:
    """A whole row of a table."""
    return row_part(run, name, row, TABLES[name].names, currency, kind=name)
