"""A complaint about a cell of a table, with its place."""

from __future__ import annotations

from steadyrest.errors import RuleError
from steadyrest.text import Text, label


class RuleInTable(RuleError):
    """What is wrong with a cell, and where it stands: `row` counts from 1."""

    def __init__(self, row: int, column: str, error: RuleError) -> None:
        super().__init__(error.code, **error.values)
        self.row, self.column = row, column

    @property
    def what(self) -> Text:
        """The complaint behind its place."""
        place, said = label("table.place", row=self.row, column=self.column), super().what
        return Text(zh=f"{place.zh}{said.zh}", en=f"{place.en}{said.en}")
