"""Findings of reading, file by file: rows of the registered table `finding`, and the rows that were set aside."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.schema import TABLES

ROWS_A_FIELD: Final = 100_000
"""Rows of one code, file and field that are listed; the rest is counted in one more row. Quarantined rows all are."""
VALUE_LETTERS: Final = 80
_FINDING = TABLES["finding"]
_QUARANTINE = TABLES["quarantine"]


class FindingSink:
    """Collects the findings and quarantined rows of one file and writes them in the end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._frames: list[pl.DataFrame] = []
        self._aside: list[pl.DataFrame] = []
        self._listed: Counter[tuple[str, str, str]] = Counter()
        self._more: Counter[tuple[str, str, str, str]] = Counter()

    def add(
        self,
        code: str,
        severity: str,
        table: str,
        field: str,
        rows: pl.DataFrame,
    ) -> None:
        """A finding for each row of `rows`: columns `row_number`, `row_id`, and `value` and `args` where known."""
        if severity != "quarantine":
            room = max(0, ROWS_A_FIELD - self._listed[code, table, field])
            if rows.height > room:
                self._more[code, severity, table, field] += rows.height - room
                rows = rows.head(room)
            self._listed[code, table, field] += rows.height
        if rows.height:
            self._frames.append(_finding_rows(code, severity, table, field, rows, self.file))

    def whole(self, code: str, severity: str, table: str, field: str, **args: object) -> None:
        """A finding about the file: row number 0, its numbers in the arguments."""
        row = pl.DataFrame({"row_number": [0], "row_id": [None], "args": [_json(args)]})
        self._frames.append(_finding_rows(code, severity, table, field, row, self.file))

    def set_aside(self, table: str, rows: pl.DataFrame) -> None:
        """Quarantined rows: columns `row_number`, `codes` and `raw`."""
        if rows.height:
            named = rows.with_columns(pl.lit(self.file).alias("source_file"), pl.lit(table).alias("table"))
            self._aside.append(named.select(_QUARANTINE.names).cast(pl.Schema(_QUARANTINE.polars())))

    def write(self, folder: Path, number: int) -> None:
        """Write what was collected as `finding/NUMBER.arrow` and `quarantine/NUMBER.arrow`, in row order."""
        for (code, severity, table, field), count in sorted(self._more.items()):
            self.whole(code, severity, table, field, more=count)
        for name, frames, by in (("finding", self._frames, _FINDING.key), ("quarantine", self._aside, _QUARANTINE.key)):
            if frames:
                frame = pl.concat(frames).sort(by, nulls_last=False, maintain_order=True)
                (folder / name).mkdir(parents=True, exist_ok=True)
                frame.write_ipc(folder / name / f"{number:04d}.arrow", compression="lz4")


def _finding_rows(code: str, severity: str, table: str, field: str, rows: pl.DataFrame, file: str) -> pl.DataFrame:
    text = pl.lit(None, pl.String)
    known = set(rows.columns)
    shown = pl.col("value").cast(pl.String).str.slice(0, VALUE_LETTERS) if "value" in known else text
    if table in TABLES and field in TABLES[table].names and TABLES[table][field].personal:
        shown = masked(shown)
    return rows.select(
        pl.lit(code).alias("code"),
        pl.lit(severity).cast(_FINDING["severity"].polars).alias("severity"),
        pl.lit(table).alias("table"),
        pl.lit(file).alias("source_file"),
        pl.col("row_number").cast(pl.Int64),
        pl.col("row_id").cast(pl.String),
        pl.lit(field).alias("field"),
        shown.alias("value"),
        text.alias("clause"),
        (pl.col("args").cast(pl.String) if "args" in known else text).alias("args"),
    )


def masked(text: pl.Expr) -> pl.Expr:
    """A personal value as a finding may quote it: at most its first four letters, and how long it was."""
    head = text.str.slice(0, pl.min_horizontal(pl.lit(4), text.str.len_chars() // 3))
    return pl.concat_str(head, pl.lit("***("), text.str.len_chars().cast(pl.String), pl.lit(")"))


def book_findings(rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """Findings about the book as a whole, from plain rows; what a row leaves out is null."""
    return pl.DataFrame([{**dict.fromkeys(_FINDING.names), **row} for row in rows], schema=_FINDING.polars())


def _json(args: Mapping[str, object]) -> str:
    return json.dumps(args, ensure_ascii=False, sort_keys=True)
