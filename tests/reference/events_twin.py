"""What was agreed on a loan later: claims get other days. Amounts are settled afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.reference.contract_twin import ONE_DAY, Claim, Contract, Impossible, later_by


def in_force(events: Sequence[Mapping[str, Any]], known_on: date | None = None) -> list[Mapping[str, Any]]:
    """The events that count: known by a day, and not reversed by one that counts itself.

    They are taken in the order effective, known, sequence; in the order given when one has no effective day.
    """
    known = [event for event in events if known_on is None or known_day(event) <= known_on]
    gone: set[int] = set()
    for event in sorted(known, key=sequence, reverse=True):
        if event.get("shape") == "reversal" and sequence(event) not in gone and event["reverses"] < sequence(event):
            gone.add(event["reverses"])
    count = [event for event in known if event.get("shape") != "reversal" and event.get("sequence") not in gone]
    if any(event.get("effective_on") is None for event in count):
        return count
    return sorted(count, key=lambda event: (event["effective_on"], known_day(event), sequence(event)))


def sequence(event: Mapping[str, Any]) -> int:
    """The number of an event in its loan."""
    number: int = event.get("sequence") or 0
    return number


def known_day(event: Mapping[str, Any]) -> date:
    """An event without a day of knowledge is known when effective."""
    day: date = event.get("known_on") or event.get("effective_on") or date.min
    return day


class Modified(Contract):
    """A loan whose claims are moved about."""

    def agree(self, event: Mapping[str, Any]) -> None:
        shape = event.get("shape")
        actions = {"park": self.park, "shift": self.shift, "extension": self.extend}
        if shape not in actions:
            raise Impossible("bad_event")
        actions[shape](event)
        days = self.boundaries()
        if len(days) - 1 > 960 or days[-1] > date(2199, 12, 31):
            raise Impossible("too_long")

    def end_at(self, day: date) -> None:
        """Let the loan run on until a day, with interest due by the pattern and on that day."""
        if day > max(self.ends):
            self.ends.append(day)
        self.interests += [Claim(period=k) for k in range(len(self.interests), len(self.boundaries()) - 1)]

    def dues_from(self, day: date) -> list[date]:
        return [due for due in self.boundaries()[1:] if due >= day]

    def park(self, event: Mapping[str, Any]) -> None:
        low, high, target = event.get("from_on"), event.get("to_on"), event.get("new_due_on")
        if low is None or high is None or high < low:
            raise Impossible("bad_event")
        part = event.get("deferred_part") or "both"
        if part != "interest":
            inside = [claim for claim in self.principal_claims() if low <= self.due_day(claim) <= high]
            if target is None:
                self.spread(inside, high + ONE_DAY, event.get("spread_periods") or 0)
            else:
                inside = [claim for claim in inside if self.due_day(claim) < target]
                for claim in inside:
                    claim.due_on, claim.was_moved, claim.was_parked = target, True, True
                if inside:
                    self.end_at(target)
        if part != "principal":
            self.defer_interest(low, high + ONE_DAY, target or self.boundaries()[-1], event)

    def spread(self, claims: list[Claim], since: date, k: int) -> None:
        days = self.dues_from(since)[: max(k, 0)]
        if k < 1 or len(days) < k:
            raise Impossible("bad_event")
        for claim in claims:
            claim.parts = [Claim(day, day, claim.period, True, True) for day in days]

    def defer_interest(self, low: date, stop: date, at_end: date, event: Mapping[str, Any]) -> None:
        treatment = event.get("interest_treatment") or "at_end"
        inside = [claim for claim in self.interest_claims() if low <= self.due_day(claim) < stop]
        if treatment == "spread":
            self.spread(inside, stop, event.get("spread_periods") or 0)
            return
        if treatment == "first_resumed" and not self.dues_from(stop):
            raise Impossible("bad_event")
        target = self.dues_from(stop)[0] if treatment == "first_resumed" else at_end
        for claim in inside:
            if self.due_day(claim) < target:
                claim.due_on, claim.was_moved = target, True

    def shift(self, event: Mapping[str, Any]) -> None:
        low, months, part = event.get("from_on"), event.get("shift_months") or 0, event.get("deferred_part") or "both"
        if low is None or not 1 <= months <= 1200:
            raise Impossible("bad_event")
        if part != "interest":
            if self.get("amortisation") == "level" and months % self.cycle:
                raise Impossible("bad_event")
            self.shift_principal(low, months)
        if part != "principal":
            self.defer_interest(low, later_by(low, months), self.boundaries()[-1], event)

    def shift_principal(self, low: date, months: int) -> None:
        for claim in self.plan:
            if claim.planned_on and claim.planned_on >= low:
                claim.planned_on = self.move(claim.planned_on, months)
        moved = [claim for claim in self.principal_claims() if claim.due_on and claim.due_on >= low]
        for claim in moved:
            assert claim.due_on
            claim.due_on, claim.was_moved = self.move(claim.due_on, months), True
        end, last = max((self.due_day(claim) for claim in moved), default=date.min), max(self.ends)
        if last >= low and end > last and not self.is_pattern(last):
            self.ends.remove(last)
            self.ends.append(end)
        self.end_at(end)

    def extend(self, event: Mapping[str, Any]) -> None:
        last, target = max(self.ends), event.get("new_due_on")
        if target is None or target <= last:
            raise Impossible("bad_event")
        for claim in self.principal_claims():
            if claim.due_on == last:
                claim.due_on, claim.was_moved, claim.was_parked = target, True, True
        self.end_at(target)
