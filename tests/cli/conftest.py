"""One small book, run once: with the demonstration overlay and signed decisions."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from steadyrest import policy, synth
from tests.cli.called import Called, call


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(scope="package")
def book(home: Path) -> Path:
    assert call("synth", home / "book", "--loans", 300).code == 0
    return home / "book"


@pytest.fixture(scope="package")
def run(home: Path, book: Path) -> tuple[Path, Called]:
    """The folder of a finished run, and the call that made it, with `--json`."""
    overlay = ("--overlay", policy.packs_folder() / "demo_overlay")
    common = ("run", book, "--as-of", "2022-07-31", *overlay, "--json")
    assert call(*common, "--out", home / "proposals", "--no-report").code == 0
    sheet = home / "decisions.csv"
    tables = home / "proposals" / "tables"
    day = pl.read_parquet(tables / "loan_facts.parquet")["as_of_on"][0]
    synth.sample_decisions(tables, day).write_csv(sheet)
    return home / "run", call(*common, "--out", home / "run", "--decisions", sheet)


@pytest.fixture(scope="package")
def loan(run: tuple[Path, Called]) -> str:
    """A receipt with a signed amendment and a new schedule."""
    signed = pl.read_parquet(run[0] / "tables" / "amendment.parquet").filter(pl.col("option_no") > 0)
    return str(signed["loan_id"][0])
