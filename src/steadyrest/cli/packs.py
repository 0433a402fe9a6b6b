"""`packs list|show|test|diff`: the rules in force, clause by clause, and whether their scenarios hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from steadyrest import app as root
from steadyrest import policy
from steadyrest.book.clauses import snapshot_body
from steadyrest.cli.output import AsJson, Lang, day, emit, grades, grid, language, say
from steadyrest.rules import text_of
from steadyrest.schema import code_label
from steadyrest.text import Language, Text, label
from steadyrest.units import format_fen

app = typer.Typer(help="Rules as data / 规则包", no_args_is_help=True)

Overlay = Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Rules of the bank / 本行规则目录")]
ValidOn = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Rules in force on this day; by default today / 规则适用日，默认今天"),
]
KnownOn = Annotated[
    str | None,
    typer.Option(metavar="YYYY-MM-DD", help="Rules known on this day; by default the same / 规则知悉日，默认同适用日"),
]


def _snapshot(overlay: list[Path] | None, valid_on: str | None, known_on: str | None) -> policy.PolicySnapshot:
    library = policy.load_library(tuple(overlay or ()))
    valid = day("--valid-on", valid_on) or date.today()
    return policy.resolve(library, valid, day("--known-on", known_on) or valid)


@app.command("list")
def list_clauses(
    overlay: Overlay = None,
    valid_on: ValidOn = None,
    known_on: KnownOn = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """All clauses and whether they are in force / 列出条款"""
    snapshot = _snapshot(overlay, valid_on, known_on)
    emit(snapshot_body(snapshot), as_json, lambda console: _show_list(console, snapshot, language(lang)))


@app.command()
def show(
    clause: Annotated[str, typer.Argument(help="Clause id / 条款编号")],
    overlay: Overlay = None,
    valid_on: ValidOn = None,
    known_on: KnownOn = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """One clause or decision table: text, source, conditions, parameters, rows / 显示条款或决策表"""
    snapshot = _snapshot(overlay, valid_on, known_on)
    ruled = next((item for item in snapshot.tables if item.id == clause), None)
    if ruled is not None:
        body = policy.canonical_table(ruled)
        emit(body, as_json, lambda console: _show_table(console, ruled, body, language(lang)))
        return
    found, state = _with_state(snapshot, clause)
    payload = {**policy.canonical(found), "state": {"zh": state.zh, "en": state.en}}
    emit(payload, as_json, lambda console: _show_clause(console, found, state, language(lang)))


@app.command("test")
def run_tests(
    overlay: Overlay = None,
    mutate: Annotated[bool, typer.Option("--mutate", help="Also kill every mutant / 变异测试")] = False,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Run the scenarios beside the rules; exit code 1 when one fails or a mutant survives / 运行情景测试"""
    found = policy.run_scenarios(policy.load_library(tuple(overlay or ())), mutate=mutate)
    emit(asdict(found), as_json, lambda console: _show_report(console, found, language(lang)))
    if not found.passed:
        raise typer.Exit(1)


