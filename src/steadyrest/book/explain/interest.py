"""The arithmetic of an interest amount: balance x rate x days / basis, period by period, in exact fractions.

The balances are those of the cash flow as the run has written it; the periods and rates follow from the terms. Nothing
is taken over from the engine's amounts, so the sum either agrees with the cell or says that it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import polars as pl

from steadyrest import reference
from steadyrest.book.run_folder import Row
from steadyrest.contracts import TERM_SCHEMA, Bullet, Event, LoanTerms, event_frame, project, resolve, terms_frame
from steadyrest.contracts.account import year_fraction
from steadyrest.contracts.rates import segments
from steadyrest.units import RATE_ONE, Rounding, round_fraction

_EPOCH = date(1970, 1, 1)
_PROBE_FEN, _PROBE_RATE_E7 = 10**12, 500_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one balance and one rate, from `start` to the day before `end`."""

    start: date
    end: date
    balance_fen: int
    rate_e7: int
    days: int
    basis: int

    @property
    def exact_fen(self) -> Fraction:
        """balance x rate x days / basis."""
        return Fraction(self.balance_fen * self.rate_e7 * self.days, RATE_ONE * self.basis)


@dataclass(frozen=True, slots=True)
class Period:
    """One interest period: its stretches, the day its interest was due by the plan, the day it is paid on, and the
    amount after rounding.
    """

    start: date
    end: date
    planned_on: date
    paid_on: date
    stretches: tuple[Stretch, ...]
    amount_fen: int

    @property
    def is_moved(self) -> bool:
        """An agreed deferral took it to another day."""
        return self.planned_on != self.paid_on


@dataclass(frozen=True, slots=True)
class Move:
    """Interest due in [from_on, to_on] is paid on `new_due_on`."""

    from_on: date
    to_on: date
    new_due_on: date


def periods_paid_on(terms: Row, dues: list[Row], moves: list[Move], on: date) -> list[Period] | None:
    """The interest periods paid on a day, under terms (`loan_terms` with the rate and days of the loan) and dues.

    `dues` are all dues of one version, `moves` the deferrals of interest in it. Null when the terms give no schedule.
    """
    grid = due_days(terms, max(row["due_on"] for row in dues))
    rates = rates_of(terms)
    if grid is None or not rates:
        return None
    holiday = int(terms.get("holiday_periods") or 0)
    found = []
    for index, (start, end) in enumerate(pairwise(grid)):
        planned = grid[holiday + 1] if index < holiday else end
        if _paid_on(planned, moves) == on:
            stretches = tuple(_stretches(terms, dues, rates, start, end))
            found.append(Period(start, end, planned, on, stretches, _rounded(terms, stretches)))
    return found


def due_days(terms: Row, until: date) -> list[date] | None:
    """Drawdown and every day on which an interest period ends, beyond maturity to `until`; null without a schedule.

    They are the due days of a bullet loan of the same pattern: it pays interest on each of them, whatever the plan.
    """
    drawn_on, maturity_on, cycle = (terms.get(name) for name in ("drawn_on", "maturity_on", "interest_cycle_months"))
    if drawn_on is None or maturity_on is None or cycle is None:
        return None
    probe = LoanTerms(
        "probe",
        _PROBE_FEN,
        drawn_on,
        maturity_on,
        Bullet(),
        _PROBE_RATE_E7,
        cycle,
        terms.get("interest_day"),
        terms.get("first_due_on"),
    )
    goes_on = until > maturity_on
    beyond = [Event("probe", 1, drawn_on, "extension", new_due_on=until)] if goes_on else []
    flows = project(resolve(terms_frame([probe]), event_frame(beyond)))
    return [drawn_on, *flows.rows["due_on"].to_list()] if flows.rows.height else None


def rates_of(terms: Row) -> list[tuple[date, int]]:
    """(day, rate in 1e-7) from which each rate holds; empty when the rate is not known."""
    frame = pl.DataFrame([{name: terms.get(name) for name in TERM_SCHEMA}], schema=TERM_SCHEMA)
    _, rows = segments(frame, reference.table("lpr"))
    found = [(_EPOCH + timedelta(days=int(day)), int(rate)) for day, rate in rows.tolist()]
    return [] if any(rate < 0 for _, rate in found) else found


def _paid_on(planned: date, moves: list[Move]) -> date:
    """Where agreed deferrals, in their order, take interest that was due on a day."""
    for move in moves:
        if move.from_on <= planned <= move.to_on and planned < move.new_due_on:
            planned = move.new_due_on
    return planned


def _stretches(terms: Row, dues: list[Row], rates: list[tuple[date, int]], start: date, end: date) -> Iterator[Stretch]:
    day_count, maturity = terms.get("day_count") or "A360", terms["maturity_on"].toordinal()
    changes = {row["due_on"] for row in dues if row["principal_due_fen"]} | {since for since, _ in rates}
    cuts = [start, *sorted(on for on in changes if start < on < end), end]
    for since, until in pairwise(cuts):
        balance = sum(row["principal_due_fen"] for row in dues if row["due_on"] > since)
        rate = next((rate for begun, rate in reversed(rates) if begun <= since), rates[0][1])
        days, basis = year_fraction(day_count, since.toordinal(), until.toordinal(), maturity)
        yield Stretch(since, until, balance, rate, days, basis)


def _rounded(terms: Row, stretches: tuple[Stretch, ...]) -> int:
    """Rounded once for the period, or for each stretch where the terms say so."""
    rule = Rounding(terms.get("rounding") or "half_up")
    parts: list[Any] = [item.exact_fen for item in stretches]
    if terms.get("settlement_rounding") != "per_segment":
        parts = [sum(parts, Fraction())]
    return sum(round_fraction(part, rule) for part in parts)
