"""What the operators of FEEL do to values; null for whatever has no meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException, localcontext
from typing import Any, Final

from steadyrest.rules.dmn.values import (
    NUMBERS,
    Callable_,
    Months,
    Value,
    compared,
    equal,
    kind,
    to_date,
    to_datetime,
    to_duration,
    to_time,
)

MAX_STEPS: Final = 100_000
MAX_POWER: Final = 100_000


def all_of(parts: Sequence[Value]) -> bool | None:
    """Conjunction of three values; what is no truth is unknown."""
    return False if False in [part for part in parts if isinstance(part, bool)] else _known(parts, True)


def any_of(parts: Sequence[Value]) -> bool | None:
    """Disjunction of three values."""
    return True if True in [part for part in parts if isinstance(part, bool)] else _known(parts, False)


def _known(parts: Sequence[Value], truth: bool) -> bool | None:
    return truth if all(isinstance(part, bool) for part in parts) else None


def negated(value: Value) -> bool | None:
    """not; of what is no truth it is null."""
    return not value if isinstance(value, bool) else None


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """The six comparisons."""
    if sign == "=":
        return equal(left, right)
    if sign == "!=":
        return negated(equal(left, right))
    return compared(sign, left, right)


def decimal_of(run: Callable[[], Decimal]) -> Decimal | None:
    """A result in 34 digits; null for one that is no finite number."""
    try:
        with localcontext(NUMBERS):
            found = run()
    except (DecimalException, OverflowError, ValueError):
        return None
    return found if found.is_finite() else None


def added(left: Value, right: Value) -> Value:
    """Numbers, texts, durations, a day or time and a duration."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return decimal_of(lambda: left + right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, Months) and isinstance(right, Months):
        return Months(left.months + right.months)
    if isinstance(left, timedelta | Months) and not isinstance(right, timedelta | Months):
        left, right = right, left
    return _moved(left, right, 1)


def subtracted(left: Value, right: Value) -> Value:
    """Numbers, durations, two days or times, a day or time and a duration."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return decimal_of(lambda: left - right)
    if isinstance(left, Months) and isinstance(right, Months):
        return Months(left.months - right.months)
    if isinstance(left, date) and isinstance(right, date):
        return _between(left, right)
    if isinstance(left, time) and isinstance(right, time):
        first, second = (datetime.combine(date(1970, 1, 1), item) for item in (left, right))
        return _between(first, second)
    return _moved(left, right, -1)


def _between(left: date, right: date) -> timedelta | None:
    if isinstance(left, datetime) != isinstance(right, datetime):
        left, right = (item if isinstance(item, datetime) else datetime.combine(item, time()) for item in (left, right))
    try:
        return left - right
    except TypeError:
        return None


def _moved(start: Value, by: Value, turn: int) -> Value:
    """A day, time or duration moved by a duration; the day of a month stays within the month."""
    try:
        if isinstance(by, timedelta) and isinstance(start, time):
            return (datetime.combine(date(1970, 1, 2), start) + turn * by).timetz()
        if isinstance(by, timedelta) and isinstance(start, datetime | timedelta):
            return start + turn * by
        if isinstance(by, timedelta) and isinstance(start, date):
            return (datetime.combine(start, time()) + turn * by).date()
        if isinstance(by, Months) and isinstance(start, date):
            whole = start.year * 12 + start.month - 1 + turn * by.months
            return _in_month(start, whole // 12, whole % 12 + 1)
    except (OverflowError, ValueError):
        return None
    return None


def _in_month(day: date, year: int, month: int) -> date:
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return day.replace(year=year, month=month, day=last)
            except ValueError:
                continue
    return day.replace(year=year, month=month, day=28)


def multiplied(left: Value, right: Value) -> Value:
    """Numbers, and a duration times a number."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return decimal_of(lambda: left * right)
    if isinstance(right, timedelta | Months):
        left, right = right, left
    if isinstance(right, Decimal) and isinstance(left, Months):
        return Months(int(left.months * right))
    if isinstance(right, Decimal) and isinstance(left, timedelta):
        return left * float(right)
    return None


