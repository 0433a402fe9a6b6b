"""Calendar arithmetic on day numbers (days since 1970-01-01) by a table of month starts, 1900 to 2399.

A month position is `year * 12 + month - 1`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from steadyrest.accelerate import kernel

_FIRST_POSITION: Final = 1900 * 12
_STARTS: Final = np.arange("1900-01", "2400-01", dtype="M8[M]").astype("M8[D]").astype(np.int64)
_FIRST_START: Final = int(_STARTS[0])
FIRST_DAY: Final = int(np.datetime64("1900-02-01").astype(np.int64))
LAST_DAY: Final = int(np.datetime64("2199-12-31").astype(np.int64))
"""Days of contracts lie between these two; the table goes on for another 200 years of deferral and growth."""


@kernel
def month_start(position: int) -> int:
    """The day number of the first of a month."""
    return int(_STARTS[position - _FIRST_POSITION])


@kernel
def month_length(position: int) -> int:
    """Days of a month."""
    return int(_STARTS[position - _FIRST_POSITION + 1] - _STARTS[position - _FIRST_POSITION])


@kernel
def month_position(day: int) -> int:
    """The month a day lies in."""
    index = (day - _FIRST_START) * 4800 // 146097
    while _STARTS[index] > day:
        index -= 1
    while _STARTS[index + 1] <= day:
        index += 1
    return index + _FIRST_POSITION


@kernel
def day_of_month(day: int) -> int:
    """1 to 31."""
    return day - month_start(month_position(day)) + 1


@kernel
def day_in_month(position: int, wanted: int) -> int:
    """A day of a month; a day the month does not have is its last one, so day 31 never drifts."""
    return month_start(position) + min(wanted, month_length(position)) - 1


@kernel
def add_months(day: int, months: int) -> int:
    """The same day of the month, `months` later."""
    position = month_position(day)
    return day_in_month(position + months, day - month_start(position) + 1)


@kernel
def ordinal_30e360(day: int) -> int:
    """A count whose differences are days by 30E/360: months have 30 days and the 31st counts as the 30th."""
    position = month_position(day)
    return position * 30 + min(day - month_start(position) + 1, 30)


@kernel
def ordinal_30e360_isda(day: int, maturity: int) -> int:
    """By 30E/360 ISDA: the last day of any month is the 30th, but not a maturity on the last of February."""
    position = month_position(day)
    of_month = day - month_start(position) + 1
    if of_month == month_length(position) and not (day == maturity and position % 12 == 1):
        of_month = 30
    return position * 30 + min(of_month, 30)


@kernel
def ordinal_actual(day: int) -> int:
    """A count in 365 x 366 parts of a year: a day of a leap year has 365 of them, of any other year 366."""
    year = month_position(day) // 12
    first = month_start(year * 12)
    weight = 365 if month_start(year * 12 + 12) - first == 366 else 366
    return year * 365 * 366 + (day - first) * weight


@kernel
def months_and_days(start: int, end: int) -> int:
    """30 for every whole month, from a day to the same day of the month or its last one, and 1 for every day left."""
    position = month_position(start)
    wanted = day_of_month(start)
    months = month_position(end) - position
    if day_in_month(position + months, wanted) > end:
        months -= 1
    return months * 30 + end - day_in_month(position + months, wanted)
