"""Predicates as SQL text for replay in another engine. SQL's own logic is Kleene's; every literal is quoted."""

from __future__ import annotations

from datetime import date

from steadyrest.rules.syntax import Among, And, Between, ColumnRef, Exists, Leaf, Node, Not, Operand, Or
from steadyrest.rules.types import Value
from steadyrest.schema.registry import Kind

_SIGNS = {"==": "=", "!=": "<>"}


def to_sql(node: Node) -> str:
    """The SQL expression of a predicate over columns of the registered types: true, false or NULL.

    >>> from steadyrest.rules.parse import parse
    >>> from steadyrest.schema import TABLES
    >>> to_sql(parse("balance_fen > 0 and exists quality", TABLES["loan"].by_name()))
    '(("balance_fen" > 0) AND ("quality" IS NOT NULL))'
    """
    if isinstance(node, Not):
        return f"(NOT {to_sql(node.part)})"
    if isinstance(node, And | Or):
        word = " AND " if isinstance(node, And) else " OR "
        empty = "TRUE" if isinstance(node, And) else "FALSE"
        return f"({word.join(map(to_sql, node.parts)) or empty})"
    return f"({_leaf(node)})"


def _leaf(leaf: Leaf) -> str:
    column = sql_column(leaf.column)
    if isinstance(leaf, Exists):
        return f"{column} IS NOT NULL"
    if isinstance(leaf, Among):
        return f"{column} IN ({', '.join(_operand(value) for value in leaf.values)})"
    if isinstance(leaf, Between):
        return f"{column} BETWEEN {_operand(leaf.low)} AND {_operand(leaf.high)}"
    return f"{column} {_SIGNS.get(leaf.operator, leaf.operator)} {_operand(leaf.right)}"


def _operand(operand: Operand) -> str:
    return sql_column(operand) if isinstance(operand, ColumnRef) else sql_literal(operand.value)


def sql_column(ref: ColumnRef) -> str:
    """A column as the language sees it: a ratio that is not a number is unknown."""
    name = identifier(ref.name)
    return f"(CASE WHEN isnan({name}) THEN NULL ELSE {name} END)" if ref.column.kind is Kind.RATIO else name


def sql_literal(value: Value) -> str:
    """A quoted SQL literal of one value."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    return str(value)


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
