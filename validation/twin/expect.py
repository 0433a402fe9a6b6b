"""What a run of one borrower must contain: the rows of every compared table, and its share of the totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from steadyrest.policy import PolicySnapshot
from tests.reference.schedule_twin import Row as Due
from validation.twin.book import Book
from validation.twin.facts import loan_facts, with_schedule
from validation.twin.relief import Receipt, accepted, amended, defined, eligibility, options
from validation.twin.schedules import option_event

Row = Mapping[str, Any]
MonthKey = tuple[date, str, str]
ClauseKey = tuple[str, str, str]


@dataclass
class Sums:
    """Households, receipts and amounts under one key; a borrower counts once."""

    borrowers: int = 0
    receipts: int = 0
    first: int = 0
    second: int = 0

    def add(self, other: Sums) -> None:
        """Add the sums of other borrowers."""
        self.borrowers += other.borrowers
        self.receipts += other.receipts
        self.first += other.first
        self.second += other.second


@dataclass
class Expected:
    """Rows by table and receipt, and totals by key."""

    rows: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    months: dict[MonthKey, Sums] = field(default_factory=dict)
    clauses: dict[ClauseKey, Sums] = field(default_factory=dict)

    def put(self, table: str, loan_id: str, rows: Sequence[Row]) -> None:
        """Keep the rows of one receipt."""
        self.rows.setdefault(table, {})[loan_id] = list(rows)


def expect(book: Book, snapshot: PolicySnapshot, borrower_id: str, as_of: date) -> Expected:
    """Everything a run must say of one borrower."""
    expected = Expected()
    facts = book.facts(borrower_id, as_of)
    for loan in book.by_borrower["loan"][borrower_id]:
        _add_receipt(expected, snapshot, book.receipt(loan, as_of), facts)
    for sums in (*expected.months.values(), *expected.clauses.values()):
        sums.borrowers = 1
    return expected


def _add_receipt(expected: Expected, snapshot: PolicySnapshot, receipt: Receipt, borrower: Row) -> None:
    loan, loan_id = receipt.loan, receipt.loan["loan_id"]
    facts = loan_facts(loan, borrower, receipt.arrears, receipt.applications, receipt.plan.as_of)
    facts = defined(snapshot, with_schedule(facts, receipt.dues, receipt.state, loan))
    masks = eligibility(snapshot, facts)
    found = options(snapshot, masks, facts, receipt)
    signed = amended(receipt, found, accepted(receipt, found, snapshot))
    expected.put("loan_facts", loan_id, [facts])
    expected.put("eligibility", loan_id, [{"loan_id": loan_id, **masks}])
    expected.put("option", loan_id, found)
    expected.put("amendment", loan_id, [signed.row] if signed else [])
    proposal = next((option for option in found if option["is_proposed"]), None)
    proposed = receipt.plan.remaining(option_event(proposal, receipt.plan.as_of)) if proposal else receipt.dues
    before = signed.before if signed else receipt.dues
    after = signed.after if signed else receipt.dues
    flows: list[Row] = []
    if found or signed:
        flows += _flows(loan_id, "before", 0, before)
        flows += _flows(loan_id, "proposed", proposal["option_no"], proposed) if proposal else []
        flows += _flows(loan_id, "after", signed.row["option_no"], after) if signed else []
    expected.put("cash_flow", loan_id, flows)
    by_decision = signed is not None and signed.row["option_no"] > 0
    if receipt.state == "projected":
        versions = {"before": receipt.dues, "proposed": proposed, "after": after if by_decision else receipt.dues}
        for version, dues in versions.items():
            _add_months(expected.months, version, loan["currency"], dues)
    _add_clauses(expected.clauses, snapshot, masks, loan)


def _flows(loan_id: str, version: str, option_no: int, dues: Sequence[Due]) -> list[Row]:
    return [
        {
            "loan_id": loan_id,
            "version": version,
            "option_no": option_no,
            "sequence": sequence,
            "due_on": due.due_on,
            "principal_due_fen": due.principal_due_fen,
            "interest_due_fen": due.interest_due_fen,
            "balance_after_fen": due.balance_after_fen,
        }
        for sequence, due in enumerate(dues, 1)
    ]


def _add_months(months: dict[MonthKey, Sums], version: str, currency: str, dues: Sequence[Due]) -> None:
    seen: set[MonthKey] = set()
    for due in dues:
        key = (due.due_on.replace(day=1), version, currency)
        receipts = 0 if key in seen else 1
        seen.add(key)
        sums = months.setdefault(key, Sums())
        sums.add(Sums(0, receipts, due.principal_due_fen, due.interest_due_fen))


def _add_clauses(clauses: dict[ClauseKey, Sums], snapshot: PolicySnapshot, masks: Row, loan: Row) -> None:
    for clause in snapshot.screens:
        fail, unknown = masks[f"{clause.slug}_fail"], masks[f"{clause.slug}_unknown"]
        verdict = "refused" if fail else "needs_data" if unknown else "eligible"
        sums = clauses.setdefault((clause.id, verdict, loan["currency"]), Sums())
        sums.add(Sums(0, 1, loan["balance_fen"] or 0))


def merged(parts: Sequence[Expected]) -> Expected:
    """The totals of several borrowers; rows are not kept."""
    total = Expected()
    for part in parts:
        for month, sums in part.months.items():
            total.months.setdefault(month, Sums()).add(sums)
        for clause, sums in part.clauses.items():
            total.clauses.setdefault(clause, Sums()).add(sums)
    return total


def month_rows(months: Mapping[MonthKey, Sums]) -> list[Row]:
    """Month totals as rows of `cash_flow_month`."""
    return [
        {
            "month_on": month,
            "version": version,
            "currency": currency,
            "households": sums.borrowers,
            "receipts": sums.receipts,
            "principal_due_fen": sums.first,
            "interest_due_fen": sums.second,
        }
        for (month, version, currency), sums in months.items()
    ]


def clause_rows(clauses: Mapping[ClauseKey, Sums]) -> list[Row]:
    """Totals by clause and verdict as rows of `clause_result`."""
    return [
        {
            "clause_id": clause,
            "verdict": verdict,
            "currency": currency,
            "households": sums.borrowers,
            "receipts": sums.receipts,
            "balance_fen": sums.first,
        }
        for (clause, verdict, currency), sums in clauses.items()
    ]
