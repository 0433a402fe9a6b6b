"""The report: one self-contained page in Chinese and English, readable offline, printed, and without any script.

Both languages stand in the page; two radio buttons and the style sheet show one of them. The page states its own
content policy (nothing may be loaded; the one style sheet is named by its hash), so it also opens where that is strict.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from steadyrest.report import front, sections
from steadyrest.report.amounts import choose_unit, unit_label
from steadyrest.report.facts import RunFacts
from steadyrest.report.figures import Figures, read_figures
from steadyrest.report.markup import Html, el, join, text
from steadyrest.report.words import day, say, words
from steadyrest.text import LANGUAGES, Language, label

Section = Callable[[Figures, RunFacts, str, Language], Html]

SECTIONS: dict[str, Section] = {
    "eligibility": sections.eligibility,
    "wall": sections.maturities,
    "relief": sections.before_after,
    "decisions": sections.decisions,
    "regions": sections.regions,
    "control": sections.control,
    "quality": sections.quality,
    "rules": sections.rules,
    "reading": sections.reading,
}


def write_report(tables: Path, facts: RunFacts, out: Path) -> None:
    """Write `report.html` to the file `out` from the result tables in the folder `tables`.

    Same tables and facts, same bytes. Missing tables count as empty; money comes in fen and is printed in the one unit
    that suits the largest total.
    """
    out.write_text(render(read_figures(tables, facts), facts), "utf-8", newline="\n")


def render(figures: Figures, facts: RunFacts) -> str:
    """The page as text."""
    unit = choose_unit(figures.blocks[0].book.fen if figures.blocks else 0)
    style = (resources.files("steadyrest.report") / "report.css").read_text("utf-8")
    body = el("body", *_switch(), *(_copy(figures, facts, unit, language) for language in LANGUAGES))
    return f"<!DOCTYPE html>\n{el('html', _head(facts, style), body, lang='zh-CN')}\n"


def _head(facts: RunFacts, style: str) -> Html:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="generator", content=f"Steadyrest {facts.code_version}"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", text(f"{label('report.title').both} {facts.as_of_on}")),
        el("style", Html(style)),
    )


def _switch() -> list[Html]:
    """The two radio buttons that choose the language; their captions stand in the head of each copy."""
    first = el(
        "input", type="radio", name="language", id="language-zh", class_="switch", checked="checked", aria_label="中文"
    )
    second = el("input", type="radio", name="language", id="language-en", class_="switch", aria_label="English")
    return [first, second]


def _copy(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    parts = [_masthead(facts, language), _first_page(figures, facts, unit, language)]
    for number, (name, section) in enumerate(SECTIONS.items(), start=1):
        marks = [el("p", text(mark[language]), class_="mark", role="note") for mark in facts.marks.get(name, ())]
        content = join([*marks, section(figures, facts, unit, language)])
        parts.append(_section(number, name, content, language))
    foot = say("footer", language, version=facts.code_version, on=day(facts.as_of_on, language))
    parts.append(el("footer", el("p", foot)))
    return el("main", *parts, class_=f"copy {language}", lang="zh-CN" if language == "zh" else "en")


def _masthead(facts: RunFacts, language: Language) -> Html:
    choices = [
        el("label", Html(name), for_=f"language-{code}", class_="on" if code == language else None, lang=code)
        for code, name in (("zh", "中文"), ("en", "English"))
    ]
    brand = el("p", text(words("brand", language)), class_="brand")
    top = el("div", brand, el("div", *choices, class_="choice"), class_="top")
    title = el("h1", say("title", language))
    dates = el("p", say("subtitle", language, on=day(facts.as_of_on, language)), class_="subtitle")
    mark = el("p", say("synthetic", language), class_="synthetic", role="note") if facts.is_synthetic else Html("")
    return el("header", top, title, dates, mark)


def _first_page(figures: Figures, facts: RunFacts, unit: str, language: Language) -> Html:
    weak = el(
        "div",
        el("h2", say("weak.title", language)),
        front.weak_points(figures, facts, language),
        class_="panel caution",
    )
    ran = el("div", el("h2", say("ran.title", language)), front.what_ran(facts, language), class_="panel")
    entries = [
        el("li", el("a", say(f"section.{name}.title", language), href=f"#{name}-{language}")) for name in SECTIONS
    ]
    contents = el("nav", el("ol", *entries), aria_label=words("contents", language), class_="contents")
    main_unit = unit_label(unit, figures.blocks[0].currency)[language] if figures.blocks else ""
    note = el("p", say("unit_note", language, unit=main_unit), class_="note")
    return el(
        "section",
        front.summary(figures, facts, unit, language),
        note,
        el("div", weak, ran, class_="two"),
        contents,
        class_="first",
    )


def _section(number: int, name: str, content: Html, language: Language) -> Html:
    heading = el("h2", el("span", text(number), class_="number"), say(f"section.{name}.title", language))
    aside = el("div", heading, el("p", say(f"section.{name}.lede", language)), class_="aside")
    return el("section", aside, el("div", content, class_="content"), id=f"{name}-{language}")
