"""Recompute a run borrower by borrower, in several processes, and count the cell groups that agree."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from steadyrest.policy import PolicySnapshot, load_library, resolve
from validation.report import Report
from validation.twin.book import Book, book_of
from validation.twin.compare import Difference, differences
from validation.twin.expect import Expected, clause_rows, expect, merged, month_rows
from validation.twin.inputs import read_inputs
from validation.twin.run import BY_LOAN, KEYS, Found, found, manifest

Row = Mapping[str, Any]

CHUNK = 50
SHOWN_A_CHUNK = 5


@dataclass
class Job:
    """What every process reads and none writes."""

    book: Book
    snapshot: PolicySnapshot
    as_of: date
    found: Found


@dataclass
class Outcome:
    """Counts of one chunk of borrowers, the first differences, and its share of the totals."""

    passed: int = 0
    failed: int = 0
    different: list[Difference] = field(default_factory=list)
    totals: Expected = field(default_factory=Expected)


_JOB: list[Job] = []


def check(folder: Path, book: Path | None, jobs: int, show: int, report: Report) -> None:
    """Compare every cell; a case is one receipt in one table, or one row of a table of totals."""
    run = manifest(folder, book)
    inputs, names_borrowers = read_inputs(run, folder)
    as_of = run.day("as_of")
    snapshot = resolve(load_library(run.overlays), run.day("valid_on"), run.day("known_on"))
    same = snapshot.hash == run.raw["snapshot_hash"]
    report.check("snapshot", same, "the policy packs are not those of the run")
    _JOB[:] = [Job(book_of(inputs), snapshot, as_of, found(folder))]
    outcomes = _run(_JOB[0].book.borrowers(), jobs)
    shown = [item for outcome in outcomes for item in outcome.different][:show]
    for outcome in outcomes:
        report.passed(outcome.passed)
        report.failed_count += outcome.failed
    shown += _check_totals(merged([outcome.totals for outcome in outcomes]), names_borrowers, show, report)
    shown += _check_strangers(report)
    for item in shown[:show]:
        print(item)


def _run(borrowers: Sequence[str], jobs: int) -> list[Outcome]:
    chunks = [borrowers[start : start + CHUNK] for start in range(0, len(borrowers), CHUNK)]
    if jobs == 1:
        return [_check_chunk(chunk) for chunk in chunks]
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        return pool.map(_check_chunk, chunks, chunksize=1)


def _check_chunk(borrowers: Sequence[str]) -> Outcome:
    job = _JOB[0]
    outcome = Outcome()
    parts = [part for borrower in borrowers if (part := _expected(job, borrower, outcome)) is not None]
    for part in parts:
        for table, receipts in part.rows.items():
            for loan_id, rows in receipts.items():
                theirs = job.found.rows[table].get(loan_id, [])
                if rows or theirs:
                    _count(outcome, _columns(job, table), table, rows, theirs)
    outcome.totals = merged(parts)
    return outcome


def _expected(job: Job, borrower: str, outcome: Outcome) -> Expected | None:
    """What a run must say of one borrower; a borrower that cannot be recomputed is a failed case, not a skipped one."""
    try:
        return expect(job.book, job.snapshot, borrower, job.as_of)
    except Exception as fault:
        outcome.failed += 1
        outcome.different.append(Difference("(borrower)", borrower, type(fault).__name__, "rows", fault))
        return None


def _count(outcome: Outcome, columns: Sequence[str], table: str, ours: Sequence[Row], theirs: Sequence[Row]) -> None:
    different = differences(table, KEYS[table], columns, ours, theirs)
    outcome.failed += bool(different)
    outcome.passed += not different
    room = SHOWN_A_CHUNK - len(outcome.different)
    outcome.different += different[: max(room, 0)]


def _columns(job: Job, table: str) -> tuple[str, ...]:
    """The columns of the run; of a table that was not written, the key alone."""
    return job.found.columns[table] or KEYS[table]


def _check_totals(total: Expected, names_borrowers: bool, show: int, report: Report) -> list[Difference]:
    job = _JOB[0]
    shown: list[Difference] = []
    for table, rows in (("cash_flow_month", month_rows(total.months)), ("clause_result", clause_rows(total.clauses))):
        ours = rows if names_borrowers else [{**row, "households": None} for row in rows]
        different = differences(table, KEYS[table], _columns(job, table), ours, job.found.rows[table].get("", []))
        bad = {item.row for item in different}
        report.passed(len(ours) - len(bad & {" ".join(str(row[name]) for name in KEYS[table]) for row in ours}))
        report.failed_count += len(bad)
        shown += different[:show]
    return shown


def _check_strangers(report: Report) -> list[Difference]:
    """Rows of the run that belong to no receipt of the inputs."""
    job = _JOB[0]
    known = {loan["loan_id"] for loans in job.book.by_borrower["loan"].values() for loan in loans}
    shown = [
        Difference(table, loan_id, "row", "(no row)", "a row")
        for table in BY_LOAN
        for loan_id in sorted(set(job.found.rows[table]) - known)
    ]
    report.failed_count += len(shown)
    return shown
