"""A small scope with two columns of every kind, and random typed predicates and rows over it."""

from __future__ import annotations

from datetime import date
from typing import Final

from hypothesis import strategies as st

from steadyrest.rules import Condition, Node, parse
from steadyrest.rules.interpreter import Row
from steadyrest.rules.syntax import Among, And, Between, ColumnRef, Compare, Constant, Exists, Leaf, Not, Operator, Or
from steadyrest.rules.types import ORDERED_KINDS, Value
from steadyrest.schema import Column, Kind, closed
from steadyrest.schema.registry import column
from steadyrest.text import Text

QUALITY: Final = closed("quality")
COLUMNS: Final = (
    column("name", Kind.TEXT, "名称", "name"),
    column("city", Kind.TEXT, "城市", "city"),
    column("quality", Kind.CODE, "质量", "quality", codes=QUALITY),
    column("quality_before", Kind.CODE, "原质量", "quality before", codes=QUALITY),
    column("staff", Kind.COUNT, "人数", "staff"),
    column("sites", Kind.COUNT, "厂区", "sites"),
    column("grace_months", Kind.COUNT, "宽限期", "grace"),
    column("past_due_days", Kind.COUNT, "逾期天数", "days past due"),
    column("margin_bp", Kind.COUNT, "加点", "margin"),
    column("balance_fen", Kind.MONEY, "余额", "balance"),
    column("line_fen", Kind.MONEY, "授信", "credit line"),
    column("loan_rate_e7", Kind.RATE, "利率", "rate"),
    column("cap_rate_e7", Kind.RATE, "利率上限", "rate cap"),
    column("debt_ratio", Kind.RATIO, "负债率", "debt ratio"),
    column("share_ratio", Kind.RATIO, "占比", "share"),
    column("drawn_on", Kind.DAY, "发放日", "drawn on"),
    column("due_on", Kind.DAY, "到期日", "due on"),
    column("is_chain", Kind.FLAG, "是否产业链", "chain firm"),
    column("is_hit", Kind.FLAG, "是否受影响", "hit"),
    column("flags_mask", Kind.MASK, "位图", "mask"),
    column("other_mask", Kind.MASK, "另一位图", "other mask"),
)
SCOPE: Final[dict[str, Column]] = {item.name: item for item in COLUMNS}

_INTEGERS: Final[list[Value]] = [-(2**63), -1, 0, 1, 2, 99, 100, 101, 2**63 - 1]
VALUES: Final[dict[Kind, list[Value]]] = {
    Kind.TEXT: ["", "a", "it's", "上海", "true", "%_\\"],
    Kind.CODE: list(QUALITY),
    Kind.COUNT: _INTEGERS,
    Kind.MONEY: _INTEGERS,
    Kind.RATE: _INTEGERS,
    Kind.RATIO: [-1.5, 0.0, 0.1, 0.30000000000000004, 1.0, 5e-324, 1.7e308],
    Kind.DAY: [date(1, 1, 1), date(2022, 7, 3), date(2022, 7, 4), date(2022, 7, 5), date(9999, 12, 31)],
    Kind.FLAG: [True, False],
    Kind.MASK: [0, 1, 2, 2**31, 2**32 - 1],
}
_NOT_FINITE: Final[list[Value]] = [float("nan"), float("inf"), float("-inf")]
_OPERATORS: Final[tuple[Operator, ...]] = ("==", "!=", "<", "<=", ">", ">=")


def constants(item: Column) -> st.SearchStrategy[Constant]:
    """A literal that fits a column."""
    return st.sampled_from(VALUES[item.kind]).map(Constant)


def operands(item: Column) -> st.SearchStrategy[Constant | ColumnRef]:
    """A literal, or the next column of the same kind and unit."""
    same = [other for other in COLUMNS if other.kind is item.kind and other.unit == item.unit]
    return constants(item) | st.sampled_from(same).map(ColumnRef)


@st.composite
def tests(draw: st.DrawFn) -> Leaf:
    """One test of the right type."""
    item = draw(st.sampled_from(COLUMNS))
    ref = ColumnRef(item)
    is_ordered = item.kind in ORDERED_KINDS
    shape = draw(st.sampled_from(["compare", "compare", "among", "exists", *(["between"] * is_ordered)]))
    if shape == "compare":
        return Compare(ref, draw(st.sampled_from(_OPERATORS if is_ordered else _OPERATORS[:2])), draw(operands(item)))
    if shape == "between":
        return Between(ref, draw(operands(item)), draw(operands(item)))
    if shape == "among":
        return Among(ref, tuple(draw(st.lists(constants(item), min_size=1, max_size=7))))
    return Exists(ref)


def _combined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return parts.map(Not) | several.map(And) | several.map(Or)


def nodes(max_leaves: int = 6) -> st.SearchStrategy[Node]:
    """A predicate of a few tests."""
    return st.recursive(tests(), _combined, max_leaves=max_leaves)


def rows() -> st.SearchStrategy[Row]:
    """A row with every column: a value, null, and for a ratio what is not a finite number."""
    return st.fixed_dictionaries(
        {
            item.name: st.none() | st.sampled_from(VALUES[item.kind] + _NOT_FINITE * (item.kind is Kind.RATIO))
            for item in COLUMNS
        }
    )


def condition(bit: int, text: str, *, is_soft: bool = False) -> Condition:
    """A condition over the scope, named after its bit."""
    return Condition(bit, f"c{bit}", parse(text, SCOPE), Text(zh="条件", en="condition"), is_soft)
