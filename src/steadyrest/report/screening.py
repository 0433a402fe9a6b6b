"""How the book stands under each clause: verdicts side by side, and where each clause stops a loan."""

from __future__ import annotations

from collections.abc import Sequence

from steadyrest.report.amounts import part_cents, percent, show_cents, shown, unit_label
from steadyrest.report.charts import WIDTH, Drawing, drawing, legend, line, rect, words_at, wrapped
from steadyrest.report.facts import ClauseFacts, RunFacts
from steadyrest.report.figures import Block
from steadyrest.report.ladder import Step, Tally
from steadyrest.report.markup import Head, Html, el, join, table, text
from steadyrest.report.words import count, currency_name, heading, say, words
from steadyrest.schema import code_label
from steadyrest.text import Language

VERDICTS = ("eligible", "needs_data", "refused")
WATERFALLS = 2
_LABEL, _ROW = 320.0, 46.0


def screened(facts: RunFacts, block: Block) -> list[ClauseFacts]:
    """Screening clauses with a result in this currency, in the order of the snapshot."""
    used = {clause_id for clause_id, _ in block.verdicts}
    return [clause for clause in facts.clauses if clause.is_screen and clause.clause_id in used]


def verdict_chart(block: Block, clauses: Sequence[ClauseFacts], language: Language) -> Html:
    """One bar a clause, as long as the book: eligible, needs data, refused."""
    name = f"verdicts-{block.currency}-{language}"
    keys = [(heading(code_label("verdict", verdict), language), *_fill(verdict, name)) for verdict in VERDICTS]
    marks = [legend(_LABEL, 16, keys)]
    for index, clause in enumerate(clauses):
        marks.append(_verdict_bar(block, clause, 34 + index * _ROW, language))
    frame = Drawing(
        name,
        words("verdicts.title", language, currency=currency_name(block.currency, language)),
        words("verdicts.description", language, clauses=len(clauses)),
        40 + len(clauses) * _ROW,
    )
    return drawing(frame, *marks)


def _fill(verdict: str, name: str) -> tuple[str, str | None]:
    fills = {
        "eligible": ("after", None),
        "needs_data": ("outline", f"url(#{name}-hatch)"),
        "refused": ("faint", f"url(#{name}-dots)"),
    }
    return fills[verdict]


def _verdict_bar(block: Block, clause: ClauseFacts, y: float, language: Language) -> Html:
    name = f"verdicts-{block.currency}-{language}"
    room = WIDTH - _LABEL - 4
    whole = max(1, sum(block.verdicts.get((clause.clause_id, verdict), Tally()).fen for verdict in VERDICTS))
    lines = wrapped(clause.title[language], _LABEL - 24, 13)
    top = y + 17 if len(lines) == 1 else y + 10
    marks = [words_at(0, top + 16 * index, part, "row") for index, part in enumerate(lines)]
    x = _LABEL
    for verdict in VERDICTS:
        fen = block.verdicts.get((clause.clause_id, verdict), Tally()).fen
        width = room * fen / whole
        kind, fill = _fill(verdict, name)
        marks.append(rect(x, y, width, 24, kind, fill))
        label = percent(fen, whole)
        if width > 56:
            marks.append(_bar_label(x, y, label, verdict))
        x += width
    return join(marks)


def _bar_label(x: float, y: float, label: str, verdict: str) -> Html:
    if verdict == "eligible":
        return words_at(x + 8, y + 16.5, label, "on-dark")
    plate = rect(x + 4, y + 4, 7.0 * len(label) + 8, 16, "plate")
    return join((plate, words_at(x + 8, y + 16.5, label, "on-light")))


def verdict_table(block: Block, clauses: Sequence[ClauseFacts], unit: str, language: Language) -> Html:
    """户数, 笔数 and 金额 of each verdict under each clause; receipts and amounts of a row add up to the book."""
    money = unit_label(unit, block.currency)[language]
    heads = [Head(words("clause", language), kind="")]
    for verdict in VERDICTS:
        group = heading(code_label("verdict", verdict), language)
        heads += [Head(words(name, language), group=group) for name in ("households", "receipts")]
        heads.append(Head(money, group=group))
    body = []
    for clause in clauses:
        tallies = [block.verdicts.get((clause.clause_id, verdict), Tally()) for verdict in VERDICTS]
        cells = [text(clause.title[language])]
        for tally, amount in zip(tallies, part_cents([tally.fen for tally in tallies], unit), strict=True):
            cells += [count(tally.households), count(tally.receipts), text(show_cents(amount))]
        body.append(cells)
    caption = words("verdicts.table", language, currency=currency_name(block.currency, language))
    return table(caption, heads, body, kind="dense")


