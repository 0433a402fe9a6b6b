"""Data-quality rules: predicates of the one rule language over the columns of an input table, kept in `checks/*.yaml`.

A rule says what must hold; a row where it is false gets the finding, a row where it is unknown does not. Severity
`quarantine` sets the row aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from steadyrest.exchange.yaml_text import Node, read_yaml
from steadyrest.rules import Node as Predicate
from steadyrest.rules import parse
from steadyrest.schema import TABLES, closed
from steadyrest.text import Text

_KEYS: Final = ("code", "table", "severity", "test", "field", "title")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: the finding it makes, the column it speaks of, and what must hold."""

    code: str
    table: str
    severity: str
    field: str
    test: Predicate
    title: Text


@cache
def checks() -> Mapping[str, tuple[Check, ...]]:
    """All packaged rules by table, in the order of their codes."""
    found: dict[str, list[Check]] = {}
    folder = resources.files("steadyrest.exchange") / "checks"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            for check in parse_checks(entry.read_text("utf-8"), entry.name):
                found.setdefault(check.table, []).append(check)
    return {table: tuple(sorted(items, key=lambda check: check.code)) for table, items in found.items()}


def parse_checks(text: str, file: str) -> tuple[Check, ...]:
    """Read the rules of one file. Raises `InputError` or `RuleError` for a rule that does not fit its table."""
    return tuple(_check(node) for node in read_yaml(text, file).items())


def _check(node: Node) -> Check:
    parts = node.mapping(_KEYS, _KEYS)
    table, severity, field = (parts[name].text() for name in ("table", "severity", "field"))
    known = TABLES.get(table)
    if known is None or not known.is_input:
        parts["table"].wrong(" | ".join(name for name, item in TABLES.items() if item.is_input))
    if severity not in closed("severity"):
        parts["severity"].wrong(" | ".join(closed("severity")))
    if field not in known.names:
        parts["field"].wrong(" | ".join(known.names))
    title = parts["title"].mapping(("zh", "en"), ("zh", "en"))
    test = parse(parts["test"].text(), known.by_name())
    return Check(parts["code"].text(), table, severity, field, test, Text(title["zh"].text(), title["en"].text()))
