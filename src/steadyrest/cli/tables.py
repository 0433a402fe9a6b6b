"""`tables check|convert`: decision tables judged as a whole, and between packs, sheets and DMN."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from steadyrest import app as root
from steadyrest.cli.output import AsJson, Lang, emit, language, say
from steadyrest.rules.tables import Finding, analyse
from steadyrest.text import Language, label

app = typer.Typer(help="Decision tables / 决策表", no_args_is_help=True)

Source = Annotated[
    str, typer.Argument(metavar="TABLE", help="A .xlsx or .dmn file, or the id of a table of the packs / 决策表")
]
Overlay = Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Rules of the bank / 本行规则目录")]


@app.command()
def check(table: Source, overlay: Overlay = None, as_json: AsJson = False, lang: Lang = "zh") -> None:
    """Gaps, rows that meet, rows never reached; exit code 1 when there is one / 检查缺口、重叠与不可达的行"""
    name, known = root.open_table(table, tuple(overlay or ()))
    found = analyse(known)
    payload = {"table": name, "rows": len(known.rows), "findings": [asdict(item) for item in found]}
    emit(payload, as_json, lambda console: _show(console, name, len(known.rows), found, language(lang)))
    if found:
        raise typer.Exit(1)


@app.command()
def convert(
    table: Source,
    out: Annotated[Path, typer.Option(help="New .xlsx or .dmn file / 输出文件")],
    overlay: Overlay = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Write a table as a sheet with drop-downs, or as DMN / 导出为Excel或DMN"""
    name, known = root.open_table(table, tuple(overlay or ()))
    root.save_table(known, name, out)
    payload = {"table": name, "rows": len(known.rows), "out": out.name}
    emit(
        payload,
        as_json,
        lambda console: console.print(say("table_saved", language(lang), rows=len(known.rows), path=out.name)),
    )


def _show(console: Console, name: str, rows: int, found: tuple[Finding, ...], lang: Language) -> None:
    console.print(say("table_checked", lang, name=name, rows=rows, found=len(found)))
    for item in found:
        first, *others = item.rows or ("-",)
        words = label(f"table.finding.{item.kind}", rows=", ".join(map(str, item.rows)) or "-", first=first,
                      others=", ".join(map(str, others)) or "-", region=item.region)  # fmt: skip
        console.print(f"- {words[lang]}", markup=False)
