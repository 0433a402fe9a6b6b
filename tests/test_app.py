"""The whole run: whole or to be continued, the same content however it is cut, and nothing of another run touched."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from steadyrest import app, synth
from steadyrest.book.manifest import Manifest
from steadyrest.errors import RunError, UsageError
from steadyrest.store.journal import verify_journal, write_journal

AS_OF = date(2022, 7, 31)


class _Killed(BaseException):
    """Stands for a process that ends at once."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book") / "book"
    synth.write_book(folder, loans=1_000, as_of=AS_OF, witnesses=False)
    return folder


@pytest.fixture(scope="module")
def request_(book: Path, tmp_path_factory: pytest.TempPathFactory) -> app.Request:
    out = tmp_path_factory.mktemp("run") / "whole"
    return app.Request(book=book, out=out, as_of=AS_OF, part_rows=300)


@pytest.fixture(scope="module")
def whole(request_: app.Request) -> Manifest:
    return app.run(request_)


def _bytes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "run.log")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _after(last: int) -> app.Progress:
    """A progress callback that kills the run at its step number `last`."""
    seen = 0

    def stop(step: str, done: int, of: int) -> None:
        nonlocal seen
        seen += 1
        if seen > last:
            raise _Killed

    return stop


def test_a_run_leaves_what_the_manual_promises(request_: app.Request, whole: Manifest) -> None:
    found = set(_bytes(request_.out)) | {"run.log"}
    named = {
        "manifest.json",
        "journal.sqlite",
        "workbook.xlsx",
        "report.html",
        "run.log",
        "decisions.xlsx",
        "decisions.csv",
    }
    assert found == named | {f"tables/{name}.parquet" for name in whole.tables}
    assert all(total.ties for total in whole.control_totals)
    assert verify_journal(request_.out / "journal.sqlite") >= 3
    assert Manifest.read(request_.out / "manifest.json") == whole


def test_rows_in_are_rows_out(request_: app.Request, whole: Manifest) -> None:
    assert all(file.rows_read == file.rows_accepted + file.rows_quarantined for file in whole.files)
    accepted = sum(file.rows_accepted for file in whole.files if file.table == "loan")
    assert accepted == whole.tables["loan_facts"].rows == whole.tables["eligibility"].rows


def test_a_run_killed_at_any_step_goes_on_and_ends_with_the_same_bytes(
    request_: app.Request, whole: Manifest, tmp_path: Path
) -> None:
    steps: list[str] = []
    app.run(replace(request_, out=tmp_path / "count"), lambda step, done, of: steps.append(step))
    expected = _bytes(request_.out)
    assert _bytes(tmp_path / "count") == expected
    again = replace(request_, out=tmp_path / "again")
    killed = 0
    for last in range(len(steps)):
        try:
            app.run(again, _after(last))
        except _Killed:
            killed += 1
    assert killed >= whole.parts + 3, "reading, every part, merging and reporting"
    assert app.run(again) == whole
    assert _bytes(again.out) == expected


def test_a_process_killed_at_some_moment_goes_on(request_: app.Request, whole: Manifest, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "steadyrest.cli", "run", str(request_.book), "--as-of", str(AS_OF)]
    command += ["--out", str(out), "--part-rows", "300", "--json"]
    for seconds in (1.5, 2.5, 4.0):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0
    assert _bytes(out) == _bytes(request_.out)


@pytest.mark.parametrize("part_rows", [10_000, 450, 120])
def test_content_does_not_depend_on_the_parts(
    request_: app.Request, whole: Manifest, tmp_path: Path, part_rows: int
) -> None:
    other = app.run(replace(request_, out=tmp_path / "run", part_rows=part_rows, with_report=False))
    assert other.parts != whole.parts or part_rows == request_.part_rows
    assert {name: table.content_hash for name, table in other.tables.items()} == {
        name: table.content_hash for name, table in whole.tables.items()
    }


