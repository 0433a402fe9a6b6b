"""The terms of one loan, read slowly: its due days, its rate on a day, its interest of a day, its claims as signed."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Quote = tuple[date, int, int]
"""Day, one-year and five-year LPR in 1e-7."""

ONE_DAY = timedelta(days=1)


class Impossible(Exception):
    """These terms or events have no schedule; the word is the status."""


@dataclass
class Claim:
    """One amount due: of the plan (planned on a day), or the interest of a period; perhaps replaced by parts."""

    due_on: date | None = None  # None: interest that is due at the end of its period
    planned_on: date | None = None
    period: int = 0
    was_moved: bool = False
    was_parked: bool = False
    is_planned: bool = False
    amount: int = 0
    parts: list[Claim] = field(default_factory=list)

    def leaves(self) -> Iterator[Claim]:
        """The claim itself, or its parts and their parts."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def share_out(self) -> None:
        """Part j of k of an amount A is floor(A (j+1) / k) - floor(A j / k)."""
        k = len(self.parts)
        for j, part in enumerate(self.parts):
            part.amount = self.amount * (j + 1) // k - self.amount * j // k
            part.share_out()


def round_to_fen(value: Fraction, rule: str) -> int:
    """Half-up, half-even, up or down, for amounts that are not negative."""
    below = value.numerator // value.denominator
    rest = value - below
    if rule == "down" or rest == 0:
        return below
    if rule == "up":
        return below + 1
    if rest == Fraction(1, 2):
        return below + 1 if rule == "half_up" or below % 2 else below
    return below + (rest > Fraction(1, 2))


