"""Write a made-up book, part by part, so that a book of any size needs the memory of one part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, TypeAlias

import polars as pl

from steadyrest.errors import UsageError
from steadyrest.schema import TABLES
from steadyrest.synth.dirt import BEGUN
from steadyrest.synth.dirt import dirt as dirt_rows
from steadyrest.synth.extracts import ExtractSink
from steadyrest.synth.ledger import Ledger
from steadyrest.synth.part import Place, part
from steadyrest.synth.pboc import PbocLayout
from steadyrest.synth.places import branch, institution
from steadyrest.synth.sinks import CsvSink, ParquetSink, Sink
from steadyrest.synth.witness import demo_snapshot, search, witness_tables
from steadyrest.text import LANGUAGES, label

PART_BORROWERS: Final = 50_000
MOST_LOANS: Final = 20_000_000
MOST_BORROWERS: Final = 14_000_000
"""Beyond it the made-up identity numbers would repeat."""
FIRST_AS_OF, LAST_AS_OF = date(2019, 7, 31), date(2099, 12, 31)
"""Receipts are drawn from the year in which the packaged bank calendar begins; terms must end within its dates."""
Layout: TypeAlias = Literal["pboc", "steadyrest", "extracts"]
MARKER: Final = "synthetic.json"
NOTE: Final = "SYNTHETIC.md"


@dataclass(frozen=True, slots=True)
class SynthSummary:
    """What was written: rows by file name, and the sum of the balances by currency in minor units.

    `loans` and `borrowers` are those drawn; witnesses come on top. `witnesses` are receipt ids, `impossible` those that
    no receipt can be, with the reason: `never_null` or `implied` (by another condition of the clause). `dirt` names by
    finding code what the row id of its finding contains. The balances are those of the ledger.
    """

    loans: int
    borrowers: int
    seed: int
    as_of: date
    layout: str
    files: dict[str, int]
    balances_fen: dict[str, int]
    witnesses: tuple[str, ...] = ()
    impossible: dict[str, str] = field(default_factory=dict)
    dirt: dict[str, str] = field(default_factory=dict)


def write_book(
    folder: Path,
    *,
    loans: int,
    borrowers: int | None = None,
    seed: int = 20220731,
    as_of: date = date(2022, 7, 31),
    layout: Layout = "pboc",
    dirt: bool = True,
    witnesses: bool = True,
) -> SynthSummary:
    """Write a made-up book of `loans` receipts into an empty folder, or over an older synthetic book.

    The same arguments give the same bytes. Layout `steadyrest` is Parquet in registry names, layout `pboc` CSV files
    of the official tables with the registry's own tables beside them, layout `extracts` the files of core and reporting
    systems (`synth.extracts`). The folder is marked as synthetic. With
    `witnesses` the book holds, for each condition of each clause in force on the as-of date (demonstration overlay
    included), a receipt that fails only that, one unknown only in that, and one on each side of its boundary.
    With `dirt` a CSV book holds a spoilt row for each finding code (`dirt.toml`); typed files hold none.

    Impossible numbers, an as-of date out of reach or a folder with other files are a `UsageError`.
    """
    people = borrowers if borrowers is not None else max(1, loans * 2 // 5)
    if not 1 <= people <= min(loans, MOST_BORROWERS) or loans > MOST_LOANS:
        raise UsageError("synth.counts", loans=loans, borrowers=people)
    if not FIRST_AS_OF <= as_of <= LAST_AS_OF:
        raise UsageError("synth.as_of", as_of=as_of, first=FIRST_AS_OF, last=LAST_AS_OF)
    _clear(folder)
    sink = _sink(folder, layout, as_of)
    ledger = Ledger()
    for tables in _tables(seed, people, loans, as_of):
        _add(sink, ledger, tables)
    with_witnesses = witnesses and layout != "extracts"  # their terms stand in no extract
    found, impossible = search(demo_snapshot(as_of)) if with_witnesses else ((), ())
    if found:
        _add(sink, ledger, witness_tables(found))
    soil = dirt_rows(as_of, 2 * len(found)) if dirt and isinstance(sink, CsvSink) else None
    if soil is not None and isinstance(sink, CsvSink):
        ledger.add(soil.loan)
        for name in BEGUN:
            sink.add(name, TABLES[name].empty())
        for line in soil.lines:
            sink.append(*line)
    sink.add("ledger_control", ledger.table())
    summary = SynthSummary(
        loans, people, seed, as_of, layout, sink.close(), ledger.by_currency(),
        tuple(item.goal.loan_id for item in found),
        {item.goal.loan_id: item.reason for item in impossible},
        soil.marks if soil else {},
    )  # fmt: skip
    _mark(folder, summary)
    return summary


def _sink(folder: Path, layout: Layout, as_of: date) -> Sink:
    if layout == "extracts":
        return ExtractSink(folder, as_of)
    return ParquetSink(folder) if layout == "steadyrest" else CsvSink(folder, PbocLayout())


def _tables(seed: int, borrowers: int, loans: int, as_of: date) -> Iterator[dict[str, pl.DataFrame]]:
    """The bank itself, then the parts of the book."""
    yield {"institution": institution(), "branch": branch()}
    for place in places_of(borrowers, loans):
        yield part(seed, place, as_of)


def _add(sink: Sink, ledger: Ledger, tables: dict[str, pl.DataFrame]) -> None:
    for name, frame in tables.items():
        sink.add(name, frame)
    if "loan" in tables:
        ledger.add(tables["loan"])


def places_of(borrowers: int, loans: int) -> Iterator[Place]:
    """The parts of a book: equal numbers of borrowers, and their share of the receipts."""
    for number, first in enumerate(range(0, borrowers, PART_BORROWERS)):
        last = min(first + PART_BORROWERS, borrowers)
        first_loan, last_loan = loans * first // borrowers, loans * last // borrowers
        yield Place(number, first, last - first, first_loan, last_loan - first_loan)


def _clear(folder: Path) -> None:
    """Make the folder, or remove the files of an older synthetic book from it."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(folder.iterdir())
    if found and not (folder / MARKER).is_file():
        raise UsageError("synth.folder", path=folder)
    marked = json.loads((folder / MARKER).read_text("utf-8"))["files"] if found else []
    for name in (*marked, NOTE, MARKER):
        (folder / name).unlink(missing_ok=True)


def _mark(folder: Path, summary: SynthSummary) -> None:
    """Say beside the files that no real customer is in them: for people, and for the reader of the book."""
    values = {"loans": summary.loans, "borrowers": summary.borrowers, "as_of": summary.as_of, "seed": summary.seed}
    lines = [f"# {label('synth.marker.title').both}", ""]
    lines += [label("synth.marker.text", **values)[language] + "\n" for language in LANGUAGES]
    (folder / NOTE).write_text("\n".join(lines), "utf-8")
    marker = {
        "synthetic": True,
        "seed": summary.seed,
        "generator": version("steadyrest"),
        "as_of": summary.as_of.isoformat(),
        "loans": summary.loans,
        "borrowers": summary.borrowers,
        "layout": summary.layout,
        "files": summary.files,
        "witnesses": list(summary.witnesses),
        "impossible": summary.impossible,
        "dirt": summary.dirt,
    }
    (folder / MARKER).write_text(json.dumps(marker, indent=1, ensure_ascii=False) + "\n", "utf-8")
