"""The composition root: a book, rules and dates go in; a run folder comes out, whole or to be continued.

    read -> parts -> merge -> control totals -> journal -> report -> manifest

Every step leaves its result under its final name only when it is complete, and is not done again when it is there.
So a run that is killed and started again with the same inputs ends with the same bytes in everything but `run.log`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

import polars as pl

from steadyrest import exchange, policy, report, synth
from steadyrest.book import merge, parts
from steadyrest.book.clauses import ENTRY_KIND, snapshot_body
from steadyrest.book.content import file_sha256
from steadyrest.book.explain import Answer, Explanation, explain_cell, explain_loan, nothing_hidden
from steadyrest.book.manifest import ControlTotal, FileFacts, Input, Manifest, TableFacts
from steadyrest.book.run_folder import Row, open_run
from steadyrest.book.version import code_version
from steadyrest.desks.stage import Context
from steadyrest.errors import InputError, RunError, UsageError
from steadyrest.policy import PolicySnapshot
from steadyrest.schema import TABLES
from steadyrest.store.journal import Entry, canonical, read_journal, write_journal
from steadyrest.store.totals import duckdb_totals

Progress: TypeAlias = Callable[[str, int, int], None]
"""(step, done, of): how far a run is; a step is a key under the label `run.step`."""

PART_ROWS = 500_000
_DEMO_DAY = date(2022, 7, 31)
_WORK = ".work"
_WORKERS = 2
"""Parts in hand at once: what one leaves idle another uses, and memory stays that of two parts."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is made from. Dates default to `as_of`; `book` is a file or a folder."""

    book: Path
    out: Path
    as_of: date
    valid_on: date | None = None
    known_on: date | None = None
    mapping: str | None = None
    overlays: tuple[Path, ...] = ()
    evidence: Path | None = None
    decisions: Path | None = None
    unmask: bool = False
    with_report: bool = True
    part_rows: int = PART_ROWS

    @property
    def inputs(self) -> dict[str, Path]:
        """Everything that is read, by role."""
        named = {"book": self.book, "evidence": self.evidence, "decisions": self.decisions}
        named |= {f"overlay {number}": path for number, path in enumerate(self.overlays, start=1)}
        if self.mapping is not None and self.mapping not in exchange.MAPPINGS:
            named["mapping"] = Path(self.mapping)
        return {role: path for role, path in named.items() if path is not None}


def _silent(step: str, done: int, of: int) -> None:
    """Tells nobody."""


def run(request: Request, progress: Progress = _silent) -> Manifest:
    """Run a book, or go on with a run that was stopped; returns the manifest of the finished run folder.

    Raises `InputError` for a file that cannot be used, `PackError` for rules, `RunError` when the folder holds a run
    of other inputs. A folder whose run is finished is left as it is.
    """
    for path in request.inputs.values():
        if not path.exists():
            raise UsageError("call.missing_path", path=path)
    snapshot = snapshot_of(request)
    identity = _identity(request, snapshot)
    work = request.out / _WORK
    if (request.out / "manifest.json").is_file():
        finished = Manifest.read(request.out / "manifest.json")
        _same(identity, finished.identity, request.out)
        shutil.rmtree(work, ignore_errors=True)
        return finished
    _begin(identity, request.out)
    log = _Log(request.out / "run.log", progress)
    book = _read(request, work, log)
    folders = _process(request, snapshot, book, work, log)
    log.step("merge", 0, 1)
    merged = merge.merge(folders, request.out / "tables")
    totals = (*_carried(book, merged, request.out / "tables"), *_control(merged, request.out / "tables"))
    manifest = _manifest(request, identity, snapshot, book, merged, totals)
    _journal(manifest, snapshot, request.out)
    if request.with_report:
        log.step("report", 0, 1)
        _report(manifest, snapshot, request)
    manifest.write(request.out / "manifest.json")
    shutil.rmtree(work)
    log.step("done", 1, 1)
    return manifest


