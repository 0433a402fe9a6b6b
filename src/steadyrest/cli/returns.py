"""`returns check`: official files against the reporting rules; each finding cites its rule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console

from steadyrest import app as root
from steadyrest.cli.output import AsJson, Lang, day, emit, grid, language, say
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
