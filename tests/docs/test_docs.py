"""Docs are tested: generated pages are current, README blocks run, links lead somewhere, both languages agree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from steadyrest import exchange, policy
from steadyrest.cli.main import app
from steadyrest.exchange.mapping import load_mapping, parse_mapping
from steadyrest.schema import TABLES
from steadyrest.text import catalogue
from tools import make_docs

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(path for path in ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md"))


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return make_docs.pages()


def test_generated_pages_are_current(made: dict[str, str]) -> None:
    assert make_docs.stale(made) == []


def test_every_column_finding_exception_and_pack_has_its_place(made: dict[str, str]) -> None:
    tables, findings, errors = (made[f"reference/{name}.md"] for name in ("tables", "findings", "errors"))
    for table in TABLES.values():
        assert f"## {table.name}\n" in tables
        assert all(f"| `{column.name}` |" in tables for column in table.columns)
    codes = {key.split(".")[1] for key in catalogue() if key.startswith("finding.")}
    assert all(f"| `{code}` |" in findings for code in codes)
    said = {
        key.removeprefix("error.").removesuffix(".what") for key in catalogue() if re.match(r"error\..*\.what$", key)
    }
    assert all(f"| `{code}` |" in errors for code in said)
    for clause in policy.load_library().clauses:
        pack = clause.id.rpartition(".")[0]
        assert f"`{clause.id}`" in made[f"policy/{pack}.md"]
        assert f"({pack}.md)" in made["policy/packs.md"]


def test_every_command_option_mapping_and_check_has_its_place(made: dict[str, str]) -> None:
    page = made["reference/commands.md"]
    for words, command in make_docs.walk(typer.main.get_command(app), ("steadyrest",)):
        section = page.partition(f"## {' '.join(words)}\n")[2].partition("\n## ")[0]
        assert section, words
        options = [name for item in command.params for name in item.opts if name not in ("--help", "-h")]
        assert [name for name in options if f"`{name}" not in section] == []
    for name in exchange.MAPPINGS:
        found = load_mapping(name)
        section = made["reference/mappings.md"].partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert all(text.zh in section and text.en in section for text in (found.title, *found.readings))
        assert [source.name for source in found.sources if source.table not in section] == []
    codes = re.findall(r"^- code: (\S+)", made["reference/checks.md"], re.MULTILINE)
    assert len(codes) == len(set(codes)) > 20
    assert [code for code in codes if f"| `{code}` |" not in made["reference/findings.md"]] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _commands(name: str) -> str:
    """The lines of all `sh` blocks of a page, in order."""
    return "".join(re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL))


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (re.sub(r'echo ".*"', "echo", _commands(name)) for name in READMES)
    assert english.replace(" --lang en", "") == chinese


def test_the_blocks_of_the_readmes_run(tmp_path: Path) -> None:
    """In one folder that stands for the checkout; the Chinese page differs in the language of the output alone."""
    for name in ("src", "tests", "validation"):
        (tmp_path / name).symlink_to(ROOT / name)
    script = "set -eu\n" + _commands("README.md").replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "100"},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert (tmp_path / "out" / "second" / "report.html").is_file()
    assert (tmp_path / "out" / "branch.xlsx").is_file()
    assert "Traceback" not in run.stderr
    assert re.search(r"^\d+ passed, 0 failed$", run.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", ["extracts.md", "returns.md"])
def test_the_commands_of_a_page_run(name: str, tmp_path: Path) -> None:
    script = "set -eu\n" + _commands(f"docs/{name}").replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    run = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Traceback" not in run.stderr


def test_the_mapping_of_a_page_is_one() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "extracts.md").read_text("utf-8"), re.DOTALL)
    found = parse_mapping(text, "extracts.md")
    assert found.dialect.separator == "^"
    assert {"RECEIPTS", "IE_005_504", "JS_201_CLDWDK"} <= {source.name for source in found.sources}


def test_the_python_blocks_of_a_page_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "one-loan.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 4
    exec(compile("\n".join(blocks), "docs/one-loan.md", "exec"), {})


def test_the_first_two_commands_are_demo_and_test() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for name in READMES:
        commands = re.findall(r"^make (\w+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        assert commands[:2] == ["demo", "test"]
        assert set(commands) <= set(targets)


def test_both_readmes_have_the_same_shape() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in READMES)
    for pattern in (r"^#+ ", r"^```\w+$", r"^\| `?[^|]*` \|"):
        assert len(re.findall(pattern, english, re.MULTILINE)) == len(re.findall(pattern, chinese, re.MULTILINE))
    for text in (english, chinese):
        assert len(text.splitlines()) < 200


def test_the_architecture_is_short() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 300
