"""Day counts: the fraction of a year between two days, as a numerator and a denominator, never rounded.

The kernels count days from 1970 on a table (`kernels/civil.py`); these functions count proleptic ordinals and know no
first or last year, so the two check each other.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

from steadyrest.contracts.account.faults import TermsError


class YearFraction(NamedTuple):
    """Part of a year: numerator / denominator. Parts of one day count have one denominator, so they add up."""

    numerator: int
    denominator: int


Count = Callable[[int, int, int | None], YearFraction]
"""First day, last day, and the maturity, which 30E/360 ISDA needs."""


def year_fraction(convention: str | None, since: int, until: int, maturity: int | None = None) -> YearFraction:
    """The part of a year from one day to another, the first counted and the last not; backwards it is negative.

    An unknown convention is a `TermsError`.

    >>> day = date(2013, 1, 31).toordinal
    >>> year_fraction("30E360", day(), date(2013, 2, 28).toordinal())
    YearFraction(numerator=28, denominator=360)
    """
    if convention is None or convention not in COUNTS:
        raise TermsError("term_value", "day_count_convention", value=convention, allowed=", ".join(COUNTS))
    return COUNTS[convention](since, until, maturity)


def _actual(denominator: int) -> Count:
    def count(since: int, until: int, maturity: int | None) -> YearFraction:
        return YearFraction(until - since, denominator)

    return count


def _actual_actual(since: int, until: int, maturity: int | None) -> YearFraction:
    """Each day counts by the length of its own year."""
    return YearFraction(_weight(until) - _weight(since), 365 * 366)


def _weight(day: int) -> int:
    """Days since year 1, those of leap years weighted by 365 and the others by 366."""
    on = date.fromordinal(day)
    years = on.year - 1
    inside = day - date(on.year, 1, 1).toordinal()
    return years * 365 * 366 + inside * (365 if isleap(on.year) else 366)


def _fixed_months(length: int) -> Count:
    """Every month has `length` days and later days of a month count as the last of them."""

    def count(since: int, until: int, maturity: int | None) -> YearFraction:
        return YearFraction(ordinal(until) - ordinal(since), 12 * length)

    def ordinal(day: int) -> int:
        on = date.fromordinal(day)
        return (on.year * 12 + on.month) * length + min(on.day, length)

    return count


def _thirty_isda(since: int, until: int, maturity: int | None) -> YearFraction:
    """30E/360 ISDA: the last day of any month is the 30th, but not a maturity on the last of February."""

    def ordinal(day: int, is_maturity: bool) -> int:
        on = date.fromordinal(day)
        is_last = on.day == monthrange(on.year, on.month)[1]
        keeps = is_maturity and on.month == 2
        return (on.year * 12 + on.month) * 30 + (30 if is_last and not keeps else min(on.day, 30))

    return YearFraction(ordinal(until, until == maturity) - ordinal(since, False), 360)


def _months_and_days(since: int, until: int, maturity: int | None) -> YearFraction:
    """Whole months as twelfths of a year and the odd days as parts of 360: the inverse of a PBoC interest sum by
    months. Whole months end on the day of the month they began, or on its last one.
    """
    if until < since:
        back = _months_and_days(until, since, maturity)
        return YearFraction(-back.numerator, back.denominator)
    first, last = date.fromordinal(since), date.fromordinal(until)
    months = (last.year - first.year) * 12 + last.month - first.month
    if _later(first, months) > last:
        months -= 1
    return YearFraction(months * 30 + (last - _later(first, months)).days, 360)


def _later(on: date, months: int) -> date:
    position = on.year * 12 + on.month - 1 + months
    year, month = divmod(position, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


COUNTS: Final[Mapping[str, Count]] = {
    "AA": _actual_actual,
    "A360": _actual(360),
    "A365": _actual(365),
    "A365F": _actual(365),
    "30E360": _fixed_months(30),
    "30E360ISDA": _thirty_isda,
    "28E336": _fixed_months(28),
    "M12D360": _months_and_days,
}
"""By the ACTUS name. `M12D360` is the Chinese one: whole months at annual / 12, odd days at annual / 360."""
