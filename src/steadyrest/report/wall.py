"""The maturity wall: dues by month before, as proposed, and after signature, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from steadyrest.report.amounts import part_cents, show_cents, unit_label
from steadyrest.report.charts import WIDTH, Drawing, axis_label, drawing, legend, line, rect, ticks, words_at
from steadyrest.report.figures import Block, Month
from steadyrest.report.markup import Head, Html, join, table, text
from steadyrest.report.words import count, currency_name, heading, words
from steadyrest.schema import closed, code_label
from steadyrest.text import Language

MONTHS = 24
VERSIONS = closed("version")
_LEFT, _TOP, _PLOT, _HEIGHT = 84.0, 34.0, 226.0, 318.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the wall: a month, or all months before or after the window (then counts are not additive: None)."""

    month_on: date | None
    place: str
    due_fen: dict[str, int]
    households: dict[str, int | None] | None
    receipts: dict[str, int] | None


def rows_of(months: Sequence[Month], as_of: date) -> list[Row]:
    """The months of the window in order, with what lies before and after it in one row each.

    The window starts in the month of `as_of` and holds `MONTHS` months; months without dues are kept
    between months that have some.
    """
    first = as_of.replace(day=1)
    window = [_month_after(first, step) for step in range(MONTHS)]
    last_used = max((month.month_on for month in months), default=first)
    window = [on for on in window if on <= last_used]
    found = [_lump([month for month in months if month.month_on < first], "earlier")]
    found += [_single(months, on) for on in window]
    found.append(_lump([month for month in months if window and month.month_on > window[-1]], "later"))
    first_used = next((index for index, row in enumerate(found) if any(row.due_fen.values())), 0)
    return [row for row in found[first_used:] if row.place == "month" or any(row.due_fen.values())]


def _month_after(first: date, step: int) -> date:
    number = first.year * 12 + first.month - 1 + step
    return date(number // 12, number % 12 + 1, 1)


def _single(months: Sequence[Month], on: date) -> Row:
    here = {month.version: month for month in months if month.month_on == on}
    due = {version: _due(here.get(version)) for version in VERSIONS}
    households = {version: here[version].households if version in here else 0 for version in VERSIONS}
    receipts = {version: here[version].receipts if version in here else 0 for version in VERSIONS}
    return Row(on, "month", due, households, receipts)


def _lump(months: Sequence[Month], place: str) -> Row:
    due = {version: sum(_due(month) for month in months if month.version == version) for version in VERSIONS}
    return Row(None, place, due, None, None)


def _due(month: Month | None) -> int:
    return month.principal_fen + month.interest_fen if month else 0


def wall_chart(block: Block, rows: Sequence[Row], unit: str, language: Language) -> Html:
    """Wide pale columns before, dark columns after signature, hatched columns as proposed; one group a month."""
    name = f"wall-{block.currency}-{language}"
    shown_rows = [row for row in rows if row.month_on]
    axis = ticks(max((max(row.due_fen.values()) for row in shown_rows), default=0))
    scale = _PLOT / axis[-1]
    slot = (WIDTH - _LEFT - 8) / max(len(shown_rows), 12)
    marks = [_grid(axis, scale, unit)]
    marks += [_columns(row, _LEFT + index * slot, slot, scale, name) for index, row in enumerate(shown_rows)]
    marks += [_month_labels(shown_rows, slot, language)]
    marks.append(
        words_at(
            _LEFT - 10, 16, words("wall.axis", language, unit=unit_label(unit, block.currency)[language]), "key", "end"
        )
    )
    marks.append(legend(_LEFT + 12, 17, _keys(name, language)))
    frame = Drawing(
        name,
        words("wall.title", language, currency=currency_name(block.currency, language)),
        words("wall.description", language, months=len(shown_rows)),
        _HEIGHT,
    )
    return drawing(frame, *marks)


def _keys(name: str, language: Language) -> list[tuple[str, str, str | None]]:
    fills = {"before": ("before", None), "after": ("after", None), "proposed": ("outline", f"url(#{name}-hatch)")}
    return [
        (heading(code_label("version", version), language), *fills[version])
        for version in ("before", "after", "proposed")
    ]


def _grid(axis: Sequence[int], scale: float, unit: str) -> Html:
    marks = []
    for value in axis:
        y = _TOP + _PLOT - value * scale
        marks.append(line(_LEFT, y, WIDTH - 8, y, "grid" if value else "base"))
        marks.append(words_at(_LEFT - 10, y + 4, axis_label(value, unit), "tick", "end"))
    return join(marks)


def _columns(row: Row, x: float, slot: float, scale: float, name: str) -> Html:
    floor = _TOP + _PLOT

    def column(version: str, start: float, width: float, kind: str, fill: str | None = None) -> Html:
        height = row.due_fen[version] * scale
        return rect(x + slot * start, floor - height, slot * width, height, kind, fill)

    before = column("before", 0.07, 0.86, "before")
    after = column("after", 0.20, 0.25, "after")
    proposed = column("proposed", 0.55, 0.25, "outline", f"url(#{name}-hatch)")
    return join((before, after, proposed))


def _month_labels(rows: Sequence[Row], slot: float, language: Language) -> Html:
    marks = []
    for index, row in enumerate(rows):
        if row.month_on is None:
            continue
        middle = _LEFT + (index + 0.5) * slot
        marks.append(words_at(middle, _TOP + _PLOT + 18, str(row.month_on.month), "tick", "middle"))
        if index == 0 or row.month_on.month == 1:
            x = _LEFT + index * slot
            marks.append(line(x, _TOP + _PLOT, x, _TOP + _PLOT + 42, "base"))
            marks.append(
                words_at(x + 6, _TOP + _PLOT + 38, words("wall.year", language, year=row.month_on.year), "key")
            )
    return join(marks)


def wall_table(block: Block, rows: Sequence[Row], unit: str, language: Language) -> Html:
    """The same months as a table. Amounts of a version add up to its total; households and receipts do not add."""
    printed = {version: part_cents([row.due_fen[version] for row in rows], unit) for version in VERSIONS}
    money = unit_label(unit, block.currency)[language]
    heads = [Head(words("wall.month", language), kind="")]
    for version in VERSIONS:
        group = heading(code_label("version", version), language)
        heads += [Head(words(name, language), group=group) for name in ("households", "receipts")]
        heads.append(Head(money, group=group))
    body = [
        _table_row(row, {version: printed[version][index] for version in VERSIONS}, language)
        for index, row in enumerate(rows)
    ]
    total = [text(words("total", language))]
    for version in VERSIONS:
        total += [Html("–"), Html("–"), text(show_cents(sum(printed[version])))]
    caption = words("wall.table", language, currency=currency_name(block.currency, language), unit=money)
    return table(caption, heads, body, total=total, kind="dense")


def _table_row(row: Row, printed: dict[str, int], language: Language) -> list[Html]:
    name = text(f"{row.month_on:%Y-%m}") if row.month_on else text(words(f"wall.{row.place}", language))
    cells = [name]
    for version in VERSIONS:
        households = count(row.households[version]) if row.households else Html("–")
        receipts = count(row.receipts[version]) if row.receipts else Html("–")
        cells += [households, receipts, text(show_cents(printed[version]))]
    return cells