def on_day(year: int, month: int, day: int) -> date:
    """A day of a month counted on from January of the year, or the month's last day."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def later_by(day: date, months: int, anchor: int | None = None) -> date:
    """The same day some months later, or the anchor day of that month."""
    return on_day(day.year, day.month + months, anchor or day.day)


class Contract:
    """One loan while its claims are moved about and then settled."""

    def __init__(self, terms: Mapping[str, Any], quotes: Sequence[Quote]) -> None:
        given = {name: value for name, value in terms.items() if value is not None}
        self.get: Callable[..., Any] = given.get
        self.check()
        self.drawn: date = given["drawn_on"]
        self.cycle: int = self.get("interest_cycle_months", 0)
        self.rates = self.rate_segments(quotes)
        if any(not 0 <= rate <= 100_000_000 for _, rate in self.rates):
            raise Impossible("bad_rate")
        self.ends: list[date] = [given["maturity_on"]]
        self.seen: list[date] = []  # the due days found so far, in order
        self.coming = self.pattern()
        self.laid: tuple[list[date], list[date]] = ([], [])  # the last answer of `boundaries`, with its ends
        self.sign()

    # --- terms -----------------------------------------------------------------------------------------------------

    def check(self) -> None:
        get = self.get
        needed = ["original_principal_fen", "drawn_on", "maturity_on", "amortisation", "interest_cycle_months"]
        needed += (
            ["benchmark", "spread_bp", "reset_cycle_months"] if get("rate_type") == "RF02" else ["nominal_rate_e7"]
        )
        if any(get(name) is None for name in [*needed, "rate_type"]):
            raise Impossible("missing")
        if not 0 <= get("balloon_fen", 0) < get("original_principal_fen"):
            raise Impossible("bad_amount")
        if get("original_principal_fen") > 10**15:
            raise Impossible("over_limit")
        if not date(1900, 2, 1) <= get("drawn_on") < get("maturity_on") <= date(2199, 12, 31):
            raise Impossible("bad_dates")
        if not get("drawn_on") < get("first_due_on", date(2199, 12, 31)) <= date(2199, 12, 31):
            raise Impossible("bad_first_due")
        self.check_cycles()

    def check_cycles(self) -> None:
        cycle, day = self.get("interest_cycle_months"), self.get("interest_day", 0)
        if not 1 <= cycle <= 1200:
            raise Impossible("bad_cycle")
        if not 0 <= day <= 31:
            raise Impossible("bad_interest_day")
        if day and 12 % cycle:
            raise Impossible("bad_cycle")
        if self.get("interest_only_periods", 0) < 0 or self.get("holiday_periods", 0) < 0:
            raise Impossible("bad_prefix")
        principal_cycle = self.get("repayment_cycle_months", cycle)
        if self.get("amortisation") == "bullet":
            return
        if not cycle <= principal_cycle <= 1200 or principal_cycle % cycle:
            raise Impossible("bad_cycle")
        if self.get("amortisation") == "level" and principal_cycle != cycle:
            raise Impossible("bad_cycle")

    def rate_segments(self, quotes: Sequence[Quote]) -> list[tuple[date, int]]:
        if self.get("rate_type") != "RF02":
            return [(self.drawn, self.get("nominal_rate_e7"))]
        is_long = self.get("maturity_on") > later_by(self.drawn, 60)
        column = {"LPR1Y": 0, "LPR5Y": 1, "LPR": int(is_long)}[self.get("benchmark")]
        floor, cap = self.get("floor_rate_e7", -(10**12)), self.get("cap_rate_e7", 10**12)
        found, number = [], 0
        while (reset := later_by(self.drawn, number * self.get("reset_cycle_months"))) < date(2199, 1, 1):
            known = [quote for quote in quotes if quote[0] <= reset]
            rate = max(known)[1:][column] + self.get("spread_bp") * 1000 if known else -1
            if abs(self.get("spread_bp")) > 100_000 or floor > cap:
                rate = -1
            elif known:
                rate = sorted([floor, rate, cap])[1]
            found.append((reset, rate))
            number += 1
            if reset > later_by(self.get("maturity_on"), 24):
                break
        return found

    def rate_on(self, day: date) -> int:
        """The rate of the last segment begun, or of the first one before any has."""
        return next((rate for since, rate in reversed(self.rates) if since <= day), self.rates[0][1])

    # --- days ------------------------------------------------------------------------------------------------------

    def pattern(self) -> Iterator[date]:
        """The due days of the contract, without an end."""
        settlement, first = self.get("interest_day", 0), self.get("first_due_on")
        for step in range(12 * 500):
            if settlement:
                month = on_day(self.drawn.year, self.drawn.month + step, settlement)
                due = month + ONE_DAY if month.month % self.cycle == 0 and month >= self.drawn else None
            elif first:
                due = later_by(first, step) if step % self.cycle == 0 else None
            else:
                due = later_by(self.drawn, step) if step % self.cycle == 0 and step else None
            if due is not None and (first is None or due >= first):
                yield due

    def boundaries(self) -> list[date]:
        """Drawdown, the due days, and every end the loan has or had."""
        if self.laid[0] != self.ends:
            last = max(self.ends)
            self.laid = [*self.ends], sorted({self.drawn, *self.ends, *(due for due in self.until(last) if due < last)})
        return self.laid[1]

    def until(self, day: date) -> list[date]:
        """The due days of the contract found so far, at least up to a day."""
        while not self.seen or self.seen[-1] < day:
            self.seen.append(next(self.coming))
        return self.seen

    def is_pattern(self, day: date) -> bool:
        return day in self.until(day)

    def move(self, day: date, months: int) -> date:
        """A due day that is the contract's day of the month keeps that day; any other keeps its own."""
        settlement, first = self.get("interest_day", 0), self.get("first_due_on")
        if settlement:
            settled = day - ONE_DAY
            if settled == on_day(settled.year, settled.month, settlement):
                return later_by(settled, months, settlement) + ONE_DAY
            return later_by(day, months)
        anchor = (first or self.drawn).day
        return later_by(day, months, anchor if day == on_day(day.year, day.month, anchor) else None)

    def part_of_year(self, start: date, end: date) -> Fraction:
        """The part of a year from a day to another under the day count."""
        convention = self.get("day_count", "A360")
        if convention == "AA":
            days = (start + ONE_DAY * n for n in range((end - start).days))
            return sum((Fraction(1, 366 if isleap(day.year) else 365) for day in days), Fraction(0))
        if convention == "M12D360":
            months = 0
            while later_by(start, months + 1) <= end:
                months += 1
            return Fraction(months, 12) + Fraction((end - later_by(start, months)).days, 360)
        if convention in ("30E360", "30E360ISDA"):
            first, last = self.thirtieth(start, convention), self.thirtieth(end, convention)
            months = 12 * (end.year - start.year) + end.month - start.month
            return Fraction(30 * months + last - first, 360)
        return Fraction((end - start).days, 365 if convention == "A365F" else 360)

    def thirtieth(self, day: date, convention: str) -> int:
        """The day of a month that has thirty days."""
        ends_february = day.month == 2 and (day + ONE_DAY).day == 1
        if convention == "30E360ISDA" and ends_february and day != self.get("maturity_on"):
            return 30
        return min(day.day, 30)

    def interest(self, start: date, end: date, balance_on: Mapping[date, int] | int) -> int:
        """The sum of daily balances x rate / basis, rounded once, or once a stretch of equal balance and rate."""
        rule = self.get("rounding", "half_up")
        stretches: list[tuple[int, int, date, date]] = []
        day = start
        while day < end:
            balance = balance_on if isinstance(balance_on, int) else balance_on[day]
            key = (balance, self.rate_on(day))
            if stretches and stretches[-1][:2] == key:
                stretches[-1] = (*key, stretches[-1][2], day + ONE_DAY)
            else:
                stretches.append((*key, day, day + ONE_DAY))
            day += ONE_DAY
        exact = [
            Fraction(balance * rate, 10_000_000) * self.part_of_year(since, until)
            for balance, rate, since, until in stretches
        ]
        if self.get("settlement_rounding") == "per_segment":
            return sum(round_to_fen(amount, rule) for amount in exact)
        return round_to_fen(sum(exact, Fraction(0)), rule)

    # --- what was signed -------------------------------------------------------------------------------------------

    def sign(self) -> None:
        days = self.boundaries()
        periods = len(days) - 1
        if periods > 960:
            raise Impossible("too_long")
        holiday = self.get("holiday_periods", 0)
        free = holiday + self.get("interest_only_periods", 0)
        if free >= periods:
            raise Impossible("bad_prefix")
        step = self.get("repayment_cycle_months", self.cycle) // self.cycle
        is_bullet = self.get("amortisation") == "bullet"
        paying = {periods} | (set() if is_bullet else set(range(free + step, periods, step)))
        self.plan = [Claim(days[k], days[k], is_planned=True) for k in sorted(paying)]
        self.payments = len(self.plan)
        self.extra = [Claim(days[-1], days[-1], amount=self.get("balloon_fen", 0))]
        resumed = days[-1] if self.get("holiday_interest") == "at_end" else days[min(holiday + 1, periods)]
        self.interests = [Claim(resumed if k < holiday else None, period=k) for k in range(periods)]

    def principal_claims(self) -> list[Claim]:
        return [leaf for claim in self.plan + self.extra for leaf in claim.leaves()]

    def interest_claims(self) -> list[Claim]:
        return [leaf for claim in self.interests for leaf in claim.leaves()]

    def due_day(self, claim: Claim) -> date:
        return claim.due_on or self.boundaries()[claim.period + 1]