def test_content_does_not_depend_on_the_order_of_rows(request_: app.Request, whole: Manifest, tmp_path: Path) -> None:
    shuffled = tmp_path / "book"
    shuffled.mkdir()
    for path in request_.book.iterdir():
        (shuffled / path.name).write_bytes(path.read_bytes())
    terms = shuffled / "loan_terms.csv"
    pl.read_csv(terms, infer_schema=False).sample(fraction=1.0, shuffle=True, seed=7).write_csv(terms)
    other = app.run(replace(request_, book=shuffled, out=tmp_path / "run", with_report=False))
    names = set(whole.tables) - {"finding"}
    assert {name: other.tables[name].content_hash for name in names} == {
        name: whole.tables[name].content_hash for name in names
    }


def _run_again(request_: app.Request, tmp_path: Path, spoil: Callable[[Path], object]) -> RunError:
    """The refusal of a copy of the finished run of which a file was spoilt."""
    shutil.copytree(request_.out, tmp_path / "copy")
    spoil(tmp_path / "copy")
    with pytest.raises(RunError) as caught:
        app.run(replace(request_, out=tmp_path / "copy"))
    return caught.value


@pytest.mark.parametrize("file", ["tables/option.parquet", "tables/clause_result.parquet", "journal.sqlite"])
def test_a_finished_run_that_lost_a_file_is_refused_by_its_name(
    request_: app.Request, whole: Manifest, file: str, tmp_path: Path
) -> None:
    error = _run_again(request_, tmp_path, lambda out: (out / file).unlink())
    assert (error.code, error.values["file"]) == ("run.file_lost", file)


def test_a_finished_run_with_a_table_of_other_rows_is_refused(
    request_: app.Request, whole: Manifest, tmp_path: Path
) -> None:
    def shorten(out: Path) -> None:
        file = out / "tables" / "loan_facts.parquet"
        pl.read_parquet(file).head(10).write_parquet(file)

    error = _run_again(request_, tmp_path, shorten)
    assert error.code == "run.rows_differ"
    assert (error.values["found"], error.values["rows"]) == (10, whole.tables["loan_facts"].rows)


@pytest.mark.parametrize(
    ("file", "code"), [("tables/cash_flow.parquet", "run.table_damaged"), ("journal.sqlite", "run.journal_unusable")]
)
def test_a_finished_run_with_a_damaged_file_is_refused(
    request_: app.Request, whole: Manifest, file: str, code: str, tmp_path: Path
) -> None:
    error = _run_again(request_, tmp_path, lambda out: (out / file).write_bytes(b"not what it was"))
    assert error.code == code


def test_a_finished_run_with_an_empty_journal_is_refused(
    request_: app.Request, whole: Manifest, tmp_path: Path
) -> None:
    def empty(out: Path) -> None:
        (out / "journal.sqlite").unlink()
        write_journal(out / "journal.sqlite", ())

    assert _run_again(request_, tmp_path, empty).code == "run.journal_broken"


def test_a_finished_run_is_left_as_it_is(request_: app.Request, whole: Manifest) -> None:
    before = _bytes(request_.out)
    assert app.run(request_) == whole
    assert _bytes(request_.out) == before


def test_a_folder_with_a_run_of_other_inputs_is_refused(request_: app.Request, whole: Manifest) -> None:
    with pytest.raises(RunError) as caught:
        app.run(replace(request_, as_of=date(2022, 8, 31)))
    assert caught.value.code == "run.other_inputs"
    assert "as_of" in str(caught.value)


def test_a_folder_with_something_else_in_it_is_refused(request_: app.Request, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(RunError) as caught:
        app.run(replace(request_, out=tmp_path))
    assert caught.value.code == "run.not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_book_that_is_not_there_is_named(request_: app.Request, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        app.run(replace(request_, book=tmp_path / "nothing", out=tmp_path / "out"))
    assert "nothing" in str(caught.value)


@pytest.mark.parametrize("name", ["as_of", "valid_on", "known_on"])
@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2200, 1, 1)])
def test_a_day_no_file_may_hold_is_refused_before_anything_is_read(name: str, day: date, tmp_path: Path) -> None:
    days: dict[str, Any] = {"as_of": AS_OF, name: day}
    with pytest.raises(UsageError) as caught:
        app.Request(book=tmp_path, out=tmp_path / "out", **days)
    assert (caught.value.code, caught.value.values["option"]) == ("call.date_range", name)
    assert not (tmp_path / "out").exists()
