"""The three back ends are one language: on random predicates and rows they give the same verdicts and masks."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steadyrest.rules import (
    Node,
    evaluate,
    masks_of,
    parse,
    polars_masks,
    positive,
    sql_masks,
    text_of,
    to_polars,
    to_sql,
)
from steadyrest.rules.interpreter import Row
from tests.rules.scope import COLUMNS, SCOPE, condition, nodes, rows

SCHEMA = {item.name: item.polars for item in COLUMNS}
SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A second engine, in memory."""
    with duckdb.connect() as connection:
        yield connection


def frame(table: list[Row]) -> pl.DataFrame:
    """Rows as a frame of the registered types."""
    return pl.DataFrame([dict(row) for row in table], schema=SCHEMA)


def by_sql(database: duckdb.DuckDBPyConnection, facts: pl.DataFrame, *expressions: str) -> list[tuple[object, ...]]:
    """Expressions over all rows, in the order of the rows."""
    database.register("facts", facts.with_row_index("place").to_arrow())
    return database.execute(f"SELECT {', '.join(expressions)} FROM facts ORDER BY place").fetchall()


@SLOW
@given(node=nodes(), table=st.lists(rows(), min_size=1, max_size=8))
def test_three_back_ends_agree(database: duckdb.DuckDBPyConnection, node: Node, table: list[Row]) -> None:
    expected = [evaluate(node, row) for row in table]
    facts = frame(table)
    assert facts.select(verdict=to_polars(node)).get_column("verdict").to_list() == expected
    assert [verdict for (verdict,) in by_sql(database, facts, to_sql(node))] == expected


@SLOW
@given(node=nodes(), row=rows())
def test_positive_form_gives_the_same_verdict(node: Node, row: Row) -> None:
    assert evaluate(positive(node), row) is evaluate(node, row)


@SLOW
@given(node=nodes(12))
def test_a_predicate_written_out_is_read_back_the_same(node: Node) -> None:
    assert parse(text_of(node), SCOPE) == node
    assert parse(text_of(positive(node)), SCOPE) == positive(node)


@SLOW
@given(
    parts=st.lists(nodes(3), min_size=1, max_size=6),
    first_bit=st.sampled_from([0, 5, 12, 26]),
    soft=st.lists(st.booleans(), min_size=6, max_size=6),
    table=st.lists(rows(), min_size=1, max_size=5),
)
def test_masks_agree_whatever_the_bits(
    database: duckdb.DuckDBPyConnection, parts: list[Node], first_bit: int, soft: list[bool], table: list[Row]
) -> None:
    clause = [
        condition(first_bit + place, text_of(part), is_soft=is_soft)
        for place, (part, is_soft) in enumerate(zip(parts, soft, strict=False))
    ]
    expected = [(masks.fail, masks.unknown) for masks in (masks_of(clause, row) for row in table)]
    facts = frame(table)
    fail, unknown = polars_masks(clause)
    masks = facts.with_columns(fail=fail, unknown=unknown).select("fail", "unknown")
    assert masks.schema == {"fail": pl.UInt32, "unknown": pl.UInt32}
    assert masks.rows() == expected
    assert by_sql(database, facts, *sql_masks(clause)) == expected
    assert all(fail & unknown == 0 for fail, unknown in expected)


def test_masks_of_an_empty_clause_are_zero(database: duckdb.DuckDBPyConnection) -> None:
    facts = frame([dict.fromkeys(SCHEMA)] * 2)
    fail, unknown = polars_masks([])
    assert facts.with_columns(fail=fail, unknown=unknown).select("fail", "unknown").rows() == [(0, 0), (0, 0)]
    assert by_sql(database, facts, *sql_masks([])) == [(0, 0), (0, 0)]


def test_a_long_list_is_one_test(database: duckdb.DuckDBPyConnection) -> None:
    values = ", ".join(str(value) for value in range(500))
    node = parse(f"staff in ({values})", SCOPE)
    table: list[Row] = [{"staff": value} for value in (0, 499, 500, None)]
    facts = frame(table)
    expected = [True, True, False, None]
    assert [evaluate(node, row) for row in table] == expected
    assert facts.select(verdict=to_polars(node)).get_column("verdict").to_list() == expected
    assert [verdict for (verdict,) in by_sql(database, facts, to_sql(node))] == expected


def test_a_quote_in_a_text_stays_a_text(database: duckdb.DuckDBPyConnection) -> None:
    node = parse('name == "\'; DROP TABLE facts; --"', SCOPE)
    assert to_sql(node) == "(\"name\" = '''; DROP TABLE facts; --')"
    facts = frame([{"name": "'; DROP TABLE facts; --"}, {"name": "x"}])
    assert by_sql(database, facts, to_sql(node)) == [(True,), (False,)]
