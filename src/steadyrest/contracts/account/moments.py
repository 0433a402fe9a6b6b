"""Moments of a contract: the time that is printed and the day that counts.

A contract time is a `datetime` without zone. Interest runs by whole days, from the start of a day to the start of
another, so a day is its proleptic ordinal (`date.toordinal`).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

_LAST_SECOND: Final = time(23, 59, 59)


def read_moment(text: str) -> datetime:
    """Read `YYYY-MM-DD`, with or without a time, with or without seconds. Anything else is a `ValueError`.

    >>> read_moment(" 2013-08-01T00:00 ")
    datetime.datetime(2013, 8, 1, 0, 0)
    """
    found = datetime.fromisoformat(text.strip())
    if found.tzinfo is not None:
        raise ValueError(f"a contract time has no zone: {text!r}")
    return found


def moment(on: date) -> datetime:
    """The start of a day."""
    return datetime(on.year, on.month, on.day)


def day_of(at: datetime) -> int:
    """The day that counts. The last second of a day is the next midnight: ISO 8601 knows 24:00 as both.

    >>> day_of(datetime(2013, 12, 31, 23, 59, 59)) == day_of(datetime(2014, 1, 1))
    True
    """
    return at.toordinal() + int(at.time() >= _LAST_SECOND)