def snapshot_of(request: Request) -> PolicySnapshot:
    """The rules in force on the two dates of a request, as its overlays have them."""
    library = policy.load_library(request.overlays)
    return policy.resolve(library, request.valid_on or request.as_of, request.known_on or request.as_of)


class _Log:
    """The only place that asks a clock: progress for a person, and one line a step in `run.log`."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self.path, self.progress = path, progress

    def step(self, step: str, done: int, of: int) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(f"{now} {step} {done}/{of}\n")
        self.progress(step, done, of)


def _identity(request: Request, snapshot: PolicySnapshot) -> dict[str, str]:
    """What must be equal for a run to be the same run."""
    said: dict[str, object] = {
        "code_version": code_version(),
        "snapshot_hash": snapshot.hash,
        "as_of": request.as_of,
        "valid_on": snapshot.valid_on,
        "known_on": snapshot.known_on,
        "mapping": request.mapping or "",
        "unmask": request.unmask,
        "with_report": request.with_report,
        "part_rows": request.part_rows,
    }
    hashes = {f"sha256 {role}": file_sha256(path) for role, path in request.inputs.items()}
    return {name: str(value) for name, value in (said | hashes).items()}


def _same(identity: Mapping[str, str], found: Mapping[str, str], out: Path) -> None:
    differ = sorted(name for name in identity.keys() | found.keys() if identity.get(name) != found.get(name))
    if differ:
        raise RunError("run.other_inputs", path=out, fields=", ".join(differ))


def _begin(identity: Mapping[str, str], out: Path) -> None:
    """Claim the folder for this run, or make sure that it is ours."""
    marker = out / _WORK / "identity.json"
    if marker.is_file():
        _same(identity, json.loads(marker.read_text("utf-8")), out)
        return
    if out.exists() and any(path != marker.parent for path in out.iterdir()):
        raise RunError("run.not_empty", path=out)
    marker.parent.mkdir(parents=True, exist_ok=True)
    temporary = marker.with_suffix(".tmp")
    temporary.write_text(canonical(identity), "utf-8")
    temporary.rename(marker)


def _read(request: Request, work: Path, log: _Log) -> exchange.BookRead:
    """Step one: canonical tables by part, and the findings of reading stored like a part."""
    target = work / "read"
    if not target.exists():
        log.step("read", 0, 1)
        temporary = work / "read.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        exchange.read_book(
            request.book,
            mapping=request.mapping,
            evidence=request.evidence,
            decisions=request.decisions,
            into=temporary,
            part_rows=request.part_rows,
        )
        temporary.rename(target)
    book = exchange.load_read(target)
    if not parts.is_stored(work / "reading"):
        found = {"finding": exchange.findings(target), "quarantine": exchange.quarantine(target)}
        parts.store(work / "reading", {name: rows.collect() for name, rows in found.items()})
    return book


def _process(request: Request, snapshot: PolicySnapshot, book: exchange.BookRead, work: Path, log: _Log) -> list[Path]:
    """Steps two to eight, part by part; returns the stored folders in order."""
    source = request.decisions.name if request.decisions else ""
    context = Context(request.as_of, snapshot, source)
    load = partial(exchange.load_part, work / "read")
    folders = [work / "part" / f"{part:04d}" for part in range(book.parts)]
    waiting = [part for part, folder in enumerate(folders) if not parts.is_stored(folder)]
    log.step("part", book.parts - len(waiting), book.parts)

    def work_on(part: int) -> None:
        parts.store(folders[part], parts.run_part(load, part, context))

    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            for done, _ in enumerate(pool.map(work_on, waiting), start=book.parts - len(waiting) + 1):
                log.step("part", done, book.parts)
        finally:
            pool.shutdown(cancel_futures=True)
    return [work / "reading", *folders]


def _carried(book: exchange.BookRead, merged: Mapping[str, merge.Merged], tables: Path) -> Iterator[ControlTotal]:
    """Totals in = out: the receipts that reading accepted against the receipts of the facts, counted by DuckDB."""
    accepted = sum(file.rows_accepted for file in book.files if file.table == "loan")
    found = duckdb_totals(tables / "loan_facts.parquet", ("balance_fen",), by="currency")
    yield _tied("loan", "rows", "", accepted, sum(amounts["rows"] for amounts in found.values()))
    loans = pl.scan_ipc(sorted((book.folder / "loan").glob("*.arrow"))).group_by("currency")
    for currency, fen in loans.agg(pl.col("balance_fen").sum()).sort("currency").collect().iter_rows():
        yield _tied("loan", "balance_fen", currency, fen, found[currency]["balance_fen"])


def _control(merged: Mapping[str, merge.Merged], tables: Path) -> tuple[ControlTotal, ...]:
    """Rows and money of every table as Polars summed them in memory and as DuckDB finds them in the files."""
    return tuple(total for name, facts in merged.items() for total in _control_table(name, facts, tables))


def _control_table(name: str, facts: merge.Merged, tables: Path) -> Iterator[ControlTotal]:
    fields = tuple(next(iter(facts.sums.values()), {}))
    by = "currency" if any(facts.sums) else None
    found = duckdb_totals(tables / f"{name}.parquet", fields, by=by)
    yield _tied(name, "rows", "", facts.rows, sum(part["rows"] for part in found.values()))
    for currency, amounts in sorted(facts.sums.items()):
        for field, amount in amounts.items():
            yield _tied(name, field, currency, amount, found.get(currency, {}).get(field, 0))


def _tied(table: str, field: str, currency: str, polars: int, duckdb: int) -> ControlTotal:
    if polars != duckdb:
        raise RunError("run.totals_differ", table=table, field=field)
    return ControlTotal(table=table, field=field, currency=currency, polars=polars, duckdb=duckdb)


def _manifest(
    request: Request,
    identity: Mapping[str, str],
    snapshot: PolicySnapshot,
    book: exchange.BookRead,
    merged: Mapping[str, merge.Merged],
    totals: tuple[ControlTotal, ...],
) -> Manifest:
    inputs = tuple(
        Input(role=role, path=str(path), sha256=identity[f"sha256 {role}"]) for role, path in request.inputs.items()
    )
    return Manifest(
        identity=dict(identity),
        code_version=identity["code_version"],
        as_of=request.as_of,
        valid_on=snapshot.valid_on,
        known_on=snapshot.known_on,
        mapping=book.mapping,
        inputs=inputs,
        overlays=tuple(str(path) for path in request.overlays),
        evidence=str(request.evidence) if request.evidence else None,
        decisions=str(request.decisions) if request.decisions else None,
        snapshot_hash=snapshot.hash,
        files=tuple(
            FileFacts(file.name, file.table, file.rows_read, file.rows_accepted, file.rows_quarantined, file.sha256)
            for file in book.files
        ),
        lacks={table: tuple(columns) for table, columns in book.lacks.items()},
        tables={name: TableFacts(facts.rows, facts.content_hash) for name, facts in merged.items()},
        control_totals=totals,
        is_synthetic=book.is_synthetic,
        is_unmasked=request.unmask,
        parts=book.parts,
        part_rows=request.part_rows,
    )


def _journal(manifest: Manifest, snapshot: PolicySnapshot, out: Path) -> None:
    """Write the journal whole: inputs, rules, what people decided, what was amended, and the results' hashes."""
    temporary = out / _WORK / "journal.sqlite"
    temporary.unlink(missing_ok=True)
    write_journal(temporary, _entries(manifest, snapshot, out / "tables"))
    temporary.rename(out / "journal.sqlite")


