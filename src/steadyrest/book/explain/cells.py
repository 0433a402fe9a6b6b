"""One cell to be explained, and where the values it is made of are found: in the run, or in the original book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steadyrest.book.clauses import ClauseRecord
from steadyrest.book.explain.lineage import Lineage, lineage_of
from steadyrest.book.explain.tree import Sentence, said
from steadyrest.book.run_folder import RESULT_TABLES, Row, RunFolder
from steadyrest.schema import TABLES, Column
from steadyrest.units import format_fen

_BY_OPTION = frozenset({"option", "decision", "amendment"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of one row of a result table, the facts of its receipt, and the inputs of the receipt when at hand."""

    run: RunFolder
    table: str
    column: Column
    row: Row
    facts: Row
    inputs: Mapping[str, list[Row]] | None

    @property
    def value(self) -> Any:
        """What stands in the cell."""
        return self.row[self.column.name]

    @property
    def lineage(self) -> Lineage:
        """How the column is made."""
        return lineage_of(self.table, self.column.name, is_beside=self.is_beside)

    @property
    def is_beside(self) -> bool:
        """The row is an option beside the parked one."""
        return self.table == "option" and str(self.row["plan"]) != "parked"

    @property
    def currency(self) -> str:
        """The currency of money in the row: its own, or that of the receipt."""
        return str(self.row.get("currency") or self.facts.get("currency") or "CNY")

    @property
    def option_no(self) -> int:
        """The option the row is about; 0 for none."""
        return int(self.row.get("option_no") or 0)

    def clause(self) -> ClauseRecord | None:
        """The clause the cell was made under: named in the row, by its option, by its mask, or as a definition."""
        if self.table == "eligibility":
            slug = self.column.name.rpartition("_")[0]
            return next((item for item in self.run.screens if item.slug == slug), None)
        if self.lineage.source == "definition":
            return next((item for item in self.run.clauses if item.defines == self.column.name), None)
        clause_id = self.row.get("clause_id")
        if clause_id is None and self.option_no:
            options = self.rows("option") or []
            clause_id = next((item["clause_id"] for item in options), None)
        return self.run.clause(clause_id)

    def rows(self, table: str) -> list[Row] | None:
        """The rows of a table that belong to this cell; null when the table is neither in the run nor at hand."""
        if table == self.table:
            return [self.row]
        if table in RESULT_TABLES and (self.run.wrote(table) or not TABLES[table].is_input):
            return self.run.rows(table, **self._keys(table))
        if self.inputs is None:
            return None
        return [row for row in self.inputs.get(table, []) if self._counts(row)]

    def _keys(self, table: str) -> dict[str, object]:
        if table == "enterprise":
            return {"borrower_id": self.facts.get("borrower_id")}
        if table == "finding":
            return {name: self.row[name] for name in ("source_file", "row_number")}
        keys: dict[str, object] = {"loan_id": self.facts.get("loan_id")}
        if table in _BY_OPTION and self.option_no:
            keys["option_no"] = self.option_no
        return keys

    def _counts(self, row: Row) -> bool:
        return all(row.get(name, value) == value for name, value in self.lineage.where.items())


def dues(cell: Cell, version: str, option_no: int | None = None) -> list[Row]:
    """The dues of the cell's receipt in one version, in the order of their days; of one option when it is named."""
    where: dict[str, object] = {"loan_id": cell.facts["loan_id"], "version": version}
    if option_no is not None:
        where["option_no"] = option_no
    return sorted(cell.run.rows("cash_flow", **where), key=lambda row: row["due_on"])


def tie(total: int, cell: Cell) -> Sentence:
    """Whether an amount worked out again is the one in the cell."""
    shown = f"{format_fen(total)} {cell.currency}"
    if total == cell.value:
        return said("agrees", total=shown)
    return said("differs", total=shown, cell=f"{format_fen(int(cell.value))} {cell.currency}")
