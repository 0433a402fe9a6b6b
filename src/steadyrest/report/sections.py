"""The sections of the report in reading order; each is a function from figures and facts to one piece of HTML."""

from __future__ import annotations

from steadyrest.report import relief, screening, tiles, wall
from steadyrest.report.amounts import show_cents
from steadyrest.report.facts import ClauseFacts, RunFacts
from steadyrest.report.figures import Block, Figures, drawn
from steadyrest.report.markup import Head, Html, el, join, table, text
from steadyrest.report.words import code, count, currency_name, finding_words, say, words
from steadyrest.schema import TABLES
from steadyrest.text import Language

GRADES = ("A", "B", "C", "D")
GLOSSARY = (
    "households",
    "amount",
    "verdict",
    "version",
    "single",
    "rounding",
    "currency",
    "proposal",
    "masking",
    "files",
)


def control(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """Rows read, accepted and quarantined of each file, and the totals as two engines computed them."""
    heads = [Head(words("control.file", language), kind=""), Head(words("control.table", language), kind="")]
    heads += [Head(words(f"control.{name}", language)) for name in ("read", "accepted", "quarantined")]
    body = [
        [
            text(file.name),
            _table_name(file.table, language),
            count(file.rows_read),
            count(file.rows_accepted),
            count(file.rows_quarantined),
        ]
        for file in facts.files
    ]
    sums = [
        count(sum(getter))
        for getter in zip(
            *((file.rows_read, file.rows_accepted, file.rows_quarantined) for file in facts.files), strict=True
        )
    ]
    total = [text(words("total", language)), Html(""), *sums] if sums else []
    return join((table(words("control.files_table", language), heads, body, total=total), _engines(facts, language)))


def _table_name(name: str, language: Language) -> Html:
    return text(TABLES[name].label[language] if name in TABLES else name)


def _engines(facts: RunFacts, language: Language) -> Html:
    heads = [Head(words(f"control.{name}", language), kind="") for name in ("table", "what", "currency")]
    heads += [Head(words(f"control.{name}", language)) for name in ("first", "second")]
    heads.append(Head(words("control.ties", language), kind=""))
    body = []
    for total in facts.totals:
        is_money = total.field.endswith("_fen")
        values = [text(show_cents(value) if is_money else f"{value:,}") for value in (total.polars, total.duckdb)]
        state = el(
            "span", say("control.yes" if total.ties else "control.no", language), class_="ok" if total.ties else "bad"
        )
        body.append(
            [
                _table_name(total.table, language),
                _field_name(total.table, total.field, language),
                text(total.currency or "–"),
                *values,
                state,
            ]
        )
    return table(words("control.engines_table", language), heads, body)


def _field_name(table_name: str, field: str, language: Language) -> Html:
    known = TABLES[table_name].by_name().get(field) if table_name in TABLES else None
    return text(known.label[language] if known else words("control.rows", language))


def quality(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """Findings by code: rows, and the households and receipts of the book they touch."""
    if not figures.findings.height:
        return el("p", say("quality.none", language))
    heads = [Head(words(f"quality.{name}", language), kind="") for name in ("code", "severity", "what")]
    heads += [Head(words(name, language)) for name in ("quality.rows", "households", "receipts")]
    body = []
    for row in figures.findings.iter_rows(named=True):
        severity = el("span", code("severity", row["severity"], language), class_=f"mark {row['severity']}")
        what = text(finding_words(row["code"])[language])
        body.append(
            [text(row["code"]), severity, what, count(row["rows"]), count(row["households"]), count(row["receipts"])]
        )
    total = [
        text(words("total", language)),
        Html(""),
        Html(""),
        count(int(figures.findings["rows"].sum())),
        Html("–"),
        Html("–"),
    ]
    return table(words("quality.table", language), heads, body, total=total)


def eligibility(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """Verdicts by clause, the waterfalls of the clauses that matter most, and every condition in one table."""
    parts = []
    for block in figures.blocks:
        clauses = screening.screened(facts, block)
        if not clauses:
            continue
        parts += [
            _currency_heading(block, language),
            screening.verdict_chart(block, clauses, language),
            screening.verdict_table(block, clauses, unit, language),
            screening.waterfalls(block, clauses, unit, language) if block is figures.blocks[0] else Html(""),
            screening.condition_table(block, clauses, unit, language),
        ]
    return join(parts) or el("p", say("verdicts.none", language))


def _currency_heading(block: Block, language: Language) -> Html:
    return el("h3", text(currency_name(block.currency, language)))


def maturities(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """The wall of each currency."""
    parts = []
    for block in figures.blocks:
        rows = wall.rows_of(block.months, facts.as_of_on)
        if any(any(row.due_fen.values()) for row in rows):
            chart, numbers = wall.wall_chart(block, rows, unit, language), wall.wall_table(block, rows, unit, language)
            parts += [_currency_heading(block, language), chart, numbers]
    return join(parts) or el("p", say("wall.none", language))


def before_after(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """Proposals first, then what is signed; each with totals and its largest receipts."""
    parts = []
    for block in figures.blocks:
        if not block.proposals.height and not block.amendments.height:
            continue
        parts.append(_currency_heading(block, language))
        if block.proposals.height:
            parts.append(relief.totals_table(block, facts, unit, language, is_signed=False))
            parts.append(relief.move_chart(block, facts, language))
            parts.append(relief.examples_table(block, facts, language, is_signed=False))
        if block.plans.height:
            parts.append(relief.plans_table(block, unit, language))
            parts.append(el("p", say("relief.plans_note", language), class_="note"))
        if block.amendments.height:
            parts.append(relief.totals_table(block, facts, unit, language, is_signed=True))
            if block.unassessed:
                open_ones = say("relief.not_assessed", language, receipts=f"{block.unassessed:,}")
                parts.append(el("p", open_ones, class_="note"))
            parts.append(relief.examples_table(block, facts, language, is_signed=True))
        parts.append(el("h4", say("relief.plans_title", language)))
        parts.append(relief.schedule_charts(block, figures.flows, drawn(block), language))
    return join(parts) or el("p", say("relief.none", language))


def regions(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """The tile grid of each currency with its table; a book without Chinese divisions says so."""
    parts = []
    for block in figures.blocks:
        if any(block.provinces):
            grid, numbers = tiles.tile_chart(block, unit, language), tiles.tile_table(block, unit, language)
            parts += [_currency_heading(block, language), el("div", grid, numbers, class_="beside")]
    return join(parts) or el("p", say("tiles.none", language))


def decisions(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """What people have to decide now."""
    parts = []
    for block in figures.blocks:
        if block.decisions.height:
            more = words(
                "decisions.more", language, shown=block.decisions.height, receipts=f"{block.waiting.receipts:,}"
            )
            parts += [
                _currency_heading(block, language),
                relief.decisions_table(block, facts, language),
                el("p", text(more), class_="note"),
            ]
    return join(parts) or el("p", say("decisions.none", language))


def rules(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """The clauses in force with citation, strength and grade; then the others with the reason."""
    names = ("clause", "citation", "strength", "grade")
    heads = [Head(words(f"rules.{name}", language), kind="") for name in names]
    active = [
        [_rule_number(facts, clause, language), *_clause(clause, language)]
        for clause in facts.clauses
        if clause.is_active
    ]
    parts = [
        table(words("rules.active_table", language), [Head(words("rules.number", language), kind="id"), *heads], active)
    ]
    inactive = [
        [*_clause(clause, language)[:2], text(clause.reason[language])]
        for clause in facts.clauses
        if clause.reason is not None
    ]
    if inactive:
        heads = [*heads[:2], Head(words("rules.reason", language), kind="")]
        parts.append(table(words("rules.inactive_table", language), heads, inactive))
    return join(parts)


def _rule_number(facts: RunFacts, clause: ClauseFacts, language: Language) -> Html:
    number = relief.rule_number(facts, clause.clause_id)
    return el("span", text(number), id=f"{number}-{language}")


def _clause(clause: ClauseFacts, language: Language) -> list[Html]:
    title = join((text(clause.title[language]), el("span", text(clause.clause_id), class_="sub")))
    return [
        title,
        text(clause.citation[language]),
        say(f"strength.{clause.strength}", language),
        say(f"grade.{clause.grade}", language),
    ]


def reading(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """How to read the figures."""
    parts = []
    for name in GLOSSARY:
        parts += [el("dt", say(f"reading.{name}.term", language)), el("dd", say(f"reading.{name}.text", language))]
    return el("dl", *parts, class_="glossary")