def _entries(manifest: Manifest, snapshot: PolicySnapshot, tables: Path) -> Iterator[Entry]:
    on = manifest.as_of
    yield Entry(
        "inputs", "inputs", on, {item.role: {"path": item.path, "sha256": item.sha256} for item in manifest.inputs}
    )
    yield Entry(ENTRY_KIND, snapshot.hash, on, snapshot_body(snapshot))
    for kind, key in (("decision", ("loan_id", "option_no", "decision")), ("amendment", ("loan_id", "option_no"))):
        for row in report.plain_rows(tables, kind):
            yield Entry(kind, ":".join((kind, *(str(row[name]) for name in key))), on, row)
    results = {
        name: {"rows": facts.rows, "content_hash": facts.content_hash} for name, facts in manifest.tables.items()
    }
    yield Entry("results", "results", on, results)


def _report(manifest: Manifest, snapshot: PolicySnapshot, request: Request) -> None:
    facts = report.gather(manifest, snapshot)
    tables = request.out / "tables"
    report.write_decisions(tables, facts, request.out)
    report.write_workbook(tables, facts, request.out / "workbook.xlsx")
    report.write_report(tables, facts, request.out / "report.html")


def explain(
    run_folder: Path,
    loan_id: str,
    table: str | None = None,
    column: str | None = None,
    *,
    book: Path | None = None,
    unmask: bool = False,
) -> Answer:
    """Why a receipt, or one column of its rows in a result table, is what it is.

    Inputs that are not in the run are read from the original book, or from `book` where it lies now; without it the
    explanation names them as not at hand. Raises `RunError` for what the run does not hold.
    """
    if (table is None) != (column is None):
        raise UsageError("call.table_and_column")
    manifest = Manifest.read(run_folder / "manifest.json")
    source = book or next(Path(item.path) for item in manifest.inputs if item.role == "book")
    reader = partial(_inputs, manifest, source) if source.exists() else None
    opened = open_run(run_folder, read_journal(run_folder / "journal.sqlite"), reader)
    found: Explanation
    if table is None or column is None:
        found = explain_loan(opened, loan_id)
    else:
        found = explain_cell(opened, loan_id, table, column)
    return Answer(found, nothing_hidden if unmask else report.masker)


