"""The figures against a plain count over the same tables, row by row."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from steadyrest.report.facts import RunFacts
from steadyrest.report.figures import DECISIONS, Block, Figures, read_figures
from steadyrest.report.ladder import Tally

Run = tuple[Path, RunFacts]


@pytest.fixture(scope="module")
def figures(run: Run) -> Figures:
    return read_figures(*run)


def block(figures: Figures, currency: str) -> Block:
    return next(item for item in figures.blocks if item.currency == currency)


def loans(run: Run) -> list[dict[str, object]]:
    facts = pl.read_parquet(run[0] / "loan_facts.parquet").select("loan_id", "borrower_id", "currency", "balance_fen")
    return facts.join(pl.read_parquet(run[0] / "eligibility.parquet"), on="loan_id").to_dicts()


def tally(rows: list[dict[str, object]]) -> Tally:
    return Tally(
        len({row["borrower_id"] for row in rows}), len(rows), sum(int(str(row["balance_fen"])) for row in rows)
    )


def test_currencies_stand_apart_and_the_yuan_comes_first(figures: Figures, run: Run) -> None:
    assert [item.currency for item in figures.blocks] == ["CNY", "USD"]
    for item in figures.blocks:
        assert item.book == tally([row for row in loans(run) if row["currency"] == item.currency])


def test_a_loan_is_counted_at_its_first_failed_then_first_unknown_condition(figures: Figures, run: Run) -> None:
    expected: dict[tuple[str, str, str, int], list[dict[str, object]]] = defaultdict(list)
    for clause in (clause for clause in run[1].clauses if clause.is_screen):
        for row in loans(run):
            fail, unknown = int(str(row[f"{clause.slug}_fail"])), int(str(row[f"{clause.slug}_unknown"]))
            verdict, mask = ("refused", fail) if fail else ("needs_data", unknown) if unknown else ("eligible", 0)
            bit = next((bit for bit in range(32) if mask >> bit & 1), -1)
            expected[clause.clause_id, str(row["currency"]), verdict, bit].append(row)
    found = {
        (step.clause_id, step.currency, step.verdict, step.bit): step.tally
        for item in figures.blocks
        for step in item.steps
    }
    assert found == {key: tally(rows) for key, rows in expected.items()}


def test_steps_agree_with_the_verdicts_the_run_wrote(figures: Figures) -> None:
    for item in figures.blocks:
        for (clause, verdict), written in item.verdicts.items():
            steps = [step.tally for step in item.steps if (step.clause_id, step.verdict) == (clause, verdict)]
            assert sum(step.receipts for step in steps) == written.receipts
            assert sum(step.fen for step in steps) == written.fen


def test_eligible_and_open_do_not_overlap(figures: Figures, run: Run) -> None:
    slugs = [clause.slug for clause in run[1].clauses if clause.is_screen]
    rows = [row for row in loans(run) if row["currency"] == "CNY"]
    eligible = [row for row in rows if any(row[f"{slug}_fail"] == 0 and row[f"{slug}_unknown"] == 0 for slug in slugs)]
    waiting = [row for row in rows if any(row[f"{slug}_fail"] == 0 for slug in slugs) and row not in eligible]
    assert block(figures, "CNY").eligible == tally(eligible)
    assert block(figures, "CNY").open == tally(waiting)


def test_provinces_add_up_to_the_eligible(figures: Figures) -> None:
    for item in figures.blocks:
        parts = item.provinces.values()
        assert sum(part.fen for part in parts) == item.eligible.fen
        assert sum(part.receipts for part in parts) == item.eligible.receipts
        assert sum(part.households or 0 for part in parts) == item.eligible.households
    assert "" in block(figures, "CNY").provinces


def test_masks_in_another_order_than_the_loans_give_the_same_figures(
    figures: Figures, run: Run, tmp_path: Path
) -> None:
    for source in run[0].iterdir():
        frame = pl.read_parquet(source)
        (frame.reverse() if source.stem == "eligibility" else frame).write_parquet(tmp_path / source.name)
    shuffled = read_figures(tmp_path, run[1])
    assert [item.steps for item in shuffled.blocks] == [item.steps for item in figures.blocks]
    assert [item.provinces for item in shuffled.blocks] == [item.provinces for item in figures.blocks]


def test_findings_count_the_book_they_touch(figures: Figures, run: Run) -> None:
    rows = {row["code"]: row for row in figures.findings.iter_rows(named=True)}
    finding = pl.read_parquet(run[0] / "finding.parquet")
    owners = set(finding.filter(pl.col("code") == "PARTY-002")["row_id"])
    touched = [row for row in loans(run) if row["borrower_id"] in owners]
    assert (rows["PARTY-002"]["households"], rows["PARTY-002"]["receipts"]) == (tally(touched).households, len(touched))
    assert (rows["LOAN-001"]["rows"], rows["LOAN-001"]["receipts"]) == (1, 0)
    assert next(iter(rows)) == "LOAN-001"


def test_what_is_decided_no_longer_waits_and_the_nearest_deadline_comes_first(figures: Figures, run: Run) -> None:
    waiting = block(figures, "CNY").decisions
    decided = set(pl.read_parquet(run[0] / "decision.parquet")["loan_id"])
    assert 0 < waiting.height <= DECISIONS
    assert not decided & set(waiting["loan_id"])
    with_deadline = waiting["reply_due_on"].is_not_null().to_list()
    assert with_deadline == sorted(with_deadline, reverse=True)
