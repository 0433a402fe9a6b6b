"""Where every column of every result table comes from: one entry a column, kept as data in `lineage.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from steadyrest.text import Text, label


@dataclass(frozen=True, slots=True)
class Lineage:
    """How a column is made: key of its sentence, inputs as (table, column), its rule, and which input rows count."""

    how: str
    inputs: tuple[tuple[str, str], ...] = ()
    source: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def formula(self) -> Text:
        """The sentence that says how the column is made."""
        return label(f"explain.how.{self.how}")

    def by_table(self) -> dict[str, tuple[str, ...]]:
        """The input columns of each input table, in the order they stand."""
        tables = dict.fromkeys(table for table, _ in self.inputs)
        return {name: tuple(column for table, column in self.inputs if table == name) for name in tables}


@cache
def lineages() -> Mapping[str, Mapping[str, Lineage]]:
    """All entries by table and column."""
    text = (resources.files(__package__) / "lineage.toml").read_text("utf-8")
    return {
        table: {column: _entry(entry) for column, entry in columns.items()}
        for table, columns in tomllib.loads(text).items()
    }


def lineage_of(table: str, column: str, is_beside: bool = False) -> Lineage:
    """The entry of a registered column; all masks of `eligibility` share one for `_fail` and one for `_unknown`.

    `is_beside`: the row is an option beside the parked one, which makes some of its columns in another way.
    """
    if is_beside and column in lineages()["option_beside"]:
        return lineages()["option_beside"][column]
    if table == "eligibility" and column != "loan_id":
        column = "fail" if column.endswith("_fail") else "unknown"
    return lineages()[table][column]


def _entry(entry: Mapping[str, object]) -> Lineage:
    inputs, where = entry.get("inputs", ()), entry.get("where", {})
    assert isinstance(inputs, list | tuple), "inputs are a list"
    assert isinstance(where, dict), "where is a table"
    pairs = tuple((str(name).partition(".")[0], str(name).partition(".")[2]) for name in inputs)
    return Lineage(str(entry["how"]), pairs, str(entry.get("source", "")), where)
