"""Charts as server-rendered SVG: shapes and classes only, so that they stand under a strict content policy.

Every chart has a title and a description, differs by pattern or shape and not by colour alone, and has a table beside
it on the page. Lengths are exact in fen; only the place on the drawing is a float.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from steadyrest.report.amounts import shown
from steadyrest.report.markup import Html, el, join, text

WIDTH = 920


@dataclass(frozen=True, slots=True)
class Drawing:
    """What frames a chart: a name unique in the page, title, description, width and height."""

    name: str
    title: str
    description: str
    height: float
    width: float = WIDTH


def drawing(frame: Drawing, *marks: Html) -> Html:
    """The SVG element with title, description and the two patterns, in a box that scrolls where the page is narrow."""
    title, described = f"{frame.name}-t", f"{frame.name}-d"
    inner = el(
        "svg",
        el("title", text(frame.title), id=title),
        el("desc", text(frame.description), id=described),
        el("defs", _hatch(f"{frame.name}-hatch"), _dots(f"{frame.name}-dots")),
        *marks,
        view_box=f"0 0 {frame.width:g} {frame.height:g}",
        role="img",
        aria_labelledby=f"{title} {described}",
        class_="wide" if frame.width >= WIDTH else "small",
    )
    return el("div", inner, class_="scroll chart", tabindex=0, role="region", aria_label=frame.title)


def _hatch(name: str) -> Html:
    ground = el("rect", width=6, height=6, class_="hatch-ground")
    stripe = el("rect", width=2.4, height=6, class_="hatch-stripe")
    return el(
        "pattern",
        ground,
        stripe,
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _dots(name: str) -> Html:
    ground = el("rect", width=5, height=5, class_="dots-ground")
    dot = el("circle", cx=1.6, cy=1.6, r=0.8, class_="dots-dot")
    return el("pattern", ground, dot, id=name, width=5, height=5, patternUnits="userSpaceOnUse")


def rect(x: float, y: float, width: float, height: float, kind: str, fill: str | None = None) -> Html:
    """A bar; nothing is drawn for a length of zero."""
    if width <= 0 or height <= 0:
        return Html("")
    return el("rect", x=x, y=y, width=width, height=height, class_=kind, fill=fill)


def words_at(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> Html:
    """One line of text; `anchor` is start, middle or end."""
    return el("text", text(content), x=x, y=y, class_=kind or None, text_anchor=anchor if anchor != "start" else None)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    """A straight line."""
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def text_width(content: str, size: float) -> float:
    """Roughly how wide a line is set: a Chinese character takes one em, others a little more than half."""
    ems = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.52 for letter in content)
    return ems * size


def wrapped(content: str, room: float, size: float, lines: int = 2) -> list[str]:
    """Content in at most `lines` lines that fit the room; what does not fit ends in an ellipsis."""
    found, current = [], ""
    for piece in _pieces(content):
        if text_width(current + piece, size) > room and current:
            found.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
    found.append(current.rstrip())
    if len(found) <= lines:
        return found
    kept = found[:lines]
    while text_width(kept[-1] + "…", size) > room:
        kept[-1] = kept[-1][:-1]
    return [*kept[:-1], kept[-1] + "…"]


def _pieces(content: str) -> Iterable[str]:
    """Places where a line may break: after a space, and after any Chinese character."""
    word = ""
    for letter in content:
        word += letter
        if letter == " " or unicodedata.east_asian_width(letter) in "WF":
            yield word
            word = ""
    if word:
        yield word


def ticks(largest_fen: int, wanted: int = 4) -> list[int]:
    """Round axis values in fen from zero to at least the largest, in steps of 1, 2, 2.5 or 5 times a power of ten.

    >>> ticks(730_000_000)
    [0, 200000000, 400000000, 600000000, 800000000]
    """
    steps = (nominal * 10**power for power in range(18) for nominal in (10, 20, 25, 50))
    step = next(step for step in steps if step * wanted >= largest_fen)
    return [step * index for index in range(max(2, -(-largest_fen // step) + 1))]


def axis_label(fen: int, unit: str) -> str:
    """An axis value without needless decimals."""
    return shown(fen, unit).removesuffix(".00")


def legend(x: float, y: float, entries: Sequence[tuple[str, str, str | None]], size: float = 12) -> Html:
    """Keys in a row: each a caption, a class, and a fill for patterns."""
    marks = []
    for caption, kind, fill in entries:
        marks += [rect(x, y - 10, 14, 11, kind, fill), words_at(x + 20, y, caption, "key")]
        x += 20 + text_width(caption, size) + 26
    return join(marks)
