"""The decision tables in force on a day, as far as they were known on another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from steadyrest.policy.model import RuledTable
from steadyrest.policy.sources import GivenRows, TableSource, Texts
from steadyrest.rules.tables import Table, table


def tables_of(sources: Iterable[TableSource], valid_on: date, known_on: date) -> tuple[RuledTable, ...]:
    """Tables in force and known, that are not merely recalled and have rows; by id."""
    found = (_table(source, valid_on, known_on) for source in sources)
    return tuple(sorted((item for item in found if item is not None), key=lambda item: item.id))


def _table(source: TableSource, valid_on: date, known_on: date) -> RuledTable | None:
    ends = source.effective_to or date.max
    if not source.effective_from <= valid_on <= ends or known_on < source.known_from:
        return None
    word = source.confirmation if source.confirmation and source.confirmation.on <= known_on else None
    given = rows_of(source, valid_on, known_on)
    rows = given.rows if given else source.rows
    if not rows or (source.grade == "D" and word is None and given is None):
        return None
    said = (f"{word.citation} ({source.source})" if word else f"{given.citation} ({source.source})" if given
            else source.source)  # fmt: skip
    return RuledTable(
        id=source.id,
        slug=source.slug,
        title=source.title,
        document=source.document,
        article=source.article,
        grade=word.grade if word else source.grade,
        source=said,
        effective_from=source.effective_from,
        effective_to=source.effective_to,
        known_from=source.known_from,
        confirmed_by=word.name if word else given.name if given else None,
        table=table_of(source, rows),
    )


def rows_of(source: TableSource, valid_on: date, known_on: date) -> GivenRows | None:
    """The latest rows a bank has given that are in force and known."""
    begun = [item for item in source.given if item.from_on <= valid_on and item.known_from <= known_on]
    return max(begun, key=lambda item: (item.from_on, item.known_from)) if begun else None


def table_of(source: TableSource, rows: Iterable[Texts]) -> Table:
    """The table with some rows."""
    width = len(source.inputs)
    return table(source.hit_policy, source.inputs, source.outputs, [(row[:width], row[width:], "") for row in rows])
