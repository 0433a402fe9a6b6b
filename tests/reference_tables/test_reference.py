"""Packaged tables: typed, unique by key, sourced; and replaced by one command or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from steadyrest import reference
from steadyrest.errors import InputError, UsageError


@pytest.mark.parametrize("name", reference.names())
def test_every_table_is_typed_sourced_and_unique_by_its_key(name: str) -> None:
    table, known = reference.table(name), reference.source(name)
    assert table.height
    assert known.source
    assert known.grade in "ABCD"
    assert known.title.zh != known.title.en
    if known.key:
        assert not table.select(known.key).is_duplicated().any()


def test_the_divisions_are_34_with_a_tile_each() -> None:
    provinces = reference.table("provinces")
    assert provinces.height == 34
    assert not provinces.select("tile_row", "tile_column").is_duplicated().any()


def test_the_industry_standard_has_its_published_counts() -> None:
    counts = dict(reference.table("industry").group_by("level").len().iter_rows())
    assert counts == {1: 20, 2: 97, 3: 473, 4: 1382}


def test_the_lpr_of_july_2022(shared: Callable[[str], Path]) -> None:
    lpr = {row["quote_on"]: row for row in reference.table("lpr").iter_rows(named=True)}
    assert (lpr[date(2022, 7, 20)]["lpr_1y_rate_e7"], lpr[date(2022, 7, 20)]["lpr_5y_rate_e7"]) == (370_000, 445_000)
    with shared("facts/lpr_history.csv").open(encoding="utf-8-sig", newline="") as stream:
        facts = {date.fromisoformat(row["quote_date"]): row for row in csv.DictReader(stream)}
    assert lpr.keys() == facts.keys()
    assert all(
        f"{lpr[on]['lpr_1y_rate_e7'] / 1e5:.2f}" == f"{float(row['lpr_1y_pct']):.2f}" for on, row in facts.items()
    )


def test_an_update_replaces_a_table_with_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new.csv"
    file.write_text("quote_on,lpr_1y_rate_e7,lpr_5y_rate_e7,grade\n2030-01-20,200000,250000,B\n", "utf-8")
    own = tmp_path / "own"
    rows = reference.update("lpr", file, said="the bank", grade="B", verified_on=date(2030, 1, 20), folder=own)
    assert rows == 1
    assert reference.table("lpr").height > 1
    monkeypatch.setenv(reference.FOLDER_VARIABLE, str(own))
    assert reference.table("lpr")["quote_on"].to_list() == [date(2030, 1, 20)]
    assert reference.source("lpr").source == "the bank"
    assert reference.source("lpr").last_verified_on == date(2030, 1, 20)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("quote_on,lpr_1y_rate_e7\n2030-01-20,1\n", "reference.columns"),
        ("quote_on,lpr_1y_rate_e7,lpr_5y_rate_e7,grade\n", "reference.empty"),
        ("quote_on,lpr_1y_rate_e7,lpr_5y_rate_e7,grade\nsoon,1,1,A\n", "reference.cell"),
        ("quote_on,lpr_1y_rate_e7,lpr_5y_rate_e7,grade\n2030-01-20,1,1,A\n2030-01-20,2,2,A\n", "reference.duplicate"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "new.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        reference.update("lpr", file, said="x", grade="B", verified_on=date(2030, 1, 1), folder=tmp_path / "own")
    assert caught.value.code == code
    assert not (tmp_path / "own").exists()


def test_an_unknown_table_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as caught:
        reference.source("lprs")
    assert "lpr" in str(caught.value)
