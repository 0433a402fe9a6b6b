"""Tables for the tests: a scope of one column of every kind, and random tables over it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from hypothesis import strategies as st

from steadyrest.rules.tables import Input, Output, Table, table
from steadyrest.rules.types import Value
from steadyrest.schema import Kind, closed
from steadyrest.schema.registry import column
from steadyrest.text import Text

COLUMNS: Final = {
    item.name: item
    for item in (
        column("past_due_days", Kind.COUNT, "逾期天数", "days past due"),
        column("guarantee_kind", Kind.CODE, "担保方式", "guarantee", codes=("A", "B", "C", "D")),
        column("balance_fen", Kind.MONEY, "余额", "balance"),
        column("due_on", Kind.DAY, "到期日", "due on"),
        column("is_chain", Kind.FLAG, "产业链", "chain firm"),
        column("city", Kind.TEXT, "城市", "city"),
    )
}
QUALITY: Final = closed("quality")
RESULT: Final = Output("quality", Kind.CODE, Text("分类", "class"), values=QUALITY)
NUMBER: Final = Output("points", Kind.COUNT, Text("分数", "points"))
CELLS: Final = {
    "past_due_days": ("-", "0", "< 31", "[31..90]", "> 90", "missing", "present", "not(0)", "0, [10..20)"),
    "guarantee_kind": ("-", "A", "A, B", "not(D)", "missing", "present"),
    "balance_fen": ("-", "<= 1000.00", "> 1000.00", "[0.01..5]", "missing"),
    "due_on": ("-", "< 2022-12-31", "2022-12-31", ">= 2022-12-31"),
    "is_chain": ("-", "true", "false", "missing"),
    "city": ("-", "上海", "上海, 杭州", "not(上海)"),
}
VALUES: Final[dict[str, Sequence[Value | None]]] = {
    "past_due_days": (None, -1, 0, 10, 19, 20, 30, 31, 90, 91),
    "guarantee_kind": (None, "A", "B", "C", "D"),
    "balance_fen": (None, 0, 1, 500, 501, 100_000, 100_001),
    "due_on": (None, date(2022, 12, 30), date(2022, 12, 31), date(2023, 1, 1)),
    "is_chain": (None, True, False),
    "city": (None, "上海", "杭州", "苏州", ""),
}


def item(name: str) -> Input:
    return Input(COLUMNS[name], COLUMNS[name].label, "yuan" if COLUMNS[name].kind is Kind.MONEY else "")


def made(policy: str, names: Sequence[str], *rows: str, output: Output = RESULT) -> Table:
    """A table from rows written `cell | cell | result`."""
    cut = [[part.strip() for part in row.split("|")] for row in rows]
    return table(policy, [item(name) for name in names], [output], [(row[:-1], row[-1:], "") for row in cut])


@st.composite
def tables(draw: st.DrawFn, policies: Sequence[str]) -> Table:
    """A random table of up to four columns and 70 rows, so that rows fill more than one word of bits."""
    names = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=4, unique=True))
    policy = draw(st.sampled_from(policies))
    output = NUMBER if policy.startswith("collect_") else RESULT
    results = ("1", "2", "-") if output is NUMBER else QUALITY[:3]
    line = st.tuples(*(st.sampled_from(CELLS[name]) for name in names), st.sampled_from(results))
    rows = draw(st.lists(line, min_size=1, max_size=5)) * draw(st.sampled_from((1, 1, 1, 14)))
    return made(policy, names, *(" | ".join(row) for row in rows), output=output)


def data(known: Table) -> st.SearchStrategy[list[dict[str, Value | None]]]:
    """Rows of data for a table."""
    values = {item.column.name: st.sampled_from(VALUES[item.column.name]) for item in known.inputs}
    return st.lists(st.fixed_dictionaries(values), min_size=1, max_size=12)
