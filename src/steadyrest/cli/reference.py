"""`reference list|update`: the packaged dated tables, their sources, and how a bank replaces one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from steadyrest import reference
from steadyrest.cli.output import AsJson, Lang, day, emit, grades, grid, language, say

app = typer.Typer(help="Dated reference tables / 参考表", no_args_is_help=True)


@app.command("list")
def list_tables(as_json: AsJson = False, lang: Lang = "zh") -> None:
    """Tables with source, grade and last verified entry / 列出参考表"""
    known = {name: reference.source(name) for name in reference.names()}
    payload = {
        name: {"rows": reference.table(name).height, "source": item.source, "grade": item.grade,
               "checked_on": item.checked_on, "last_verified_on": item.last_verified_on}
        for name, item in known.items()
    }  # fmt: skip
    heads = [say(f"head.{name}", language(lang)) for name in ("name", "title", "rows", "grade", "verified")]
    rows = [
        (name, item.title[language(lang)], reference.table(name).height, item.grade, item.last_verified_on or "")
        for name, item in known.items()
    ]
    table = grid(say("title.reference", language(lang)), heads, rows, (2,), whole=(0, 4))
    emit(payload, as_json, lambda console: console.print(table, grades(language(lang))))


@app.command()
def update(
    name: Annotated[str, typer.Argument(help="Table / 参考表")],
    file: Annotated[Path, typer.Argument(help="CSV file / CSV 文件")],
    source: Annotated[str, typer.Option(help="Where it comes from / 来源")],
    verified_on: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Last entry compared / 核对至")],
    folder: Annotated[
        Path, typer.Option(envvar=reference.FOLDER_VARIABLE, help="Folder of own tables / 自有参考表目录")
    ],
    grade: Annotated[str, typer.Option(metavar="A|B|C|D", help="Grade of the source / 来源等级")] = "B",
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Replace a table in the bank's own folder; nothing changes when the file does not fit / 更新参考表"""
    on = day("--verified-on", verified_on)
    assert on is not None
    rows = reference.update(name, file, said=source, grade=grade, verified_on=on, folder=folder)
    payload = {"table": name, "rows": rows, "folder": folder}
    text = say("updated", language(lang), name=name, rows=rows, folder=folder)
    emit(payload, as_json, lambda console: console.print(text))
