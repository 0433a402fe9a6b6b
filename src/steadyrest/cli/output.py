"""What every command prints: one JSON object with `--json`, otherwise text for a person, in Chinese or English."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from steadyrest.errors import UsageError
from steadyrest.exchange.values import check_day
from steadyrest.schema import closed, code_label
from steadyrest.text import Language, label

_LANGUAGE = "STEADYREST_LANG"
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output / 输出一个 JSON 对象")]


def language(value: str) -> Language:
    """The language of an option: zh or en."""
    if value not in ("zh", "en"):
        raise UsageError("call.language", value=value)
    return "en" if value == "en" else "zh"


Lang = Annotated[
    str,
    typer.Option("--lang", envvar=_LANGUAGE, help="zh or en / 语言", metavar="zh|en", callback=language),
]


def day(option: str, value: str | None) -> date | None:
    """A date option; anything but YYYY-MM-DD, and a day outside those a file may hold, is a `UsageError`."""
    if value is None:
        return None
    try:
        if len(value) != len("2022-07-31"):
            raise ValueError(value)
        found = date.fromisoformat(value)
    except ValueError:
        raise UsageError("call.date", option=option, value=value) from None
    check_day(option, found)
    return found


def emit(payload: Mapping[str, Any], as_json: bool, show: Callable[[Console], None]) -> None:
    """Print `payload` as JSON, or let `show` write the same facts for a person."""
    if as_json:
        sys.stdout.write(json.dumps(payload, ensure_ascii=False, indent=2, default=_plain) + "\n")
    else:
        show(Console(highlight=False, soft_wrap=True))


def grid(
    title: str,
    heads: Iterable[str],
    rows: Iterable[Iterable[object]],
    numbers: Iterable[int] = (),
    whole: Iterable[int] = (0,),
) -> Table:
    """A plain table for a terminal; columns in `numbers` are set to the right, those in `whole` are never broken."""
    right, kept = set(numbers), set(numbers) | set(whole)
    table = Table(
        title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False,
        collapse_padding=True, show_header=any(heads := tuple(heads)),
    )  # fmt: skip
    for index, head in enumerate(heads):
        side: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(escape(head), justify=side, overflow="fold", no_wrap=index in kept)
    for row in rows:
        table.add_row(*(escape(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row))
    return table


def grades(language: Language) -> str:
    """What the letters of a column of grades mean, for a line under the table."""
    return "  ".join(code_label("grade", grade)[language] for grade in closed("grade"))


def say(key: str, language: Language, **values: object) -> str:
    """A sentence of the command line, from `labels/cli.toml`."""
    return label(f"cli.{key}", **values)[language]


def fail(code: str, zh: str, en: str, as_json: bool) -> None:
    """Print a failure: the same object for every command on standard output, or one line on standard error.

    The line is in the language of `STEADYREST_LANG`; without it there is one in each.
    """
    if as_json:
        error = {"error": {"code": code, "message": {"zh": zh, "en": en}}}
        sys.stdout.write(json.dumps(error, ensure_ascii=False, indent=2) + "\n")
    else:
        lines = {"zh": zh, "en": en}
        asked = os.environ.get(_LANGUAGE, "")
        said = [lines[asked]] if asked in lines else dict.fromkeys(lines.values())
        sys.stderr.write("".join(f"{line}\n" for line in said))


def _plain(value: object) -> str:
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(f"not plain: {value!r}")
