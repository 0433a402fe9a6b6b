"""`schedule`: one loan before and after events, for a person and as JSON, and what cannot be read."""

from __future__ import annotations

import json

import pytest

from tests.cli.called import call

LOAN = ("schedule", "--principal", "1000000", "--drawn", "2022-01-20", "--maturity", "2023-01-20")
FIXED = (*LOAN, "--rate", "4.35%")
DEFER = "defer 2022-08-01..2022-12-31 to 2022-12-30"


def test_a_plain_schedule_has_one_side() -> None:
    found = call(*FIXED, "--json")
    shown = json.loads(found.out)
    assert (found.code, shown["after"], shown["extra_interest_fen"]) == (0, None, 0)
    dues = shown["before"]["dues"]
    assert len(dues) == 12
    assert sum(due["principal_fen"] for due in dues) == 100_000_000
    assert dues[-1]["balance_fen"] == 0


def test_a_deferral_has_two_sides() -> None:
    shown = json.loads(call(*FIXED, "--event", DEFER, "--json").out)
    moved = {due["due_on"]: due for due in shown["after"]["dues"]}
    assert not [on for on in moved if "2022-08-01" <= on < "2022-12-30"]
    assert moved["2022-12-30"]["interest_fen"] > 0
    assert shown["extra_interest_fen"] == shown["after"]["interest_fen"] - shown["before"]["interest_fen"] > 0
    assert shown["after"]["effective_rate"] < shown["before"]["effective_rate"]


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("变更前应还", "实际利率")), ("en", ("due before", "effective rate"))]
)
def test_a_person_sees_table_chart_and_totals(lang: str, words: tuple[str, str]) -> None:
    shown = call(*FIXED, "--event", DEFER, "--lang", lang).out
    assert all(word in shown for word in words)
    assert "█" in shown
    assert "░" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_a_floating_loan_with_holiday_and_more_events() -> None:
    terms = ("--benchmark", "LPR1Y", "--spread-bp", 55, "--reset-months", 3, "--holiday", 2, "--plan", "even_principal")
    events = ("rate 3.9% from 2022-09-01", "pay 100000 on 2022-05-01", "skip 10,11")
    said = [word for event in events for word in ("--event", event)]
    found = call(*LOAN, *terms, *said, "--json")
    assert found.code == 0
    dues = {due["due_on"]: due for due in json.loads(found.out)["after"]["dues"]}
    assert "2022-02-20" not in dues
    assert dues["2022-10-20"]["principal_fen"] == 0


@pytest.mark.parametrize("plan", ["level", "even_principal", "bullet"])
@pytest.mark.parametrize("prefix", [(), ("--interest-only", 3), ("--holiday", 2)])
@pytest.mark.parametrize("mode", ["instalment", "term", "next"])
def test_a_payment_beyond_what_is_due_saves_interest_and_clears(
    plan: str, prefix: tuple[object, ...], mode: str
) -> None:
    if plan == "bullet" and "--interest-only" in prefix:
        return
    found = call(*FIXED, "--plan", plan, *prefix, "--event", f"pay 200000 on 2022-03-05 {mode}", "--json")
    assert found.code == 0, found.err
    before, after = found.json["before"], found.json["after"]
    assert found.json["extra_interest_fen"] < 0
    paid = [due for due in after["dues"] if due["principal_fen"]]
    assert sum(due["principal_fen"] for due in after["dues"]) == sum(due["principal_fen"] for due in before["dues"])
    assert min(due["interest_fen"] for due in after["dues"]) >= 0
    assert after["effective_rate"] == pytest.approx(before["effective_rate"], abs=5e-5)
    if mode == "instalment" and plan != "bullet":
        levels = [due["principal_fen"] + due["interest_fen"] for due in paid[2:]]
        assert plan != "level" or max(levels[:-1]) - min(levels[:-1]) <= 1
        assert paid[-1]["principal_fen"] < 2 * paid[-2]["principal_fen"]
    if mode == "term" and plan != "bullet":
        assert paid[-1]["due_on"] < before["last_due_on"]


def test_a_payment_of_more_than_is_owed_is_refused_and_two_kinds_are_not_mixed() -> None:
    found = call(*FIXED, "--event", "pay 5000000 on 2022-03-05", "--json")
    assert (found.code, found.json["error"]["code"]) == (3, "contracts.over_limit")
    events = ("--event", "pay 1 on 2022-03-05 term", "--event", "pay 1 on 2022-04-05 next")
    assert call(*FIXED, *events, "--json").json["error"]["code"] == "call.two_prepayments"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((*FIXED, "--event", "defr 2022-08-01..2022-09-01"), "call.event_word", "defer"),
        ((*FIXED, "--event", "defer soon"), "call.event", "FROM..TO"),
        ((*FIXED, "--event", "pay 1,00 on 2022-08-01"), "call.event", "pay AMOUNT on DAY"),
        ((*FIXED, "--event", "defer 2022-08-01..2022-08-02"), "contracts.no_due_on", "from_on"),
        ((*FIXED, "--event", "extend to 2022-08-02"), "contracts.below_limit", "new_due_on"),
        (LOAN, "call.rate_or_benchmark", "--rate"),
        ((*LOAN, "--rate", "4.35"), "call.amount", "4.35"),
        ((*FIXED[:5], "--maturity", "2021-01-20", "--rate", "4%"), "contracts.term_value", "maturity_on"),
        ((*FIXED, "--day-count", "ACT"), "contracts.term_value", "A360"),
        ((*LOAN, "--benchmark", "SHIBOR"), "contracts.term_value", "LPR1Y"),
    ],
)
def test_what_cannot_be_says_where_and_what_to_do(args: tuple[str, ...], code: str, said: str) -> None:
    found = call(*args, "--json")
    error = json.loads(found.out)["error"]
    assert found.code in (2, 3)
    assert error["code"] == code
    assert said in error["message"]["en"]
    assert "Traceback" not in found.err
