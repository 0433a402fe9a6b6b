"""Whole months between days, as contracts and the civil law count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def later_by(on: date, months: int) -> date:
    """The same day some months later, or the last day of that month.

    >>> later_by(date(2022, 9, 15), 6), later_by(date(2022, 8, 31), 6)
    (datetime.date(2023, 3, 15), datetime.date(2023, 2, 28))
    """
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def months_to_reach(start: date, end: date) -> int:
    """The fewest whole months after `start` that reach `end`: a started month counts in full.

    >>> months_to_reach(date(2022, 8, 10), date(2022, 12, 10)), months_to_reach(date(2022, 8, 10), date(2022, 12, 11))
    (4, 5)
    """
    months = max(0, (end.year - start.year) * 12 + end.month - start.month)
    return months if later_by(start, months) >= end else months + 1
