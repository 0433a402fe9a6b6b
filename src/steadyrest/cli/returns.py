"""`returns`: official files written from a book, and any official file against the reporting rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console

from steadyrest import app as root
from steadyrest.cli.output import AsJson, Lang, day, emit, grid, language, say
from steadyrest.schema import code_label
from steadyrest.text import Language, catalogue

app = typer.Typer(no_args_is_help=True, help="Official returns / 官方报送")
_SHOWN = 50


@app.command(name="check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Files of official tables / 报送文件")],
    as_of: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Report date / 报告日")],
    book: Annotated[Path | None, typer.Option(help="Book with agreements and arrears / 含协议与欠款的贷款簿")] = None,
    previous: Annotated[list[Path] | None, typer.Option(help="Files of the month before / 上月文件")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file of all findings / 全部问题")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Judge files by format, codes and the rules D1 to D15; exit code 1 when one is broken / 校验报送文件"""
    on = day("--as-of", as_of)
    assert on is not None
    found = root.check_returns(files, on, book, previous or ())
    if out is not None:
        found.write_csv(out)
    emit({"findings": found.to_dicts()}, as_json, lambda console: _show(console, found, language(lang)))
    if found.filter(severity="error").height:
        raise typer.Exit(1)


@app.command(name="write")
def write(
    book: Annotated[Path, typer.Argument(help="A file or a folder / 贷款簿文件或目录")],
    as_of: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Report date / 报告日")],
    out: Annotated[Path, typer.Option(help="New folder / 输出目录")],
    order: Annotated[Path | None, typer.Option(help="Change order of the month before / 上月变更单")] = None,
    mapping: Annotated[str | None, typer.Option(help="Name or YAML file / 字段映射")] = None,
    from_registry: Annotated[
        bool, typer.Option("--from-registry", help="Write every table as the registry has it / 一律由登记表生成")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Write the returns of a book, the credit view and the change order / 生成报送表、征信视图和变更单"""
    on = day("--as-of", as_of)
    assert on is not None
    done = root.write_returns(book, on, out, order, mapping, from_registry=from_registry)
    payload = {"files": done.rows, "order": done.order}
    emit(payload, as_json, lambda console: _show_written(console, done, language(lang)))


def _show_written(console: Console, done: root.Written, lang: Language) -> None:
    texts = catalogue()
    heads = [texts[f"cli.head.{name}"][lang] for name in ("file", "rows")]
    console.print(grid(texts["cli.title.returns_written"][lang], heads, sorted(done.rows.items()), (1,)))
    for state, count in sorted(done.order.items()):
        shown = "-" if state == "-" else code_label("booking_state", state)[lang]
        console.print(f"{shown}  {count:,}", markup=False)


def _show(console: Console, found: pl.DataFrame, lang: Language) -> None:
    texts = catalogue()
    heads = [texts[f"cli.head.{name}"][lang] for name in ("file", "row", "receipt", "field", "value", "rule")]
    rows = [tuple(_cell(row[name]) for name in ("file", "row", "receipt", "field", "value", "rule"))
            for row in found.head(_SHOWN).iter_rows(named=True)]  # fmt: skip
    if rows:
        console.print(grid(texts["cli.title.returns"][lang], heads, rows, (1,)))
    if found.height > _SHOWN:
        console.print(say("more_rows", lang, rows=found.height - _SHOWN))
    for rule, count in found.group_by("rule").len().sort("rule").iter_rows():
        console.print(f"{rule}  {count:,}  {texts[f'rule.{rule}.what'][lang]}", markup=False)
        console.print(f"    {texts[f'rule.{rule}.todo'][lang]}", markup=False)
    errors = found.filter(severity="error").height
    console.print(say("returns_checked", lang, errors=errors, open=found.height - errors))


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)
