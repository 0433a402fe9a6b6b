"""`packs list|show|test|diff`: the rules in force, clause by clause, and whether their scenarios hold."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from steadyrest import policy
from steadyrest.book.clauses import snapshot_body
from steadyrest.cli.output import AsJson, Lang, day, emit, grades, grid, language, say
from steadyrest.rules import text_of
from steadyrest.schema import code_label
from steadyrest.text import Language, Text, label

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
    """One clause: text, source, conditions, parameters / 显示条款"""
    snapshot = _snapshot(overlay, valid_on, known_on)
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
def diff(
    first: Annotated[str, typer.Argument(metavar="FROM", help="YYYY-MM-DD")],
    second: Annotated[str, typer.Argument(metavar="TO", help="YYYY-MM-DD")],
    overlay: Overlay = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """What changed between two days / 比较两个日期的规则"""
    one, two = (_at(overlay, value) for value in (first, second))
    changes = policy.diff(one, two)
    payload = {"from": one.valid_on, "to": two.valid_on, "changes": [asdict(change) for change in changes]}
    emit(payload, as_json, lambda console: _show_changes(console, changes, language(lang)))


def _at(overlay: list[Path] | None, value: str) -> policy.PolicySnapshot:
    on = day("diff", value)
    assert on is not None
    return policy.resolve(policy.load_library(tuple(overlay or ())), on, on)


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
