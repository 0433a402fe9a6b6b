"""The command for extracts, over a small bank: all dirt found, nothing else accused, nothing lost."""

from __future__ import annotations

import pytest

from validation import extracts


def test_a_small_bank(capsys: pytest.CaptureFixture[str]) -> None:
    assert extracts.main(["--loans", "2000"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(" passed, 0 failed")


def test_dirt_that_is_not_found_fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    unseen = ("VALUE-002", {"贷款借据编码": "D-FINE"})
    monkeypatch.setattr(extracts, "WRONG", (*extracts.WRONG, unseen))
    assert extracts.main(["--loans", "1000"]) == 1
    assert "VALUE-002 on D-FINE: 0 findings" in capsys.readouterr().out
