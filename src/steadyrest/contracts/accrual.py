"""Interest by the day in exact fractions: runs of one base and one rate, and the settlements they add up to.

This is the arithmetic a person checks an amount with; whole books go through the kernels, which agree with it to the
fen. A run counts its first day and not the day it ends on.

Sources: 人民币利率管理规定 art. 20, 21 (the settlement day is the last day included, payment falls on the next day);
银发〔2005〕129号 (daily products; whole months and odd days).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.daycount import year_fraction
from steadyrest.contracts.account.moments import moment
from steadyrest.units import RATE_ONE, Rounding, round_fraction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """Interest on one base at one rate. `multiplier` is that of a penalty rate; `day_count` as in `loan_terms`.

    >>> run = Run(date(2022, 3, 21), date(2022, 6, 21), 100_000_000, 435_000)
    >>> run.days, run.exact_fen, run.fen()
    (92, Fraction(3335000, 3), 1111667)
    """

    since: date
    until: date
    base_fen: int
    rate_e7: int
    day_count: str = "A360"
    multiplier: Fraction = Fraction(1)

    @property
    def days(self) -> int:
        """Calendar days."""
        return (self.until - self.since).days

    @property
    def exact_fen(self) -> Fraction:
        """Base x rate x part of the year, not rounded."""
        part = year_fraction(self.day_count, self.since.toordinal(), self.until.toordinal())
        return self.base_fen * self.rate_e7 * self.multiplier * Fraction(*part) / RATE_ONE

    def fen(self, rounding: Rounding = Rounding.HALF_UP) -> int:
        """Rounded to the fen by itself."""
        return round_fraction(self.exact_fen, rounding)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Interest that is settled together and paid on one day: rounded once, or run by run."""

    pay_on: date
    runs: tuple[Run, ...]
    rounding: Rounding = Rounding.HALF_UP
    is_per_segment: bool = False

    @property
    def days(self) -> int:
        """Calendar days of all runs."""
        return sum(run.days for run in self.runs)

    @property
    def exact_fen(self) -> Fraction:
        """The sum of the runs, not rounded."""
        return sum((run.exact_fen for run in self.runs), Fraction(0))

    @property
    def fen(self) -> int:
        """What is paid."""
        if self.is_per_segment:
            return sum(run.fen(self.rounding) for run in self.runs)
        return round_fraction(self.exact_fen, self.rounding)


def settlement_days(since: date, months: int, day: int) -> Iterator[date]:
    """The days after which interest is paid, from the first on or after `since`, without an end.

    The settlement months end the cycles of the calendar year: with 3 they are March, June, September and December.

    >>> days = settlement_days(date(2022, 6, 21), 3, 20)
    >>> next(days), next(days)
    (datetime.date(2022, 9, 20), datetime.date(2022, 12, 20))
    """
    anchor = moment(date(since.year - 1, 12, 31).replace(day=min(day, 31)))
    number = 0
    while True:
        on = Period(months * number).after(anchor).date()
        if on >= since:
            yield on
        number += 1


def periods(since: date, until: date, months: int, day: int) -> Iterator[tuple[date, date]]:
    """First day and payment day of each interest period between two days; the last one is paid on `until`."""
    for settled in settlement_days(since, months, day):
        ends = min(settled + ONE_DAY, until)
        if since < ends:
            yield since, ends
        if ends == until:
            return
        since = ends


def runs(
    since: date,
    until: date,
    balances: Sequence[tuple[date, int]],
    rates: Sequence[tuple[date, int]],
    day_count: str = "A360",
) -> tuple[Run, ...]:
    """The runs of a period under balances and rates, each from its day on, ascending, the first not after `since`."""
    cuts = sorted({since, until, *(on for on, _ in (*balances, *rates) if since < on < until)})
    return tuple(
        Run(start, end, _in_force(balances, start), _in_force(rates, start), day_count) for start, end in pairwise(cuts)
    )


def _in_force(values: Iterable[tuple[date, int]], on: date) -> int:
    return [value for since, value in values if since <= on][-1]
