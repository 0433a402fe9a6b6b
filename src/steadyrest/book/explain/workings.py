"""Workings of figures: the dues that add up to an amount, dates compared, a total counted again.

Each working takes a cell and shows its arithmetic with the values of the run; the result is compared with the cell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import polars as pl

from steadyrest import calendar
from steadyrest.book.explain.cells import Cell, dues, tie
from steadyrest.book.explain.interest_workings import moved_interest, moves_of, not_shown, worked_interest
from steadyrest.book.explain.screening import recorded_verdict
from steadyrest.book.explain.tree import Explanation, Fact, Sentence, own, said, word
from steadyrest.book.run_folder import Row, RunFolder
from steadyrest.schema import Column, Kind
from steadyrest.text import Text
from steadyrest.units import format_fen

Working: TypeAlias = Callable[[Cell], tuple[Explanation, ...]]


def workings(cell: Cell) -> tuple[Explanation, ...]:
    """The workings of a cell; none for a column whose formula says everything."""
    working = _WORKINGS.get((cell.table, cell.column.name))
    is_of_parked = cell.is_beside and cell.column.name != "extra_interest_fen"
    return working(cell) if working is not None and cell.value is not None and not is_of_parked else ()


def summed(cell: Cell, rows: list[Row], column: str) -> Explanation:
    """Dues added up, one line a due."""
    facts = tuple(_due_fact(row, column, cell.currency) for row in rows)
    total = sum(int(row[column]) for row in rows)
    return Explanation("sum", word("sum_of", count=len(rows)), column, (tie(total, cell),), facts)


def _due_fact(row: Row, column: str, currency: str) -> Fact:
    on = row["due_on"].isoformat()
    never = Text(zh="", en="")
    return Fact(Column(on, Kind.MONEY, word("due", on=on), never), row[column], currency)


def _option_window(column: str) -> Working:
    def work(cell: Cell) -> tuple[Explanation, ...]:
        low, high = cell.row["from_on"], cell.row["to_on"]
        part = "principal" if column.startswith("principal") else "interest"
        counts = str(cell.row["deferred_part"]) in (part, "both")
        rows = [row for row in dues(cell, "before") if low <= row["due_on"] <= high] if counts else []
        return (summed(cell, rows, column),)

    return work


def _extra_interest(cell: Cell) -> tuple[Explanation, ...]:
    after = dues(cell, "proposed", cell.option_no)
    if not after:
        return (Explanation("sum", word("no_own_dues")),)
    left, right = (sum(int(row["interest_due_fen"]) for row in rows) for rows in (after, dues(cell, "before")))
    step = said("difference", left=format_fen(left), right=format_fen(right), result=format_fen(left - right))
    return (Explanation("sum", word("how_made"), says=(step, tie(left - right, cell))),)


def _moved_principal(cell: Cell) -> tuple[Explanation, ...]:
    """The principal due inside the agreed windows, or on the last day where an extension moves it."""
    moves = moves_of(cell, "after", "principal")
    if moves is None:
        return (Explanation("sum", word("how_made"), says=(not_shown(cell, "after"),)),)
    windows = [(move.from_on, move.to_on) for move in moves]
    if str(cell.row["legal_form"]) == "extension_contract":
        windows = [(cell.row["last_due_before_on"], cell.row["last_due_before_on"])]
    rows = [row for row in dues(cell, "before") if any(low <= row["due_on"] <= high for low, high in windows)]
    return (summed(cell, rows, "principal_due_fen"),)


def _version_sum(version: str, column: str) -> Working:
    def work(cell: Cell) -> tuple[Explanation, ...]:
        option_no = cell.option_no if version == "after" else None
        return (summed(cell, dues(cell, version, option_no), column),)

    return work


def _new_due(cell: Cell) -> tuple[Explanation, ...]:
    cap = cell.row["cap_on"]
    if cap is None:
        return ()
    on = calendar.last_bank_day(cap)
    step = said("bank_day" if calendar.is_official(cap) else "bank_day_unofficial", cap=cap, on=on)
    return (Explanation("calendar", word("how_made"), says=(step,)),)


def _proposed(cell: Cell) -> tuple[Explanation, ...]:
    options = cell.run.rows("option", loan_id=cell.row["loan_id"])
    return (Explanation("choice", word("how_made"), says=(choice(cell.run, options),)),)


def choice(run: RunFolder, options: list[Row]) -> Sentence:
    """Why one option of a receipt is proposed: latest cap, then the later day known, then the smaller clause id."""
    options = [row for row in options if str(row["plan"]) == "parked"]
    proposed = next((row for row in options if row["is_proposed"]), None)
    if proposed is None:
        return said("not_proposed")
    if len(options) == 1:
        return said("only_option")
    known = {row["option_no"]: clause.known_from for row in options if (clause := run.clause(row["clause_id"]))}
    latest = [row for row in options if row["cap_on"] == proposed["cap_on"]]
    last_known = [row for row in latest if known.get(row["option_no"]) == known.get(proposed["option_no"])]
    key = "by_cap" if len(latest) == 1 else "by_known" if len(last_known) == 1 else "by_id"
    number = proposed["option_no"]
    return said(key, option_no=number, cap=proposed["cap_on"], known=known.get(number, "–"))


def _past_due(cell: Cell) -> tuple[Explanation, ...]:
    if not cell.value:
        return ()
    since, as_of = cell.row["first_unpaid_on"], cell.row["as_of_on"]
    step = said("late", as_of=as_of, since=since, days=(as_of - since).days)
    return (Explanation("days", word("how_made"), says=(step,)),)


def _balance(cell: Cell) -> tuple[Explanation, ...]:
    principal = int(cell.row["principal_due_fen"])
    rows = dues(cell, str(cell.row["version"]), cell.option_no)
    after = sum(int(row["principal_due_fen"]) for row in rows if row["due_on"] > cell.row["due_on"])
    parts = {"before": after + principal, "principal": principal, "after": after}
    step = said("balance_step", **{name: format_fen(fen) for name, fen in parts.items()})
    return (Explanation("balance", word("how_made"), says=(step, tie(after, cell))),)


def _month_part(column: str) -> Working:
    def work(cell: Cell) -> tuple[Explanation, ...]:
        month, version = cell.row["month_on"], str(cell.row["version"])
        kept = _kept(cell, version)
        rows = [row for row in kept if _first_of_month(row["due_on"]) == month]
        if not rows:
            return (Explanation("sum", word("own_part"), says=(said(_why_no_part(cell, month, bool(kept))),)),)
        facts = tuple(_due_fact(row, column, cell.currency) for row in rows)
        return (Explanation("sum", word("own_part"), column, facts=facts),)

    return work


def _why_no_part(cell: Cell, month: date, has_dues: bool) -> str:
    """The sentence on a receipt that shows no due in a month: there is none, or its dues are not in the result."""
    if str(cell.facts["schedule_state"]) != "projected":
        return "no_own_schedule"
    if cell.facts["next_due_on"] is None:
        return "no_own_due"
    first, last = (_first_of_month(cell.facts[name]) for name in ("next_due_on", "last_due_on"))
    is_before_version = str(cell.row["version"]) == "before"
    if has_dues or month < first or (is_before_version and month > last):
        return "no_own_due"
    is_agreed = bool(cell.run.rows("amendment", loan_id=cell.facts["loan_id"], option_no=0))
    return "no_own_part_agreed" if is_agreed else "no_own_part"


def _kept(cell: Cell, version: str) -> list[Row]:
    """The receipt's own dues in a version; a receipt without a change in it counts with its dues before.

    Of a receipt with an agreement in the book the contract's dues are kept, not those the month totals add up.
    """
    if cell.run.rows("amendment", loan_id=cell.facts["loan_id"], option_no=0):
        return []
    return dues(cell, version) or dues(cell, "before")


def _first_of_month(on: date) -> date:
    return on.replace(day=1)


def _recount(cell: Cell) -> tuple[Explanation, ...]:
    """The total of one clause and verdict, counted again from eligibility and facts."""
    clause = cell.run.clause(cell.row["clause_id"])
    if clause is None:
        return ()
    fail, unknown = pl.col(f"{clause.slug}_fail"), pl.col(f"{clause.slug}_unknown")
    tests = {"refused": fail != 0, "needs_data": (fail == 0) & (unknown != 0), "eligible": (fail == 0) & (unknown == 0)}
    chosen = cell.run.scan("eligibility").filter(tests[str(cell.row["verdict"])]).select("loan_id")
    facts = cell.run.scan("loan_facts").filter(pl.col("currency") == cell.row["currency"])
    counted = facts.join(chosen, on="loan_id").select(
        pl.col("borrower_id").n_unique().alias("households"),
        pl.len().cast(pl.Int64).alias("receipts"),
        pl.col("balance_fen").sum(),
    )
    again: dict[str, Any] = counted.collect().row(0, named=True)
    return (Explanation("recount", word("recount"), says=(_same_or_not(again[cell.column.name], cell),)),)


def _same_or_not(again: int, cell: Cell) -> Sentence:
    if cell.column.kind is Kind.MONEY:
        return tie(again, cell)
    if again == cell.value:
        return said("agrees", total=f"{again:,}")
    return said("differs", total=f"{again:,}", cell=f"{cell.value:,}")


def _verdict(cell: Cell) -> tuple[Explanation, ...]:
    """The masks of this receipt under the clause of the row."""
    clause = cell.run.clause(cell.row["clause_id"])
    masks = cell.run.rows("eligibility", loan_id=cell.facts["loan_id"])
    if clause is None or not masks:
        return ()
    mine = recorded_verdict(clause, masks[0])
    table = cell.run.table("eligibility")
    facts = tuple(Fact(table[f"{clause.slug}_{end}"], masks[0][f"{clause.slug}_{end}"]) for end in ("fail", "unknown"))
    return (Explanation("masks", word("own_part"), clause.id, facts=(*facts, own("verdict", mine))),)


_WORKINGS: dict[tuple[str, str], Working] = {
    ("loan_facts", "past_due_days"): _past_due,
    ("option", "new_due_on"): _new_due,
    ("option", "deferred_principal_fen"): _option_window("principal_due_fen"),
    ("option", "deferred_interest_fen"): _option_window("interest_due_fen"),
    ("option", "extra_interest_fen"): _extra_interest,
    ("option", "is_proposed"): _proposed,
    ("amendment", "deferred_principal_fen"): _moved_principal,
    ("amendment", "deferred_interest_fen"): moved_interest,
    ("amendment", "interest_before_fen"): _version_sum("before", "interest_due_fen"),
    ("amendment", "interest_after_fen"): _version_sum("after", "interest_due_fen"),
    ("cash_flow", "interest_due_fen"): worked_interest,
    ("cash_flow", "balance_after_fen"): _balance,
    ("cash_flow_month", "principal_due_fen"): _month_part("principal_due_fen"),
    ("cash_flow_month", "interest_due_fen"): _month_part("interest_due_fen"),
    ("clause_result", "verdict"): _verdict,
    ("clause_result", "households"): _recount,
    ("clause_result", "receipts"): _recount,
    ("clause_result", "balance_fen"): _recount,
}
