"""A small typed writer of HTML and SVG: text is escaped on the way in, so only `Html` can stand inside `Html`.

>>> el("p", text("a < b"), class_="note")
'<p class="note">a &lt; b</p>'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NewType

Html = NewType("Html", str)
_VOID = frozenset({"meta", "br", "col", "input", "circle", "line", "path", "rect", "polyline"})
_SPELT = {"class_": "class", "for_": "for", "view_box": "viewBox", "marker_units": "markerUnits"}
_LINE_BREAK_AFTER = frozenset(
    {"tr", "section", "svg", "table", "thead", "tbody", "div", "g", "li", "head", "style", "main"}
)


def text(value: object) -> Html:
    """Any value as escaped text."""
    return Html(escape(str(value), quote=False))


def el(name: str, /, *children: Html, **attributes: str | int | float | None) -> Html:
    """One element; an attribute that is None is left out, underscores become hyphens."""
    marks = "".join(
        f' {_SPELT.get(key, key.replace("_", "-"))}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID and not children:
        return Html(f"<{name}{marks}/>")
    tail = "\n" if name in _LINE_BREAK_AFTER else ""
    return Html(f"<{name}{marks}>{''.join(children)}</{name}>{tail}")


def _number(value: str | int | float) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Parts one after the other."""
    return Html(between.join(parts))


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a printed table: `kind` is n for numbers (set right), id for what must not break, or empty for words.

    `group` joins neighbours under one heading.
    """

    title: str
    kind: str = "n"
    group: str = ""


def table(
    caption: str, heads: Sequence[Head], rows: Sequence[Sequence[Html]], *, total: Sequence[Html] = (), kind: str = ""
) -> Html:
    """A table with a caption, scoped headers, the first cell of a row as its header, and an optional total row.

    A row of one cell is a heading over the rows below. `kind` is a class of the style sheet; the table scrolls by
    itself where the page is narrow.
    """
    body = [el("tr", *_cells(row, heads)) for row in rows]
    foot = [el("tfoot", el("tr", *_cells(total, heads)))] if total else []
    parts = (el("caption", text(caption)), el("thead", *_header(heads)), el("tbody", *body), *foot)
    inner = el("table", *parts, class_=kind or None)
    return el("div", inner, class_="scroll", tabindex=0, role="region", aria_label=caption)


def _header(heads: Sequence[Head]) -> list[Html]:
    if not any(head.group for head in heads):
        return [el("tr", *(_head_cell(head) for head in heads))]
    top: list[Html] = []
    index = 0
    while index < len(heads):
        group = heads[index].group
        span = (
            next((n for n, head in enumerate(heads[index:]) if head.group != group), len(heads) - index) if group else 1
        )
        if group:
            top.append(el("th", text(group), scope="colgroup", colspan=span, class_="group"))
        else:
            top.append(_head_cell(heads[index], rowspan=2))
        index += span
    return [el("tr", *top), el("tr", *(_head_cell(head) for head in heads if head.group))]


def _head_cell(head: Head, rowspan: int | None = None) -> Html:
    return el("th", text(head.title), scope="col", rowspan=rowspan, class_="n" if head.kind == "n" else None)


def _cells(row: Sequence[Html], heads: Sequence[Head]) -> list[Html]:
    if len(row) == 1:
        return [el("th", row[0], scope="rowgroup", colspan=len(heads), class_="over")]
    first = el("th", row[0], scope="row", class_=heads[0].kind or None)
    rest = (el("td", cell, class_=head.kind or None) for cell, head in zip(row[1:], heads[1:], strict=True))
    return [first, *rest]
