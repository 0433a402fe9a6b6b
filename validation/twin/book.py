"""The input rows of a book by borrower and by receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from validation.twin.facts import borrower_facts
from validation.twin.relief import Receipt
from validation.twin.schedules import current, plan_of

Row = Mapping[str, Any]
Index = Mapping[str, list[Row]]

BY_BORROWER = ("credit_line", "evidence", "loan")
BY_LOAN = ("loan_terms", "arrears", "application", "agreement", "consent", "decision")


@dataclass
class Book:
    """The accepted rows of every input table, found by what they belong to."""

    enterprises: Mapping[str, Row]
    owned: Mapping[str, list[str]]
    by_borrower: Mapping[str, Index] = field(repr=False)
    by_loan: Mapping[str, Index] = field(repr=False)

    def borrowers(self) -> list[str]:
        """Every borrower with a receipt, in order."""
        return sorted(self.by_borrower["loan"])

    def facts(self, borrower_id: str, as_of: date) -> dict[str, Any]:
        """The facts of one borrower."""
        businesses = [self.enterprises[item] for item in self.owned.get(borrower_id, ()) if item in self.enterprises]
        lines = self.by_borrower["credit_line"].get(borrower_id, [])
        evidence = self.by_borrower["evidence"].get(borrower_id, [])
        return borrower_facts(self.enterprises.get(borrower_id), businesses, lines, evidence, as_of)

    def receipt(self, loan: Row, as_of: date) -> Receipt:
        """One receipt with its rows and its current schedule."""
        rows = {name: self.by_loan[name].get(loan["loan_id"], []) for name in BY_LOAN}
        terms = rows["loan_terms"][0] if rows["loan_terms"] else None
        plan = plan_of(loan, terms, rows["agreement"], rows["arrears"], as_of)
        dues, state = current(plan, terms is not None)
        kept = (rows[name] for name in ("agreement", "arrears", "application", "consent", "decision"))
        return Receipt(loan, plan, dues, state, *kept)


def book_of(tables: Mapping[str, Sequence[Row]]) -> Book:
    """Index the accepted rows of the input tables."""
    links = [row for row in tables.get("customer_link", ()) if row["link_kind"] == "owner_of"]
    owned: dict[str, list[str]] = defaultdict(list)
    for row in links:
        owned[row["from_borrower_id"]].append(row["to_borrower_id"])
    return Book(
        {row["borrower_id"]: row for row in tables.get("enterprise", ())},
        owned,
        {name: _index(tables.get(name, ()), "borrower_id") for name in BY_BORROWER},
        {name: _index(tables.get(name, ()), "loan_id") for name in BY_LOAN},
    )


def _index(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found
