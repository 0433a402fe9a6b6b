"""Periods, cycles, business days and day counts of the account."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from steadyrest.calendar import roll
from steadyrest.contracts.account.business import CONVENTIONS, BusinessDays
from steadyrest.contracts.account.cycles import Cycle, Period, Rhythm, read_cycle, read_period
from steadyrest.contracts.account.daycount import COUNTS, YearFraction, year_fraction
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.moments import day_of, read_moment


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def days(times: list[datetime]) -> list[str]:
    return [time.date().isoformat() for time in times]


@pytest.mark.parametrize(
    ("text", "months", "length"),
    [("P1D", 0, 1), ("P2WL1", 0, 14), ("P1QL0", 3, 0), ("P1HL1", 6, 0), ("P1Y", 12, 0), ("P1Y2M3D", 14, 3)],
)
def test_periods(text: str, months: int, length: int) -> None:
    assert read_period(text) == Period(months, length)


@pytest.mark.parametrize("text", ["", "1M", "PM", "P1MX", "P1ML2", "P-1M"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        read_period(text)


def test_a_cycle_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="no length"):
        read_cycle("P0ML1")


def test_anchors_do_not_drift() -> None:
    found = Rhythm(at("2023-10-31"), read_cycle("P1ML1")).until(at("2024-05-01"))
    assert days(found) == [
        "2023-10-31",
        "2023-11-30",
        "2023-12-31",
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
    ]


def test_the_end_of_month_convention_keeps_month_ends_only_of_month_ends() -> None:
    end = at("2023-06-15")
    assert days(Rhythm(at("2023-02-28"), read_cycle("P1ML1"), True).until(end))[1:3] == ["2023-03-31", "2023-04-30"]
    assert days(Rhythm(at("2023-02-28"), read_cycle("P1ML1")).until(end))[1:3] == ["2023-03-28", "2023-04-28"]
    assert days(Rhythm(at("2023-02-27"), read_cycle("P1ML1"), True).until(end))[1] == "2023-03-27"


@pytest.mark.parametrize(
    ("cycle", "end", "include", "expected"),
    [
        ("P1ML1", "2023-03-15", True, ["2023-01-01", "2023-02-01", "2023-03-01", "2023-03-15"]),
        ("P1ML0", "2023-03-15", True, ["2023-01-01", "2023-02-01", "2023-03-15"]),
        ("P1ML0", "2023-03-15", False, ["2023-01-01", "2023-02-01"]),
        ("P1ML0", "2023-03-01", True, ["2023-01-01", "2023-02-01", "2023-03-01"]),
        ("P1YL0", "2023-03-15", True, ["2023-01-01", "2023-03-15"]),
        ("P1ML1", "2022-12-01", True, ["2022-12-01"]),
        ("P1ML1", "2022-12-01", False, []),
    ],
)
def test_stubs(cycle: str, end: str, include: bool, expected: list[str]) -> None:
    assert days(Rhythm(at("2023-01-01"), read_cycle(cycle)).until(at(end), include)) == expected


def test_an_anchor_without_cycle_is_one_time() -> None:
    assert days(Rhythm(at("2023-01-01"), None).until(at("2024-01-01"), True)) == ["2023-01-01", "2024-01-01"]
    assert Rhythm(at("2023-01-01"), Cycle(Period(1))).nth(-1) == at("2022-12-01")


@pytest.mark.parametrize(
    ("convention", "shifted"),
    [
        ("NOS", "2013-03-30"),
        ("SCF", "2013-04-01"),
        ("CSF", "2013-04-01"),
        ("SCMF", "2013-03-29"),
        ("CSMF", "2013-03-29"),
        ("SCP", "2013-03-29"),
        ("SCMP", "2013-03-29"),
    ],
)
def test_a_saturday_by_monday_to_friday(convention: str, shifted: str) -> None:
    rule = BusinessDays(convention, "MF")
    assert rule.event(at("2013-03-30")) == at(shifted)
    unshifted = convention.startswith("CS") or convention == "NOS"
    assert rule.calculation(at("2013-03-30")) == at("2013-03-30" if unshifted else shifted)


def test_modified_preceding_stays_in_its_month() -> None:
    assert BusinessDays("SCMP", "MF").event(at("2013-06-01")) == at("2013-06-03")


def test_the_bank_calendar_of_china_agrees_with_the_calendar_package() -> None:
    for convention in CONVENTIONS:
        rule = BusinessDays(convention, "CN")
        for day in range(date(2022, 9, 25).toordinal(), date(2022, 10, 12).toordinal()):
            on = date.fromordinal(day)
            assert rule.event(datetime(on.year, on.month, on.day)).date() == roll(on, convention)


@pytest.mark.parametrize(("convention", "calendar"), [("XX", "NC"), ("SCF", "TARGET")])
def test_unknown_conventions_are_refused(convention: str, calendar: str) -> None:
    with pytest.raises(TermsError, match="Possible"):
        BusinessDays(convention, calendar)


@pytest.mark.parametrize(
    ("convention", "since", "until", "numerator", "denominator"),
    [
        ("A360", "2022-01-01", "2022-04-03", 92, 360),
        ("A365", "2023-12-01", "2024-03-01", 91, 365),
        ("A365F", "2023-12-01", "2024-03-01", 91, 365),
        ("AA", "2023-12-01", "2024-03-01", 31 * 366 + 60 * 365, 365 * 366),
        ("30E360", "2013-01-31", "2013-02-28", 28, 360),
        ("30E360", "2013-02-28", "2013-03-31", 32, 360),
        ("30E360ISDA", "2013-01-31", "2013-02-28", 30, 360),
        ("30E360ISDA", "2013-02-28", "2013-03-31", 30, 360),
        ("28E336", "2013-01-31", "2013-02-28", 28, 336),
        ("M12D360", "2022-01-31", "2022-02-28", 30, 360),
        ("M12D360", "2022-01-15", "2022-03-20", 65, 360),
    ],
)
def test_day_counts(convention: str, since: str, until: str, numerator: int, denominator: int) -> None:
    found = year_fraction(convention, day_of(at(since)), day_of(at(until)))
    assert found == YearFraction(numerator, denominator)


def test_a_maturity_on_the_last_of_february_is_no_thirtieth() -> None:
    since, until = day_of(at("2013-01-31")), day_of(at("2013-02-28"))
    assert year_fraction("30E360ISDA", since, until, until) == YearFraction(28, 360)


@pytest.mark.parametrize("convention", [name for name in COUNTS if name != "M12D360"])
def test_parts_of_a_period_add_up(convention: str) -> None:
    first, middle, last = (day_of(at(text)) for text in ("2023-11-17", "2024-02-29", "2024-12-31"))
    parts = year_fraction(convention, first, middle).numerator + year_fraction(convention, middle, last).numerator
    assert parts == year_fraction(convention, first, last).numerator


@pytest.mark.parametrize("convention", COUNTS)
def test_backwards_is_negative(convention: str) -> None:
    first, last = day_of(at("2023-01-15")), day_of(at("2024-03-20"))
    there, back = year_fraction(convention, first, last), year_fraction(convention, last, first)
    assert there.numerator == -back.numerator > 0


def test_the_last_second_of_a_day_is_the_next_midnight() -> None:
    assert day_of(read_moment("2023-12-31T23:59:59")) == day_of(read_moment("2024-01-01"))
    with pytest.raises(ValueError, match="no zone"):
        read_moment("2023-12-31T00:00:00+08:00")
