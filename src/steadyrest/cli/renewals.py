"""`renewals`: what falls due soon, whether it may be renewed, and by when the review must start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import polars as pl
import typer
from rich.console import Console

from steadyrest import app as root
from steadyrest.cli.output import AsJson, Lang, emit, grid, language, say
from steadyrest.schema import code_label
from steadyrest.text import Language, Text
from steadyrest.units import format_fen

_SHOWN: Final = 20
_HEADS: Final = (
    "receipt",
    "maturity",
    "days_left",
    "review_from",
    "amount",
    "renewal",
    "class_after",
    "failed",
    "unknown",
)


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(renewals)


def renewals(
    run: Annotated[Path, typer.Argument(help="A finished run / 已完成的运行")],
    days: Annotated[int, typer.Option(help="Days from the as-of date / 未来天数")] = 90,
    lead_days: Annotated[int, typer.Option(help="Days a review takes, as the bank sets it / 本行审查所需天数")] = 30,
    overlay: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Rules of the bank / 本行规则目录")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file of all rows / 全部明细")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Receipts due soon with each condition of the renewal rule / 续贷日历"""
    found = root.renewals(run, overlay or (), days=days, lead_days=lead_days)
    if out is not None:
        found.rows.write_csv(out)
    titles = {id: {"zh": title.zh, "en": title.en} for id, title in found.titles.items()}
    emit(
        {"rows": found.rows.to_dicts(), "conditions": titles},
        as_json,
        lambda console: _show(console, found, language(lang)),
    )


def _show(console: Console, calendar: root.Renewals, lang: Language) -> None:
    found = calendar.rows
    heads = [say(f"head.{name}", lang) for name in _HEADS]
    rows = [_row(row, calendar.titles, lang) for row in found.head(_SHOWN).iter_rows(named=True)]
    console.print(grid(say("title.renewals", lang), heads, rows, (2, 4)))
    if found.height > _SHOWN:
        console.print(say("more_rows", lang, rows=found.height - _SHOWN))
    households, late = found["borrower_id"].n_unique(), int(found["is_late"].sum())
    totals = found.group_by("currency").agg(pl.col("balance_fen").sum()).sort("currency").iter_rows()
    amounts = "; ".join(f"{format_fen(fen)} {currency}" for currency, fen in totals)
    console.print(
        say("renewals", lang, receipts=found.height, households=households, late=late, amounts=amounts or "-")
    )


def _row(row: dict[str, Any], titles: Mapping[str, Text], lang: Language) -> tuple[str, ...]:
    start = f"{row['review_from_on']} {say('late', lang)}" if row["is_late"] else str(row["review_from_on"])
    renewal, after = (
        code_label("verdict", row[name])[lang] if row[name] else "-" for name in ("renewal_verdict", "class_verdict")
    )
    asked = tuple("; ".join(titles[id][lang] for id in filter(None, row[name].split(", "))) or "-"
                  for name in ("failed", "unknown")) if row["clause_id"] else ("-", "-")  # fmt: skip
    amount = format_fen(row["balance_fen"])
    return (row["loan_id"], str(row["maturity_on"]), str(row["days_left"]), start, amount, renewal, after, *asked)
