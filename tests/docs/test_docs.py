"""Docs are tested: generated pages are current, README blocks run, links lead somewhere, both languages agree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from steadyrest import policy
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
        assert f"`{clause.id}`" in made[f"policy/{clause.id.rpartition('.')[0]}.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", READMES)
def test_the_blocks_of_the_readme_run(name: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    script = "set -eu\n" + "".join(blocks).replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "100"},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert (tmp_path / "second" / "report.html").is_file()
    assert (tmp_path / "branch.xlsx").is_file()
    assert "Traceback" not in run.stderr


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
