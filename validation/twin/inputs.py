"""The input tables of a run, read again from the files by the mapping, row by row.

Rows the run quarantined are left out: which they are is part of what the run says, and its counts are tied there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from steadyrest.book.content import file_sha256
from steadyrest.schema import TABLES, Column, Kind, Table
from validation.twin.cells import Spec, months_after, value
from validation.twin.run import Manifest, quarantined
from validation.twin.tape import Raw, Tape, read

Row = Mapping[str, Any]

SHEET_DATES = ("YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "serial")


@dataclass(frozen=True)
class Source:
    """One kind of file: the columns it must have, and the tables it feeds; the first is the counted one."""

    name: str
    header: frozenset[str]
    tables: Mapping[str, Sequence[Spec]]
    is_sheet: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every column name the source knows."""
        return frozenset(name for specs in self.tables.values() for spec in specs for name in spec.sources)

    @property
    def names_borrowers(self) -> bool:
        """Whether its loans carry the id of a borrower, and not something that stands in for it."""
        ids = [spec for spec in self.tables.get("loan", ()) if spec.column.name == "borrower_id"]
        return any("stand_in" not in spec.more for spec in ids)


def read_inputs(run: Manifest, folder: Path) -> tuple[dict[str, list[Row]], bool]:
    """Every input table as rows with registered names and values, and whether the files name the borrowers of loans;
    an input that has changed since is a `ValueError`."""
    for role, path in run.inputs.items():
        if file_sha256(path) != run.hashes[role]:
            raise ValueError(f"{role} {path.name} is not that of the run")
    sources, owners_by_link = mapping(str(run.inputs.get("mapping", run.raw["mapping"])))
    aside = quarantined(folder)
    tables: dict[str, list[Row]] = {}
    keys: dict[str, set[tuple[Any, ...]]] = {}
    names_borrowers = False
    for path, name, only in _files(run):
        for tape in read(path, name):
            source = _recognised(tape, _registered(TABLES[only]) if only else sources)
            if source is not None:
                _add(tape, source, aside, tables, keys)
                names_borrowers |= source.names_borrowers
    if owners_by_link:
        _make_owners(tables)
    return tables, names_borrowers


def _files(run: Manifest) -> Iterator[tuple[Path, str, str]]:
    """Every file once, in the order in which it was read, and the one table it may hold when it was named."""
    book = run.inputs["book"]
    named = {run.inputs[role].name: (run.inputs[role], table) for role, table in BESIDE.items() if role in run.inputs}
    seen: set[str] = set()
    for entry in run.raw["files"]:
        name = entry["name"].partition("#")[0]
        if name in seen:
            continue
        seen.add(name)
        if name in named and entry["table"] == named[name][1]:
            yield named[name][0], name, named[name][1]
        else:
            yield (book / name if book.is_dir() else book), name, ""


BESIDE = {"evidence": "evidence", "decisions": "decision"}
"""Files handed over beside the book, and the table each may hold."""


def _recognised(tape: Tape, sources: Sequence[Source]) -> Source | None:
    """Of the sources whose required columns the file has, the one that knows most of its columns; of equals the one
    that is named like the file."""
    header, stem = frozenset(tape.header), Path(tape.name.partition("#")[0]).stem
    fitting = [source for source in sources if source.header <= header]
    return max(fitting, key=lambda source: (len(source.names & header), source.name == stem), default=None)


def _add(
    tape: Tape,
    source: Source,
    aside: set[tuple[str, int]],
    tables: dict[str, list[Row]],
    keys: dict[str, set[tuple[Any, ...]]],
) -> None:
    first = next(iter(source.tables))
    for number, raw in tape.rows:
        if (tape.name, number) in aside or (source.is_sheet and _is_note(raw)):
            continue
        for table, specs in source.tables.items():
            row = _row(TABLES[table], specs, raw)
            key = tuple(row[name] for name in TABLES[table].key)
            seen = keys.setdefault(table, set())
            if not _is_whole(TABLES[table], row) or (table != first and key in seen):
                continue
            seen.add(key)
            tables.setdefault(table, []).append(row)


def _is_whole(table: Table, row: Row) -> bool:
    """Whether a row has everything that every row must have; the decision sheet has rows that are still open."""
    return all(row[column.name] is not None for column in table.columns if column.required or column.name in table.key)


def _row(table: Table, specs: Sequence[Spec], raw: Raw) -> Row:
    row: dict[str, Any] = dict.fromkeys(table.names)
    row |= {spec.column.name: value(spec, raw) for spec in specs}
    for spec in specs:
        if "months_after" in spec.more:
            row[spec.column.name] = months_after(row[spec.more["months_after"]], row[spec.column.name])
    return row


def _is_note(raw: Raw) -> bool:
    first = next((cell for cell in raw.values() if cell), "")
    return str(first).startswith("#")


def _make_owners(tables: dict[str, list[Row]]) -> None:
    """A person with an `owner_of` link is an owner."""
    owners = {row["from_borrower_id"] for row in tables.get("customer_link", ()) if row["link_kind"] == "owner_of"}
    tables["enterprise"] = [
        {**row, "borrower_kind": "owner"} if row["borrower_kind"] == "person" and row["borrower_id"] in owners else row
        for row in tables.get("enterprise", ())
    ]


# --- mappings ---


def mapping(name: str) -> tuple[list[Source], bool]:
    """The sources of a shipped mapping or of a YAML file, and whether owners are known by their links."""
    shipped = resources.files("steadyrest") / "exchange" / "mappings" / f"{name}.yaml"
    text = shipped.read_text("utf-8") if shipped.is_file() else Path(name).read_text("utf-8-sig")
    top = yaml.load(text, Loader=yaml.BaseLoader)  # everything stays text: codes are never numbers
    sources = [_source(name, entry) for name, entry in (top.get("sources") or {}).items()]
    for table in top.get("registry") or ():
        sources += _registered(TABLES[table])
    return sources, str(top.get("owners_by_link", "")) == "true"


def _source(name: str, entry: Mapping[str, Any]) -> Source:
    tables = {
        table: [_spec(TABLES[table][name], more or {}) for name, more in columns.items()]
        for table, columns in entry["tables"].items()
    }
    return Source(name, frozenset(_listed(entry["header"])), tables)


def _spec(column: Column, more: Mapping[str, Any]) -> Spec:
    kept = {**more, **{name: _listed(more[name]) for name in ("missing", "slice", "true", "false") if name in more}}
    dates = tuple(_listed(more["dates"])) if "dates" in more else Spec(column).dates
    return Spec(column, tuple(_listed(more.get("from", ()))), more.get("unit", ""), dates, kept)


def _registered(table: Table) -> list[Source]:
    """A registered table under its own names and units, and as a sheet with bilingual header, yuan and percent."""
    needed = [column for column in table.columns if column.required or column.name in table.key]
    plain = [
        Spec(column, (column.name,), {Kind.MONEY: "fen", Kind.RATE: "e7"}.get(column.kind, ""))
        for column in table.columns
    ]
    sheet = [
        Spec(column, (_header(column),), {Kind.MONEY: "yuan", Kind.RATE: "percent"}.get(column.kind, ""), SHEET_DATES)
        for column in table.columns
    ]
    return [
        Source(table.name, frozenset(column.name for column in needed), {table.name: plain}),
        Source(
            f"{table.name} sheet", frozenset(_header(column) for column in needed), {table.name: sheet}, is_sheet=True
        ),
    ]


def _header(column: Column) -> str:
    return f"{column.label.zh}\n{column.label.en}"


def _listed(entry: Any) -> Sequence[str]:
    return [entry] if isinstance(entry, str) else list(entry)
