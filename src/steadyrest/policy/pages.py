"""One bilingual page of Markdown for each pack, made from the pack itself: what `docs/policy` holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from steadyrest.policy.page_example import scenario_rows, worked
from steadyrest.policy.sources import (
    ClauseSource,
    ConditionSource,
    DatedValue,
    Library,
    Pack,
    ParameterSource,
    ReliefSource,
)
from steadyrest.schema import code_label
from steadyrest.text import Text, label


def pages(library: Library) -> dict[str, str]:
    """The page of each pack by its id; all versions of its clauses, with no day chosen."""
    by_id: dict[str, list[ClauseSource]] = {pack.id: [] for pack in library.all_packs}
    for source in library.clauses:
        by_id[source.id.rpartition(".")[0]].append(source)
    return {pack.id: "\n".join(_page(pack, by_id[pack.id], library)) + "\n" for pack in library.all_packs}


def _page(pack: Pack, clauses: Iterable[ClauseSource], library: Library) -> Iterator[str]:
    yield f"# {pack.document.both}"
    yield ""
    yield from _facts(
        ("number", pack.number),
        ("issuer", pack.issuer.both),
        ("issued_on", pack.issued_on.isoformat()),
        ("binds", ", ".join(pack.binds)),
        ("status", pack.status),
        ("note", pack.note.both if pack.note else ""),
    )
    for source in sorted(clauses, key=_in_order):
        yield from _clause(source)
        yield from _spaced(worked(source, library, pack.scenarios))
    if pack.scenarios:
        yield ""
        yield f"## {label('policy.page.scenarios').both}"
        yield ""
        yield from _table(("scenario", "valid_on", "known_on", "outcome"), scenario_rows(pack, library))


def _in_order(source: ClauseSource) -> tuple[list[tuple[int, str]], date]:
    """As the document counts: item 2 before item 10."""
    parts = re.findall(r"\d+|\D+", source.id)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts], source.effective_from


def _spaced(lines: Iterator[str]) -> Iterator[str]:
    """Lines behind a blank one, where there are any."""
    for number, line in enumerate(lines):
        yield from ("",) if not number else ()
        yield line


def _clause(source: ClauseSource) -> Iterator[str]:
    """The operative words first, then our reading of them, then the dated values."""
    yield ""
    yield f"## `{source.id}` {source.title.both}"
    yield ""
    if source.quote:
        yield f"> {source.quote}"
        yield ""
    yield from _facts(
        ("article", source.article.both),
        ("kind", code_label("clause_kind", source.kind).both),
        ("strength", code_label("strength", source.strength).both),
        ("grade", code_label("grade", source.grade).both),
        ("source", source.source),
        ("status", source.status),
        ("in_force", _span(source.effective_from, source.effective_to)),
        ("known_from", source.known_from.isoformat()),
        ("supersedes", ", ".join(f"`{id}`" for id in source.supersedes)),
        ("corrects", source.corrects.isoformat() if source.corrects else ""),
        ("columns", f"`{source.slug}_`" if source.kind == "screen" else ""),
        ("defines", f"`{source.defines}`" if source.defines else ""),
        ("mechanism", code_label("mechanism", source.mechanism).both if source.mechanism else ""),
    )
    if source.relief:
        yield from _relief(source.relief)
    if source.conditions:
        yield ""
        yield from _table(
            ("bit", "condition", "test", "on_failure"), (_condition(source, item) for item in source.conditions)
        )
    if source.open_readings:
        yield ""
        yield f"**{label('policy.page.readings').both}**"
        yield ""
        yield from (f"- {reading.both}" for reading in source.open_readings)
    if source.parameters:
        yield ""
        yield from _table(("parameter", "value", "from", "known_from"), _parameters(source.parameters))


def _relief(relief: ReliefSource) -> Iterator[str]:
    cap = f"{_day(relief.cap_on)} ({code_label('strength', relief.cap_strength).both})"
    yield from _facts(
        ("forms", "; ".join(code_label("legal_form", form).both for form in relief.legal_forms)),
        ("window", _span(relief.window_from, relief.window_to)),
        ("parts", code_label("deferred_part", relief.parts).both),
        ("cap", cap if relief.cap_on else label("policy.page.no_cap").both),
    )


def _condition(source: ClauseSource, condition: ConditionSource) -> tuple[str, ...]:
    conduct = "sets_false" if source.kind == "definition" else "refers" if _is_soft(source, condition) else "refuses"
    return str(condition.bit), condition.title.both, f"`{condition.test}`", label(f"policy.page.{conduct}").both


def _is_soft(source: ClauseSource, condition: ConditionSource) -> bool:
    grade = source.confirmation.grade if source.confirmation else source.grade
    return condition.is_soft or grade == "C"


def _parameters(parameters: Iterable[ParameterSource]) -> Iterator[tuple[str, ...]]:
    for parameter in parameters:
        name = f"`${parameter.name}`"
        if parameter.of:
            yield name, f"`{parameter.of}`", "", ""
        elif not parameter.values:
            yield name, label("policy.page.setting").both, "", ""
        for dated in parameter.values:
            yield name, _value(dated, parameter.unit), dated.from_on.isoformat(), dated.known_from.isoformat()


def _value(dated: DatedValue, unit: str) -> str:
    value = ", ".join(map(str, dated.value)) if isinstance(dated.value, tuple) else str(dated.value)
    return value if unit in ("day", "text", "code", "flag") else f"{value} {unit}"


def _span(begin: date | str | None, end: date | str | None) -> str:
    return f"{_day(begin)} – {_day(end)}"


def _day(value: date | str | None) -> str:
    if value is None:
        return label("policy.page.open").both
    return f"`{value}`" if isinstance(value, str) else value.isoformat()


def _facts(*lines: tuple[str, str]) -> Iterator[str]:
    yield from (f"- {label(f'policy.page.{name}').both}: {said}" for name, said in lines if said)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(_head(head).both for head in heads)
    yield _row("---" for _ in heads)
    yield from (_row(row) for row in rows)


def _head(name: str) -> Text:
    return label(f"policy.page.{name}")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
