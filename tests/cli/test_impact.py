"""The impact of rules on a run: flips are those of screening both days, counted by receipt, household and amount."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import app, policy, synth
from steadyrest.desks.relief.stages.screen import defined, screened
from tests.cli.called import call

ON, LATER = date(2022, 7, 31), date(2023, 8, 1)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("impact")
    synth.write_book(folder / "book", loans=800, layout="steadyrest", dirt=False)
    done = call("run", folder / "book", "--as-of", ON, "--out", folder / "run", "--no-report")
    assert done.code == 0
    return folder / "run"


def verdicts(run: Path, on: date) -> dict[tuple[str, str], str]:
    """The verdict of every receipt under every clause in force on a day, by the masks themselves."""
    snapshot = policy.resolve(policy.load_library(), on, on)
    facts = pl.read_parquet(run / "tables" / "loan_facts.parquet")
    masks = screened(defined(facts, snapshot.definitions), snapshot.screens).rows(named=True)
    found = {}
    for row in masks:
        for clause in snapshot.screens:
            fail, unknown = row[f"{clause.slug}_fail"], row[f"{clause.slug}_unknown"]
            found[row["loan_id"], clause.id] = "refused" if fail else "needs_data" if unknown else "eligible"
    return found


def test_flips_are_the_difference_of_two_screenings(run: Path) -> None:
    one, two = verdicts(run, ON), verdicts(run, LATER)
    wanted: dict[tuple[str, str, str], int] = {}
    for loan, clause in one.keys() | two.keys():
        pair = (one.get((loan, clause), "not_in_force"), two.get((loan, clause), "not_in_force"))
        if pair[0] != pair[1]:
            wanted[clause, *pair] = wanted.get((clause, *pair), 0) + 1
    library = policy.load_library()
    found = app.impact(run, policy.resolve(library, ON, ON), policy.resolve(library, LATER, LATER))
    told: dict[tuple[str, str, str], int] = {}
    for item in found:
        key = (item.clause_id, item.before, item.after)
        told[key] = told.get(key, 0) + item.receipts
        assert 0 < item.households <= item.receipts
        assert len(item.first) == min(5, item.receipts)
    assert told == wanted
    assert wanted


def test_the_same_rules_flip_nothing_and_a_run_is_never_restated(run: Path) -> None:
    before = {path.name: path.read_bytes() for path in (run / "tables").iterdir()}
    found = call("packs", "diff", ON, ON, "--book", run, "--json")
    assert found.json["impact"] == []
    assert call("packs", "diff", ON, LATER, "--book", run, "--json").json["impact"]
    assert {path.name: path.read_bytes() for path in (run / "tables").iterdir()} == before


def test_days_in_force_and_days_known_are_two_axes(run: Path) -> None:
    """The measures of 2023 were known in February and in force from July."""
    found = call("packs", "diff", "2023-07-01@2023-01-01", "2023-07-01@2023-07-01", "--json").json
    added = {item["clause_id"] for item in found["changes"] if item["kind"] == "added"}
    assert "cn.cbirc.2023-1.restructured" in added
    assert (found["from"]["known_on"], found["to"]["known_on"]) == ("2023-01-01", "2023-07-01")


def test_a_folder_that_is_no_run_and_a_pack_that_is_there_are_refused(tmp_path: Path) -> None:
    found = call("packs", "diff", ON, LATER, "--book", tmp_path, "--json")
    assert found.json["error"]["code"] == "run.not_finished"
    assert call("packs", "new", "cn.nfra.2026-1", "--into", tmp_path / "own", "--json").code == 0
    again = call("packs", "new", "cn.nfra.2026-1", "--into", tmp_path / "own", "--json")
    assert again.json["error"]["code"] == "call.pack_exists"
    assert call("packs", "new", "../x", "--into", tmp_path, "--json").json["error"]["code"] == "call.pack_id"
