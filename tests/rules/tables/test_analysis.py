"""Analysis is exact: a gap is what no row covers, and nothing else is; and its words are cells."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.rules.tables import analyse, decide_row
from steadyrest.rules.tables.model import Table
from tests.rules.tables.made import VALUES, made, tables

MATRIX = ("< 31 | A | FQ01", "[31..90] | A | FQ02", "> 90 | - | FQ03", "< 31 | B, C | FQ01")


def told(known: Table) -> list[tuple[str, tuple[int, ...], str]]:
    return [(item.kind, item.rows, item.region) for item in analyse(known)]


def test_a_gap_is_named() -> None:
    known = made("unique", ["past_due_days", "guarantee_kind"], *MATRIX)
    assert told(known) == [
        ("gap", (), "past_due_days: <= 30; guarantee_kind: D"),
        ("gap", (), "past_due_days: [31..90]; guarantee_kind: B, C, D"),
    ]


def test_rows_that_meet_are_named() -> None:
    rows = ("<= 90 | FQ01", "[31..120] | FQ02", "> 90 | FQ02")
    assert told(made("unique", ["past_due_days"], *rows)) == [
        ("conflict", (1, 2), "past_due_days: [31..90]"),
        ("overlap", (2, 3), "past_due_days: [91..120]"),
    ]
    assert told(made("any", ["past_due_days"], *rows)) == [("conflict", (1, 2), "past_due_days: [31..90]")]
    assert told(made("collect", ["past_due_days"], *rows)) == []


def test_a_row_that_is_never_reached_is_named_with_those_that_take_it() -> None:
    rows = ("<= 30 | - | FQ01", "> 30 | A | FQ02", "[10..90] | A | FQ03", "- | - | FQ04")
    known = made("first", ["past_due_days", "guarantee_kind"], *rows)
    assert told(known) == [("unreachable", (3, 1, 2), "past_due_days: [10..90]; guarantee_kind: A")]
    other = made("priority", ["past_due_days"], "> 0 | FQ02", "> 10 | FQ01", "<= 0 | FQ01")
    assert told(other) == []


def test_words_days_and_money_are_written_as_cells_are() -> None:
    known = made("unique", ["city", "balance_fen", "due_on", "is_chain"], "上海 | <= 5.00 | < 2022-12-31 | true | FQ01")
    assert sorted(told(known)) == [
        ("gap", (), "city: not(上海)"),
        ("gap", (), "city: 上海; balance_fen: <= 5.00; due_on: <= 2022-12-30; is_chain: false"),
        ("gap", (), "city: 上海; balance_fen: <= 5.00; due_on: >= 2022-12-31"),
        ("gap", (), "city: 上海; balance_fen: >= 5.01"),
    ]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_analysis_agrees_with_trying_every_value(given_data: st.DataObject) -> None:
    known = given_data.draw(tables(["unique", "first"]))
    names = [item.column.name for item in known.inputs]
    tried = [dict(zip(names, values, strict=True)) for values in product(*(VALUES[name][1:] for name in names))]
    states = [decide_row(known, row) for row in tried]
    kinds = {item.kind for item in analyse(known)}
    if any(state == "none" for state, _, _ in states):
        assert "gap" in kinds
    if any(state == "conflict" for state, _, _ in states):
        assert kinds & {"overlap", "conflict"}
    if known.hit_policy == "first":
        unreachable = {item.rows[0] for item in analyse(known) if item.kind == "unreachable"}
        assert not unreachable & {rows[0] for _, rows, _ in states if rows}


@pytest.mark.parametrize("rows", [200])
def test_a_large_table_is_judged_in_time(rows: int) -> None:
    lines = [f"[{k}..{k}] | {'ABCD'[k % 4]} | {'true' if k % 2 else 'false'} | FQ01" for k in range(rows)]
    found = analyse(made("unique", ["past_due_days", "guarantee_kind", "is_chain"], *lines))
    assert found
    assert "conflict" not in {item.kind for item in found}
