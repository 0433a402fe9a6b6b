"""Before and after: totals of proposals and signed amendments, examples, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from steadyrest.report.amounts import part_cents, show_cents, shown, unit_label
from steadyrest.report.charts import WIDTH, Drawing, drawing, line, words_at
from steadyrest.report.facts import RunFacts
from steadyrest.report.figures import Block
from steadyrest.report.markup import Head, Html, el, join, table, text
from steadyrest.report.mask import pseudonym
from steadyrest.report.words import code, count, currency_name, iso, words
from steadyrest.text import Language

_PROPOSED = ("deferred_principal_fen", "deferred_interest_fen", "extra_interest_fen")
_SIGNED = ("deferred_principal_fen", "deferred_interest_fen", "interest_before_fen", "interest_after_fen")


def totals_table(block: Block, facts: RunFacts, unit: str, language: Language, *, is_signed: bool) -> Html:
    """Proposals or amendments by clause with 户数, 笔数 and amounts; each column adds up to its total."""
    frame, sums = (block.amendments, _SIGNED) if is_signed else (block.proposals, _PROPOSED)
    kind = "signed" if is_signed else "proposed"
    money = unit_label(unit, block.currency)[language]
    heads = [Head(words("clause", language), kind="")]
    heads += [Head(words(name, language)) for name in ("households", "receipts")]
    heads += [Head(words(f"relief.{name}", language)) for name in sums]
    if is_signed:
        heads.append(Head(words("relief.more_interest", language)))
    printed = {name: part_cents(frame[name].fill_null(0).to_list(), unit) for name in sums}
    body = []
    for index, row in enumerate(frame.iter_rows(named=True)):
        amounts = [printed[name][index] for name in sums]
        cells = [text(facts.clause_title(row["clause_id"])[language]), count(row["households"]), count(row["receipts"])]
        body.append(cells + [text(show_cents(value)) for value in _with_difference(amounts, is_signed)])
    sum_of = [sum(printed[name]) for name in sums]
    total = (
        [
            text(words("total", language)),
            Html("–") if frame.height > 1 else body[0][1],
            count(int(frame["receipts"].sum())),
        ]
        if body
        else []
    )
    total += [text(show_cents(value)) for value in _with_difference(sum_of, is_signed)] if body else []
    caption = words(f"relief.{kind}_table", language, currency=currency_name(block.currency, language), unit=money)
    return table(caption, heads, body, total=total, kind="dense")


def plans_table(block: Block, unit: str, language: Language) -> Html:
    """What is offered beside the recommended options: by plan and verdict of the cap, with what its form refuses."""
    heads = [Head(words(f"relief.{name}", language), kind="") for name in ("plan", "cap_verdict")]
    heads += [Head(words(name, language)) for name in ("households", "receipts")]
    heads.append(Head(words("relief.form_refused", language)))
    heads += [Head(words(f"relief.{name}", language)) for name in _PROPOSED]
    printed = {name: part_cents(block.plans[name].fill_null(0).to_list(), unit) for name in _PROPOSED}
    body = [
        [
            code("plan", row["plan"], language),
            code("cap_verdict", row["cap_verdict"], language),
            *(count(row[name]) for name in ("households", "receipts", "refused")),
            *(text(show_cents(printed[name][index])) for name in _PROPOSED),
        ]
        for index, row in enumerate(block.plans.iter_rows(named=True))
    ]
    money = unit_label(unit, block.currency)[language]
    caption = words("relief.plans_table", language, currency=currency_name(block.currency, language), unit=money)
    return table(caption, heads, body, kind="dense")


def _with_difference(amounts: list[int], is_signed: bool) -> list[int]:
    return [*amounts, amounts[-1] - amounts[-2]] if is_signed else amounts


def examples_table(block: Block, facts: RunFacts, language: Language, *, is_signed: bool) -> Html:
    """The largest receipts, in yuan to the fen, borrowers as pseudonyms unless names were asked for."""
    frame = block.amendment_examples if is_signed else block.proposal_examples
    heads = [Head(words(name, language), kind="id") for name in ("loan", "borrower", "rule")]
    heads += [Head(words(f"relief.{name}", language)) for name in _PROPOSED[:2]]
    later = "interest_change" if is_signed else "extra_interest_fen"
    heads.append(Head(words(f"relief.{later}", language)))
    heads += [Head(words(f"relief.{name}", language)) for name in ("last_due_before_on", "last_due_after_on")]
    if is_signed:
        heads += [Head(words(f"relief.{name}", language), kind="") for name in ("reported_status", "risk_effect")]
    body = [_example(row, facts, language, is_signed=is_signed) for row in frame.iter_rows(named=True)]
    kind = "signed" if is_signed else "proposed"
    return table(_caption(f"relief.{kind}_examples", block, language), heads, body, kind="dense")


def _more_interest(row: Mapping[str, Any]) -> int | None:
    before, after = row["interest_before_fen"], row["interest_after_fen"]
    return None if before is None or after is None else int(after) - int(before)


def _amount(row: Mapping[str, Any]) -> int:
    return int(row["deferred_principal_fen"] or 0) + int(row["deferred_interest_fen"] or 0)


def _exact(fen: int | None) -> Html:
    """An amount of a single receipt, to the fen; a missing one is a dash."""
    return text(shown(fen, "yuan")) if fen is not None else Html("–")


def _caption(key: str, block: Block, language: Language) -> str:
    """The caption of a table of single receipts, with currency and its own unit."""
    unit = unit_label("yuan", block.currency)[language]
    return words(key, language, currency=currency_name(block.currency, language), unit=unit)


def _example(row: Mapping[str, Any], facts: RunFacts, language: Language, *, is_signed: bool) -> list[Html]:
    later = _more_interest(row) if is_signed else row["extra_interest_fen"]
    cells = [text(row["loan_id"]), text(borrower(row["borrower_id"], facts)), _rule(row["clause_id"], facts, language)]
    cells += [_exact(value) for value in (row["deferred_principal_fen"], row["deferred_interest_fen"], later)]
    cells += [iso(row["last_due_before_on"]), iso(row["last_due_after_on"])]
    if is_signed:
        cells.append(code("loan_status", row["reported_status"], language))
        cells.append(code("risk_effect", row["risk_effect"] or "not_assessed", language))
    return cells


def borrower(borrower_id: str, facts: RunFacts) -> str:
    """The borrower as a reader may see it."""
    return borrower_id if facts.is_unmasked else pseudonym(borrower_id, facts.pseudonym_key)


def rule_number(facts: RunFacts, clause_id: str | None) -> str:
    """The short number of a clause in this report: its place among the clauses in force; "" for any other."""
    active = [clause.clause_id for clause in facts.clauses if clause.is_active]
    return f"R{active.index(clause_id) + 1}" if clause_id in active else ""


def _rule(clause_id: str | None, facts: RunFacts, language: Language) -> Html:
    """The short number, linked to its row among the rules; an unknown clause by its id, none by a dash."""
    number = rule_number(facts, clause_id)
    if clause_id is None:
        return text("–")
    if not number:
        return text(clause_id)
    return el("a", text(number), href=f"#{number}-{language}", title=facts.clause_title(clause_id)[language])


def move_chart(block: Block, facts: RunFacts, language: Language) -> Html:
    """For each example an arrow from the old due date to the new one, against the as-of date and the cap."""
    frame = block.proposal_examples.drop_nulls(["from_on", "new_due_on"])
    if not frame.height:
        return Html("")
    first: date = min([facts.as_of_on, *frame["from_on"].to_list()])
    last: date = max([*frame["new_due_on"].to_list(), *frame["cap_on"].drop_nulls().to_list()])
    left, right, top = 150.0, WIDTH - 150.0, 40.0
    scale = (right - left) / max(1, (last - first).days)

    def place(on: date) -> float:
        return left + (on - first).days * scale

    height = top + frame.height * 26 + 8
    marks = [_month_lines(first, last, place(first), scale, top, height)]
    marks.append(_marked_day(place(facts.as_of_on), top, height, words("relief.as_of", language), "today"))
    for index, row in enumerate(frame.iter_rows(named=True)):
        y = top + 16 + index * 26
        old, new = place(row["from_on"]), place(row["new_due_on"])
        marks += [words_at(0, y + 4, row["loan_id"], "row"), line(old, y, new, y, "move")]
        marks.append(el("circle", cx=old, cy=y, r=4.5, class_="old"))
        marks.append(el("circle", cx=new, cy=y, r=5.0, class_="new"))
        if row["cap_on"]:
            marks.append(line(place(row["cap_on"]), y - 8, place(row["cap_on"]), y + 8, "cap"))
        amount = _amount(row)
        marks.append(words_at(WIDTH, y + 4, shown(amount, "yuan"), "tick", "end"))
    title = words("relief.move_title", language, currency=currency_name(block.currency, language))
    frame_of = Drawing(f"move-{block.currency}-{language}", title, words("relief.move_description", language), height)
    note = el("p", text(words("relief.move_key", language)), class_="chart-note")
    return join((el("h4", text(title)), drawing(frame_of, *marks), note))


def _month_lines(first: date, last: date, x: float, scale: float, top: float, height: float) -> Html:
    marks = []
    on = first.replace(day=1)
    while on <= last:
        if on >= first:
            at = x + (on - first).days * scale
            marks += [line(at, top, at, height, "grid"), words_at(at, top - 8, f"{on:%Y-%m}", "tick", "middle")]
        on = (on + timedelta(days=32)).replace(day=1)
    return join(marks)


def _marked_day(x: float, top: float, height: float, name: str, kind: str) -> Html:
    return join((line(x, top - 2, x, height, kind), words_at(x, 12, name, "key", "middle")))


def schedule_charts(block: Block, flows: pl.DataFrame, loans: pl.DataFrame, language: Language) -> Html:
    """Small panels, one a receipt: balance before as a dashed step, afterwards as a full one."""
    panels = [
        _panel(row["loan_id"], flows.filter(pl.col("loan_id") == row["loan_id"]), block, language)
        for row in loans.iter_rows(named=True)
    ]
    return el("div", *panels, class_="panels")


def _panel(loan_id: str, flows: pl.DataFrame, block: Block, language: Language) -> Html:
    before = flows.filter(pl.col("version") == "before")
    later = flows.filter(pl.col("version") == "after")
    after = later if later.height else flows.filter(pl.col("version") == "proposed")
    if not before.height or not after.height:
        return Html("")
    first, last = min(flows["due_on"].to_list()), max(flows["due_on"].to_list())
    start = max(_opening(part) for part in (before, after))
    width, height, top, floor = 290.0, 170.0, 34.0, 136.0
    across = (width - 12) / max(1, (last - first).days + 20)
    up = (floor - top) / max(1, start)
    marks = [
        words_at(0, 12, loan_id, "row"),
        words_at(width, 12, shown(start, "yuan"), "tick", "end"),
        line(0, floor, width, floor, "base"),
    ]
    for part, kind in ((before, "step-before"), (after, "step-after")):
        points = _step_points(part, first, across, up, floor)
        marks.append(el("polyline", points=points, class_=kind))
    marks += [
        words_at(0, floor + 16, first.isoformat(), "tick"),
        words_at(width, floor + 16, last.isoformat(), "tick", "end"),
    ]
    title = words("relief.panel_title", language, loan=loan_id)
    name = f"plan-{block.currency}-{loan_id}-{language}".replace(" ", "_")
    return drawing(Drawing(name, title, words("relief.panel_description", language), height, width), *marks)


def _opening(flows: pl.DataFrame) -> int:
    first = flows.row(0, named=True)
    return int(first["balance_after_fen"] + first["principal_due_fen"])


def _step_points(flows: pl.DataFrame, first: date, across: float, up: float, floor: float) -> str:
    balance = _opening(flows)
    points = [(0.0, floor - balance * up)]
    for on, after in flows.select("due_on", "balance_after_fen").iter_rows():
        x = ((on - first).days + 10) * across
        points += [(x, floor - balance * up), (x, floor - after * up)]
        balance = after
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def decisions_table(block: Block, facts: RunFacts, language: Language) -> Html:
    """The proposals to decide first: by reply deadline, then by the date that would be missed, then by amount."""
    heads = [Head(words(name, language), kind="id") for name in ("loan", "option", "borrower", "rule")]
    heads += [Head(words(f"decisions.{name}", language)) for name in ("reply_due_on", "from_on", "new_due_on")]
    heads += [Head(words(f"decisions.{name}", language)) for name in ("amount", "extra")]
    heads.append(Head(words("decisions.cap", language), kind=""))
    body = [_decision(row, facts, language) for row in block.decisions.iter_rows(named=True)]
    return table(_caption("decisions.table", block, language), heads, body, kind="dense")


def _decision(row: Mapping[str, Any], facts: RunFacts, language: Language) -> list[Html]:
    amount = _amount(row)
    return [
        text(row["loan_id"]),
        text(row["option_no"]),
        text(borrower(row["borrower_id"], facts)),
        _rule(row["clause_id"], facts, language),
        iso(row["reply_due_on"]),
        iso(row["from_on"]),
        iso(row["new_due_on"]),
        _exact(amount),
        _exact(row["extra_interest_fen"]),
        _cap(row["cap_verdict"], language),
    ]


def _cap(verdict: str | None, language: Language) -> Html:
    return text(words(f"cap.{verdict}", language)) if verdict else Html("–")
