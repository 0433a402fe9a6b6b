"""Cells: what they accept, that they are written back as they are read, and complaints with row and column."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.errors import RuleError
from steadyrest.rules.tables import Input, cell_text, read_cell, table
from steadyrest.rules.tables.cells import Cell
from tests.rules.tables.made import CELLS, COLUMNS, NUMBER, RESULT, item, made


@pytest.mark.parametrize(
    ("column", "text", "accepted", "refused"),
    [
        ("past_due_days", "30", (30,), (29, 31)), ("past_due_days", "< 30", (29, -5), (30,)),
        ("past_due_days", "[30..90)", (30, 89), (29, 90)), ("past_due_days", "(30..90]", (31, 90), (30, 91)),
        ("past_due_days", "]30..90[", (31, 89), (30, 90)), ("past_due_days", "1, 3, [5..6]", (1, 3, 5), (2, 4, 7)),
        ("past_due_days", "not([5..6], 9)", (4, 7, 10), (5, 9)), ("balance_fen", "<= 12.34", (1234,), (1235,)),
        ("due_on", ">= 2022-12-31", (date(2022, 12, 31).toordinal(),), (1,)), ("is_chain", "true", (1,), (0,)),
        ("guarantee_kind", "A, B", ("A", "B"), ("C",)), ("guarantee_kind", "not(A)", ("B",), ("A",)),
        ("city", '"上海"', ("上海",), ("",)),
    ],
)  # fmt: skip
def test_what_a_cell_accepts(column: str, text: str, accepted: tuple[object, ...], refused: tuple[object, ...]) -> None:
    cell = read_cell(text, COLUMNS[column], item(column).unit)
    assert [cell.accepts(value) for value in accepted] == [True] * len(accepted)  # type: ignore[arg-type]
    assert [cell.accepts(value) for value in refused] == [False] * len(refused)  # type: ignore[arg-type]
    assert cell.accepts(None) is None


def test_only_any_and_missing_speak_of_a_missing_value() -> None:
    for column in COLUMNS.values():
        unit = item(column.name).unit
        assert read_cell("-", column, unit).accepts(None) is True
        assert read_cell("", column, unit).is_any
        missing = read_cell("missing", column, unit)
        assert missing.accepts(None) is True
        assert missing.accepts("A" if missing.words is not None else 1) is False


@given(st.sampled_from(list(CELLS)), st.data())
def test_a_cell_is_written_as_it_is_read(name: str, given_data: st.DataObject) -> None:
    texts = given_data.draw(
        st.lists(st.sampled_from([text for text in CELLS[name] if text[0] not in "-mnp"] or ["-"]), min_size=1)
    )
    cell = read_cell(", ".join(dict.fromkeys(texts)), COLUMNS[name], item(name).unit)
    again: Cell = read_cell(cell_text(cell, COLUMNS[name], item(name).unit), COLUMNS[name], item(name).unit)
    assert again == cell


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("past_due_days", "thirty", "rule.cell_value"), ("past_due_days", "1.5", "rule.cell_places"),
        ("past_due_days", "(3..3]", "rule.cell_empty"), ("balance_fen", "1.234", "rule.cell_places"),
        ("due_on", "2022-02-30", "rule.cell_value"), ("is_chain", "yes", "rule.cell_value"),
        ("guarantee_kind", "Z", "rule.cell_word"), ("guarantee_kind", "A,,B", "rule.cell_blank"),
        ("past_due_days", "9" * 25, "rule.cell_places"), ("city", "x" * 3000, "rule.cell_long"),
        ("past_due_days", "NaN", "rule.cell_value"),
    ],
)  # fmt: skip
def test_a_complaint_names_row_and_column(column: str, text: str, code: str) -> None:
    with pytest.raises(RuleError) as error:
        made("first", [column], "- | FQ01", f"{text} | FQ02")
    assert error.value.code == code
    assert error.value.what.en.startswith(f"row 2, column {column}: ")


@pytest.mark.parametrize(
    ("policy", "rows", "code"),
    [
        ("last", [(["-"], ["FQ01"], "")], "rule.hit_policy"), ("first", [], "rule.table_size"),
        ("first", [(["-", "-"], ["FQ01"], "")], "rule.table_width"),
        ("first", [(["-"], ["FQ09"], "")], "rule.cell_word"),
        ("collect_sum", [(["-"], ["FQ01"], "")], "rule.table_aggregate"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(policy: str, rows: list[tuple[list[str], list[str], str]], code: str) -> None:
    with pytest.raises(RuleError) as error:
        table(policy, [item("past_due_days")], [RESULT], rows)
    assert error.value.code == code
    assert error.value.todo.zh


def test_units_limits_and_priorities() -> None:
    with pytest.raises(RuleError, match="unit"):
        table("first", [Input(COLUMNS["balance_fen"], RESULT.label)], [RESULT], [(["-"], ["FQ01"], "")])
    with pytest.raises(RuleError, match="priority"):
        made("priority", ["past_due_days"], "- | 1", output=NUMBER)
    with pytest.raises(RuleError, match="inputs"):
        table("first", [item("past_due_days")] * 65, [RESULT], [])
