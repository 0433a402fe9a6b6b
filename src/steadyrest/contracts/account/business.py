"""Business days: which days are open, and where a time moves that falls on a closed one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from steadyrest.calendar import is_bank_day
from steadyrest.contracts.account.faults import TermsError

CALENDARS: Final[Mapping[str, Callable[[date], bool]]] = {
    "NC": lambda on: True,
    "MF": lambda on: on.weekday() < 5,
    "CN": is_bank_day,
}
"""NC: every day is open. MF: Monday to Friday. CN: the days on which China's banks work, working weekends included."""

CONVENTIONS: Final = ("NOS", "SCF", "SCMF", "CSF", "CSMF", "SCP", "SCMP", "CSP", "CSMP")
"""SC: shift, then calculate. CS: calculate, then shift. F following, P preceding, M inside the month."""


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """A convention with its calendar."""

    convention: str = "NOS"
    calendar: str = "NC"

    def __post_init__(self) -> None:
        if self.convention not in CONVENTIONS:
            raise TermsError(
                "term_value", "business_day_convention", value=self.convention, allowed=", ".join(CONVENTIONS)
            )
        if self.calendar not in CALENDARS:
            raise TermsError("term_value", "calendar", value=self.calendar, allowed=", ".join(CALENDARS))

    def event(self, at: datetime) -> datetime:
        """When an event happens and is paid.

        >>> BusinessDays("SCMF", "MF").event(datetime(2013, 3, 31))
        datetime.datetime(2013, 3, 29, 0, 0)
        """
        if self.convention == "NOS":
            return at
        step = 1 if self.convention[-1] == "F" else -1
        rolled = self._open(at, step)
        if "M" in self.convention and rolled.month != at.month:
            return self._open(at, -step)
        return rolled

    def calculation(self, at: datetime) -> datetime:
        """Up to when interest is counted: the shifted time, or with CS the time as scheduled."""
        return at if self.convention.startswith("CS") else self.event(at)

    def _open(self, at: datetime, step: int) -> datetime:
        is_open = CALENDARS[self.calendar]
        while not is_open(at.date()):
            at += timedelta(days=step)
        return at
