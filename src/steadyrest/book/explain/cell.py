"""Why a cell says what it says: formula, rule, inputs with their values, workings, and the versions of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from steadyrest.book.clauses import ClauseRecord
from steadyrest.book.explain.cells import Cell
from steadyrest.book.explain.inputs import inputs_part, row_part
from steadyrest.book.explain.places import quarantined_in, rows_of
from steadyrest.book.explain.screening import cited, conditions
from steadyrest.book.explain.sources import came_from
from steadyrest.book.explain.tree import Explanation, Fact, Sentence, filled, own, said, word
from steadyrest.book.explain.workings import workings
from steadyrest.book.parts import PASSED
from steadyrest.book.run_folder import Row, RunFolder
from steadyrest.errors import RunError
from steadyrest.schema import Column, Kind, Table
from steadyrest.text import Text


def explain_cell(run: RunFolder, loan_id: str, table: str, column: str, **where: object) -> Explanation:
    """Explain a column of the rows a receipt has in a result table; `where` narrows by key columns (option_no, ...).

    A receipt that was quarantined has no rows but findings and what was set aside: that is said.

    Tables of totals give the rows the receipt counts in. Raises `RunError` for an unknown table, column or receipt,
    `UsageError` for a value no row could have.
    """
    registered = run.table(table)
    wanted = _column(registered, column)
    for name in where:
        _column(registered, name)
    facts, rows = rows_of(run, loan_id, registered, where)
    inputs = run.read_inputs(loan_id) if run.read_inputs is not None else None
    parts = tuple(cell_part(Cell(run, table, wanted, row, facts, inputs)) for row in rows)
    title = filled("cell", table=registered.label, name=_same(table), column=wanted.label)
    says = () if parts else (_no_row(run, loan_id, registered, where),)
    aside = () if parts else _aside(run, loan_id)
    return Explanation("cells", title, f"{table}.{column}", says, (), (*parts, *aside, versions(run, table)))


def cell_part(cell: Cell) -> Explanation:
    """One cell: where it stands, its value, how it is made, on which rule, from which inputs, and its workings."""
    table = cell.run.table(cell.table)
    place = row_part(cell.run, cell.table, cell.row, table.key, cell.currency)
    value = row_part(cell.run, cell.table, cell.row, (cell.column.name,), cell.currency)
    facts = place.facts if cell.column.name in table.key else (*place.facts, *value.facts)
    clause = cell.clause()
    says = (
        Sentence(cell.lineage.formula),
        *_rests_on(cell, clause is not None),
        *(came_from(cell.run, cell.table, cell.row) if cell.table in PASSED else ()),
    )
    parts: list[Explanation] = []
    if clause is not None and cell.lineage.source in ("clause", "definition"):
        parts.append(replace(cited(clause), parts=_judged(cell, clause)))
    parts += [*inputs_part(cell), *workings(cell)]
    return Explanation("cell", place.title, cell.column.name, says, facts, tuple(parts))


def versions(run: RunFolder, table: str = "") -> Explanation:
    """What the run was made with: code, rules, dates, mapping, the hash of every input and of the table itself."""
    manifest = run.manifest
    facts = [
        own("code_version", manifest.code_version),
        own("snapshot_hash", manifest.snapshot_hash),
        own("as_of", manifest.as_of, Kind.DAY),
        own("valid_on", manifest.valid_on, Kind.DAY),
        own("known_on", manifest.known_on, Kind.DAY),
        own("mapping", manifest.mapping),
    ]
    if table in manifest.tables:
        facts.append(own("content_hash", manifest.tables[table].content_hash))
    never = Text(zh="", en="")
    facts += [
        Fact(Column(item.path, Kind.TEXT, filled("input_hash", path=_same(item.path)), never), item.sha256)
        for item in manifest.inputs
    ]
    return Explanation("versions", word("versions"), facts=tuple(facts))


def _judged(cell: Cell, clause: ClauseRecord) -> tuple[Explanation, ...]:
    """The conditions behind a mask, bit by bit, or behind a defined flag; a figure under a clause needs none."""
    if cell.table == "eligibility":
        return _bits(clause, int(cell.value), cell.facts)
    return conditions(clause, cell.facts) if cell.lineage.source == "definition" else ()


def _bits(clause: ClauseRecord, mask: int, facts: Row) -> tuple[Explanation, ...]:
    """Every bit of a mask, and the condition it stands for."""
    parts = []
    for condition, part in zip(clause.conditions, conditions(clause, facts), strict=True):
        key = "bit_set" if mask >> condition.bit & 1 else "bit_clear"
        parts.append(replace(part, title=filled(key, bit=_same(str(condition.bit)), title=condition.title)))
    return tuple(parts)


def _rests_on(cell: Cell, has_clause: bool) -> tuple[Sentence, ...]:
    source = cell.lineage.source
    if not source or (has_clause and source in ("clause", "definition")):
        return ()
    if source == "clause":
        return (said("no_clause"),)
    return (Sentence(filled("rests_on", source=word(f"source.{source}"))),)


def _column(table: Table, name: str) -> Column:
    if name not in table.names:
        nearest = get_close_matches(name, table.names, n=1, cutoff=0.0)[0]
        raise RunError("run.no_column", table=table.name, column=name, nearest=nearest)
    return table[name]


def _aside(run: RunFolder, loan_id: str) -> tuple[Explanation, ...]:
    """The findings that set a receipt aside; none for a receipt that has facts."""
    if not quarantined_in(run, loan_id):
        return ()
    columns = run.table("finding").names
    rows = run.rows("finding", row_id=loan_id, table="loan", severity="quarantine")
    return tuple(row_part(run, "finding", row, columns, kind="finding") for row in rows)


def _no_row(run: RunFolder, loan_id: str, table: Table, where: Mapping[str, object]) -> Sentence:
    aside = quarantined_in(run, loan_id)
    if aside and table.name != "quarantine":
        file, row = aside[0]
        return Sentence(filled("aside_no_row", table=_same(table.name), file=_same(file), row=_same(f"{row:,}")))
    if table.name == "quarantine" and not where:
        return said("not_aside")
    if not where:
        return Sentence(filled("no_row", table=table.label))
    shown = ", ".join(f"{name} = {value}" for name, value in where.items())
    return Sentence(filled("no_row_where", table=table.label, where=_same(shown)))


def _same(text: str) -> Text:
    return Text(zh=text, en=text)