@app.command()
def new(
    id: Annotated[str, typer.Argument(metavar="ID", help="Such as cn.nfra.2026-1 / 规则包编号")],
    into: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the bank's rules / 本行规则目录")],
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Make the three files of a new instrument, to be filled in / 新建规则包"""
    made = policy.scaffold(id, into)
    payload = {"id": id, "files": [path.relative_to(into).as_posix() for path in made]}
    emit(
        payload,
        as_json,
        lambda console: console.print(say("pack_made", language(lang), path=made[0].parent.name, folder=into)),
    )


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="FROM", help="YYYY-MM-DD, or VALID@KNOWN / 适用日，或 适用日@知悉日")],
    second: Annotated[str, typer.Argument(metavar="TO", help="YYYY-MM-DD, or VALID@KNOWN")],
    overlay: Overlay = None,
    book: Annotated[
        Path | None, typer.Option(metavar="RUN", help="A finished run to show the impact on / 已完成的运行")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """What changed between two days, and which verdicts of a book flip / 比较两个日期的规则及其影响"""
    one, two = (_at(overlay, value) for value in (first, second))
    changes = policy.diff(one, two)
    found = root.impact(book, one, two) if book is not None else ()
    payload = {"from": _days(one), "to": _days(two), "changes": [asdict(change) for change in changes]}
    payload |= {"impact": [asdict(item) for item in found]} if book is not None else {}

    def show(console: Console) -> None:
        _show_changes(console, changes, language(lang))
        if book is not None:
            _show_impact(console, found, language(lang))

    emit(payload, as_json, show)


def _days(snapshot: policy.PolicySnapshot) -> dict[str, object]:
    return {"valid_on": snapshot.valid_on, "known_on": snapshot.known_on, "hash": snapshot.hash}


def _at(overlay: list[Path] | None, value: str) -> policy.PolicySnapshot:
    """The snapshot of a day, or of a day in force and a day known."""
    valid, _, known = value.partition("@")
    on = day("diff", valid)
    assert on is not None
    return policy.resolve(policy.load_library(tuple(overlay or ())), on, day("diff", known or valid) or on)


def _show_impact(console: Console, found: tuple[root.Flip, ...], lang: Language) -> None:
    """Flips by clause: 笔数, 户数, 金额."""
    verdict = {"not_in_force": say("not_in_force", lang)}
    rows = [
        (
            item.clause_id,
            verdict.get(item.before) or code_label("verdict", item.before)[lang],
            verdict.get(item.after) or code_label("verdict", item.after)[lang],
            f"{item.receipts:,}",
            f"{item.households:,}",
            f"{format_fen(item.balance_fen)} {item.currency}",
            ", ".join(item.first[:2]),
        )
        for item in found
    ]
    heads = [
        say(f"head.{name}", lang)
        for name in ("clause", "verdict_before", "verdict_after", "receipts", "households", "amount", "first")
    ]
    console.print(grid(say("title.impact", lang), heads, rows, (3, 4, 5)) if rows else say("no_impact", lang))


def _show_table(console: Console, ruled: policy.RuledTable, body: Mapping[str, object], lang: Language) -> None:
    """A decision table with its citation and all its rows."""
    pairs = [
        ("clause", ruled.id),
        ("citation", f"{ruled.document[lang]} {ruled.article[lang]}"),
        ("grade", code_label("grade", ruled.grade)[lang]),
        ("source", ruled.source),
        ("valid", f"{ruled.effective_from} – {ruled.effective_to or ''}"),
        ("known", str(ruled.known_from)),
    ]
    console.print(
        grid(ruled.title[lang], ("", ""), [(say(f"head.{name}", lang), value) for name, value in pairs if value])
    )
    heads = [*(item.label[lang] for item in ruled.table.inputs), *(item.label[lang] for item in ruled.table.outputs)]
    rows = body["rules"]
    assert isinstance(rows, list)
    console.print(grid(ruled.table.hit_policy, heads, [tuple(row) for row in rows]))


def _show_list(console: Console, snapshot: policy.PolicySnapshot, lang: Language) -> None:
    console.print(say("snapshot", lang, valid=snapshot.valid_on, known=snapshot.known_on, hash=snapshot.hash[:12]))
    heads = [say(f"head.{name}", lang) for name in ("clause", "title", "strength", "grade")]
    active = [
        (clause.id, clause.title[lang], code_label("strength", clause.strength)[lang], clause.grade)
        for clause in snapshot.clauses
    ]
    console.print(grid(say("title.rules", lang), heads, active, whole=(0, 2)))
    console.print(f"{grades(lang)}\n")
    heads = [say(f"head.{name}", lang) for name in ("clause", "title", "grade", "state")]
    rest = [(clause.id, clause.title[lang], clause.grade, reason[lang]) for clause, reason in snapshot.inactive]
    console.print(grid(say("title.other_rules", lang), heads, rest))
    if snapshot.tables:
        heads = [say(f"head.{name}", lang) for name in ("clause", "title", "grade")]
        held = [(item.id, item.title[lang], item.grade) for item in snapshot.tables]
        console.print(grid(say("title.tables", lang), heads, held))


def _with_state(snapshot: policy.PolicySnapshot, clause_id: str) -> tuple[policy.Clause, Text]:
    """A clause of the library, in force or not, and why; `UsageError` with the nearest name for an unknown one."""
    known = next((pair for pair in snapshot.inactive if pair[0].id == clause_id), None)
    return known or (snapshot.clause(clause_id), label("cli.in_force"))


def _show_clause(console: Console, clause: policy.Clause, state: Text, lang: Language) -> None:
    pairs = [
        ("clause", clause.id),
        ("title", clause.title[lang]),
        ("state", state[lang]),
        ("citation", f"{clause.document[lang]} {clause.article[lang]}"),
        ("quote", clause.quote),
        ("strength", code_label("strength", clause.strength)[lang]),
        ("grade", code_label("grade", clause.grade)[lang]),
        ("source", clause.source),
        ("valid", f"{clause.effective_from} – {clause.effective_to or ''}"),
        ("known", str(clause.known_from)),
    ]
    if clause.relief:
        pairs.append(("cap", str(clause.relief.cap_on or "–")))
    facts = [(say(f"head.{name}", lang), value) for name, value in pairs if value]
    console.print(grid(clause.title[lang], ("", ""), facts))
    heads = [say(f"head.{name}", lang) for name in ("bit", "condition", "test", "soft")]
    rows = [
        (item.bit, item.title[lang], text_of(item.node), say("soft", lang) if item.is_soft else "")
        for item in clause.conditions
    ]
    if rows:
        console.print(grid(say("title.conditions", lang), heads, rows))
    for reading in clause.open_readings:
        console.print(say("open_reading", lang, text=reading[lang]), markup=False)


def _show_report(console: Console, found: policy.ScenarioReport, lang: Language) -> None:
    for failure in found.failures:
        console.print(
            say("scenario_failed", lang, place=failure.place, name=failure.name[lang], clause=failure.clause,
                expected=failure.expected, found=failure.found), markup=False,
        )  # fmt: skip
    for clause in found.untested:
        console.print(say("untested", lang, clause=clause), markup=False)
    for item in found.survivors:
        console.print(say("survivor", lang, place=item.place, clause=item.clause, change=item.change), markup=False)
    counts = {"scenarios": found.scenarios, "failures": len(found.failures), "untested": len(found.untested)}
    console.print(say("scenarios", lang, **counts))
    if found.mutants:
        console.print(say("mutants", lang, mutants=found.mutants, survivors=len(found.survivors)))


def _show_changes(console: Console, changes: tuple[policy.Change, ...], lang: Language) -> None:
    for change in changes:
        key = "changed" if change.field else change.kind
        values = {"clause": change.clause_id, "title": change.title[lang], "field": change.field}
        console.print(say(f"change.{key}", lang, **values, before=change.before, after=change.after), markup=False)
    if not changes:
        console.print(say("no_changes", lang))
