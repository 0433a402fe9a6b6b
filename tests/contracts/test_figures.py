"""Schedules and interest against figures others worked out: settlement days, day counts, deferral, modification."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from steadyrest.contracts import (
    Bullet,
    EvenPrincipal,
    Event,
    Level,
    LoanTerms,
    event_frame,
    project,
    resolve,
    terms_frame,
)
from tests.contracts.cases import rows_of, sums
from tests.reference.schedule_twin import Row
from tests.shared_data import shared

MILLION = 100_000_000
CYCLES = {"quarterly, 20th": 3, "monthly, 20th": 1}


def dues(loan: LoanTerms, *events: Event) -> list[Row]:
    """The dues of one loan."""
    (rows,) = rows_of(project(resolve(terms_frame([loan]), event_frame(events))))
    assert isinstance(rows, list), rows
    return rows


def interests(loan: LoanTerms, *events: Event) -> list[int]:
    """The interest of each due, in fen."""
    return [row.interest_due_fen for row in dues(loan, *events)]


def bullet(drawn: date, maturity: date, **more: Any) -> LoanTerms:
    """One million yuan at 4.35 %, all principal at maturity."""
    return LoanTerms("L", MILLION, drawn, maturity, Bullet(), **({"nominal_rate_e7": 435_000} | more))


YEAR = bullet(date(2022, 3, 10), date(2023, 3, 10), interest_cycle_months=3, interest_day=20)


def test_the_twentieth_is_the_last_day_included_and_payment_falls_on_the_next() -> None:
    rows = dues(YEAR)
    assert [row.due_on for row in rows] == [
        date(2022, 3, 21), date(2022, 6, 21), date(2022, 9, 21), date(2022, 12, 21), date(2023, 3, 10),
    ]  # fmt: skip
    assert [(row.due_on - row.period_from_on).days for row in rows] == [11, 92, 92, 91, 79]
    assert [row.interest_due_fen for row in rows] == [132_917, 1_111_667, 1_111_667, 1_099_583, 954_583]
    assert sums(rows) == (MILLION, 4_410_417)


@pytest.mark.parametrize("case", ["IV01", "IV02", "IV03", "IV04"])
def test_settlement_vectors(case: str) -> None:
    vectors = json.loads(shared("facts/interest_vectors.json").read_text("utf-8"))["vectors"]
    vector = next(item for item in vectors if item["id"] == case)
    given, expect = vector["input"], vector["expect"]
    loan = LoanTerms(
        case,
        given["principal_fen"],
        date.fromisoformat(given["drawn"]),
        date.fromisoformat(given["maturity"]),
        Bullet(),
        given["rate_e7"],
        interest_cycle_months=CYCLES[given["settlement"]],
        interest_day=20,
    )
    rows = dues(loan)
    assert [(str(row.due_on), row.interest_due_fen) for row in rows] == [
        (period["pay_on"], period["interest_fen"]) for period in expect["periods"]
    ]
    assert sums(rows)[1] == expect["interest_fen_total"]


@pytest.mark.parametrize("case", ["IV09", "IV10", "IV11", "IV12"])
@pytest.mark.parametrize(("day_count", "name"), [("A360", "A/360"), ("30E360", "30E/360")])
def test_day_count_vectors(case: str, day_count: str, name: str) -> None:
    vectors = json.loads(shared("facts/interest_vectors.json").read_text("utf-8"))["vectors"]
    vector = next(item for item in vectors if item["id"] == case)
    drawn, maturity = (date.fromisoformat(vector["input"][end]) for end in ("from", "to"))
    loan = bullet(drawn, maturity, interest_cycle_months=24, day_count=day_count)
    assert interests(loan) == [vector["expect"][name]["interest_fen"]]


def test_a_quarter_with_29_february_has_91_days_over_360_and_over_365() -> None:
    span = (date(2023, 12, 21), date(2024, 3, 21))
    assert interests(bullet(*span, interest_cycle_months=3)) == [1_099_583]
    assert interests(bullet(*span, interest_cycle_months=3, day_count="A365F")) == [1_084_521]
    assert interests(bullet(date(2022, 12, 21), date(2023, 3, 21), interest_cycle_months=3)) == [1_087_500]


@pytest.mark.parametrize(("rounding", "interest"), [("per_settlement", 1_162_222), ("per_segment", 1_162_223)])
def test_a_rate_change_cuts_a_period_and_rounds_once_or_per_segment(rounding: str, interest: int) -> None:
    loan = bullet(
        date(2022, 2, 20),
        date(2022, 8, 20),
        interest_cycle_months=3,
        interest_day=20,
        rate_type="RF02",
        nominal_rate_e7=None,
        benchmark="LPR5Y",
        spread_bp=0,
        reset_cycle_months=3,
        settlement_rounding=rounding,
    )
    due = next(row for row in dues(loan) if row.due_on == date(2022, 6, 21))
    assert due.interest_due_fen == interest


def test_a_fixed_rate_stays_when_the_market_moves() -> None:
    loan = bullet(
        date(2022, 3, 21), date(2022, 6, 21), interest_cycle_months=3, interest_day=20, nominal_rate_e7=370_000
    )
    assert interests(loan) == [945_556]


def test_a_rate_of_five_decimals_of_a_percent() -> None:
    loan = bullet(date(2022, 1, 1), date(2022, 4, 1), interest_cycle_months=3, nominal_rate_e7=458_075)
    assert interests(loan) == [1_145_188]


def test_deferred_interest_bears_nothing_and_no_other_due_changes() -> None:
    held = date(2022, 6, 21)
    park = Event("L", 1, date(2022, 6, 10), "park", None, "interest", held, held, date(2022, 12, 31))
    rows, plain = dues(YEAR, park), dues(YEAR)
    assert [row for row in rows if row.due_on == date(2022, 12, 31)] == [
        Row(date(2022, 12, 31), date(2022, 12, 21), 0, 1_111_667, MILLION, 0, 1_111_667)
    ]
    assert [row for row in rows if row.due_on != date(2022, 12, 31)] == [row for row in plain if row.due_on != held]


def test_a_deferred_instalment_of_principal_bears_contract_interest_until_its_new_day() -> None:
    loan = LoanTerms(
        "L", MILLION, date(2021, 12, 20), date(2022, 12, 20), EvenPrincipal(), 435_000, interest_cycle_months=3
    )
    held = date(2022, 9, 20)
    park = Event("L", 1, held, "park", None, "principal", held, held, date(2022, 12, 20))
    after, before = dues(loan, park), dues(loan)
    assert sums(after)[1] - sums(before)[1] == 274_896
    assert (after[-1].principal_due_fen, after[-1].deferred_principal_fen) == (50_000_000, 25_000_000)


def test_the_worked_modification_to_the_fen() -> None:
    case = json.loads(shared("data/worked_modification.json").read_text("utf-8"))
    given, relief, expect = case["loan"], case["relief"], case["expect"]
    loan = LoanTerms(
        "L",
        given["principal_fen"],
        date.fromisoformat(given["start"]),
        date.fromisoformat(relief["original_maturity"]),
        Level(),
        given["rate_ppm"] * 10,
    )
    base = dues(loan)
    assert len(base) == given["instalments"]
    assert {row.principal_due_fen + row.interest_due_fen for row in base[:-1]} == {given["level_fen"]}
    assert sums(base)[1] == expect["total_interest_base_fen"]
    first = base[relief["deferred_instalments"][0] - 1].due_on
    shift = Event(
        "L",
        1,
        date.fromisoformat(relief["effective"]),
        "shift",
        from_on=first,
        shift_months=len(relief["deferred_instalments"]),
        interest_treatment="first_resumed",
    )
    modified = dues(loan, shift)
    assert sums(modified) == (given["principal_fen"], expect["total_interest_modified_fen"])
    assert str(modified[-1].due_on) == relief["new_maturity"]
    resumed = next(row for row in modified if row.due_on >= first)
    assert str(resumed.due_on) == relief["deferred_interest_due"]
    assert resumed.deferred_interest_fen == 829_147


def test_the_worked_modification_of_the_book() -> None:
    """The same case with its numbers written out, for a checkout that stands alone."""
    loan = LoanTerms("L", MILLION, date(2022, 1, 20), date(2023, 1, 20), Level(), 435_000)
    shift = Event(
        "L",
        1,
        date(2022, 4, 20),
        "shift",
        from_on=date(2022, 5, 20),
        shift_months=3,
        interest_treatment="first_resumed",
    )
    assert {row.principal_due_fen + row.interest_due_fen for row in dues(loan)[:-1]} == {8_530_990}
    assert sums(dues(loan)) == (MILLION, 2_395_719)
    assert sums(dues(loan, shift)) == (MILLION, 3_229_086)
