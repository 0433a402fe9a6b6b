"""A finished run folder: its manifest, its result tables as rows, and the input rows it quarantined."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = Mapping[str, Any]

KEYS: Mapping[str, tuple[str, ...]] = {
    "loan_facts": ("loan_id",),
    "eligibility": ("loan_id",),
    "option": ("loan_id", "option_no"),
    "amendment": ("loan_id", "option_no"),
    "cash_flow": ("loan_id", "version", "option_no", "sequence"),
    "cash_flow_month": ("month_on", "version", "currency"),
    "clause_result": ("clause_id", "verdict", "currency"),
}
"""The compared tables and their keys."""

BY_LOAN = ("loan_facts", "eligibility", "option", "amendment", "cash_flow")


@dataclass
class Found:
    """What a run wrote: rows of a table by receipt, or all rows under the empty key; and the columns of the table."""

    rows: Mapping[str, Mapping[str, list[Row]]]
    columns: Mapping[str, tuple[str, ...]]


@dataclass
class Manifest:
    """The part of `manifest.json` that says what was run: inputs by role, their hashes, and the days."""

    raw: Mapping[str, Any]
    inputs: Mapping[str, Path]
    hashes: Mapping[str, str]

    @property
    def overlays(self) -> list[Path]:
        """The overlay folders in their order."""
        roles = [role for role in self.inputs if role.startswith("overlay ")]
        return [self.inputs[role] for role in sorted(roles, key=lambda role: int(role.split()[1]))]

    def day(self, name: str) -> date:
        """One of the dates of the run."""
        return date.fromisoformat(self.raw[name])


def manifest(folder: Path, book: Path | None) -> Manifest:
    """The manifest of a run; `book` says where the book lies now, when it has moved."""
    raw = json.loads((folder / "manifest.json").read_text("utf-8"))
    inputs = {entry["role"]: Path(entry["path"]) for entry in raw["inputs"]}
    if book is not None:
        inputs["book"] = book
    return Manifest(raw, inputs, {entry["role"]: entry["sha256"] for entry in raw["inputs"]})


def found(folder: Path) -> Found:
    """The compared tables of a run; a table that was not written has no rows and no columns."""
    rows: dict[str, Mapping[str, list[Row]]] = {}
    columns: dict[str, tuple[str, ...]] = {}
    for name in KEYS:
        path = folder / "tables" / f"{name}.parquet"
        table = pq.read_table(path) if path.exists() else None
        columns[name] = tuple(table.column_names) if table is not None else ()
        plain: list[Row] = [] if table is None else [*table.to_pylist()]
        rows[name] = _grouped(plain, name in BY_LOAN)
    return Found(rows, columns)


def quarantined(folder: Path) -> set[tuple[str, int]]:
    """File name and row number of every input row that was kept out."""
    path = folder / "tables" / "finding.parquet"
    rows = pq.read_table(path, columns=["severity", "source_file", "row_number"]).to_pylist() if path.exists() else []
    return {(row["source_file"], row["row_number"]) for row in rows if row["severity"] == "quarantine"}


def _grouped(rows: list[Row], by_loan: bool) -> Mapping[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["loan_id"] if by_loan else ""].append(row)
    return grouped
