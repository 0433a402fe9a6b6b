"""`validate`, `template`, `synth`: books before they are run."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console

from steadyrest import exchange, synth
from steadyrest.cli.output import AsJson, Lang, day, emit, grid, language, say
from steadyrest.errors import UsageError
from steadyrest.schema import code_label
from steadyrest.text import Language, catalogue


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(validate)
    app.command()(template)
    app.command(name="synth")(generate)


def validate(
    book: Annotated[Path, typer.Argument(help="A file or a folder / 贷款簿文件或目录")],
    mapping: Annotated[str | None, typer.Option(help="Name or YAML file / 字段映射")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Read a book and list what is wrong with it; exit code 1 when a row was quarantined / 校验"""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "read"
        read = exchange.read_book(book, mapping=mapping, into=into)
        kinds = ("code", "severity", "table", "field")
        counted = exchange.findings(into).group_by(kinds).agg(pl.len().alias("rows")).sort(kinds).collect()
    findings = counted.with_columns(pl.col("severity").cast(pl.String)).to_dicts()
    payload = {"mapping": read.mapping, "files": [file.as_plain() for file in read.files], "findings": findings,
               "notes": [{"zh": note.zh, "en": note.en} for note in read.notes],
               "lacks": {table: list(names) for table, names in read.lacks.items()}}  # fmt: skip
    emit(payload, as_json, lambda console: _show(console, read, findings, language(lang)))
    if any(file.rows_quarantined for file in read.files):
        raise typer.Exit(1)


def template(
    path: Annotated[Path, typer.Argument(help="Workbook to write / 工作簿")],
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Write a bilingual workbook with drop-downs that comes back as a book / 生成填报模板"""
    exchange.write_template(path)
    emit({"template": path}, as_json, lambda console: console.print(say("written", language(lang), path=path)))


def generate(
    folder: Annotated[Path, typer.Argument(help="Folder to write / 输出目录")],
    loans: Annotated[int, typer.Option(min=1, help="Receipts / 笔数")] = 20_000,
    seed: Annotated[int, typer.Option(help="Seed / 随机种子")] = 20_220_731,
    as_of: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Report date / 截至日")] = "2022-07-31",
    layout: Annotated[str, typer.Option(metavar="pboc|extracts|steadyrest", help="Layout / 格式")] = "pboc",
    dirt: Annotated[bool, typer.Option(help="Plant faulty rows / 植入错误行")] = True,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Write a synthetic book, the same for the same seed / 生成合成贷款簿"""
    on = day("--as-of", as_of)
    assert on is not None
    summary = synth.write_book(folder, loans=loans, seed=seed, as_of=on, layout=_layout(layout), dirt=dirt)
    emit(asdict(summary), as_json, lambda console: console.print(say("written", language(lang), path=folder)))


def _layout(value: str) -> synth.Layout:
    known: tuple[synth.Layout, ...] = ("pboc", "extracts", "steadyrest")
    for layout in known:
        if value == layout:
            return layout
    raise UsageError("call.unknown_name", name=value, nearest=", ".join(known))


def _show(console: Console, read: exchange.BookRead, findings: list[dict[str, object]], lang: Language) -> None:
    heads = [say(f"head.{name}", lang) for name in ("file", "table", "read", "accepted", "quarantined")]
    rows = [(file.name, file.table, file.rows_read, file.rows_accepted, file.rows_quarantined) for file in read.files]
    console.print(grid(say("title.files", lang), heads, rows, (2, 3, 4)))
    for note in read.notes:
        console.print(note[lang], markup=False)
    if findings:
        console.print(say("title.findings", lang), style="bold")
    for row in findings:
        _show_finding(console, row, lang)
    for table, names in read.lacks.items():
        console.print(say("lacks", lang, table=table, columns=", ".join(names)), markup=False)


def _show_finding(console: Console, row: dict[str, object], lang: Language) -> None:
    """A finding takes three lines: in a table its sentences would stand one word above the other."""
    texts, code = catalogue(), row["code"]
    severity = code_label("severity", str(row["severity"]))[lang]
    where = ".".join(str(row[name]) for name in ("table", "field") if row[name])
    console.print(say("finding", lang, code=code, severity=severity, where=where, rows=row["rows"]), markup=False)
    for part in ("what", "todo"):
        console.print(f"    {texts[f'finding.{code}.{part}'][lang]}", markup=False)
