"""The slow twin of the contract engine, written from the text of the rules with dates, fractions and plain loops.

It shares nothing with the engine: interest is added up day by day, periods are a sorted set of days, amounts are
fractions until the rule says to round. `schedule` takes one loan's terms and events as mappings with the column names
of the tables, and gives its dues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.reference.contract_twin import ONE_DAY, Claim, Impossible, Quote, round_to_fen
from tests.reference.events_twin import Modified, in_force

__all__ = ["Impossible", "Quote", "Row", "schedule"]


@dataclass(frozen=True)
class Row:
    """What is due on one day, and the balance after it."""

    due_on: date
    period_from_on: date
    principal_due_fen: int
    interest_due_fen: int
    balance_after_fen: int
    deferred_principal_fen: int
    deferred_interest_fen: int


def schedule(
    terms: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
    *,
    quotes: Sequence[Quote] = (),
    book: int | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[Row]:
    """All dues of a loan, or with `book` and `as_of` those that remain; raises `Impossible` with the status.

    Events count when they are known by `known_on` (None = all) and not reversed, in the order effective, known,
    sequence.
    """
    loan = Loan(terms, quotes)
    if book is not None and not 0 <= book <= 10**15:
        raise Impossible("bad_book")
    for event in in_force(events, known_on):
        loan.agree(event)
    loan.settle_principal()
    since = date.min
    if book is not None:
        assert as_of is not None
        since = loan.fit(book, as_of)
    else:
        loan.settle_interest(0)
    return loan.rows(since)


class Loan(Modified):
    """A loan whose claims get their amounts."""

    def __init__(self, terms: Mapping[str, Any], quotes: Sequence[Quote]) -> None:
        super().__init__(terms, quotes)
        self.fixed: dict[int, tuple[int, int]] = {}  # by claim: the instalment in force and the rate it was fixed at

    def settle_principal(self) -> None:
        total = self.get("original_principal_fen") - self.extra[0].amount
        self.pass_plan(self.plan, total, None)
        for claim in self.plan + self.extra:
            claim.share_out()

    def pass_plan(self, claims: list[Claim], balance: int, in_force: tuple[int, int] | None) -> None:
        """Give claims of the plan their principal in order; the last one clears."""
        if self.get("amortisation") == "level":
            self.pass_level(claims, balance, in_force)
            return
        share = balance
        if self.get("amortisation") == "even_principal":
            total = self.get("original_principal_fen") - self.get("balloon_fen", 0)
            share = round_to_fen(Fraction(total, self.payments), self.get("instalment_rounding", "half_up"))
        for claim in claims:
            claim.amount = balance if claim is claims[-1] else min(share, balance)
            balance -= claim.amount

    def pass_level(self, claims: list[Claim], balance: int, in_force: tuple[int, int] | None) -> None:
        instalment, fixed_at = in_force or (0, -1)
        days = self.boundaries()
        stretches = []
        for claim in claims:
            assert claim.planned_on
            stretches.append((max(day for day in days if day < claim.planned_on), claim.planned_on))
        for number, (claim, (start, end)) in enumerate(zip(claims, stretches, strict=True)):
            rate = self.rate_on(start)
            if number < len(claims) - 1 and rate != fixed_at:
                instalment, fixed_at = self.instalment(balance, rate, stretches[number:]), rate
            self.fixed[id(claim)] = (instalment, fixed_at)
            room = max(instalment - self.interest(start, end, balance), 0)
            claim.amount = balance if number == len(claims) - 1 else min(room, balance)
            balance -= claim.amount

    def instalment(self, balance: int, rate: int, stretches: list[tuple[date, date]]) -> int:
        """The equal payment whose present value is the balance, at annual/12 or over the actual days."""
        value, growth = Fraction(0), Fraction(1)
        for start, end in stretches:
            if self.get("level_rate_basis") == "actual":
                growth *= 1 + Fraction(rate, 10_000_000) * self.part_of_year(start, end)
            else:
                growth *= 1 + Fraction(rate * self.cycle, 12 * 10_000_000)
            value += 1 / growth
        return round_to_fen(balance / value, self.get("instalment_rounding", "half_up"))

    def balances(self) -> dict[date, int]:
        """The balance of every day, from what falls due after it."""
        repaid: dict[date, int] = {}
        for claim in self.principal_claims():
            repaid[self.due_day(claim)] = repaid.get(self.due_day(claim), 0) + claim.amount
        left, end = sum(amount for due, amount in repaid.items() if due > self.drawn), max(self.ends)
        found, day = {self.drawn: left}, self.drawn + ONE_DAY
        while day < end:
            left -= repaid.get(day, 0)
            found[day] = left
            day += ONE_DAY
        return found

    def settle_interest(self, first: int) -> None:
        days, balances = self.boundaries(), self.balances()
        for k in range(first, len(days) - 1):
            self.interests[k].amount = self.interest(days[k], days[k + 1], balances)
            self.interests[k].share_out()

    def fit(self, book: int, as_of: date) -> date:
        """Settle what remains against the book; gives the day from which dues remain."""
        self.settle_interest(0)
        dues = [(self.due_day(claim), claim.amount) for claim in self.principal_claims()]
        later = sum(amount for due, amount in dues if due > as_of)
        today = sum(amount for due, amount in dues if due == as_of)
        if later == book:
            return as_of + ONE_DAY
        if later + today == book:
            return as_of
        last = max(due for due, _ in dues)
        if last < as_of:
            raise Impossible("past_maturity")
        since = as_of + ONE_DAY if last > as_of else as_of
        self.refit(book, since)
        self.settle_interest(sum(due < since for due in self.boundaries()[1:]))
        return since

    def refit(self, book: int, since: date) -> None:
        signed = {id(claim) for claim in [*self.plan, *self.extra]}  # on one day they come before parts of others
        remain = [claim for claim in self.principal_claims() if self.due_day(claim) >= since]
        remain.sort(key=lambda claim: (self.due_day(claim), id(claim) not in signed))
        planned = [c for c in self.plan if any(c is other for other in remain) and not c.was_parked]
        parked = [c for c in remain if not any(c is other for other in planned)]
        held = sum(claim.amount for claim in parked)
        if planned and book >= held:
            in_force = self.fixed[id(planned[0])] if self.get("amortisation") == "level" else None
            self.pass_plan(planned, book - held, in_force)
            return
        for claim in planned:
            claim.amount = 0
        for claim in parked:
            claim.amount = min(claim.amount, book)
            book -= claim.amount
        if parked:
            parked[-1].amount += book

    def rows(self, since: date) -> list[Row]:
        days = self.boundaries()
        principal = [(self.due_day(claim), claim) for claim in self.principal_claims()]
        interest = [(self.due_day(claim), claim) for claim in self.interest_claims()]
        left = sum(claim.amount for due, claim in principal if due >= since)
        found = []
        for due in sorted({due for due, _ in principal + interest if due >= since}):
            p = [claim for day, claim in principal if day == due]
            i = [claim for day, claim in interest if day == due]
            repaid, paid = sum(claim.amount for claim in p), sum(claim.amount for claim in i)
            left -= repaid
            deferred = [sum(claim.amount for claim in claims if claim.was_moved) for claims in (p, i)]
            if repaid + paid:
                found.append(Row(due, max(d for d in days if d < due), repaid, paid, left, *deferred))
        return found
