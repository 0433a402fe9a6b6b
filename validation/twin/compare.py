"""Expected rows against the rows of a run, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

MISSING = "(no row)"
ABSENT = "(no column)"


@dataclass(frozen=True)
class Difference:
    """One cell that differs: the table, the key of the row, the column, and both values."""

    table: str
    row: str
    column: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}: expected {self.expected}, found {self.found}"


def differences(
    table: str, key: Sequence[str], columns: Sequence[str], expected: Sequence[Row], found: Sequence[Row]
) -> list[Difference]:
    """Every differing cell of two sets of rows; a row that stands on one side only is one difference."""
    ours = {tuple(row[name] for name in key): row for row in expected}
    theirs = {tuple(row[name] for name in key): row for row in found}
    different: list[Difference] = []
    if len(theirs) < len(found):
        different.append(Difference(table, str(key), "key", "unique", "repeated"))
    for label in sorted({*ours, *theirs}, key=str):
        name = " ".join(str(part) for part in label)
        if label not in ours or label not in theirs:
            sides = (MISSING if label not in ours else "a row", MISSING if label not in theirs else "a row")
            different.append(Difference(table, name, "row", *sides))
            continue
        for column in columns:
            left, right = ours[label].get(column, ABSENT), theirs[label].get(column, ABSENT)
            if left != right:
                different.append(Difference(table, name, column, left, right))
    return different
