"""`reconcile`: our next instalments against those of the core system, by branch and product."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from steadyrest import app as root
from steadyrest.cli.output import AsJson, Lang, day, emit, grid, language, say
from steadyrest.schema import closed, code_label
from steadyrest.text import Language, catalogue
from steadyrest.units import format_fen

_SHOWN: Final = 20
"""Receipts listed on the screen; the file of `--out` has all."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(reconcile)


def reconcile(
    book: Annotated[Path, typer.Argument(help="A file or a folder / 贷款簿文件或目录")],
    as_of: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Report date / 截至日")],
    mapping: Annotated[str | None, typer.Option(help="Name or YAML file / 字段映射")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file of what is not reproduced / 不一致明细")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Our next instalments against the core system's; exit code 1 when one differs / 与核心系统下期应还核对"""
    on = day("--as-of", as_of)
    assert on is not None
    found = root.reconcile(book, on, mapping)
    if out is not None:
        found.rest.write_csv(out)
    payload = {"share": found.share, "by_branch": found.by_branch.to_dicts(), "rest": found.rest.to_dicts()}
    emit(payload, as_json, lambda console: _show(console, found, language(lang)))
    if found.rest.height:
        raise typer.Exit(1)


def _show(console: Console, found: root.Reconciled, lang: Language) -> None:
    console.print(_by_branch(found, lang))
    if found.rest.height:
        keys = ("receipt", "state", "due_on", "form", "principal_gap", "interest_gap")
        listed = [_receipt(row, lang) for row in found.rest.head(_SHOWN).iter_rows(named=True)]
        console.print(grid(_title("not_reproduced", lang), [_head(key, lang) for key in keys], listed, (4, 5)))
    if found.rest.height > _SHOWN:
        console.print(say("more_rows", lang, rows=found.rest.height - _SHOWN))
    total = found.by_branch.select("receipts", "reproduced", "no_plan").sum().row(0, named=True)
    share = _share(total["reproduced"], total["receipts"] - total["no_plan"])
    console.print(say("reconciled", lang, share=share, receipts=total["receipts"], rest=found.rest.height))


def _by_branch(found: root.Reconciled, lang: Language) -> Any:
    states = closed("plan_state")
    heads = [_head(name, lang) for name in ("branch", "product", "receipts", *states, "share")]
    rows = [
        (row["branch_id"] or "-", _product(row["product"], lang), row["receipts"], *(row[state] for state in states),
         _share(row["reproduced"], row["receipts"] - row["no_plan"]))
        for row in found.by_branch.iter_rows(named=True)
    ]  # fmt: skip
    return grid(_title("reconcile", lang), heads, rows, range(2, len(heads)))


def _receipt(row: Mapping[str, Any], lang: Language) -> tuple[str, ...]:
    gaps = ("-" if row[gap] is None else format_fen(row[gap]) for gap in ("principal_gap_fen", "interest_gap_fen"))
    return (row["loan_id"], _head(row["state"], lang), str(row["next_due_on"] or "-"), _form(row, lang), *gaps)


def _form(row: Mapping[str, Any], lang: Language) -> str:
    if row["amortisation"] is None:
        return "-"
    method = code_label("amortisation", row["amortisation"])[lang]
    return f"{method} {row['interest_cycle_months']} {row['day_count'] or ''}".strip()


def _product(code: str | None, lang: Language) -> str:
    return "-" if code is None else f"{code} {code_label('product', code)[lang]}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _head(name: str, lang: Language) -> str:
    return catalogue()[f"cli.head.{name}"][lang]


def _title(name: str, lang: Language) -> str:
    return catalogue()[f"cli.title.{name}"][lang]
