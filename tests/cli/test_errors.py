"""A call that cannot be carried out: one sentence in both languages, its documented exit code, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from tests.cli.called import Called, call

_AS_OF = ("--as-of", "2022-07-31")
_UPDATE = ("--source", "x", "--verified-on", "2022-01-01", "--folder", "{tmp}/own")

_WRONG: list[tuple[int, str, tuple[str, ...]]] = [
    (2, "call.usage", ("bogus",)),
    (2, "call.usage", ("run",)),
    (2, "call.usage", ("validate", "--wrong")),
    (2, "call.usage", ("synth", "{tmp}/s", "--loans", "0")),
    (2, "call.usage", ("explain", "{run}", "L1", "--option", "one")),
    (2, "call.missing_path", ("validate", "{tmp}/nothing")),
    (2, "call.missing_path", ("run", "{tmp}/nothing", *_AS_OF, "--out", "{tmp}/out")),
    (2, "call.missing_path", ("run", "{book}", *_AS_OF, "--out", "{tmp}/out", "--evidence", "{tmp}/nothing")),
    (2, "call.missing_path", ("packs", "list", "--overlay", "{tmp}/nothing")),
    (2, "call.missing_path", ("explain", "{run}", "{loan}", "--book", "{tmp}/nothing")),
    (2, "call.unknown_name", ("validate", "{book}", "--mapping", "nope")),
    (2, "call.unknown_name", ("synth", "{tmp}/s", "--layout", "nope")),
    (2, "call.unknown_name", ("packs", "show", "cn.nope")),
    (2, "call.date", ("run", "{book}", "--as-of", "2022-13-01", "--out", "{tmp}/out")),
    (2, "call.date", ("packs", "list", "--valid-on", "20220731")),
    (2, "call.date", ("packs", "diff", "yesterday", "today")),
    (2, "call.date_range", ("run", "{book}", "--as-of", "9999-12-31", "--out", "{tmp}/out")),
    (2, "synth.as_of", ("synth", "{tmp}/s", "--as-of", "1999-12-31")),
    (2, "synth.folder", ("synth", "{tmp}")),
    (2, "call.language", ("packs", "list", "--lang", "xx")),
    (2, "call.table_and_column", ("explain", "{run}", "{loan}", "--table", "option")),
    (2, "call.table_and_column", ("explain", "{run}", "{loan}", "--version", "after")),
    (3, "input.empty", ("validate", "{tmp}/empty.csv")),
    (3, "input.broken", ("validate", "{tmp}/broken.xlsx")),
    (3, "input.broken", ("validate", "{tmp}/broken.parquet")),
    (3, "input.no_known_column", ("validate", "{tmp}/unknown.csv")),
    (3, "input.unknown_layout", ("validate", "{tmp}/near.csv")),
    (3, "input.other_layout", ("validate", "{book}", "--mapping", "steadyrest")),
    (3, "input.wrong_content", ("validate", "{tmp}/text.xlsx")),
    (3, "input.encoding", ("validate", "{tmp}/bytes.csv")),
    (3, "input.mapping_syntax", ("validate", "{book}", "--mapping", "{tmp}/broken.yaml")),
    (3, "input.no_known_column", ("run", "{book}", *_AS_OF, "--out", "{tmp}/out", "--evidence", "{tmp}/unknown.csv")),
    (3, "input.no_known_column", ("run", "{book}", *_AS_OF, "--out", "{tmp}/out", "--decisions", "{tmp}/unknown.csv")),
    (3, "input.no_files", ("validate", "{tmp}/notes.md")),
    (3, "input.no_files", ("run", "{book}", *_AS_OF, "--out", "{tmp}/out", "--decisions", "{tmp}/notes.md")),
    (2, "call.system", ("synth", "{tmp}/notes.md")),
    (2, "call.system", ("template", "{tmp}/nothing/template.xlsx")),
    (2, "call.system", ("reference", "update", "lpr", "{tmp}/nothing", *_UPDATE)),
    (4, "pack.no_overlay", ("packs", "list", "--overlay", "{book}")),
    (5, "run.not_finished", ("explain", "{book}", "L1")),
    (5, "run.no_loan", ("explain", "{run}", "NOPE")),
    (5, "run.no_row", ("explain", "{run}", "{loan}", "--table", "option", "--column", "cap_on", "--option", "999")),
    (5, "run.no_table", ("explain", "{run}", "{loan}", "--table", "nope", "--column", "x")),
    (5, "run.no_column", ("explain", "{run}", "{loan}", "--table", "option", "--column", "nope")),
    (5, "run.other_inputs", ("run", "{book}", "--as-of", "2022-07-30", "--out", "{run}")),
    (5, "run.not_empty", ("run", "{book}", *_AS_OF, "--out", "{book}")),
    (4, "pack.syntax", ("packs", "test", "--overlay", "{tmp}/overlay")),
    (3, "reference.columns", ("reference", "update", "lpr", "{tmp}/unknown.csv", *_UPDATE)),
    (2, "reference.unknown", ("reference", "update", "nope", "{tmp}/unknown.csv", *_UPDATE)),
]
_DAMAGE = {
    "manifest.json": "run.manifest_damaged",
    "journal.sqlite": "run.journal_unusable",
    "tables/loan_facts.parquet": "run.table_damaged",
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 not a table PAR1")
    (tmp_path / "unknown.csv").write_text("a,b\n1,2\n", "utf-8")
    (tmp_path / "near.csv").write_text("loan_id,b\n1,2\n", "utf-8")
    (tmp_path / "text.xlsx").write_text("loan_id,b\n1,2\n", "utf-8")
    (tmp_path / "bytes.csv").write_bytes(b"\x80\xff,b\n1,2\n")
    (tmp_path / "broken.yaml").write_text("name: {\n", "utf-8")
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "overlay.yaml").write_text("id: [\n", "utf-8")
    (tmp_path / "notes.md").write_text("# notes\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(("code", "error", "args"), _WRONG)
def test_every_wrong_call_says_what_and_what_to_do(
    code: int, error: str, args: tuple[str, ...], files: Path, book: Path, run: tuple[Path, Called], loan: str
) -> None:
    said = [text.format(tmp=files, book=book, run=run[0], loan=loan) for text in args]
    shown = call(*said)
    assert (shown.code, "Traceback" in shown.err) == (code, False)
    zh, en = shown.err.splitlines()
    assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
    asked = call(*said, "--json")
    assert (asked.code, asked.err) == (code, "")
    assert asked.json == {"error": {"code": error, "message": {"zh": zh, "en": en}}}
    assert zh.startswith(f"{error}: ")


@pytest.mark.parametrize(("code", "error", "args"), _WRONG)
def test_the_first_word_of_a_code_tells_its_exit_code(code: int, error: str, args: tuple[str, ...]) -> None:
    assert {"call": 2, "input": 3, "pack": 4, "run": 5}.get(error.partition(".")[0], code) == code


@pytest.mark.parametrize("args", [("bogus",), ("run",), ("validate", "{tmp}/nothing"), ("validate", "{tmp}/empty.csv")])
def test_an_error_speaks_the_language_of_the_environment(args: tuple[str, ...], files: Path) -> None:
    said = [text.format(tmp=files) for text in args]
    zh, en = (call(*said, STEADYREST_LANG=lang).err.splitlines() for lang in ("zh", "en"))
    assert call(*said).err.splitlines() == [*zh, *en]
    assert (len(zh), len(en)) == (1, 1)
    assert call(*said, "--json", STEADYREST_LANG="en").json["error"]["message"] == {"zh": zh[0], "en": en[0]}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("bogus",), "没有这个命令"),
        (("packs", "show"), "缺少参数"),
        (("validate", "--wrong"), "没有这个选项"),
        (("synth", "x", "--loans", "0"), "取值不对"),
        (("run", "--as-of"), "选项缺少取值"),
    ],
)
def test_a_wrong_command_line_has_words_of_its_own_in_chinese(args: tuple[str, ...], words: str) -> None:
    assert words in call(*args, STEADYREST_LANG="zh").err.partition("（")[0]


def test_explain_of_a_table_without_the_receipt_names_those_that_have_it(run: tuple[Path, Called]) -> None:
    tables = run[0] / "tables"
    options = pl.read_parquet(tables / "option.parquet")["loan_id"]
    facts = pl.read_parquet(tables / "loan_facts.parquet")
    loan = facts.filter(~pl.col("loan_id").is_in(options.implode()))["loan_id"][0]
    found = call("explain", run[0], loan, "--table", "option", "--column", "cap_on", STEADYREST_LANG="en")
    assert (found.code, found.out) == (5, "")
    known = found.err.partition("Tables that have rows of it: ")[2].rstrip(".\n").split(", ")
    assert {"loan_facts", "eligibility"} <= set(known)
    assert "option" not in known


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("name", _DAMAGE)
def test_a_damaged_run_folder_is_one_sentence(
    name: str, is_gone: bool, run: tuple[Path, Called], loan: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(run[0], tmp_path / "damaged")
    (folder / name).unlink() if is_gone else (folder / name).write_bytes(b"{ cut short")
    error = "run.not_finished" if is_gone and name == "manifest.json" else _DAMAGE[name]
    shown = call("explain", folder, loan)
    assert (shown.code, shown.out, len(shown.err.splitlines())) == (5, "", 2)
    assert call("explain", folder, loan, "--json").json["error"]["code"] == error


def test_a_damaged_total_is_one_sentence_when_the_run_is_shown_again(
    run: tuple[Path, Called], book: Path, tmp_path: Path
) -> None:
    args = ("run", book, *_AS_OF, "--out", tmp_path / "run", "--no-report")
    assert call(*args).code == 0
    (tmp_path / "run" / "tables" / "clause_result.parquet").write_bytes(b"")
    again = call(*args)
    assert (again.code, again.err.startswith("run.table_damaged: ")) == (5, True)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_a_person_who_stops_the_program_gets_130(stop: type[BaseException], book: Path, tmp_path: Path) -> None:
    with patch("steadyrest.app.run", side_effect=stop):
        assert call("run", book, *_AS_OF, "--out", tmp_path / "out").code == 130


def test_a_mistake_of_ours_is_not_swallowed(book: Path, tmp_path: Path) -> None:
    with patch("steadyrest.app.run", side_effect=AssertionError("ours")), pytest.raises(AssertionError, match="ours"):
        call("run", book, *_AS_OF, "--out", tmp_path / "out")
