"""What a report learns from the manifest and the rules: above all what it must not be trusted for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from steadyrest import app, policy, synth
from steadyrest.book.manifest import Manifest
from steadyrest.report import gather, write_report
from steadyrest.report.figures import read_figures

AS_OF = date(2022, 7, 31)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gather")
    synth.write_book(folder / "book", loans=300, witnesses=False, dirt=False)
    app.run(app.Request(book=folder / "book", out=folder / "run", as_of=AS_OF, with_report=False))
    return folder / "run"


@pytest.fixture(scope="module")
def manifest(out: Path) -> Manifest:
    return Manifest.read(out / "manifest.json")


def _snapshot(on: date) -> policy.PolicySnapshot:
    return policy.resolve(policy.load_library(), on, on)


def test_in_july_2022_every_series_is_verified(manifest: Manifest) -> None:
    facts = gather(manifest, _snapshot(AS_OF))
    assert not facts.warnings
    assert not facts.marks
    assert facts.is_synthetic
    assert {clause.clause_id for clause in facts.clauses if clause.is_screen} >= {"cn.cbirc.2022-70.n2"}
    assert all(clause.reason for clause in facts.clauses if not clause.is_active)


def test_after_the_last_verified_quote_the_figures_that_depend_on_it_are_marked(manifest: Manifest, out: Path) -> None:
    later = date(2027, 6, 30)
    facts = gather(replace(manifest, as_of=later), _snapshot(later))
    assert set(facts.marks) == {"wall", "relief", "decisions"}
    assert len(facts.marks["relief"]) == 2, "quotes and calendar"
    write_report(out / "tables", facts, out / "later.html")
    page = (out / "later.html").read_text("utf-8")
    for text in facts.marks["relief"]:
        assert page.count(text.zh) >= 2, "on the first page and where it matters"


def test_what_the_tape_lacks_is_one_sentence(manifest: Manifest) -> None:
    lacks = {"loan": ("nominal_rate_e7",), "loan_terms": ("amortisation",)}
    (sentence,) = gather(replace(manifest, lacks=lacks), _snapshot(AS_OF)).lacks
    assert "利率水平" in sentence.zh
    assert "repayment method" in sentence.en


def test_a_tape_without_borrower_ids_says_that_households_are_not_counted(manifest: Manifest, out: Path) -> None:
    facts = gather(replace(manifest, lacks={"loan": ("borrower_id",)}), _snapshot(AS_OF))
    assert not facts.names_borrowers
    assert "households cannot be counted" in facts.lacks[-1].en
    figures = read_figures(out / "tables", facts)
    assert figures.blocks[0].proposals.height
    for block in figures.blocks:
        alone = (block.book, block.without_schedule, block.eligible, block.open, block.proposed, block.signed)
        steps = [step.tally for step in block.steps]
        tallies = [*alone, block.waiting, *steps, *block.verdicts.values(), *block.provinces.values()]
        assert {tally.households for tally in tallies} == {None}
        assert {month.households for month in block.months} == {None}
        assert block.proposals["households"].null_count() == block.proposals.height
    assert figures.findings["households"].null_count() == figures.findings.height
    write_report(out / "tables", facts, out / "uncounted.html")
    page = (out / "uncounted.html").read_text("utf-8")
    assert facts.lacks[-1].zh in page
    assert re.search(r"\d 户", page) is None
    assert re.search(r"\d households", page) is None
    assert "– 户 " in page
