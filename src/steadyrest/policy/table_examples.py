"""The examples of a decision table, and its mutants: a wrong cell that no example notices is a failure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from steadyrest.policy.sources import TableSource, Texts
from steadyrest.policy.tables import table_of
from steadyrest.rules.tables import Cell, Table, decide_row, result_text
from steadyrest.rules.tables.cells import HIGHEST, LOWEST, number_of
from steadyrest.rules.tables.model import Input, Row
from steadyrest.rules.types import Value
from steadyrest.schema.registry import Kind


def variants(source: TableSource) -> Iterator[tuple[str, Table, tuple[Texts, ...]]]:
    """(place, table, examples): the rows of the rule, and each set of rows that a bank has given."""
    if source.rows:
        yield source.place, table_of(source, source.rows), source.examples
    for given in source.given:
        yield given.place, table_of(source, given.rows), given.examples


def failures(known: Table, examples: tuple[Texts, ...]) -> Iterator[tuple[str, str]]:
    """(expected, found) of each example that does not come out."""
    for example in examples:
        values, wanted = example[: len(known.inputs)], list(example[len(known.inputs) :])
        found = _results(known, _row(known, values))
        if found != wanted:
            yield f"{', '.join(values)}: {', '.join(wanted)}", ", ".join(found)


def _row(known: Table, values: Texts) -> Mapping[str, Value | None]:
    return {item.column.name: _value(text, item) for text, item in zip(values, known.inputs, strict=False)}


def _value(text: str, item: Input) -> Value | None:
    if text == "-":
        return None
    if item.column.kind in (Kind.CODE, Kind.TEXT):
        return text
    number = number_of(text, item.column, item.unit)
    return date.fromordinal(number) if item.column.kind is Kind.DAY else number


def _results(known: Table, row: Mapping[str, Value | None]) -> list[str]:
    """The results of a row as texts; a state other than a hit is said in their place."""
    state, _, results = decide_row(known, row)
    if state != "hit":
        return ["-" if state == "none" else state] * len(known.outputs)
    told = []
    for output in known.outputs:
        value = results[output.name]
        told.append(" ".join(map(str, value)) if isinstance(value, list) else result_text(value, output))
    return told


def survivors(known: Table, examples: tuple[Texts, ...]) -> tuple[int, list[str]]:
    """How many mutants there are, and those that no example notices."""
    count, left = 0, []
    for change, mutant in _mutants(known):
        count += 1
        if not any(True for _ in failures(mutant, examples)):
            left.append(change)
    return count, left


def _mutants(known: Table) -> Iterator[tuple[str, Table]]:
    for at, row in enumerate(known.rows):
        yield f"row {at + 1} is left out", replace(known, rows=(*known.rows[:at], *known.rows[at + 1 :]))
        for change, other in (*_other_cells(known, row), *_other_results(known, row)):
            yield f"row {at + 1}: {change}", replace(known, rows=(*known.rows[:at], other, *known.rows[at + 1 :]))


def _other_cells(known: Table, row: Row) -> Iterator[tuple[str, Row]]:
    for at, (cell, item) in enumerate(zip(row.cells, known.inputs, strict=True)):
        for change, other in _moved(cell):
            yield f"{item.column.name} {change}", replace(row, cells=(*row.cells[:at], other, *row.cells[at + 1 :]))


def _moved(cell: Cell) -> Iterator[tuple[str, Cell]]:
    """A bound moved by one, or a word left out."""
    for at, (low, high) in enumerate(cell.intervals or ()):
        for change, span in (("low end +1", (low + 1, high)), ("high end -1", (low, high - 1))):
            is_end = low == LOWEST if "low" in change else high == HIGHEST
            if not is_end and span[0] <= span[1]:
                assert cell.intervals is not None
                yield change, replace(cell, intervals=(*cell.intervals[:at], span, *cell.intervals[at + 1 :]))
    for word in sorted(cell.words or ()):
        assert cell.words is not None
        if len(cell.words) > 1:
            yield f"without {word}", replace(cell, words=cell.words - {word})


def _other_results(known: Table, row: Row) -> Iterator[tuple[str, Row]]:
    for at, (result, output) in enumerate(zip(row.results, known.outputs, strict=True)):
        other = next((value for value in (*output.values, 0, 1) if value != result), None)
        yield f"{output.name} {other}", replace(row, results=(*row.results[:at], other, *row.results[at + 1 :]))
