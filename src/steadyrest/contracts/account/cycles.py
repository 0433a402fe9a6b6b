"""Periods, cycles and the times they give.

Every time of a cycle is counted from its anchor, never from the time before it, so day 31 does not drift to 28.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from steadyrest.contracts.account.faults import TermsError

_DURATION: Final = re.compile(r"P((?:\d+[DWMQHY])+)(?:T0+[HMS])?(?:L([01]))?")
_PART: Final = re.compile(r"(\d+)([DWMQHY])")
_MONTHS: Final = {"M": 1, "Q": 3, "H": 6, "Y": 12}
_DAYS: Final = {"D": 1, "W": 7}
_LONGEST: Final = 100_000
"""No contract has more times in one cycle: two and a half centuries of days."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of calendar time."""

    months: int = 0
    days: int = 0

    def times(self, count: int) -> Period:
        """The period, `count` times over."""
        return Period(self.months * count, self.days * count)

    def after(self, at: datetime, to_month_end: bool = False) -> datetime:
        """A time that much later. A day the month does not have is its last one; with `to_month_end` every one is."""
        if self.months == 0:
            return at + timedelta(days=self.days)
        year, month = divmod(at.year * 12 + at.month - 1 + self.months, 12)
        length = monthrange(year, month + 1)[1]
        moved = at.replace(year=year, month=month + 1, day=length if to_month_end else min(at.day, length))
        return moved + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A period that is repeated. With `is_long_stub` a broken last period is joined to the one before it."""

    period: Period
    is_long_stub: bool = False


def read_period(text: str) -> Period:
    """Read an ISO 8601 duration in days, weeks, months, quarters, half years or years; a stub is not looked at.

    >>> read_period("P1Y6M"), read_period("P5DL0")
    (Period(months=18, days=0), Period(months=0, days=5))
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a period: {text!r}")
    parts = [(int(number), unit) for number, unit in _PART.findall(found[1])]
    return Period(
        sum(number * _MONTHS.get(unit, 0) for number, unit in parts),
        sum(number * _DAYS.get(unit, 0) for number, unit in parts),
    )


def read_cycle(text: str) -> Cycle:
    """Read `P1ML0` (long last stub) or `P1ML1` (short last stub, also without a stub). A zero cycle is a `ValueError`.

    >>> read_cycle("P3ML0")
    Cycle(period=Period(months=3, days=0), is_long_stub=True)
    """
    period = read_period(text)
    if period.months + period.days == 0:
        raise ValueError(f"a cycle of no length: {text!r}")
    return Cycle(period, text.strip().endswith("L0"))


def is_month_end(at: datetime) -> bool:
    """Whether a day is the last of its month."""
    return at.day == monthrange(at.year, at.month)[1]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A cycle on its anchor. With the end-of-month convention an anchor on a month end stays on month ends.

    Its first time is `first` cycles after the anchor: without an agreed first due day the anchor is the exchange.
    """

    anchor: datetime
    cycle: Cycle | None
    keeps_month_end: bool = False
    first: int = 0

    def nth(self, number: int) -> datetime:
        """The time `number` cycles after the first, or before it; a rhythm without cycle has the anchor alone."""
        cycles = self.first + number
        if self.cycle is None or cycles == 0:
            return self.anchor
        to_end = self.keeps_month_end and self.cycle.period.days == 0 and is_month_end(self.anchor)
        return self.cycle.period.times(cycles).after(self.anchor, to_end)

    def endless(self) -> Iterator[datetime]:
        """Time after time, without an end."""
        yield self.nth(0)
        number = 1
        while self.cycle is not None:
            if number > _LONGEST:
                raise TermsError("never_redeemed", "maturity_date")
            yield self.nth(number)
            number += 1

    def until(self, end: datetime, include_end: bool = False) -> list[datetime]:
        """The times before an end, and the end itself when asked for."""
        found: list[datetime] = []
        following = end
        for following in self.endless():
            if following >= end:
                break
            found.append(following)
        is_broken = self.cycle is not None and following != end
        if is_broken and self.cycle is not None and self.cycle.is_long_stub and len(found) > 1:
            found.pop()
        return [*found, end] if include_end else found
