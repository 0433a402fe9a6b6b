"""The first page: what the book is worth, what ran, and what a reader must know before trusting a figure."""

from __future__ import annotations

import polars as pl

from steadyrest.report.amounts import percent, shown, unit_label
from steadyrest.report.facts import RunFacts
from steadyrest.report.figures import Block, Figures
from steadyrest.report.ladder import Tally
from steadyrest.report.markup import Head, Html, el, join, table, text
from steadyrest.report.words import currency_name, day, number, say, words
from steadyrest.text import Language

NOT_YET_DRAWN = "RELIEF-004"
"""The finding about receipts that were drawn after the as-of date."""


def summary(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    """The first page: one sentence and six figures for the first currency, a line of a table for each other one."""
    if not figures.blocks:
        return el("p", say("lead.empty", language), class_="lead")
    first, *others = figures.blocks
    parts = [_lead(first, unit, language), _strip(first, unit, language)]
    if others:
        parts.append(_other_currencies(others, unit, language))
    return join(parts)


def _tallies(block: Block) -> dict[str, Tally]:
    """The six figures of the first page."""
    return {
        "book": block.book,
        "eligible": block.eligible,
        "open": block.open,
        "proposed": block.proposed,
        "signed": block.signed,
        "waiting": block.waiting,
    }


def _other_currencies(blocks: list[Block], unit: str, language: Language) -> Html:
    heads = [Head(words("control.currency", language), kind="")]
    heads += [Head(words(f"key.{name}", language)) for name in _tallies(blocks[0])]
    body = []
    for block in blocks:
        cells = [text(f"{currency_name(block.currency, language)} ({unit_label(unit, block.currency)[language]})")]
        for tally in _tallies(block).values():
            amount = el("strong", text(shown(tally.fen, unit)))
            cells.append(join((amount, el("span", _counts(tally, language), class_="sub"))))
        body.append(cells)
    return table(words("lead.others", language), heads, body, kind="dense")


def _counts(tally: Tally, language: Language) -> Html:
    return say("key.counts", language, households=number(tally.households), receipts=number(tally.receipts))


def _lead(block: Block, unit: str, language: Language) -> Html:
    sentence = words(
        "lead.sentence",
        language,
        currency=currency_name(block.currency, language),
        receipts=f"{block.book.receipts:,}",
        amount=shown(block.book.fen, unit),
        unit=unit_label(unit, block.currency)[language],
        eligible=f"{block.eligible.receipts:,}",
        share=percent(block.eligible.receipts, block.book.receipts),
        proposed=f"{block.proposed.receipts:,}",
        signed=f"{block.signed.receipts:,}",
        waiting=f"{block.waiting.receipts:,}",
    )
    return el("p", text(sentence), class_="lead")


def _strip(block: Block, unit: str, language: Language) -> Html:
    money = unit_label(unit, block.currency)[language]
    cells = []
    for name, tally in _tallies(block).items():
        title = el("dt", say(f"key.{name}", language), el("span", text(money), class_="unit"))
        number = el("span", text(shown(tally.fen, unit)), class_="figure")
        cells.append(el("div", title, el("dd", number, el("span", _counts(tally, language), class_="counts"))))
    return el("dl", *cells, class_="strip")


def what_ran(facts: RunFacts, language: Language) -> Html:
    """Dates, rules, layout and version of the run."""
    active = sum(clause.is_active for clause in facts.clauses)
    rows = {
        "as_of": day(facts.as_of_on, language),
        "valid": day(facts.valid_on, language),
        "known": day(facts.known_on, language),
        "rules": words("ran.rules_value", language, active=active, inactive=len(facts.clauses) - active),
        "mapping": facts.mapping,
        "files": words(
            "ran.files_value",
            language,
            files=len({file.name for file in facts.files}),
            rows=f"{sum(file.rows_read for file in facts.files):,}",
        ),
        "version": facts.code_version,
        "snapshot": facts.snapshot_hash[:16],
    }
    parts = [el("div", el("dt", say(f"ran.{name}", language)), el("dd", text(value))) for name, value in rows.items()]
    return el("dl", *parts, class_="facts")


def weak_points(figures: Figures, facts: RunFacts, language: Language) -> Html:
    """What a reader must know before trusting a figure, worst first."""
    points: list[str] = []
    if any(not total.ties for total in facts.totals):
        points.append(words("weak.totals", language))
    if facts.is_unmasked:
        points.append(words("weak.unmasked", language))
    points += [*_not_yet_drawn(figures, language), *_needs_data(figures, facts, language)]
    quarantined = sum(file.rows_quarantined for file in facts.files)
    if quarantined:
        points.append(
            words(
                "weak.quarantined",
                language,
                rows=f"{quarantined:,}",
                read=f"{sum(file.rows_read for file in facts.files):,}",
            )
        )
    points += [warning[language] for warning in (*facts.lacks, *facts.warnings)]
    inactive = [clause for clause in facts.clauses if not clause.is_active and clause.grade == "D"]
    if inactive:
        points.append(words("weak.grade_d", language, clauses=len(inactive)))
    if not points:
        points.append(words("weak.none", language))
    return el("ul", *(el("li", text(point)) for point in points), class_="weak")


def _not_yet_drawn(figures: Figures, language: Language) -> list[str]:
    found = figures.findings.filter(pl.col("code") == NOT_YET_DRAWN)
    return [words("weak.not_yet_drawn", language, receipts=f"{count:,}") for count in found["rows"]]


def _needs_data(figures: Figures, facts: RunFacts, language: Language) -> list[str]:
    lacking = [block for block in figures.blocks if block.without_schedule.receipts]
    if not lacking:
        return []
    households = sum(block.without_schedule.households or 0 for block in lacking)
    receipts = sum(block.without_schedule.receipts for block in lacking)
    whole = sum(block.book.receipts for block in figures.blocks)
    return [
        words(
            "weak.needs_data",
            language,
            households=number(households if facts.names_borrowers else None),
            receipts=f"{receipts:,}",
            share=percent(receipts, whole),
        )
    ]
