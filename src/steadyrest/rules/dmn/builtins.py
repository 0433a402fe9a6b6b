"""The functions of FEEL that models of level 2 call, each with the names of its parameters (DMN 1.5, 10.3.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from steadyrest.rules.dmn.operations import all_of, any_of, decimal_of, negated
from steadyrest.rules.dmn.values import (
    Callable_,
    Months,
    Value,
    compared,
    equal,
    to_date,
    to_datetime,
    to_duration,
    to_number,
    to_text,
    to_time,
)


def _items(*values: Value) -> list[Value]:
    """One list, or values one after the other."""
    return values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)


def _numbers(*values: Value) -> list[Decimal] | None:
    found = _items(*values)
    return found if found and all(isinstance(item, Decimal) for item in found) else None


def _sum(*values: Value) -> Value:
    found = _numbers(*values)
    return decimal_of(lambda: sum(found, Decimal(0))) if found else None


def _mean(*values: Value) -> Value:
    found = _numbers(*values)
    return decimal_of(lambda: sum(found, Decimal(0)) / len(found)) if found else None


def _extreme(sign: str) -> Callable[..., Value]:
    def run(*values: Value) -> Value:
        best, *rest = _items(*values) or [None]
        for item in rest:
            better = compared(sign, item, best)
            if better is None:
                return None
            best = item if better else best
        return best

    return run


def _rounded(value: Value, scale: Value, mode: str) -> Value:
    if not isinstance(value, Decimal):
        return None
    places = int(scale) if isinstance(scale, Decimal) else 0
    return decimal_of(lambda: value.quantize(Decimal(1).scaleb(-places), rounding=mode))


def _substring(text: str, start: Decimal, length: Value = None) -> Value:
    at = int(start) - 1 if start > 0 else len(text) + int(start)
    return None if not start else text[at : at + int(length)] if length is not None else text[at:]


def _number(text: Value, grouping: Value = None, point: Value = None) -> Value:
    if isinstance(text, Decimal):
        return text
    plain = text.replace(grouping, "") if grouping else text
    return to_number(plain.replace(point, ".") if point else plain)


def _date(first: Value, month: Value = None, day: Value = None) -> Value:
    if isinstance(first, Decimal):
        return date(int(first), int(month), int(day))
    if isinstance(first, datetime):
        return first.date()
    return first if isinstance(first, date) else to_date(first)


def _time(first: Value, minute: Value = None, second: Value = None, offset: Value = None) -> Value:
    if isinstance(first, Decimal):
        return time(int(first), int(minute), int(second))
    return first.timetz() if isinstance(first, datetime) else first if isinstance(first, time) else to_time(first)


def _date_and_time(first: Value, clock: Value = None) -> Value:
    if isinstance(first, str):
        return to_datetime(first)
    on = first.date() if isinstance(first, datetime) else first
    return datetime.combine(on, clock if clock is not None else time())


def _months_between(start: date, stop: date) -> Months:
    whole = 12 * (stop.year - start.year) + stop.month - start.month
    short = stop.day < start.day if whole > 0 else stop.day > start.day if whole < 0 else False
    return Months(whole - (1 if whole > 0 else -1) * short)


def _join(items: list[Value], separator: Value = None) -> Value:
    return (separator or "").join(item for item in items if item is not None)


def _distinct(items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        if not any(equal(item, other) for other in found):
            found.append(item)
    return found


def _flat(items: Value) -> list[Value]:
    return [leaf for item in items for leaf in _flat(item)] if isinstance(items, list) else [items]


def _absolute(value: Value) -> Value:
    return Months(abs(value.months)) if isinstance(value, Months) else abs(value)


def _modulo(value: Decimal, by: Decimal) -> Value:
    return decimal_of(lambda: value - by * (value / by).to_integral_value(rounding=ROUND_FLOOR)) if by else None


_TABLE: Final[Mapping[str, tuple[str, Callable[..., Any]]]] = {
    "not": ("negand", negated),
    "number": ("from, grouping separator, decimal separator", _number),
    "string": ("from", to_text),
    "date": ("year, month, day", _date),
    "time": ("hour, minute, second, offset", _time),
    "date and time": ("date, time", _date_and_time),
    "duration": ("from", to_duration),
    "years and months duration": ("from, to", _months_between),
    "substring": ("string, start position, length", _substring),
    "string length": ("string", lambda text: Decimal(len(text))),
    "upper case": ("string", lambda text: text.upper()),
    "lower case": ("string", lambda text: text.lower()),
    "substring before": ("string, match", lambda text, part: text.partition(part)[0] if part in text else ""),
    "substring after": ("string, match", lambda text, part: text.partition(part)[2] if part in text else ""),
    "contains": ("string, match", lambda text, part: part in text),
    "starts with": ("string, match", lambda text, part: text.startswith(part)),
    "ends with": ("string, match", lambda text, part: text.endswith(part)),
    "split": ("string, delimiter", lambda text, mark: re.split(re.escape(mark), text)),
    "list contains": ("list, element", lambda items, item: any(equal(item, other) is True for other in items)),
    "count": ("list", lambda items: Decimal(len(items)) if isinstance(items, list) else None),
    "min": ("list", _extreme("<")),
    "max": ("list", _extreme(">")),
    "sum": ("list", _sum),
    "mean": ("list", _mean),
    "all": ("list", lambda *values: all_of(_items(*values))),
    "any": ("list", lambda *values: any_of(_items(*values))),
    "append": ("list, item", lambda items, *more: [*items, *more]),
    "concatenate": ("list", lambda *lists: [item for part in lists for item in part]),
    "reverse": ("list", lambda items: items[::-1]),
    "index of": (
        "list, match",
        lambda items, item: [Decimal(k) for k, other in enumerate(items, 1) if equal(item, other)],
    ),
    "distinct values": ("list", _distinct),
    "union": ("list", lambda *lists: _distinct([item for part in lists for item in part])),
    "flatten": ("list", _flat),
    "string join": ("list, delimiter", _join),
    "decimal": ("n, scale", lambda value, scale: _rounded(value, scale, ROUND_HALF_EVEN)),
    "floor": ("n, scale", lambda value, scale=None: _rounded(value, scale, ROUND_FLOOR)),
    "ceiling": ("n, scale", lambda value, scale=None: _rounded(value, scale, ROUND_CEILING)),
    "round up": ("n, scale", lambda value, scale=None: _rounded(value, scale, "ROUND_UP")),
    "round down": ("n, scale", lambda value, scale=None: _rounded(value, scale, "ROUND_DOWN")),
    "round half up": ("n, scale", lambda value, scale=None: _rounded(value, scale, "ROUND_HALF_UP")),
    "round half down": ("n, scale", lambda value, scale=None: _rounded(value, scale, "ROUND_HALF_DOWN")),
    "abs": ("n", _absolute),
    "modulo": ("dividend, divisor", _modulo),
    "sqrt": ("number", lambda value: decimal_of(lambda: value.sqrt()) if value >= 0 else None),
    "log": ("number", lambda value: decimal_of(lambda: value.ln()) if value > 0 else None),
    "exp": ("number", lambda value: decimal_of(lambda: value.exp())),
    "odd": ("number", lambda value: value % 2 != 0),
    "even": ("number", lambda value: value % 2 == 0),
}
BUILTINS: Final[Mapping[str, Callable_]] = {
    name: Callable_(tuple(parameters.split(", ")), run) for name, (parameters, run) in _TABLE.items()
}
"""By name as it is written with single blanks."""