def _inputs(manifest: Manifest, book: Path, loan_id: str) -> dict[str, list[Row]]:
    """The rows of the original book that belong to one receipt and its borrower, read again."""
    roles = {item.role: item for item in manifest.inputs}
    if file_sha256(book) != roles["book"].sha256:
        raise InputError("input.changed", path=book)
    mapping = roles["mapping"].path if "mapping" in roles else manifest.mapping
    with tempfile.TemporaryDirectory() as folder:
        read = exchange.read_book(
            book,
            mapping=mapping,
            evidence=_path(manifest.evidence),
            decisions=_path(manifest.decisions),
            into=Path(folder) / "read",
            part_rows=manifest.part_rows,
        )
        return _rows_of(read, loan_id)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _rows_of(read: exchange.BookRead, loan_id: str) -> dict[str, list[Row]]:
    """Rows by table: those of the receipt, and those of its borrower where a table is kept by borrower."""
    found: dict[str, list[Row]] = {}
    for part in range(read.parts):
        loan = exchange.load_part(read.folder, "loan", part).filter(pl.col("loan_id") == loan_id)
        if not loan.height:
            continue
        borrower = loan["borrower_id"][0]
        for name in (table for table in read.tables if table in TABLES):
            frame = exchange.load_part(read.folder, name, part)
            keys = {"loan_id": loan_id, "borrower_id": borrower, "from_borrower_id": borrower}
            mine = next((pl.col(key) == value for key, value in keys.items() if key in frame.columns), None)
            if mine is not None:
                found[name] = frame.filter(mine).to_dicts()
    return found


def demo(folder: Path, loans: int, progress: Progress = _silent) -> tuple[Request, Manifest]:
    """The whole road on a synthetic book below `folder`: proposals, decisions on them, and the run that signs.

    `book`, `proposals` and `decisions.csv` are kept when they are there; the finished run stands in `run`.
    """
    book, overlay, sheet = folder / "book", policy.packs_folder() / "demo_overlay", folder / "decisions.csv"
    if not (book / "synthetic.json").is_file():
        synth.write_book(book, loans=loans)
    first = Request(book=book, out=folder / "proposals", as_of=_DEMO_DAY, overlays=(overlay,), with_report=False)
    if not sheet.is_file():
        run(first, progress)
        synth.sample_decisions(first.out / "tables", first.as_of).write_csv(sheet)
    request = replace(first, out=folder / "run", decisions=sheet, with_report=True)
    return request, run(request, progress)
