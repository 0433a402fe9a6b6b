"""What every command prints: one JSON object with `--json`, otherwise text for a person, in Chinese or English."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from steadyrest.text import Language

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output / 输出一个 JSON 对象")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en / 语言", metavar="zh|en")]


def language(value: str) -> Language:
    """The language of an option, Chinese unless it says en."""
    if value not in ("zh", "en"):
        raise typer.BadParameter("zh | en")
    return "en" if value == "en" else "zh"


def emit(payload: Mapping[str, Any], as_json: bool, show: Callable[[Console], None]) -> None:
    """Print `payload` as JSON, or let `show` write the same facts for a person."""
    if as_json:
        sys.stdout.write(json.dumps(payload, ensure_ascii=False, indent=2, default=_plain) + "\n")
    else:
        show(Console(highlight=False, soft_wrap=False))


def _plain(value: object) -> str:
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(f"not plain: {value!r}")
