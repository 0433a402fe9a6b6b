"""What a decision table is, and its making from texts: typed, bounded, every complaint with row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from steadyrest.errors import RuleError
from steadyrest.rules.tables.cells import PLACES, UNITS, Cell, number_of, read_cell
from steadyrest.rules.tables.errors import RuleInTable
from steadyrest.rules.types import Value, nearest
from steadyrest.schema.registry import Column, Kind
from steadyrest.text import Text

HIT_POLICIES: Final = (
    "unique", "any", "first", "priority", "rule_order", "output_order", "collect", "collect_sum", "collect_min",
    "collect_max", "collect_count",
)  # fmt: skip
SINGLE: Final = frozenset({"unique", "any", "first", "priority"})
LISTS: Final = frozenset({"rule_order", "output_order", "collect"})
STATES: Final = ("hit", "none", "conflict", "needs_data")
"""A result, no row that holds, rows that contradict each other, or a missing value that matters."""

MAX_INPUTS, MAX_OUTPUTS, MAX_ROWS = 64, 16, 4_096
Result: TypeAlias = "Value | None"


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested; money and rates say the unit of their cells."""

    column: Column
    label: Text
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results. `values`, where given, are all there may be, in order of priority."""

    name: str
    kind: Kind
    label: Text
    unit: str = ""
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a cell for each input, a result for each output, a note."""

    cells: tuple[Cell, ...]
    results: tuple[Result, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A checked table."""

    hit_policy: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """The rows in the order in which they are asked: by priority of their results where the policy says so."""
        if self.hit_policy not in ("priority", "output_order"):
            return tuple(range(len(self.rows)))
        return tuple(sorted(range(len(self.rows)), key=lambda at: self._rank(self.rows[at])))

    def _rank(self, row: Row) -> tuple[int, ...]:
        return tuple(
            output.values.index(result) if result in output.values else len(output.values)
            for output, result in zip(self.outputs, row.results, strict=True)
        )


def table(
    hit_policy: str,
    inputs: Sequence[Input],
    outputs: Sequence[Output],
    rows: Sequence[tuple[Sequence[str], Sequence[str], str]],
) -> Table:
    """A table from its texts: rows are (cells, results, note).

    `RuleError` for an unknown hit policy, limits, units, a row of another width, and every cell that is not understood;
    it names the row (from 1) and the column.
    """
    if hit_policy not in HIT_POLICIES:
        raise RuleError("rule.hit_policy", found=hit_policy, nearest=nearest(hit_policy, HIT_POLICIES))
    for what, count, limit in (("inputs", len(inputs), MAX_INPUTS), ("outputs", len(outputs), MAX_OUTPUTS),
                               ("rows", len(rows), MAX_ROWS)):  # fmt: skip
        if not 1 <= count <= limit:
            raise RuleError("rule.table_size", what=what, found=count, limit=limit)
    for column, unit in [
        *((item.column.kind, item.unit) for item in inputs),
        *((item.kind, item.unit) for item in outputs),
    ]:
        _check_unit(column, unit)
    _check_policy(hit_policy, outputs)
    made = tuple(
        _row(number, cells, results, note, inputs, outputs) for number, (cells, results, note) in enumerate(rows, 1)
    )
    return Table(hit_policy, tuple(inputs), tuple(outputs), made)


def _check_unit(kind: Kind, unit: str) -> None:
    known = UNITS.get(kind, ("",))
    if unit not in known:
        raise RuleError("rule.table_unit", found=unit or "-", known=" | ".join(known) or "-")


def _check_policy(hit_policy: str, outputs: Sequence[Output]) -> None:
    if hit_policy in ("priority", "output_order") and not any(output.values for output in outputs):
        raise RuleError("rule.table_priority", policy=hit_policy)
    if hit_policy.startswith("collect_"):
        numeric = all(output.kind in (Kind.COUNT, Kind.MONEY, Kind.RATE) for output in outputs)
        if len(outputs) != 1 or (hit_policy != "collect_count" and not numeric):
            raise RuleError("rule.table_aggregate", policy=hit_policy)


def _row(
    number: int,
    cells: Sequence[str],
    results: Sequence[str],
    note: str,
    inputs: Sequence[Input],
    outputs: Sequence[Output],
) -> Row:
    if len(cells) != len(inputs) or len(results) != len(outputs):
        raise RuleError("rule.table_width", row=number, found=len(cells) + len(results),
                        expected=len(inputs) + len(outputs))  # fmt: skip
    read = tuple(_cell(number, text, item) for text, item in zip(cells, inputs, strict=True))
    return Row(read, tuple(_told(number, text, item) for text, item in zip(results, outputs, strict=True)), note)


def _cell(row: int, text: str, item: Input) -> Cell:
    try:
        return read_cell(text, item.column, item.unit)
    except RuleError as error:
        raise RuleInTable(row, item.column.name, error) from None


def _told(row: int, text: str, output: Output) -> Result:
    try:
        return read_result(text, output)
    except RuleError as error:
        raise RuleInTable(row, output.name, error) from None


def output_column(output: Output) -> Column:
    """An output as a column, for reading its cells."""
    words = tuple(value for value in output.values if isinstance(value, str))
    return Column(output.name, output.kind, output.label, output.label, codes=words if output.kind is Kind.CODE else ())


def read_result(text: str, output: Output) -> Result:
    """A result from its text; `-` and a blank are none."""
    clean = text.strip().strip('"')
    if clean in ("", "-"):
        return None
    value: Value
    if output.kind in (Kind.CODE, Kind.TEXT):
        value = clean
    else:
        column = output_column(output)
        number = number_of(clean, column, output.unit)
        value = (
            date.fromordinal(number)
            if output.kind is Kind.DAY
            else bool(number)
            if output.kind is Kind.FLAG
            else number
        )
    if output.values and value not in output.values:
        known = [str(item) for item in output.values]
        raise RuleError("rule.cell_word", word=clean, column=output.name, nearest=nearest(clean, known))
    return value


def result_text(value: Result, output: Output) -> str:
    """A result as a cell shows it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{Decimal(value).scaleb(-PLACES.get(output.unit, 0)):f}"
    return str(value)
