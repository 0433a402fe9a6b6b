"""From one cell of a tape to a registered value, by the steps that a mapping names; no columns, no frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from steadyrest.schema import Column, Kind
from tests.reference.contract_twin import later_by
from validation.twin.facts import reference

PLACES = {"yuan": 2, "wan": 6, "fen": 0, "percent": 5, "fraction": 7, "e7": 0, "": 0}
LIMITS = {Kind.MONEY: 10**17, Kind.RATE: 10**12, Kind.COUNT: 10**15}
NO_DAYS = {date(9999, 12, 31), date(1, 1, 1), date(1899, 12, 31), date(1899, 12, 30)}
NO_DAY_WORDS = {day.isoformat() for day in NO_DAYS} | {day.strftime("%Y%m%d") for day in NO_DAYS}
NO_DAY_WORDS |= {"0001-01-01", "00010101"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d+)?")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


@dataclass(frozen=True)
class Spec:
    """How one registered column is read: the entry of the mapping, as text."""

    column: Column
    sources: tuple[str, ...] = ()
    unit: str = ""
    dates: tuple[str, ...] = ("YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD")
    more: Mapping[str, Any] = field(default_factory=dict)


def value(spec: Spec, row: Mapping[str, Any]) -> Any:
    """The value of one column in one row of a tape; None for nothing and for what cannot be read."""
    if "constant" in spec.more:
        return _meaning(spec, spec.more["constant"])
    name = next((item for item in spec.sources if item in row), None)
    cell = _cell(spec, row[name]) if name is not None else None
    return None if cell is None else _meaning(spec, cell)


def _cell(spec: Spec, raw: Any) -> Any:
    """What the source says, trimmed; None for a blank, a word for "missing", or a day that stands for none."""
    if raw is None or (isinstance(raw, float) and raw != raw):
        return None
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return None if raw in NO_DAYS else raw
    missing = spec.more.get("missing", ())
    if isinstance(raw, bool) or (isinstance(raw, int | float) and spec.column.kind in LIMITS and not missing):
        return raw
    text = str(int(raw)) if isinstance(raw, float) and raw == int(raw) and abs(raw) < 2**53 else str(raw).strip()
    if text == "" or text in missing or (spec.column.kind is Kind.DAY and text in NO_DAY_WORDS):
        return None
    if "slice" in spec.more:
        start, length = (int(item) for item in spec.more["slice"])
        text = text[start:][:length]
    return text


def _meaning(spec: Spec, cell: Any) -> Any:
    kind = spec.column.kind
    if "months_after" in spec.more:
        return _number(cell, 0, 12_000)
    if isinstance(cell, str):
        cell = _translated(spec, cell)
    if cell is None:
        return None
    if kind is Kind.DAY:
        return _day(spec, cell)
    if kind in LIMITS:
        return _number(cell, PLACES[spec.unit], LIMITS[kind])
    if kind is Kind.FLAG:
        return _flag(spec, cell)
    if spec.column.codes:
        return next((word for word in (str(cell), str(cell).split(" ")[0]) if word in spec.column.codes), None)
    return str(cell)


def _translated(spec: Spec, cell: str) -> str | None:
    found: str | None = cell
    if "codes" in spec.more:
        found = spec.more["codes"].get(cell, spec.more.get("otherwise"))
    if "lookup" in spec.more and found is not None:
        rule = spec.more["lookup"]
        found = _lookup(rule["table"], rule["key"], rule["value"]).get(found) or None
    return found


@cache
def _lookup(table: str, key: str, item: str) -> dict[str, str]:
    return {row[key]: row[item] for row in reference(table)}


def _number(cell: Any, places: int, limit: int) -> int | None:
    """An integer of 10^-places; None for more decimals than that, other letters, or a size beyond the limit."""
    if isinstance(cell, str):
        exact = _decimal(cell, places)
    elif isinstance(cell, float):
        scaled = round(cell * 10.0**places)
        exact = Decimal(scaled) if abs(scaled) < 2**53 and scaled / 10.0**places == cell else None
    else:
        exact = Decimal(cell) * 10**places
    if exact is None or exact != exact.to_integral_value() or abs(exact) >= limit:
        return None
    return int(exact)


def _decimal(text: str, places: int) -> Decimal | None:
    bare = re.sub(r"^([+-]?)[$¥￥]\s*", r"\1", text.translate(FULL_WIDTH))
    if places == PLACES["percent"]:
        bare = bare.removesuffix("%")
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    return Decimal(bare) * 10**places if NUMBER.fullmatch(bare) else None


def _flag(spec: Spec, cell: Any) -> bool | None:
    if isinstance(cell, bool):
        return cell
    true = spec.more.get("true", ("1", "true", "TRUE", "True", "Y", "y", "是"))
    false = spec.more.get("false", ("0", "false", "FALSE", "False", "N", "n", "否"))
    for word in (str(cell), str(cell).split(" ")[0]):
        if word in true or word in false:
            return word in true
    return None


def _day(spec: Spec, cell: Any) -> date | None:
    if isinstance(cell, date):
        return cell
    text = re.sub(r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(\.0+)?$", r"\1", str(cell))
    for style in spec.dates:
        found = _styled(style, text, spec.more.get("pivot"))
        if found is not None:
            return found if date(1900, 1, 1) <= found <= date(2199, 12, 31) else None
    return None


def _styled(style: str, text: str, pivot: str | None) -> date | None:
    shapes = {
        "YYYY-MM-DD": (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
        "YYYYMMDD": (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
        "YYYY/MM/DD": (r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})"),
        "M/D/YYYY": (r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
        "D-Mon-YY": (r"(?P<d>\d{1,2})-(?P<m>[A-Za-z]{3})-(?P<y>\d{2})"),
        "Mon-YYYY": (r"(?P<m>[A-Za-z]{3})-(?P<y>\d{4})"),
    }
    if style == "serial":
        return date(1899, 12, 30) + timedelta(days=int(text)) if re.fullmatch(r"\d{5}", text) else None
    found = re.fullmatch(shapes[style], text)
    if not found:
        return None
    parts = found.groupdict()
    word = parts["m"].lower()
    month = MONTHS.index(word) + 1 if word in MONTHS else int(word) if word.isdigit() else 0
    years = [int(parts["y"])] if len(parts["y"]) == 4 else [2000 + int(parts["y"]), 1900 + int(parts["y"])]
    days = [_date(year, month, int(parts.get("d") or 1)) for year in years]
    limit = date.fromisoformat(pivot) if pivot and len(parts["y"]) == 2 else date.max
    return next((day for day in days if day is not None and day <= limit), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_after(start: date | None, months: int | None) -> date | None:
    """The day some months later; the last day of a month stays within the month."""
    return None if start is None or months is None else later_by(start, months)
