"""Eligible loans by province: a tile for each of the 34 province-level divisions, never an outline of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from steadyrest import reference
from steadyrest.report.amounts import FEN_PER_CENT, part_cents, percent, show_cents, shown, unit_label
from steadyrest.report.charts import Drawing, drawing, rect, words_at, wrapped
from steadyrest.report.figures import Block
from steadyrest.report.ladder import Tally
from steadyrest.report.markup import Head, Html, el, join, table, text
from steadyrest.report.words import count, currency_name, words
from steadyrest.text import Language
from steadyrest.units import round_fraction

_TILE, _GAP, _SHADES = 66.0, 5.0, 5
_LONG_SHORT_NAMES = ("内蒙古", "黑龙江")


def short_name(name: str) -> str:
    """The everyday name of a province: two characters, or three for the two that need them.

    >>> short_name("广西壮族自治区"), short_name("黑龙江省")
    ('广西', '黑龙江')
    """
    return name[:3] if name.startswith(_LONG_SHORT_NAMES) else name[:2]


def classes(provinces: Mapping[str, Tally]) -> list[tuple[int, int]]:
    """Up to five classes of equal count over the provinces with loans: smallest and largest fen of each."""
    values = sorted(tally.fen for code, tally in provinces.items() if code and tally.fen > 0)
    groups = min(_SHADES, len(values))
    cuts = [round(index * len(values) / groups) for index in range(groups + 1)] if groups else []
    return [(values[low], values[high - 1]) for low, high in pairwise(cuts)]


def tile_chart(block: Block, unit: str, language: Language) -> Html:
    """The grid; each tile says name and amount, the shade is its class."""
    places = reference.table("provinces")
    bounds = classes(block.provinces)
    columns, lines = _extent(places["tile_column"].to_list()), _extent(places["tile_row"].to_list())
    marks = [_tile(row, block, bounds, unit, language) for row in places.iter_rows(named=True)]
    width = columns * (_TILE + _GAP)
    height = lines * (_TILE + _GAP) + 34
    money = unit_label(unit, block.currency)[language]
    marks.append(_legend(bounds, height - 12, unit))
    frame = Drawing(
        f"tiles-{block.currency}-{language}",
        words("tiles.title", language, currency=currency_name(block.currency, language), unit=money),
        words("tiles.description", language, provinces=sum(1 for key in block.provinces if key)),
        height,
        width,
    )
    return drawing(frame, *marks)


def _extent(values: Sequence[int]) -> int:
    return max(values) + 1


def _tile(
    row: Mapping[str, object], block: Block, bounds: list[tuple[int, int]], unit: str, language: Language
) -> Html:
    x = int(str(row["tile_column"])) * (_TILE + _GAP)
    y = int(str(row["tile_row"])) * (_TILE + _GAP)
    tally = block.provinces.get(str(row["code"]), Tally())
    shade = next((index + 1 for index, (_, high) in enumerate(bounds) if tally.fen <= high), 0) if tally.fen > 0 else 0
    name = short_name(str(row["name_zh"])) if language == "zh" else str(row["name_en"])
    lines = wrapped(name, _TILE - 6, 10 if language == "en" else 14)
    kind = "name" if language == "zh" else "name small"
    labels = [words_at(x + _TILE / 2, y + 22 + 12 * index, part, kind, "middle") for index, part in enumerate(lines)]
    if tally.fen > 0:
        labels.append(words_at(x + _TILE / 2, y + _TILE - 12, _brief(tally.fen, unit, bounds), "amount", "middle"))
    return el("g", rect(x, y, _TILE, _TILE, "tile"), *labels, class_=f"shade{shade}")


def _brief(fen: int, unit: str, bounds: list[tuple[int, int]]) -> str:
    """Rounded to whole units where the largest tile holds a thousand or more; the table beside has the decimals."""
    step = FEN_PER_CENT[unit] * 100
    if bounds[-1][1] < 1000 * step:
        return shown(fen, unit)
    return f"{round_fraction(Fraction(fen, step)):,}"


def _legend(bounds: list[tuple[int, int]], y: float, unit: str) -> Html:
    marks, x = [], 0.0
    for index, (low, high) in enumerate(bounds):
        box = el("g", rect(x, y - 11, 14, 12, "tile"), class_=f"shade{index + 1}")
        marks += [box, words_at(x + 19, y, f"{_brief(low, unit, bounds)}–{_brief(high, unit, bounds)}", "tick")]
        x += 128
    return join(marks)


def tile_table(block: Block, unit: str, language: Language) -> Html:
    """Provinces with eligible loans, the largest first; borrowers without a division come last."""
    names = {str(row["code"]): row for row in reference.table("provinces").iter_rows(named=True)}
    order = sorted(block.provinces.items(), key=lambda item: (item[0] not in names, -item[1].fen, item[0]))
    printed = part_cents([tally.fen for _, tally in order], unit)
    whole = sum(tally.fen for _, tally in order)
    body = [
        [
            text(names[code][f"name_{language}"] if code in names else words("tiles.unknown", language)),
            count(tally.households),
            count(tally.receipts),
            text(show_cents(amount)),
            text(percent(tally.fen, whole)),
        ]
        for (code, tally), amount in zip(order, printed, strict=True)
    ]
    heads = [Head(words("tiles.province", language), kind="id")]
    heads += [Head(words(name, language)) for name in ("households", "receipts")]
    heads += [Head(unit_label(unit, block.currency)[language]), Head(words("share", language))]
    total = [text(words("total", language)), count(block.eligible.households), count(block.eligible.receipts)]
    total += [text(show_cents(sum(printed))), text(percent(whole, whole))]
    return table(
        words("tiles.table", language, currency=currency_name(block.currency, language)),
        heads,
        body,
        total=total,
        kind="dense",
    )
