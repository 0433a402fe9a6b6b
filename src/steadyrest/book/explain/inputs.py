"""The rows a cell is made of, with the values that count; what is not at hand is said, not left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from steadyrest.book.explain.cells import Cell
from steadyrest.book.explain.sources import came_from
from steadyrest.book.explain.tree import Explanation, Fact, Sentence, filled, said, word
from steadyrest.book.run_folder import RESULT_TABLES, Row, RunFolder
from steadyrest.schema import TABLES, Table
from steadyrest.schema.money import money_of
from steadyrest.text import Text

_ROWS_SHOWN: Final = 12
_BORROWER_KEYS: Final = frozenset({"borrower_id", "from_borrower_id", "to_borrower_id"})
_LISTED_BY_WORKINGS: Final = "cash_flow"


def inputs_part(cell: Cell) -> tuple[Explanation, ...]:
    """One node for each input table; none for a column without inputs."""
    tables = cell.lineage.by_table()
    wanted = [name for name in tables if name != _LISTED_BY_WORKINGS or cell.table == name]
    parts = tuple(part for name in wanted for part in _table_part(cell, name, tables[name]))
    return (Explanation("inputs", word("inputs"), parts=parts),) if parts else ()


def row_part(
    run: RunFolder, name: str, row: Row, columns: tuple[str, ...], currency: str = "CNY", kind: str = "row"
) -> Explanation:
    """Some columns of one row of a table."""
    table = run.table(name) if name in RESULT_TABLES else TABLES[name]
    hidden = _finding_masks(row) if name == "finding" else {"raw": "name"}
    facts = tuple(
        Fact(table[column], row.get(column), money_of(column, currency), masked_as=hidden.get(column, ""))
        for column in columns
    )
    return Explanation(kind, filled("row", table=table.label, name=Text(zh=name, en=name)), name, facts=facts)


def _table_part(cell: Cell, name: str, columns: tuple[str, ...]) -> tuple[Explanation, ...]:
    rows = cell.rows(name)
    table: Table = TABLES[name]
    title = filled("row", table=table.label, name=Text(zh=name, en=name))
    if rows is None:
        facts = tuple(Fact(table[column], None, is_at_hand=False) for column in columns)
        return (Explanation("row", title, name, facts=facts),)
    if not rows:
        return (Explanation("row", title, name, says=(Sentence(filled("no_row", table=table.label)),)),)
    parts = [
        replace(row_part(cell.run, name, row, columns, cell.currency), says=came_from(cell.run, name, row))
        for row in rows[:_ROWS_SHOWN]
    ]
    if len(rows) > _ROWS_SHOWN:
        parts.append(Explanation("more", title, name, says=(said("more_rows", count=len(rows) - _ROWS_SHOWN),)))
    return tuple(parts)


def _finding_masks(row: Row) -> dict[str, str]:
    """What a finding quotes of a person is hidden by the mask of the column it quotes; without one, as a name."""
    field = str(row.get("field") or "")
    quoted = _registered().get(field, field) or "name"
    table = TABLES.get(str(row.get("table")))
    is_person = table is None or bool(_BORROWER_KEYS & set(table.key))
    return {"value": quoted, "args": quoted, **({"row_id": "borrower_id"} if is_person else {})}


@cache
def _registered() -> Mapping[str, str]:
    """Every label and official field name, to the registered column; a personal column comes before all others."""
    columns = [column for table in TABLES.values() if table.is_input for column in table.columns]
    found: dict[str, str] = {}
    for column in sorted(columns, key=lambda item: not item.personal):
        official = (name.rpartition(".")[2] for name in column.official)
        for name in (column.label.zh, column.label.en, *official):
            found.setdefault(name, column.name)
    return found
