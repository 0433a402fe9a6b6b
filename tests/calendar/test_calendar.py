"""Two calendars, rolling that never passes a cap, and days nobody has announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from steadyrest.calendar import is_bank_day, is_official, is_session, last_bank_day, next_bank_day, roll


def test_the_cap_of_the_notice_is_a_saturday() -> None:
    assert last_bank_day(date(2022, 12, 31)) == date(2022, 12, 30)


def test_a_working_saturday_is_a_bank_day_and_no_session() -> None:
    saturday = date(2022, 10, 8)
    assert saturday.weekday() == 5
    assert is_bank_day(saturday)
    assert not is_session(saturday)


def test_the_exchange_closed_on_a_working_friday_before_the_new_year_of_2024() -> None:
    assert is_bank_day(date(2024, 2, 9))
    assert not is_session(date(2024, 2, 9))


def test_no_weekend_is_a_session() -> None:
    day = date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert not (is_session(day) and day.weekday() >= 5), day
        day += timedelta(days=1)


def test_after_the_last_official_year_days_are_unofficial() -> None:
    assert is_official(date(2026, 12, 31))
    assert not is_official(date(2027, 1, 1))
    assert is_bank_day(date(2027, 1, 4))
    assert not is_bank_day(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        ("NOS", date(2022, 12, 31)),
        ("SCF", date(2023, 1, 3)),
        ("CSF", date(2023, 1, 3)),
        ("SCMF", date(2022, 12, 30)),
        ("SCP", date(2022, 12, 30)),
        ("CSMP", date(2022, 12, 30)),
    ],
)
def test_conventions_roll_the_end_of_2022(convention: str, expected: date) -> None:
    assert roll(date(2022, 12, 31), convention) == expected


def test_preceding_within_the_month_goes_forward_at_its_start() -> None:
    assert roll(date(2022, 10, 1), "SCMP") == next_bank_day(date(2022, 10, 1)) == date(2022, 10, 8)
    assert roll(date(2022, 10, 1), "SCP") == date(2022, 9, 30)
