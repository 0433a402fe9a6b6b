"""The command for ACTUS vectors: the shared beds but for two known to be wrong, a made case, and what cannot run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from validation.actus import main

MADE: dict[str, Any] = {
    "identifier": "made01",
    "terms": {
        "contractType": "PAM",
        "contractRole": "RPA",
        "contractID": "made01",
        "statusDate": "2021-12-31T00:00:00",
        "initialExchangeDate": "2022-01-01T00:00:00",
        "maturityDate": "2022-07-01T00:00:00",
        "notionalPrincipal": "1000",
        "nominalInterestRate": "0.1",
        "dayCountConvention": "30E360",
        "cycleAnchorDateOfInterestPayment": "2022-07-01T00:00:00",
        "currency": "CNY",
    },
    "to": "2022-08-01",
    "dataObserved": {},
    "eventsObserved": [],
    "results": [
        {"eventDate": on, "eventType": kind, "payoff": payoff, "currency": "CNY", "notionalPrincipal": notional,
         "nominalInterestRate": 0.1, "accruedInterest": 0}
        for on, kind, payoff, notional in (
            ("2022-01-01T00:00", "IED", -1000.0, 1000.0),
            ("2022-07-01T00:00", "IP", 50.0, 1000.0),
            ("2022-07-01T00:00", "MD", 1000.0, 0.0),
        )
    ],
}  # fmt: skip


def told(case: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """What the command prints about one case."""
    (folder / "actus-tests-pam.json").write_text(json.dumps({"made01": case}), "utf-8")
    main([str(folder), *options])
    return capsys.readouterr().out.splitlines()


def test_the_shared_beds_fail_only_where_they_are_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared("data/actus"))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1].rstrip(":") for line in lines if line.startswith("FAILED")] == ["guarantee14", "clm10"]
    assert lines[-1] == "101 passed, 2 failed"


def test_a_made_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(MADE, tmp_path, capsys)[-1] == "1 passed, 0 failed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"payoff": 50.00001}, "payoff is 50.0"),
        ({"eventType": "PR"}, "IP on 2022-07-01"),
        ({"notionalPrincipal": 999.0}, "notionalPrincipal is 1000.0"),
    ],
)
def test_a_wrong_event_is_a_failure(
    change: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = MADE["results"]
    lines = told(MADE | {"results": [first, second | change, third]}, tmp_path, capsys)
    assert said in lines[0]
    assert lines[-1] == "0 passed, 1 failed"


def test_missing_and_extra_events_are_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not expected" in told(MADE | {"results": MADE["results"][:2]}, tmp_path, capsys)[0]
    late = MADE["results"][2] | {"eventDate": "2022-07-15T00:00"}
    assert "is missing" in told(MADE | {"results": [*MADE["results"], late]}, tmp_path, capsys)[0]


def test_the_tolerance_is_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = MADE["results"]
    near = MADE | {"results": [first, second | {"payoff": 50.00001}, third]}
    assert told(near, tmp_path, capsys, "--rtol", "1e-6")[-1] == "1 passed, 0 failed"


def test_what_cannot_run_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swap = MADE | {"terms": MADE["terms"] | {"contractType": "SWAPS"}}
    lines = told(swap, tmp_path, capsys, "--types", "all")
    assert "cannot run" in lines[0]
    assert lines[-1] == "0 passed, 1 failed"
    assert main([str(tmp_path / "nowhere")]) == 1