def waterfalls(block: Block, clauses: Sequence[ClauseFacts], unit: str, language: Language) -> Html:
    """The waterfalls of the clauses under which most is eligible; the table below holds all clauses."""
    order = sorted(clauses, key=lambda clause: -block.verdicts.get((clause.clause_id, "eligible"), Tally()).fen)
    drawn = [clause for clause in order[:WATERFALLS] if _steps(block, clause)]
    return join(_waterfall(block, clause, unit, language) for clause in drawn)


def _steps(block: Block, clause: ClauseFacts) -> list[Step]:
    """Refused by condition, then needs data by condition, then eligible."""
    rank = {"refused": 0, "needs_data": 1, "eligible": 2}
    found = [step for step in block.steps if step.clause_id == clause.clause_id]
    return sorted(found, key=lambda step: (rank[step.verdict], step.bit))


def _waterfall(block: Block, clause: ClauseFacts, unit: str, language: Language) -> Html:
    name = f"ladder-{clause.slug}-{block.currency}-{language}"
    scale = (WIDTH - _LABEL - 110) / max(1, block.book.fen)
    end = _LABEL + block.book.fen * scale
    bar = rect(_LABEL, 3, end - _LABEL, 16, "before")
    marks = [_waterfall_row(words("waterfall.book", language), 0, bar, end, shown(block.book.fen, unit))]
    left, row, height = block.book.fen, 1, 27.0
    for step in _steps(block, clause):
        left -= step.tally.fen
        is_last = step.verdict == "eligible"
        start = _LABEL + (0 if is_last else left * scale)
        width = max(step.tally.fen * scale, 1.0)
        bar = rect(start, row * height + 3, width, 16, *_fill(step.verdict, name))
        amount = shown(step.tally.fen if is_last else -step.tally.fen, unit)
        marks.append(_waterfall_row(_step_name(clause, step, language), row * height, bar, start + width, amount))
        row += 1
    frame = Drawing(
        name,
        words(
            "waterfall.title", language, clause=clause.title[language], currency=currency_name(block.currency, language)
        ),
        words("waterfall.description", language),
        row * height + 4,
    )
    return join((el("h4", text(frame.title)), drawing(frame, *marks)))


def _waterfall_row(label: str, y: float, bar: Html, end: float, amount: str) -> Html:
    name = words_at(0, y + 15, wrapped(label, _LABEL - 16, 12.5, 1)[0], "row")
    rule = line(_LABEL, y + 23.5, WIDTH, y + 23.5, "grid")
    return join((name, rule, bar, words_at(end + 7, y + 15.5, amount, "tick")))


def _step_name(clause: ClauseFacts, step: Step, language: Language) -> str:
    if step.verdict == "eligible":
        return heading(code_label("verdict", "eligible"), language)
    asked = next(
        (condition.title[language] for condition in clause.conditions if condition.bit == step.bit), str(step.bit)
    )
    return words(f"waterfall.{step.verdict}", language, condition=asked)


def condition_table(block: Block, clauses: Sequence[ClauseFacts], unit: str, language: Language) -> Html:
    """Every clause and condition: what stops there for good, and what waits there for data. Parts add to the book."""
    money = unit_label(unit, block.currency)[language]
    heads = [Head(words("waterfall.step", language), kind="")]
    for verdict in ("refused", "needs_data"):
        group = words(f"waterfall.{verdict}_here", language)
        heads += [Head(words(name, language), group=group) for name in ("households", "receipts")]
        heads.append(Head(money, group=group))
    body: list[list[Html]] = []
    for clause in clauses:
        body += _condition_rows(block, clause, unit, language)
    caption = words("waterfall.table", language, currency=currency_name(block.currency, language))
    return table(caption, heads, body, kind="dense")


def _condition_rows(block: Block, clause: ClauseFacts, unit: str, language: Language) -> list[list[Html]]:
    steps = _steps(block, clause)
    if not steps:
        return []
    printed = dict(
        zip(
            [(step.verdict, step.bit) for step in steps],
            part_cents([step.tally.fen for step in steps], unit),
            strict=True,
        )
    )
    tallies = {(step.verdict, step.bit): step.tally for step in steps}
    title = el("strong", text(clause.title[language]))
    eligible = tallies.get(("eligible", -1), Tally())
    note = say(
        "waterfall.eligible_note",
        language,
        receipts=f"{eligible.receipts:,}",
        amount=show_cents(printed.get(("eligible", -1), 0)),
    )
    rows = [[join((title, el("span", note, class_="aside-note")))]]
    for condition in clause.conditions:
        cells = [text(heading(condition.title, language))]
        for verdict in ("refused", "needs_data"):
            tally = tallies.get((verdict, condition.bit), Tally())
            amount = printed.get((verdict, condition.bit), 0)
            cells += [count(tally.households), count(tally.receipts), text(show_cents(amount))]
        rows.append(cells)
    return rows