def divided(left: Value, right: Value) -> Value:
    """Numbers, and a duration by a number or by a duration of its kind."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return decimal_of(lambda: left / right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return decimal_of(lambda: Decimal(str(left.total_seconds())) / Decimal(str(right.total_seconds())))
    if isinstance(left, Months) and isinstance(right, Months):
        return decimal_of(lambda: Decimal(left.months) / right.months)
    if isinstance(right, Decimal) and right and isinstance(left, Months):
        return Months(int(left.months / right))
    if isinstance(right, Decimal) and right and isinstance(left, timedelta):
        return left / float(right)
    return None


def raised(left: Value, right: Value) -> Value:
    """A power of numbers."""
    if not (isinstance(left, Decimal) and isinstance(right, Decimal)) or abs(right) > MAX_POWER:
        return None
    return decimal_of(lambda: left**right)


def negative(value: Value) -> Value:
    """The minus of one value."""
    if isinstance(value, Months):
        return Months(-value.months)
    return -value if isinstance(value, Decimal | timedelta) else None


OPERATIONS: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": added, "-": subtracted, "*": multiplied, "/": divided, "**": raised,
}  # fmt: skip


def at_literal(text: str) -> Value:
    """`@"2019-01-01"`: a day, a day with time, a time or a duration."""
    return next(
        (found for read in (to_date, to_datetime, to_time, to_duration) if (found := read(text)) is not None), None
    )


_PARTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "year": lambda v: v.year, "month": lambda v: v.month, "day": lambda v: v.day, "weekday": lambda v: v.isoweekday(),
    "hour": lambda v: v.hour, "minute": lambda v: v.minute, "second": lambda v: v.second,
}  # fmt: skip


def member(value: Value, name: str) -> Value:
    """`value.name`: an entry of a context, a part of a day or duration; of a list, of each of its items."""
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list):
        return [member(item, name) for item in value]
    if isinstance(value, Months):
        years, months = divmod(abs(value.months), 12)
        sign = -1 if value.months < 0 else 1
        return {"years": Decimal(sign * years), "months": Decimal(sign * months)}.get(name)
    if isinstance(value, timedelta):
        return _of_duration(value, name)
    if name == "time offset" and isinstance(value, datetime | time):
        return value.utcoffset()
    if isinstance(value, date | time) and name in _PARTS:
        try:
            return Decimal(_PARTS[name](value))
        except AttributeError:
            return None
    return None


def _of_duration(value: timedelta, name: str) -> Decimal | None:
    sign, whole = (-1, -value) if value < timedelta() else (1, value)
    hours, rest = divmod(whole.seconds, 3600)
    parts = {"days": whole.days, "hours": hours, "minutes": rest // 60, "seconds": rest % 60}
    return Decimal(sign * parts[name]) if name in parts else None


def filtered(value: Value, by: Callable[[Any], Value], scope: Mapping[str, Value]) -> Value:
    """`list[n]`, counted from 1 or from the end, or `list[condition]`; a single value is a list of one."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    at = by(scope)
    if isinstance(at, Decimal):
        index = int(at)
        if at != index or not index or abs(index) > len(items):
            return None
        return items[index - 1 if index > 0 else index]
    return [item for item in items if by(_of_item(item, scope)) is True]


def _of_item(item: Value, scope: Mapping[str, Value]) -> dict[str, Value]:
    return {**scope, **(item if isinstance(item, Mapping) else {}), "item": item}


def steps(start: Value, stop: Value) -> Value:
    """The whole numbers from one to another, up or down."""
    if not (isinstance(start, Decimal) and isinstance(stop, Decimal)) or abs(stop - start) > MAX_STEPS:
        return None
    turn = 1 if stop >= start else -1
    return [Decimal(k) for k in range(int(start), int(stop) + turn, turn)]


def looped(each: Sequence[tuple[str, Callable[[Any], Value]]], body: Callable[[Any], Value], scope: Any) -> list[Value]:
    """The body for every combination of the items."""
    if not each:
        return [body(scope)]
    (name, source), rest = each[0], each[1:]
    items = source(scope)
    found: list[Value] = []
    for item in items if isinstance(items, list) else [items]:
        found += looped(rest, body, {**scope, name: item, "partial": found})
        if len(found) > MAX_STEPS:
            return found
    return found


def quantified(quantor: str, parts: Sequence[Value]) -> bool | None:
    """some or every."""
    return any_of(parts) if quantor == "some" else all_of(parts)


def is_instance(value: Value, name: str) -> bool:
    """`value instance of type`."""
    return value is not None and (name == "Any" or kind(value) == name)


def context(entries: Sequence[tuple[str, Callable[[Any], Value]]], scope: Mapping[str, Value]) -> dict[str, Value]:
    """A context; each entry sees the ones before."""
    found: dict[str, Value] = {}
    for name, body in entries:
        found[name] = body({**scope, **found})
    return found


def called(function: Value, positional: list[Value], named: Mapping[str, Value]) -> Value:
    """A call; null for what is no function, or for arguments that it has not."""
    if not isinstance(function, Callable_):
        return None
    arguments = positional
    if named:
        if not named.keys() <= set(function.parameters):
            return None
        arguments = [named.get(name) for name in function.parameters]
        while arguments and function.parameters[len(arguments) - 1] not in named:
            arguments.pop()
    try:
        return function.call(*arguments)
    except (TypeError, ValueError, DecimalException, OverflowError, AttributeError):
        return None
