"""What is known of a borrower and of a receipt, as one mapping a receipt with the columns of `loan_facts`."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from steadyrest.schema import TABLES

Row = Mapping[str, Any]

EVIDENCE = {
    "temporary_difficulty": "has_temporary_difficulty",
    "severely_hit": "is_severely_hit",
    "prior_credit_good": "has_good_prior_credit",
    "financial_difficulty": "has_financial_difficulty",
    "trade_chain_firm": "is_trade_chain_firm",
}


@cache
def reference(name: str) -> list[dict[str, str]]:
    """The rows of a packaged reference table, as text."""
    path = resources.files("steadyrest") / "reference" / "data" / f"{name}.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@cache
def _sections() -> dict[str, str]:
    return {row["code"]: row["section"] for row in reference("industry") if row["level"] == "2"}


def section(code: str | None) -> str | None:
    """The section letter of a GB/T 4754 code, through the division where no letter is written."""
    if not code:
        return None
    return code[0] if "A" <= code[0] <= "T" else _sections().get(code[:2])


def division(code: str | None) -> str | None:
    """The two-digit division; None when the code stops before it."""
    if not code:
        return None
    digits = code[1:] if "A" <= code[0] <= "T" else code
    return digits[:2] if len(digits) >= 2 else None


def computed_size(code: str | None, borrower: Row, standard: str) -> str | None:
    """The size by the dated standard: a class is reached when every measure reaches its lower limit."""
    limits = _limits(code, standard)
    if not limits:
        return None
    for size in ("large", "medium", "small"):
        reached = [_reaches(borrower.get(row["measure"]), row[f"{size}_min"]) for row in limits]
        if all(reached):
            return size
        if False not in reached:
            return None
    return "micro"


def _reaches(value: Any, limit: str) -> bool | None:
    return None if value is None else value >= int(limit)


def _limits(code: str | None, standard: str) -> list[dict[str, str]]:
    """The measures of the industry whose listed code is the longest prefix of the borrower's code."""
    letter, rest = section(code), (code or "").lstrip("ABCDEFGHIJKLMNOPQRST")
    full = f"{letter}{rest}" if letter else ""
    best: list[dict[str, str]] = []
    length = 0
    for row in reference("size_thresholds"):
        listed = max((len(item) for item in row["industries"].split() if full.startswith(item)), default=0)
        if row["standard"] != standard or listed < max(length, 1):
            continue
        best = [*best, row] if listed == length else [row]
        length = listed
    return best


def latest(rows: Sequence[Row], day: str, as_of: date) -> Row | None:
    """The last of the rows dated on or before the as-of day."""
    known = [row for row in rows if row[day] is not None and row[day] <= as_of]
    return max(known, key=lambda row: row[day]) if known else None


def borrower_facts(
    enterprise: Row | None, businesses: Sequence[Row], lines: Sequence[Row], evidence: Sequence[Row], as_of: date
) -> dict[str, Any]:
    """The facts of one borrower. `businesses` are those the borrower owns."""
    own: Row = enterprise or {}
    linked = sorted(businesses, key=lambda row: (row.get("industry_code") is None, row["borrower_id"]))
    business: Row = linked[0] if linked else {}
    code, basis = own.get("industry_code"), "own"
    if code is None:
        code, basis = business.get("industry_code"), "link"
    in_force = [row for row in lines if row.get("to_on") is None or row["to_on"] >= as_of]
    line = latest(in_force, "from_on", as_of)
    line_fen = line["credit_line_fen"] if line else None
    found = {
        "borrower_kind": own.get("borrower_kind"),
        "borrower_section": section(code),
        "borrower_division": division(code),
        "industry_basis": basis if code is not None else None,
        "credit_line_fen": own.get("credit_line_fen") if line_fen is None else line_fen,
        "industry_code": code,
        **_size(own, business, code),
    }
    for kind, name in EVIDENCE.items():
        word = latest([row for row in evidence if row["evidence_kind"] == kind], "as_of_on", as_of)
        found[name] = word["holds"] if word else None
    return found


def _size(own: Row, business: Row, code: str | None) -> dict[str, Any]:
    reported = own.get("enterprise_size") or business.get("enterprise_size")
    if reported is not None:
        return {"enterprise_size": reported, "size_basis": "reported"}
    firm = own if own.get("industry_code") is not None else business  # the figures of the firm whose industry counts
    computed = computed_size(code, firm, "2017")
    return {"enterprise_size": computed, "size_basis": "computed" if computed else None}


def loan_facts(
    loan: Row, borrower: Row, arrears: Sequence[Row], applications: Sequence[Row], as_of: date
) -> dict[str, Any]:
    """The facts of one receipt, without those that come from its schedule."""
    row: dict[str, Any] = dict.fromkeys(TABLES["loan_facts"].names)
    row |= {name: loan.get(name) for name in _COPIED}
    row |= borrower
    use = loan.get("use_industry_code")
    row["use_section"] = section(use)
    is_personal_operating = loan.get("ledger") == "personal" and loan.get("product") == "F022"
    if row["borrower_section"] is None and is_personal_operating and use is not None:
        row |= {"borrower_section": section(use), "borrower_division": division(use), "industry_basis": "use"}
    applied = latest(applications, "applied_on", as_of)
    oldest = min((item["due_on"] for item in arrears if item["due_on"] < as_of and _owed(item) > 0), default=None)
    row |= {"as_of_on": as_of, "applied_on": applied["applied_on"] if applied else None, "oldest_on": oldest}
    if oldest is not None:
        row["past_due_days"] = (as_of - oldest).days
    else:
        row["past_due_days"] = 0 if loan.get("loan_status") in ("LS01", "LS02") else None
    return row


def with_schedule(row: dict[str, Any], dues: Sequence[Any], state: str, loan: Row) -> dict[str, Any]:
    """The facts with what the current schedule says."""
    ends = [day for day in (loan.get("maturity_on"), loan.get("extended_maturity_on")) if day is not None]
    next_due = dues[0].due_on if dues else None
    last_due = dues[-1].due_on if dues else max(ends)
    is_stale = row["oldest_on"] is None and last_due < row["as_of_on"]  # all is past, and nothing says it was paid
    return row | {
        "past_due_days": None if is_stale else row["past_due_days"],
        "schedule_state": state,
        "has_terms": state == "projected",
        "next_due_on": next_due,
        "first_unpaid_on": row["oldest_on"] or next_due,
        "last_due_on": last_due,
    }


def _owed(row: Row) -> int:
    return (row.get("principal_fen") or 0) + (row.get("interest_fen") or 0)


_COPIED = (
    "loan_id",
    "borrower_id",
    "ledger",
    "product",
    "currency",
    "balance_fen",
    "drawn_on",
    "maturity_on",
    "quality",
    "loan_status",
    "guarantee_kind",
)
