"""Packaged reference tables, each with its source, its grade, and the last entry that somebody verified.

A bank replaces a table by `update`: the new file goes with its source into a folder of the bank, named by the
environment variable `STEADYREST_REFERENCE`, and is read instead of the packaged one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from steadyrest.errors import InputError, UsageError
from steadyrest.text import Text

FOLDER_VARIABLE = "STEADYREST_REFERENCE"
_TYPES = {"text": pl.String(), "count": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a table: title, source, grade, when it was compared, and up to which entry."""

    title: Text
    source: str
    grade: str
    checked_on: date
    last_verified_on: date | None
    key: tuple[str, ...]
    columns: Mapping[str, str]


def names() -> tuple[str, ...]:
    """All tables."""
    return tuple(_packaged_sources())


def source(name: str) -> Source:
    """The source of a table: the bank's own where it has replaced the table."""
    entry = _packaged_sources().get(name)
    if entry is None:
        nearest = get_close_matches(name, list(_packaged_sources()), n=1, cutoff=0.0)
        raise UsageError("reference.unknown", name=name, nearest=nearest[0])
    folder = own_folder()
    own = folder / f"{name}.toml" if folder else None
    if own is not None and own.is_file():
        entry = {**entry, **tomllib.loads(own.read_text("utf-8"))}
    return _source(entry)


def table(name: str) -> pl.DataFrame:
    """A table, typed. Empty cells are null."""
    return _table(name, own_folder())


def own_folder() -> Path | None:
    """The bank's folder of replaced tables, if one is named."""
    value = os.environ.get(FOLDER_VARIABLE)
    return Path(value) if value else None


def update(name: str, file: Path, *, said: str, grade: str, verified_on: date, folder: Path) -> int:
    """Check a CSV file against the table's columns and key and put it, with its source, into `folder`.

    Returns the number of rows; raises `InputError` and changes nothing when a column, a type or the key is wrong.
    """
    known = source(name)
    frame = _read(file.read_text("utf-8-sig"), known, file.name)
    if known.key and frame.select(known.key).is_duplicated().any():
        raise InputError("reference.duplicate", path=file.name, key=", ".join(known.key))
    if not frame.height:
        raise InputError("reference.empty", path=file.name)
    folder.mkdir(parents=True, exist_ok=True)
    frame.sort(known.key or frame.columns).write_csv(folder / f"{name}.csv")
    lines = (f"source = {_quoted(said)}", f"grade = {_quoted(grade)}", f"last_verified_on = {verified_on}",
             f"checked_on = {verified_on}")  # fmt: skip
    (folder / f"{name}.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return frame.height


def content() -> str:
    """A line a table: name, rows, grade and last verified entry, for listings."""
    return "\n".join(f"{name} {table(name).height} {source(name).grade}" for name in names())


@cache
def _packaged_sources() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("steadyrest.reference") / "sources.toml").read_text("utf-8"))


@cache
def _table(name: str, folder: Path | None) -> pl.DataFrame:
    known = source(name)
    own = folder / f"{name}.csv" if folder else None
    if own is not None and own.is_file():
        return _read(own.read_text("utf-8"), known, own.name)
    packaged = resources.files("steadyrest.reference") / "data" / f"{name}.csv"
    return _read(packaged.read_text("utf-8"), known, f"{name}.csv")


def _source(entry: Mapping[str, Any]) -> Source:
    return Source(
        Text(**entry["title"]),
        entry["source"],
        entry["grade"],
        entry["checked_on"],
        entry.get("last_verified_on"),
        tuple(entry["key"]),
        entry["columns"],
    )


def _read(text: str, known: Source, file: str) -> pl.DataFrame:
    try:
        raw = pl.read_csv(text.encode(), infer_schema=False)
        if set(raw.columns) != set(known.columns):
            raise InputError(
                "reference.columns", path=file, found=", ".join(raw.columns), expected=", ".join(known.columns)
            )
        return raw.select(_typed(name, kind) for name, kind in known.columns.items())
    except pl.exceptions.PolarsError as error:
        raise InputError("reference.cell", path=file, detail=str(error).splitlines()[0]) from error


def _typed(name: str, kind: str) -> pl.Expr:
    cell = pl.col(name)
    if kind == "flag":
        return cell == "1"
    return cell.str.to_date("%Y-%m-%d") if kind == "day" else cell.cast(_TYPES[kind])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
