"""China's two calendars: bank days (with working weekends) and exchange sessions; rolling by business-day rules.

After the last official calendar year only weekends are known to be free: such days are marked unofficial.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from steadyrest import reference


def is_bank_day(on: date) -> bool:
    """Whether banks work on a day.

    >>> is_bank_day(date(2022, 10, 8)), is_bank_day(date(2022, 12, 31)), is_bank_day(date(2022, 10, 7))
    (True, False, False)
    """
    return _exceptions()[0].get(on, on.weekday() < 5)


def is_session(on: date) -> bool:
    """Whether the exchanges trade on a day: never on a weekend, not even a working one."""
    return _exceptions()[1].get(on, on.weekday() < 5)


def is_official(on: date) -> bool:
    """Whether the day lies inside the officially announced years."""
    verified = reference.source("calendar").last_verified_on
    return verified is not None and on <= verified


def last_bank_day(limit: date) -> date:
    """The last bank day on or before a limit: rolling never passes a cap.

    >>> last_bank_day(date(2022, 12, 31))
    datetime.date(2022, 12, 30)
    """
    on = limit
    while not is_bank_day(on):
        on -= timedelta(days=1)
    return on


def next_bank_day(since: date) -> date:
    """The first bank day on or after a day."""
    on = since
    while not is_bank_day(on):
        on += timedelta(days=1)
    return on


def roll(on: date, convention: str) -> date:
    """Roll a due date by an ACTUS business-day convention (SCF, SCMF, CSF, CSMF, SCP, SCMP, CSP, CSMP, NOS).

    The first two letters say whether the interest period moves with the date (SC) or not (CS); both give one payment
    day. M keeps the month. An unknown convention is a `KeyError`.
    """
    if convention == "NOS":
        return on
    rolls = {"F": next_bank_day, "P": last_bank_day}
    rolled = rolls[convention[-1]](on)
    if "M" in convention[2:] and rolled.month != on.month:
        return rolls["P" if convention[-1] == "F" else "F"](on)
    return rolled


@cache
def _exceptions() -> tuple[dict[date, bool], dict[date, bool]]:
    rows = reference.table("calendar")
    bank = {on: bool(flag) for on, flag in rows.select("on", "is_bank_day").iter_rows() if flag is not None}
    session = {on: bool(flag) for on, flag in rows.select("on", "is_session").iter_rows() if flag is not None}
    return bank, session
