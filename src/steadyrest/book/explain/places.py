"""Which rows of a result table belong to a receipt, and what the caller says to narrow them down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

from steadyrest.book.explain.screening import recorded_verdict
from steadyrest.book.run_folder import Row, RunFolder
from steadyrest.errors import UsageError
from steadyrest.schema import Column, Kind, Table


def rows_of(run: RunFolder, loan_id: str, table: Table, where: Mapping[str, object]) -> tuple[Row, list[Row]]:
    """The facts of a receipt and its rows in a table, in the order of the key.

    A receipt whose row was quarantined has findings and nothing else; its facts are then empty.
    """
    typed = {name: typed_value(table[name], value) for name, value in where.items()}
    if table.name == "finding":
        return _findings(run, loan_id, typed)
    if table.name == "quarantine":
        return _quarantined(run, loan_id, typed)
    if quarantined_in(run, loan_id):
        return {}, []
    facts = run.loan(loan_id)
    if table.name == "enterprise":
        return facts, run.rows("enterprise", borrower_id=facts["borrower_id"], **typed)
    if table.name == "clause_result":
        return facts, _results(run, facts, typed)
    if table.name == "cash_flow_month":
        return facts, _months(run, facts, typed)
    return facts, run.rows(table.name, **{**typed, "loan_id": loan_id})


def typed_value(column: Column, value: object) -> object:
    """A value as the caller writes it (text or typed) in the type of a column; `UsageError` when it cannot be one."""
    if value is None or not isinstance(value, str):
        return value
    if column.codes:
        if value not in column.codes:
            nearest = get_close_matches(value, column.codes, n=1, cutoff=0.0)[0]
            raise UsageError("call.unknown_name", name=f"{column.name} {value}", nearest=nearest)
        return value
    try:
        return _READERS.get(column.kind, str)(value)
    except ValueError as error:
        if column.kind is Kind.DAY:
            raise UsageError("call.date", option=column.name, value=value) from error
        raise UsageError("call.unknown_name", name=f"{column.name} {value}", nearest=f"{column.name} 1") from error


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


_READERS: Mapping[Kind, Callable[[str], object]] = {
    Kind.DAY: date.fromisoformat,
    Kind.COUNT: int,
    Kind.MONEY: int,
    Kind.RATE: int,
    Kind.MASK: int,
    Kind.FLAG: _flag,
}


def _findings(run: RunFolder, loan_id: str, where: Mapping[str, object]) -> tuple[Row, list[Row]]:
    """Findings about the receipt and about its borrower."""
    known = run.rows("loan_facts", loan_id=loan_id)
    ids = dict.fromkeys([loan_id, *(row["borrower_id"] for row in known)])
    rows = [row for row_id in ids for row in run.rows("finding", **{**where, "row_id": row_id})]
    if not known and not rows:
        run.loan(loan_id)
    return (known[0] if known else {}), rows


def _quarantined(run: RunFolder, loan_id: str, where: Mapping[str, object]) -> tuple[Row, list[Row]]:
    """The rows that were set aside with a finding about the receipt."""
    facts, findings = _findings(run, loan_id, {"severity": "quarantine"})
    places = {(row["source_file"], row["row_number"]) for row in findings}
    found = [run.rows("quarantine", **{**where, "source_file": file, "row_number": at}) for file, at in sorted(places)]
    return facts, [row for rows in found for row in rows]


def quarantined_in(run: RunFolder, loan_id: str) -> list[tuple[str, int]]:
    """File and line in which a receipt was set aside; nothing for one that has facts."""
    if run.rows("loan_facts", loan_id=loan_id):
        return []
    found = run.rows("finding", row_id=loan_id, table="loan", severity="quarantine")
    return sorted({(str(row["source_file"]), int(row["row_number"])) for row in found})


def _results(run: RunFolder, facts: Row, where: Mapping[str, object]) -> list[Row]:
    """The totals the receipt counts in: its verdict under each clause, in its currency."""
    rows = run.rows("clause_result", **{"currency": facts["currency"], **where})
    if "verdict" in where:
        return rows
    masks = run.rows("eligibility", loan_id=facts["loan_id"])
    mine = {clause.id: recorded_verdict(clause, masks[0]) for clause in run.screens} if masks else {}
    return [row for row in rows if mine.get(row["clause_id"]) == str(row["verdict"])]


def _months(run: RunFolder, facts: Row, where: Mapping[str, object]) -> list[Row]:
    """The months in which the receipt has a due that is kept; without any, the month of its next due date."""
    rows = run.rows("cash_flow_month", **{"currency": facts["currency"], **where})
    if "month_on" in where:
        return rows
    dues = run.rows("cash_flow", loan_id=facts["loan_id"])
    months = {row["due_on"].replace(day=1) for row in dues}
    if not months and facts["next_due_on"] is not None:
        months = {facts["next_due_on"].replace(day=1)}
    return [row for row in rows if row["month_on"] in months]
