"""Calendar arithmetic on day numbers (days since 1970-01-01), exact over the proleptic Gregorian calendar."""

from __future__ import annotations

from steadyrest.accelerate import kernel


@kernel
def day_number(year: int, month: int, day: int) -> int:
    """The day number of a date; a day beyond the end of the month is its last day."""
    length = month_length(year, month)
    if day > length:
        day = length
    shifted = year - (1 if month <= 2 else 0)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@kernel
def month_length(year: int, month: int) -> int:
    """Days of a month."""
    if month == 2:
        return 29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28
    return 30 if month in (4, 6, 9, 11) else 31


@kernel
def civil(number: int) -> tuple[int, int, int]:
    """Year, month, day of a day number."""
    shifted = number + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    of_era_year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * of_era_year + of_era_year // 4 - of_era_year // 100)
    position = (5 * of_year + 2) // 153
    day = of_year - (153 * position + 2) // 5 + 1
    month = position + (3 if position < 10 else -9)
    year = of_era_year + era * 400 + (1 if month <= 2 else 0)
    return year, month, day


@kernel
def add_months(number: int, months: int, anchor_day: int) -> int:
    """The same day of the month `months` later. The anchor keeps day 31 from drifting to 28 after a February."""
    year, month, _ = civil(number)
    position = year * 12 + month - 1 + months
    return day_number(position // 12, position % 12 + 1, anchor_day)


@kernel
def days_30e360(start: int, end: int) -> int:
    """Days between two dates by 30E/360: the 31st counts as the 30th."""
    y1, m1, d1 = civil(start)
    y2, m2, d2 = civil(end)
    return 360 * (y2 - y1) + 30 * (m2 - m1) + min(d2, 30) - min(d1, 30)
