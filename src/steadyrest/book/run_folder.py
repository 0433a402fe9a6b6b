"""A finished run folder as an explanation reads it: manifest, clauses, result tables, and a door to the inputs.

The composition root opens it: it knows the journal's database and, when the book is at hand, how to read the inputs
of one receipt. Everything here is read-only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from steadyrest.book.clauses import ENTRY_KIND, ClauseRecord, clauses_of
from steadyrest.book.manifest import Manifest
from steadyrest.book.parts import ADDED, KEPT, PASSED
from steadyrest.errors import RunError
from steadyrest.schema import TABLES, Table
from steadyrest.schema.tables.results import eligibility

Row: TypeAlias = dict[str, Any]
ReadInputs: TypeAlias = Callable[[str], Mapping[str, list[Row]]]
"""The rows of the original book that belong to one receipt and its borrower, by input table, in registered columns."""

RESULT_TABLES = (*KEPT, *ADDED, *PASSED)
"""The tables of a run of which every cell can be explained."""

_NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A finished run. `read_inputs` is null when the original book is not at hand."""

    path: Path
    manifest: Manifest
    clauses: tuple[ClauseRecord, ...]
    read_inputs: ReadInputs | None = None
    _read: dict[tuple[object, ...], list[Row]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The folder's own name, for messages."""
        return self.path.name

    @property
    def screens(self) -> tuple[ClauseRecord, ...]:
        """The clauses loans were screened under, in their order."""
        return tuple(clause for clause in self.clauses if clause.is_screen)

    def clause(self, clause_id: str | None) -> ClauseRecord | None:
        """An active clause by its id; null for none, or one outside the snapshot."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)

    def table(self, name: str) -> Table:
        """A result table with its columns; `RunError` when the run has none of that name."""
        if name not in RESULT_TABLES:
            raise RunError("run.no_table", table=name, known=", ".join(RESULT_TABLES))
        return (
            eligibility(tuple((item.slug, item.title) for item in self.screens))
            if name == "eligibility"
            else TABLES[name]
        )

    def scan(self, name: str) -> pl.LazyFrame:
        """A table of the run, lazily; a registered table that the run did not write has no rows."""
        is_here = self.wrote(name) or name in self.manifest.tables
        return pl.scan_parquet(_file(self.path, name)) if is_here else TABLES[name].empty().lazy()

    def wrote(self, name: str) -> bool:
        """The run wrote this table."""
        return _file(self.path, name).is_file()

    def rows(self, name: str, **where: object) -> list[Row]:
        """Rows of a table whose columns have these values (null means empty), in the order of its key.

        The rows of one receipt are read once and kept while the run is open.
        """
        if "loan_id" in where and len(where) > 1:
            mine = self.rows(name, loan_id=where["loan_id"])
            return [row for row in mine if all(row[column] == value for column, value in where.items())]
        asked = (name, *sorted(where.items(), key=lambda item: item[0]))
        if asked not in self._read:
            tests = [_equals(column, value) for column, value in where.items()]
            found = self.scan(name).filter(*tests).collect()
            self._read[asked] = found.sort(self.table(name).key, maintain_order=True).to_dicts()
        return self._read[asked]

    def loan(self, loan_id: str) -> Row:
        """The facts of a receipt; `RunError` with the nearest id when the run has none."""
        found = self.rows("loan_facts", loan_id=loan_id)
        if not found:
            raise RunError("run.no_loan", path=self.name, loan=loan_id, nearest=self._nearest(loan_id))
        return found[0]

    def _nearest(self, loan_id: str) -> str:
        """The id most like another: looked for among its neighbours by the alphabet, read forwards and backwards."""
        ids = self.scan("loan_facts").select("loan_id")
        found: list[str] = []
        for key, wanted in ((pl.col("loan_id"), loan_id), (pl.col("loan_id").str.reverse(), loan_id[::-1])):
            for is_before in (True, False):
                side = ids.filter(key < wanted if is_before else key > wanted)
                near = side.sort(key, descending=is_before).head(_NEIGHBOURS).collect()
                found += near["loan_id"].to_list()
        return max(sorted(set(found)), key=lambda item: _likeness(item, loan_id), default="–")


def _file(run: Path, table: str) -> Path:
    return run / "tables" / f"{table}.parquet"


@contextmanager
def whole_tables(run: Path) -> Iterator[None]:
    """A result table that is gone, cut short or not a table is a `RunError`, not an error of the engine."""
    try:
        yield
    except (pl.exceptions.ComputeError, FileNotFoundError) as error:
        raise RunError("run.table_damaged", path=run.name, detail=str(error).partition("\n")[0]) from error


def load_table(run: Path, name: str) -> pl.DataFrame:
    """All rows of a small result table."""
    with whole_tables(run):
        return pl.read_parquet(_file(run, name))


def _likeness(left: str, right: str) -> tuple[float, int]:
    """How alike two ids are; of two alike, the one that begins alike is nearer."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    return SequenceMatcher(None, left, right).ratio(), len(list(same))


def _equals(column: str, value: object) -> pl.Expr:
    """A test on a column; codes are compared as text, so that a code outside the list finds nothing."""
    if value is None:
        return pl.col(column).is_null()
    cell = pl.col(column).cast(pl.String) if isinstance(value, str) else pl.col(column)
    return cell.eq(pl.lit(value))


def open_run(path: Path, journal: Iterable[Mapping[str, object]], read_inputs: ReadInputs | None = None) -> RunFolder:
    """Open a finished run by its folder and the rows of its journal; `RunError` when either is not complete."""
    manifest = Manifest.read(path / "manifest.json")
    bodies = [str(entry["body"]) for entry in journal if entry["entry_kind"] == ENTRY_KIND]
    if not bodies:
        raise RunError("run.not_finished", path=path.name)
    return RunFolder(path, manifest, clauses_of(json.loads(bodies[-1])), read_inputs)
