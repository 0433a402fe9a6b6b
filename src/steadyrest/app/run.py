"""The composition root: a book, rules and dates go in; a run folder comes out, whole or to be continued.

    read -> parts -> merge -> control totals -> journal -> report -> manifest

Every step leaves its result under its final name only when it is complete, and is not done again when it is there.
So a run that is killed and started again with the same inputs ends with the same bytes in everything but `run.log`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from steadyrest import exchange, policy, report
from steadyrest.app.finished import check_whole
from steadyrest.app.journal import journal
from steadyrest.app.request import WORK, Log, Progress, Request, silent
from steadyrest.app.totals import carried, controlled
from steadyrest.book import merge, parts
from steadyrest.book.content import file_sha256
from steadyrest.book.manifest import ControlTotal, FileFacts, Input, Manifest, TableFacts
from steadyrest.book.version import code_version
from steadyrest.desks.stage import Context
from steadyrest.errors import RunError, UsageError
from steadyrest.policy import PolicySnapshot
from steadyrest.rules.types import nearest
from steadyrest.store.journal import canonical

_WORKERS = 2
"""Parts in hand at once: what one leaves idle another uses, and memory stays that of two parts."""


def run(request: Request, progress: Progress = silent) -> Manifest:
    """Run a book, or go on with a run that was stopped; returns the manifest of the finished run folder.

    Raises `InputError` for a file that cannot be used, `PackError` for rules, `RunError` when the folder holds a run
    of other inputs, or a finished one that has lost a table or its journal. A folder whose run is finished and whole
    is left as it is.
    """
    for role, path in request.inputs.items():
        if not path.exists():
            if role == "mapping":
                raise UsageError("call.unknown_name", name=path, nearest=nearest(str(path), exchange.MAPPINGS))
            raise UsageError("call.missing_path", path=path)
    snapshot = snapshot_of(request)
    identity = _identity(request, snapshot)
    work = request.out / WORK
    if (request.out / "manifest.json").is_file():
        finished = Manifest.read(request.out / "manifest.json")
        _same(identity, finished.identity, request.out)
        check_whole(finished, request.out)
        shutil.rmtree(work, ignore_errors=True)
        return finished
    _begin(identity, request.out)
    log = Log(request.out / "run.log", progress)
    book = _read(request, work, log)
    folders = _process(request, snapshot, book, work, log)
    log.step("merge", 0, 1)
    unknown = ("households",) if "borrower_id" in book.lacks.get("loan", ()) else ()
    merged = merge.merge(folders, request.out / "tables", unknown)
    totals = (*carried(book, merged, request.out / "tables"), *controlled(merged, request.out / "tables"))
    manifest = _manifest(request, identity, snapshot, book, merged, totals)
    journal(manifest, snapshot, request.out)
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
    marker = out / WORK / "identity.json"
    if marker.is_file():
        _same(identity, json.loads(marker.read_text("utf-8")), out)
        return
    if out.exists() and any(path != marker.parent for path in out.iterdir()):
        raise RunError("run.not_empty", path=out)
    marker.parent.mkdir(parents=True, exist_ok=True)
    temporary = marker.with_suffix(".tmp")
    temporary.write_text(canonical(identity), "utf-8")
    temporary.rename(marker)


def _read(request: Request, work: Path, log: Log) -> exchange.BookRead:
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
            progress=lambda file, rows: log.progress("read", rows, 0),
        )
        temporary.rename(target)
    book = exchange.load_read(target)
    for note in book.notes:
        log.note(note)
    if not parts.is_stored(work / "reading"):
        found = {"finding": exchange.findings(target), "quarantine": exchange.quarantine(target)}
        parts.store(work / "reading", {name: rows.collect() for name, rows in found.items()})
    return book


def _process(request: Request, snapshot: PolicySnapshot, book: exchange.BookRead, work: Path, log: Log) -> list[Path]:
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


def _report(manifest: Manifest, snapshot: PolicySnapshot, request: Request) -> None:
    facts = report.gather(manifest, snapshot)
    tables = request.out / "tables"
    report.write_decisions(tables, facts, request.out)
    report.write_workbook(tables, facts, request.out / "workbook.xlsx")
    report.write_report(tables, facts, request.out / "report.html")
