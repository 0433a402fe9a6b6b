"""Every command: one JSON object with `--json`, text in either language without, and the exit codes of a check."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from rich.cells import cell_len

from steadyrest import policy, reference
from steadyrest.cli.main import app
from steadyrest.policy import ScenarioReport
from steadyrest.text import label
from tests.cli.called import Called, call
from tools import make_docs

_CLAUSE = "cn.cbirc.2022-70.n2"
_READING: list[tuple[tuple[str, ...], set[str]]] = [
    (("packs", "list", "--valid-on", "2022-07-31"), {"clauses", "hash"}),
    (("packs", "show", _CLAUSE, "--valid-on", "2022-07-31"), {"id", "conditions", "state"}),
    (("packs", "diff", "2022-05-01", "2022-07-31"), {"from", "to", "changes"}),
    (("reference", "list"), {"lpr", "calendar"}),
    (("explain", "{run}", "{loan}"), {"kind", "title", "facts"}),
    (("explain", "{run}", "{loan}", "--table", "amendment", "--column", "interest_after_fen"), {"kind", "parts"}),
]


@pytest.mark.parametrize(("args", "keys"), _READING)
def test_a_command_speaks_three_ways(
    args: tuple[str, ...], keys: set[str], run: tuple[Path, Called], loan: str
) -> None:
    said = [text.format(run=run[0], loan=loan) for text in args]
    zh, en = call(*said), call(*said, STEADYREST_LANG="en")
    assert (zh.code, en.code, zh.err, en.err) == (0, 0, "", "")
    assert "" != zh.out != en.out
    assert call(*said, "--lang", "en").out == en.out
    asked = call(*said, "--json")
    assert (asked.code, asked.err) == (0, "")
    assert keys <= asked.json.keys()


def _commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    yield from make_docs.walk(typer.main.get_command(app), ())


@pytest.mark.parametrize("words", [words for words, _ in _commands()], ids=" ".join)
def test_every_command_has_help_json_and_a_text_for_each_option(words: tuple[str, ...]) -> None:
    found = call(*words, "--help")
    assert (found.code, found.err) == (0, "")
    command = dict(_commands())[words]
    options = {name for item in command.params for name in item.opts}
    assert "--json" in options
    assert ("--lang" in options) == (words != ("version",))
    assert "/" in command.help
    assert all(item.help for item in command.params if item.name != "help")


def test_version_is_the_same_in_json() -> None:
    assert call("version").out.strip() == call("version", "--json").json["version"]


@pytest.mark.parametrize(
    "args", [("template", "t.xlsx"), ("synth", "book", "--loans", "20", "--layout", "steadyrest"), ("packs", "test")]
)
def test_a_command_that_makes_something_says_so_in_the_language_asked_for(
    args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    zh, en = call(*args, "--lang", "zh"), call(*args, "--lang", "en")
    assert (zh.code, en.code, zh.err, en.err) == (0, 0, "", "")
    assert "" != zh.out != en.out
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in en.out)


def test_the_demo_prints_its_manifest_and_nothing_else(tmp_path: Path) -> None:
    found = call("demo", "--out", tmp_path, "--loans", 1000, "--json")
    assert (found.code, found.err) == (0, "")
    assert (found.json["run"], found.json["is_synthetic"]) == (str(tmp_path / "run"), True)
    assert (tmp_path / "run" / "report.html").is_file()


def test_progress_goes_to_standard_error_alone(book: Path, tmp_path: Path) -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm"}
    args = ("run", book, "--as-of", "2022-07-31", "--out", tmp_path / "run", "--no-report", "--json", "--lang", "en")
    found = call(*args, **terminal)
    assert found.json["run"] == str(tmp_path / "run")
    assert label("run.step.part").en in found.err


def test_template_comes_back_as_a_workbook(tmp_path: Path) -> None:
    assert call("template", tmp_path / "t.xlsx", "--json").json == {"template": str(tmp_path / "t.xlsx")}
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_reference_update_takes_a_table(tmp_path: Path) -> None:
    reference.table("lpr").write_csv(tmp_path / "lpr.csv")
    options = ("--source", "x", "--verified-on", "2024-11-20", "--folder", tmp_path / "own", "--json")
    found = call("reference", "update", "lpr", tmp_path / "lpr.csv", *options)
    assert (found.code, found.json["rows"]) == (0, reference.table("lpr").height)


def test_validate_counts_rows_and_fails_on_quarantined_ones(book: Path) -> None:
    asked = call("validate", book, "--json")
    files = asked.json["files"]
    assert asked.code == 1
    assert sum(file["rows_quarantined"] for file in files) > 0
    for file in files:
        assert file["rows_read"] == file["rows_accepted"] + file["rows_quarantined"]
    shown = call("validate", book, "--lang", "en")
    assert shown.code == 1
    for row in asked.json["findings"]:
        assert f"{row['code']}  " in shown.out


def test_validate_of_a_clean_book_ends_with_zero(tmp_path: Path) -> None:
    assert call("synth", tmp_path / "clean", "--loans", 20, "--no-dirt", "--json").code == 0
    assert call("validate", tmp_path / "clean", "--json").code == 0


def test_run_prints_its_manifest_and_goes_on_where_it_is_done(run: tuple[Path, Called], book: Path) -> None:
    folder, first = run
    assert (first.code, first.err) == (0, "")
    assert first.json["run"] == str(folder)
    assert first.json["is_synthetic"] is True
    overlay = ("--overlay", policy.packs_folder() / "demo_overlay", "--decisions", folder.parent / "decisions.csv")
    again = call("run", book, "--as-of", "2022-07-31", *overlay, "--out", folder, "--lang", "en")
    assert (again.code, again.err) == (0, "")
    totals = pl.read_parquet(folder / "tables" / "clause_result.parquet")
    for clause in totals["clause_id"].unique():
        assert f" {clause} " in again.out


def test_run_says_which_decisions_it_took_and_why_not_the_others(
    run: tuple[Path, Called], book: Path, tmp_path: Path
) -> None:
    sheet = pl.read_csv(run[0].parent / "decisions.csv", infer_schema=False).head(4)
    approvals = sheet.filter(pl.col("decision") == "approved").unique("loan_id", maintain_order=True).head(1)
    wrong = approvals.with_columns(decision=pl.lit("aprove"))
    of_no_loan = approvals.with_columns(loan_id=pl.lit("NOPE"))
    pl.concat([approvals, wrong, of_no_loan]).write_csv(tmp_path / "decisions.csv")
    options = ("--as-of", "2022-07-31", "--overlay", policy.packs_folder() / "demo_overlay", "--no-report")
    args = ("run", book, *options, "--decisions", tmp_path / "decisions.csv", "--out", tmp_path / "run")
    said = call(*args, "--json").json["decision_rows"]
    codes = {"DECISION-001": 1, "KEY-002": 1, "VALUE-002": 1}
    assert said == {"read": 3, "taken": 1, "not_usable": 2, "codes": codes}
    shown = call(*args, "--lang", "en").out
    assert "Decisions: 3 read, 1 taken, 2 not usable" in shown
    for code, rows in codes.items():
        assert f"    {code}  {rows}  {label(f'finding.{code}.what').en}" in shown
    assert "3 条" in call(*args, "--lang", "zh").out


def test_a_run_without_decisions_says_nothing_of_them(book: Path, tmp_path: Path) -> None:
    args = ("run", book, "--as-of", "2022-07-31", "--out", tmp_path / "run", "--no-report")
    assert "decision_rows" not in call(*args, "--json").json
    assert "Decisions:" not in call(*args, "--lang", "en").out


def test_explain_narrows_to_one_row(run: tuple[Path, Called], loan: str) -> None:
    cells = ("explain", run[0], loan, "--table", "cash_flow", "--column", "interest_due_fen", "--json")
    flows = pl.read_parquet(run[0] / "tables" / "cash_flow.parquet").filter(pl.col("loan_id") == loan)
    after = flows.filter(pl.col("version").cast(pl.String) == "after")
    one = call(*cells, "--version", "after", "--option", after["option_no"][0], "--sequence", 1)
    assert (one.code, _cells(one)) == (0, 1)
    assert _cells(call(*cells, "--version", "after")) == after.height
    assert _cells(call(*cells)) == flows.height


def _cells(called: Called) -> int:
    return sum(part["kind"] == "cell" for part in called.json["parts"])


def test_packs_test_fails_when_a_scenario_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("packs", "test", "--json").code == 0
    broken = ScenarioReport(scenarios=1, failures=(), untested=("cn.some",), mutants=0, survivors=())
    monkeypatch.setattr(policy, "run_scenarios", lambda library, mutate: broken)
    assert call("packs", "test", "--json").code == 1
    assert "cn.some" in call("packs", "test").out


@pytest.mark.parametrize("columns", ["80", "120"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_of_clauses_fits_and_breaks_no_id(columns: str, lang: str) -> None:
    args = ("packs", "list", "--valid-on", "2022-07-31")
    shown = call(*args, "--lang", lang, COLUMNS=columns)
    for clause in call(*args, "--json").json["clauses"]:
        assert f" {clause['id']} " in shown.out
    assert max(map(_width, shown.out.splitlines())) <= int(columns)


def _width(line: str) -> int:
    return cell_len(line)


def test_a_group_without_a_command_shows_its_help() -> None:
    found = call("packs")
    assert (found.code, found.err) == (2, "")
    assert "show" in found.out


def test_the_module_is_the_command_and_a_closed_pipe_is_no_error() -> None:
    module = f"'{sys.executable}' -m steadyrest.cli"
    script = f'set -o pipefail; {module} packs list --json | head -c 1; echo " ${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env=dict(os.environ))
    assert (done.stdout, done.stderr) == ("{ 0\n", "")
