"""One made-up receipt as the few choices that decide its facts, and how to steer a fact by changing a choice.

A setter takes a case and the value a column of `loan_facts` should have and returns a changed case. It steers, it
does not promise: what a case really comes to is told by the stages of the relief desk, never by this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from steadyrest.desks.borrowers import EVIDENCE_COLUMNS
from steadyrest.synth.weights import industries

Fact = date | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Case:
    """A receipt and its borrower. Without terms nothing is due by a schedule; `unpaid_on` is the oldest arrears.

    `flags` are evidence columns that are known. `due_on` is the next due, `maturity_on` the last.
    """

    as_of: date
    drawn_on: date
    due_on: date
    maturity_on: date
    borrower_kind: str = "enterprise"
    industry: str | None = "C34"
    use_industry: str | None = "C349"
    size: str | None = "small"
    line_fen: int | None = 800_000_000
    flags: tuple[tuple[str, bool], ...] = ()
    applied_on: date | None = None
    unpaid_on: date | None = None
    ledger: str = "corporate"
    product: str | None = "F022"
    currency: str = "CNY"
    quality: str | None = "FQ01"
    loan_status: str | None = "LS01"
    balance_fen: int = 100_000_000
    schedule: str = "projected"


def plain_case(as_of: date) -> Case:
    """A small manufacturer in temporary difficulty that has applied: where every search starts."""
    flags = dict.fromkeys(EVIDENCE_COLUMNS.values(), True) | {"has_financial_difficulty": False}
    return Case(
        as_of=as_of,
        drawn_on=date(as_of.year - 1, as_of.month, 15),
        due_on=as_of + timedelta(days=46),
        maturity_on=as_of + timedelta(days=46),
        flags=tuple(sorted(flags.items())),
        applied_on=as_of - timedelta(days=10),
    )


Setter = Callable[[Case, Fact], Case]


def _flag(name: str) -> Setter:
    def change(case: Case, value: Fact) -> Case:
        rest = tuple(item for item in case.flags if item[0] != name)
        return replace(case, flags=rest if value is None else tuple(sorted((*rest, (name, bool(value))))))

    return change


def _plain(name: str) -> Setter:
    def change(case: Case, value: Fact) -> Case:
        return replace(case, **{name: value})  # type: ignore[arg-type]

    return change


def _section(case: Case, value: Fact) -> Case:
    inside = next((code for code in industries().codes if code[0] == value), value)
    return replace(case, industry=None if inside is None else str(inside))


def _use(case: Case, value: Fact) -> Case:
    inside = next((f"{code}1" for code in industries().codes if code[0] == value), value)
    return replace(case, use_industry=None if inside is None else str(inside))


def _division(case: Case, value: Fact) -> Case:
    inside = next((code for code in industries().codes if code[1:] == value), value)
    return replace(case, industry=None if inside is None else str(inside))


def _ledger(case: Case, value: Fact) -> Case:
    """Of the customers with a credit code only individual businesses stand in the personal ledger."""
    moves = value == "personal" and case.borrower_kind not in ("owner", "person")
    kind = "individual_business" if moves else case.borrower_kind
    return replace(case, ledger=str(value), borrower_kind=kind)


def _drawn(case: Case, value: Fact) -> Case:
    return replace(case, drawn_on=value) if isinstance(value, date) else case


def _next_due(case: Case, value: Fact) -> Case:
    if not isinstance(value, date):
        return replace(case, schedule="needs_data")
    return replace(_after_drawn(case, value), due_on=value, maturity_on=max(value, case.maturity_on))


def _last_due(case: Case, value: Fact) -> Case:
    if not isinstance(value, date):
        return case
    changed = replace(_after_drawn(case, value), maturity_on=value, due_on=min(value, case.due_on))
    return replace(changed, unpaid_on=value, loan_status="LS03") if value < case.as_of else changed


def _first_unpaid(case: Case, value: Fact) -> Case:
    if isinstance(value, date) and value < case.as_of:
        return replace(_after_drawn(case, value), unpaid_on=value, loan_status="LS03")
    return _next_due(replace(case, unpaid_on=None), value)


def _after_drawn(case: Case, day: date) -> Case:
    return replace(case, drawn_on=min(case.drawn_on, day - timedelta(days=60)))


def _past_due(case: Case, value: Fact) -> Case:
    if value is None:
        return replace(case, unpaid_on=None, loan_status="LS03")
    if int(value) <= 0:  # type: ignore[arg-type]
        return replace(case, unpaid_on=None, loan_status="LS01")
    return _first_unpaid(case, case.as_of - timedelta(days=int(value)))  # type: ignore[arg-type]


def _has_terms(case: Case, value: Fact) -> Case:
    return replace(case, schedule="projected" if value else "needs_data")


SETTERS: Final[Mapping[str, Setter]] = {
    "borrower_kind": _plain("borrower_kind"),
    "borrower_section": _section,
    "borrower_division": _division,
    "use_section": _use,
    "enterprise_size": _plain("size"),
    "credit_line_fen": _plain("line_fen"),
    **{name: _flag(name) for name in EVIDENCE_COLUMNS.values()},
    "applied_on": _plain("applied_on"),
    "ledger": _ledger,
    "product": _plain("product"),
    "currency": _plain("currency"),
    "quality": _plain("quality"),
    "loan_status": _plain("loan_status"),
    "balance_fen": _plain("balance_fen"),
    "drawn_on": _drawn,
    "maturity_on": _last_due,
    "last_due_on": _last_due,
    "next_due_on": _next_due,
    "first_unpaid_on": _first_unpaid,
    "past_due_days": _past_due,
    "has_terms": _has_terms,
    "schedule_state": _plain("schedule"),
}
"""How to steer each fact. Flags that definitions set are steered by the columns of the definition."""
