"""Rate factors: what a period, or a part of it, bears for one unit of balance."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from steadyrest.contracts.account.daycount import year_fraction
from steadyrest.contracts.servicing.state import Instalment, State


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a period with one balance and one rate: days, rate factor, balance, exact interest in minor units."""

    since: date
    until: date
    factor: Fraction
    balance_fen: int

    @property
    def exact_fen(self) -> Fraction:
        """Balance x factor."""
        return self.balance_fen * self.factor


def part_of_year(state: State, whole: Instalment, since: date, until: date) -> Fraction:
    """The part of a year that some days of a period are."""
    terms = state.terms
    basis, days = terms.basis, (until - since).days
    length = ((whole.period_end or whole.due_on) - whole.since).days
    if days == 0:
        return Fraction(0)
    if terms.day_count:
        maturity = terms.agreed_periods[-1][1].toordinal() if terms.agreed_periods else None
        return Fraction(*year_fraction(terms.day_count, since.toordinal(), until.toordinal(), maturity))
    if terms.every.months and basis.month_days == 30:
        return Fraction(terms.every.months * 30, basis.year_days or 360) * Fraction(days, length)
    if terms.every.months and terms.interest != "daily":
        return Fraction(terms.every.months, 12) * Fraction(days, length)
    if basis.year_days:
        return Fraction(days, basis.year_days)
    return sum((Fraction(count, 366 if isleap(year) else 365) for year, count in _by_year(since, until)), Fraction(0))


def _by_year(since: date, until: date) -> list[tuple[int, int]]:
    cuts = [since, *(date(year, 1, 1) for year in range(since.year + 1, until.year + 1)), until]
    return [(start.year, (end - start).days) for start, end in pairwise(cuts)]


def rate_on(state: State, day: date) -> Fraction:
    """The yearly rate of a day; none on a day that is paused."""
    if any(since <= day < until for since, until in state.pauses):
        return Fraction(0)
    return [rate for since, rate in state.rates if since <= day][-1]


def factor(state: State, item: Instalment) -> Fraction:
    """The rate factor of a whole period, as its level instalment is computed: without pauses."""
    plain = State(state.terms, state.today, rates=state.rates)
    return sum(
        (
            rate_on(plain, start) * part_of_year(state, item, start, end)
            for start, end in pairwise(_cuts(item, [on for on, _ in state.rates]))
        ),
        Fraction(0),
    )


def _cuts(item: Instalment, days: list[date]) -> list[date]:
    return [item.since, *sorted({on for on in days if item.since < on < item.due_on}), item.due_on]


def segments(state: State, item: Instalment) -> list[Segment]:
    """The parts of a period, cut where money is paid out or repaid, where the rate changes, and at today."""
    days = [on for on, _ in (*state.lent, *state.rates)]
    days += [other.due_on for other in state.instalments if not other.is_regular]
    days += [day for pause in state.pauses for day in pause]
    if state.terms.recalculates:
        days += [state.today, *(on for on, _, _ in state.repaid)]
    cuts = _cuts(item, days)
    if any(on == item.since for on, _ in state.drawn) and state.terms.interest == "daily":
        cuts.insert(0, item.since)  # money that is paid out on the first day has had no time yet
    return [
        Segment(
            start,
            end,
            rate_on(state, start) * part_of_year(state, item, start, end),
            0 if start == end else balance_on(state, start),
        )
        for start, end in pairwise(cuts)
    ]


def balance_on(state: State, day: date) -> int:
    """What interest runs on from a day: paid out, less what the plan has repaid by then.

    Where interest follows what is really owed, the past counts what was repaid, and the future takes for granted that
    what is past due is paid today; what was repaid ahead of the plan counts in both. With rests on due days the past is
    looked at on these days only, and follows the plan as long as nothing is past due on them.
    """
    drawn = sum(amount for on, amount in state.lent if on <= day)
    if state.terms.recalculates and day < state.today:
        rest = day if state.terms.rests == "daily" else _rest(state, day)
        if state.terms.rests == "daily" or _is_past_due(state, rest):
            return drawn - sum(amount for on, _, amount in state.repaid if on <= rest)
    planned = sum(item.principal_fen for item in state.instalments if item.due_on <= day)
    if not state.terms.recalculates:
        return drawn - planned
    ahead = sum(amount for on, due_on, amount in state.repaid if on <= day < due_on)
    return drawn - planned - ahead


def _rest(state: State, day: date) -> date:
    """The last due day by a day; before the first one the day the loan was drawn."""
    return max((item.due_on for item in state.instalments if item.due_on <= day), default=min(state.drawn)[0])


def _is_past_due(state: State, on: date) -> bool:
    """Whether principal of an earlier due day was not repaid by a day."""
    due = sum(item.principal_fen for item in state.instalments if item.due_on < on)
    return due > sum(amount for day, due_on, amount in state.repaid if day <= on and due_on < on)


def interest_of(state: State, item: Instalment) -> int:
    """The interest of a period, rounded once, or segment by segment where the terms say so."""
    terms = state.terms
    if terms.is_per_segment and terms.interest == "daily":
        return sum(terms.whole(part.exact_fen) for part in segments(state, item))
    return terms.whole(exact_interest_of(state, item))


def exact_interest_of(state: State, item: Instalment) -> Fraction:
    """The interest of a period, not rounded."""
    terms = state.terms
    if terms.interest == "daily":
        return sum((part.exact_fen for part in segments(state, item)), Fraction(0))
    base = _net(state) if terms.interest == "flat" else balance_on(state, item.since)
    return base * rate_on(state, item.since) * part_of_year(state, item, item.since, item.due_on)


def _net(state: State) -> int:
    """What was paid out less the down payments."""
    downs = sum(item.principal_fen for item in state.instalments if item.kind == "down_payment")
    return state.drawn_fen - downs
