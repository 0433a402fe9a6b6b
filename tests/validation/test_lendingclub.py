"""The LendingClub command: the three known misses by id, nothing else; what cannot run is failed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.shared_data import shared
from validation import lendingclub

LOAN: dict[str, object] = {
    "id": 1,
    "funded_amnt": 10_000.0,
    "term": " 36 months",
    "int_rate": 10.0,
    "installment": 322.68,
    "issue_d": "Jan-2016",
}
DEFERRAL: dict[str, str | None] = {
    "id": "7",
    "term": " 36 months",
    "int_rate": "12.0",
    "issue_d": "Jan-2016",
    "deferral_term": "3.0",
    "hardship_amount": "50.00",
    "payment_plan_start_date": "Jan-2017",
    "orig_projected_additional_accrued_interest": "150.00",
}


def run(folder: Path, loans: list[dict[str, object]], deferrals: list[dict[str, str | None]]) -> int:
    """The command on made-up files of the same shape."""
    pl.DataFrame(loans).write_parquet(folder / "loans.parquet")
    pl.DataFrame(deferrals).write_csv(folder / "hardship_deferrals.csv")
    return lendingclub.main([str(folder)])


def test_the_published_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert lendingclub.main([str(shared("data/lendingclub"))]) == 1
    *failures, last = capsys.readouterr().out.splitlines()
    assert last == "1251 passed, 3 failed"
    assert [line.split(":")[0] for line in failures] == [f"FAILED loan {n}" for n in (396644, 430767, 512184)]


def test_right_figures_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without_figure = DEFERRAL | {"orig_projected_additional_accrued_interest": None}
    assert run(tmp_path, [LOAN], [DEFERRAL, without_figure]) == 0
    assert capsys.readouterr().out == "2 passed, 0 failed\n"


@pytest.mark.parametrize(
    ("loan", "deferral"),
    [
        ({"installment": 322.67}, {"orig_projected_additional_accrued_interest": "150.01"}),
        ({"installment": None}, {"hardship_amount": None}),
        ({"int_rate": None}, {"int_rate": "0.0"}),
        ({"term": " soon"}, {"payment_plan_start_date": "2017-01"}),
        ({"funded_amnt": 0.0}, {"deferral_term": "0"}),
    ],
)
def test_a_wrong_figure_and_a_row_that_cannot_run_are_failures(
    loan: dict[str, object], deferral: dict[str, str | None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, [LOAN | loan], [DEFERRAL | deferral]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 2 failed"


def test_files_that_are_not_there_are_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lendingclub.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 2 failed"
