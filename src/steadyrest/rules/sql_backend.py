"""Predicates as SQL text for audit and replay in another engine. SQL's own logic is Kleene's; every literal is quoted."""

from __future__ import annotations

from datetime import date

from steadyrest.rules.syntax import Among, And, Between, ColumnRef, Compare, Exists, Leaf, Node, Not, Operand, Or


def to_sql(node: Node) -> str:
    """The SQL expression of a predicate: true, false or NULL."""
    if isinstance(node, Not):
        return f"(NOT {to_sql(node.part)})"
    if isinstance(node, And):
        return "(" + " AND ".join(map(to_sql, node.parts)) + ")"
    if isinstance(node, Or):
        return "(" + " OR ".join(map(to_sql, node.parts)) + ")"
    return f"({_leaf(node)})"


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Exists):
        return f"{identifier(leaf.column.name)} IS NOT NULL"
    if isinstance(leaf, Among):
        values = ", ".join(_operand(value) for value in leaf.values)
        return f"{identifier(leaf.column.name)} IN ({values})"
    if isinstance(leaf, Between):
        return f"{identifier(leaf.column.name)} BETWEEN {_operand(leaf.low)} AND {_operand(leaf.high)}"
    return _compare(leaf)


def _compare(leaf: Compare) -> str:
    operator = {"==": "=", "!=": "<>"}.get(leaf.operator, leaf.operator)
    return f"{identifier(leaf.left.name)} {operator} {_operand(leaf.right)}"


def _operand(operand: Operand) -> str:
    if isinstance(operand, ColumnRef):
        return identifier(operand.name)
    value = operand.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
