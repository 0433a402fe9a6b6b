"""The command for the kernels: a sample agrees, and a kernel that is off by a fen does not."""

from __future__ import annotations

from typing import Any

import pytest

from steadyrest.contracts.kernels import period_major
from validation.kernels import main


def test_a_sample_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--n", "20000", "--twin", "100"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "20100 passed, 0 failed"


def test_a_fen_is_noticed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    laid = period_major.lay_classes

    def off(*given: Any) -> None:
        laid(*given)
        first, out = given[4], given[6]
        if first == 0:
            out[1][0] += 1

    monkeypatch.setattr(period_major, "lay_classes", off)
    assert main(["--n", "2000", "--twin", "1"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2000 passed, 1 failed"
