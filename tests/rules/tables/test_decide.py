"""The kernel, the row by row reading, Polars and SQL decide alike; every hit policy says what DMN says."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.errors import RuleError
from steadyrest.rules.tables import HIT_POLICIES, Table, decide, decide_row, polars_rule, sql_rule
from tests.rules.tables.made import COLUMNS, NUMBER, data, made, tables


def frame(known: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={item.column.name: COLUMNS[item.column.name].polars for item in known.inputs})


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_columns_decide_as_rows_do(given_data: st.DataObject) -> None:
    known = given_data.draw(tables(HIT_POLICIES))
    rows = given_data.draw(data(known))
    found = decide(known, frame(known, rows)).rows(named=True)
    for row, line in zip(rows, found, strict=True):
        state, numbers, results = decide_row(known, row)
        assert line["state"] == state
        told = line["row"]
        assert (told if isinstance(told, list) else [told] if told else []) == list(numbers)
        assert {name: line[name] for name in results} == results


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_polars_and_sql_decide_as_the_kernel_does(given_data: st.DataObject) -> None:
    known = given_data.draw(tables(["first", "priority"]))
    facts = frame(known, given_data.draw(data(known)))
    mine = decide(known, facts)
    rows = mine.select(
        pl.when(pl.col("state") == "needs_data").then(-2).otherwise(pl.col("row").fill_null(0))
    ).to_series().to_list()  # fmt: skip
    assert facts.with_columns(polars_rule(known).alias("row"))["row"].to_list() == rows
    with duckdb.connect() as database:
        database.register("facts", facts.with_row_index("place").to_arrow())
        found = database.execute(f"SELECT {sql_rule(known)} FROM facts ORDER BY place").fetchall()
    assert [row for (row,) in found] == rows


STEPS = ("> 0 | 1", "> 10 | 2", "> 20 | 4")


@pytest.mark.parametrize(
    ("policy", "days", "expected"),
    [
        ("unique", 5, ("hit", 1, 1)), ("unique", 15, ("conflict", None, None)), ("unique", 0, ("none", None, None)),
        ("any", 15, ("conflict", None, None)), ("first", 25, ("hit", 1, 1)),
        ("first", None, ("needs_data", None, None)),
        ("rule_order", 25, ("hit", [1, 2, 3], [1, 2, 4])), ("collect", 15, ("hit", [1, 2], [1, 2])),
        ("collect_sum", 25, ("hit", [1, 2, 3], 7)), ("collect_min", 15, ("hit", [1, 2], 1)),
        ("collect_max", 25, ("hit", [1, 2, 3], 4)), ("collect_count", 25, ("hit", [1, 2, 3], 3)),
        ("collect_sum", 0, ("none", None, None)), ("collect_sum", None, ("needs_data", None, None)),
    ],
)  # fmt: skip
def test_every_policy(policy: str, days: int | None, expected: tuple[Any, ...]) -> None:
    known = made(policy, ["past_due_days"], *STEPS, output=NUMBER)
    assert decide(known, frame(known, [{"past_due_days": days}])).row(0) == expected


def test_priority_and_output_order_go_by_the_order_of_the_values() -> None:
    rows = ("> 0 | FQ03", "> 10 | FQ01", "> 20 | FQ02")
    first = made("priority", ["past_due_days"], *rows)
    assert decide(first, frame(first, [{"past_due_days": 25}])).row(0) == ("hit", 2, "FQ01")
    every = made("output_order", ["past_due_days"], *rows)
    found = decide(every, frame(every, [{"past_due_days": 25}])).row(0)
    assert found == ("hit", [2, 3, 1], ["FQ01", "FQ02", "FQ03"])


def test_a_missing_value_matters_only_where_the_answer_hangs_on_it() -> None:
    known = made("any", ["past_due_days", "guarantee_kind"], "< 31 | A | FQ01", "- | B | FQ02", ">= 31 | A | FQ01")
    rows = [{"past_due_days": None, "guarantee_kind": kind} for kind in ("A", "B", "C", None)]
    assert decide(known, frame(known, rows))["state"].to_list() == ["needs_data", "hit", "none", "needs_data"]
    asked = made("first", ["past_due_days"], "missing | FQ05", "- | FQ01")
    found = decide(asked, frame(asked, [{"past_due_days": None}, {"past_due_days": 1}]))
    assert found["quality"].to_list() == ["FQ05", "FQ01"]


def test_a_table_of_all_hits_is_no_chain() -> None:
    with pytest.raises(RuleError):
        polars_rule(made("unique", ["past_due_days"], "> 0 | FQ01"))
    with pytest.raises(RuleError):
        sql_rule(made("collect", ["past_due_days"], "> 0 | FQ01"))
