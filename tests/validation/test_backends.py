"""The command for the three back ends: a share of its rows agrees, and one that differs fails."""

from __future__ import annotations

import pytest

from steadyrest.rules import interpreter
from steadyrest.rules.interpreter import Truth
from steadyrest.rules.syntax import Leaf
from validation.backends import clauses, main, tasks


def last(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_a_share_of_the_rows_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--n", "20000", "--seed", "7", "--workers", "1"]) == 0
    assert last(capsys) == "20000 passed, 0 failed"


def test_every_clause_and_every_row_has_its_share() -> None:
    work = tasks(1_003, 1)
    assert sum(task.rows for task in work) == 1_003
    assert {name for name, _ in clauses()} <= {task.name for task in work}
    assert len({task.seed for task in work}) == len(work)


def test_a_back_end_that_says_otherwise_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = interpreter._test

    def wrong(leaf: Leaf, row: interpreter.Row) -> Truth:
        found = plain(leaf, row)
        return False if found is None else found

    monkeypatch.setattr(interpreter, "_test", wrong)
    assert main(["--n", "5000", "--workers", "1"]) == 1
    passed, failed = (int(word) for word in last(capsys).replace(",", "").split() if word.isdigit())
    assert passed + failed == 5_000
    assert failed > 500
