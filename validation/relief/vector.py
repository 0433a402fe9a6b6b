"""A vector's input read by its shape: which amounts move from where to where, when it was decided, and who borrows.

Shapes of what moves:

- `old_due` with `new_due` (a deferral or an extension) or `new_maturity` (a renewal);
- `old_dues` with `new_due`;
- `plan` "N monthly instalments FIRST..LAST" with `method` "slide instalments A-B by K months" or "instalments A and B
  added to instalment C".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from steadyrest.desks.relief.mechanisms.cap import Moved
from steadyrest.desks.relief.mechanisms.months import later_by, months_to_reach

Input = Mapping[str, Any]

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
CYCLES = {"monthly": 1, "quarterly": 3}
QUALITY = {"normal": "FQ01", "special_mention": "FQ02", "substandard": "FQ03", "doubtful": "FQ04", "loss": "FQ05"}
DECIDED = ("signed_on", "decided_on", "approved_on", "applied_on")
PLAN = re.compile(r"(\d+) (monthly|quarterly) instalments (\S+)\.\.(\S+)")
SLIDE = re.compile(r"slide instalments? (\d+)(?:-(\d+))? by (\w+) months?")
CATCH_UP = re.compile(r"instalments? ([\d, and-]+) added to (?:instalment (\d+)|the last instalment)")


class Unreadable(ValueError):
    """The input has none of the known shapes."""


@dataclass(frozen=True)
class Case:
    """One case as the product can see it. `decided_on` is the day whose packs decide."""

    input: Input
    moved: tuple[Moved, ...]
    decided_on: date
    signed_on: date | None
    maturity_on: date
    new_maturity_on: date
    overdue_kind: str

    @property
    def is_renewal(self) -> bool:
        """Whether a new receipt repays the old one."""
        return str(self.input["legal_form"]) in ("renewal_receipt", "new_for_old")

    @property
    def first_old_due_on(self) -> date:
        """The earliest due date that moves."""
        return min(item.old_due_on for item in self.moved)

    @property
    def is_late(self) -> bool:
        """Whether the first amount was due, and not paid, before the signature."""
        return self.signed_on is not None and self.signed_on > self.first_old_due_on


def day(value: Any) -> date | None:
    """A date of a vector."""
    return None if value is None else date.fromisoformat(value)


def read(item: Input) -> Case:
    """Read one input; `Unreadable` names what is not understood."""
    plan = _plan(item)
    moved = _moved(item, plan)
    decided = next(
        (day(item[key]) for key in ("signed_on", "decided_on", "approved_on", "applied_on") if item.get(key)), None
    )
    if decided is None:
        raise Unreadable("no date of a decision")
    maturity = plan[-1] if plan else day(item.get("maturity")) or max(step.old_due_on for step in moved)
    after = [due for number, due in enumerate(plan, 1) if all(step.instalment != number for step in moved)]
    ends = [*after, *(step.new_due_on for step in moved)]
    if item.get("maturity"):
        ends.append(maturity)
    return Case(item, moved, decided, day(item.get("signed_on")), maturity, max(ends), _overdue_kind(item))


def _plan(item: Input) -> list[date]:
    if "plan" not in item:
        return []
    found = PLAN.fullmatch(item["plan"])
    if not found:
        raise Unreadable(f"plan {item['plan']!r}")
    count, step, first = int(found[1]), CYCLES[found[2]], date.fromisoformat(found[3])
    return [later_by(first, number * step) for number in range(count)]


def _moved(item: Input, plan: list[date]) -> tuple[Moved, ...]:
    if plan:
        return _by_method(item["method"], plan)
    target = day(item.get("new_due") or item.get("new_maturity"))
    dues = [day(value) for value in item.get("old_dues", [item.get("old_due")])]
    if target is None or not dues:
        raise Unreadable("no old and new due date")
    return tuple(Moved(due, target) for due in dues if due is not None)


def _by_method(method: str, plan: list[date]) -> tuple[Moved, ...]:
    slide, catch_up = SLIDE.fullmatch(method), CATCH_UP.fullmatch(method)
    if slide:
        months = NUMBERS.index(slide[3]) if slide[3] in NUMBERS else int(slide[3])
        numbers = range(int(slide[1]), int(slide[2] or slide[1]) + 1)
        return tuple(Moved(plan[n - 1], later_by(plan[n - 1], months), n) for n in numbers)
    if catch_up:
        target = plan[int(catch_up[2] or len(plan)) - 1]
        return tuple(Moved(plan[n - 1], target, n) for n in _numbers(catch_up[1]))
    raise Unreadable(f"method {method!r}")


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for low, high in re.findall(r"(\d+)(?:-(\d+))?", text):
        found += range(int(low), int(high or low) + 1)
    return found


def _overdue_kind(item: Input) -> str:
    """What is overdue when a deferred amount is not paid; principal unless the input says what is deferred."""
    deferred = str(item.get("deferred", "principal"))
    has_interest, has_principal = "interest" in deferred, "principal" in deferred
    return "03" if has_interest and has_principal else "02" if has_interest else "01"


def original_months(case: Case) -> int | None:
    """The original term in whole months, as given or from the drawdown."""
    drawn = day(case.input.get("drawn"))
    given = case.input.get("original_term_months")
    return given if given is not None else months_to_reach(drawn, case.maturity_on) if drawn else None


def extension_months(case: Case) -> int:
    """The extension in whole months, as given or from the two maturities."""
    given = case.input.get("extension_months")
    return int(given) if given is not None else months_to_reach(case.maturity_on, case.new_maturity_on)


def meets_conditions(item: Input) -> bool | None:
    """The conditions of the renewal rule as assessed: a word that starts with "all" says that they hold."""
    words = [str(item[key]) for key in item if key.startswith("conditions_") and item[key] is not None]
    return all(word.startswith("all") for word in words) if words else None
