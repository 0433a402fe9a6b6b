"""Values of FEEL: numbers of 34 digits, text, truth, days, times, two kinds of duration, lists, contexts, ranges.

Null is None, and what an operation does not know how to do is null: FEEL has no errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, localcontext
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
NUMBERS: Final = Context(prec=34, rounding=ROUND_HALF_EVEN, Emax=6144, Emin=-6143)
_DATE: Final = re.compile(r"-?\d{4,9}-\d\d-\d\d")
_TIME: Final = re.compile(r"(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]+)?")
_DURATION: Final = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A duration of years and months, in months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; a bound of None is open to that side."""

    low: Value
    high: Value
    has_low: bool
    has_high: bool

    def holds(self, value: Value) -> bool | None:
        """Whether a value lies in it; null where the order is not known."""
        low = True if self.low is None else compared(">=" if self.has_low else ">", value, self.low)
        high = True if self.high is None else compared("<=" if self.has_high else "<", value, self.high)
        return None if low is None or high is None else low and high


@dataclass(frozen=True, slots=True)
class Callable_:
    """A function of the model: its parameters, and a call by values in their order."""

    parameters: tuple[str, ...]
    call: Any


def number(value: Value) -> Decimal | None:
    """A number as FEEL has it; truth is none."""
    return value if isinstance(value, Decimal) else None


def kind(value: Value) -> str:
    """The name of the type of a value; two values compare only within one."""
    if isinstance(value, bool):
        return "boolean"
    kinds = ((Decimal, "number"), (str, "string"), (datetime, "date and time"), (date, "date"), (time, "time"),
             (timedelta, "days and time duration"), (Months, "years and months duration"), (list, "list"),
             (Mapping, "context"), (Range, "range"))  # fmt: skip
    return next((name for python, name in kinds if isinstance(value, python)), "function")


def equal(left: Value, right: Value) -> bool | None:
    """Equality; null where the types differ. Null equals null only."""
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    if isinstance(left, list):
        if len(left) != len(right):
            return False
        parts = [equal(a, b) for a, b in zip(left, right, strict=True)]
        return None if None in parts else all(parts)
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if isinstance(left, datetime | time):
        return same_zone(left) == same_zone(right)
    return bool(left == right)


def compared(operator: str, left: Value, right: Value) -> bool | None:
    """An order; null where there is none."""
    if left is None or right is None or kind(left) != kind(right) or isinstance(left, bool | list | Mapping | Range):
        return None
    if isinstance(left, datetime | time):
        left, right = same_zone(left), same_zone(right)
    try:
        below, above = left < right, left > right
    except TypeError:
        return None
    return bool({"<": below, "<=": not above, ">": above, ">=": not below}[operator])


def same_zone(value: datetime | time) -> datetime | time:
    """A time without a zone is taken as UTC when it meets one that has a zone."""
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def to_number(text: str) -> Decimal | None:
    """A literal number."""
    try:
        with localcontext(NUMBERS):
            found = +Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def to_date(text: str) -> date | None:
    """`2017-08-10`."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def to_time(text: str) -> time | None:
    """`11:59:45.5+02:00`; a named zone is read as no zone."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    clock, fraction, zone = found.groups()
    micro = int(((fraction or ".0")[1:] + "000000")[:6])
    try:
        return time.fromisoformat(clock).replace(microsecond=micro, tzinfo=_zone(zone))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if text is None or text.startswith("@"):
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if text[0] == "-" else away)


def to_datetime(text: str) -> datetime | None:
    """`2017-08-10T10:20:00`, or a day alone at midnight."""
    day, has_time, clock = text.partition("T")
    on = to_date(day)
    if on is None:
        return None
    at = to_time(clock) if has_time else time()
    return datetime.combine(on, at) if at is not None else None


def to_duration(text: str) -> timedelta | Months | None:
    """`P1Y2M` or `P3DT4H`; one with both kinds is none."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        return None
    sign, *parts = found.groups()
    years, months, days, hours, minutes, seconds = (Decimal(part) if part else Decimal(0) for part in parts)
    turn = -1 if sign else 1
    if (years or months) and (days or hours or minutes or seconds):
        return None
    if parts[0] or parts[1]:
        return Months(turn * int(12 * years + months))
    whole = timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return turn * whole


def to_text(value: Value) -> str | None:
    """What `string(value)` gives."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, Months):
        years, months = divmod(abs(value.months), 12)
        text = f"{years}Y" * bool(years) + f"{months}M" * (bool(months) or not years)
        return f"{'-' * (value.months < 0)}P{text}"
    if isinstance(value, timedelta):
        return _duration_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_inside(item) for item in value)}]"
    return (
        f"{{{', '.join(f'{key}: {_inside(item)}' for key, item in value.items())}}}"
        if isinstance(value, Mapping)
        else None
    )


def _inside(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else to_text(value) or "null"


def _duration_text(value: timedelta) -> str:
    whole = abs(value)
    hours, rest = divmod(whole.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    second = f"{seconds}.{whole.microseconds:06d}".rstrip("0") if whole.microseconds else str(seconds)
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{second}S" * (second != "0")
    body = f"{whole.days}D" * bool(whole.days) + f"T{clock}" * bool(clock)
    return f"{'-' * (value < timedelta())}P{body or 'T0S'}"
