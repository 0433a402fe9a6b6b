"""The registry is the type system: names say units, keys exist, codes are lists, both languages are there."""

from __future__ import annotations

import re

import pytest

from steadyrest.schema import TABLES, Kind, closed
from steadyrest.schema.registry import Column, Table
from steadyrest.schema.tables.results import eligibility
from steadyrest.text import catalogue

EVERY = [(table, column) for table in TABLES.values() for column in table.columns]
SUFFIX = {Kind.MONEY: "_fen", Kind.RATE: "_rate_e7", Kind.DAY: "_on"}
NAMED = [
    "institution",
    "branch",
    "enterprise",
    "customer_link",
    "contract",
    "loan",
    "core_plan",
    "arrears",
    "off_balance",
    "external_debt",
    "guarantee",
    "collateral",
    "loan_event",
    "credit_line",
    "application",
    "consent",
    "agreement",
    "invoice",
    "bank_flow",
    "finding",
    "eligibility",
    "decision",
    "amendment",
    "cash_flow",
    "loan_terms",
    "evidence",
    "option",
    "journal",
]


def test_the_tables_of_the_desk_are_registered() -> None:
    assert set(NAMED) - {"eligibility"} <= set(TABLES)
    assert eligibility(()).key == ("loan_id",)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_has_its_key_its_sentence_and_no_column_twice(table: Table) -> None:
    assert set(table.key) <= set(table.names)
    assert table.key
    assert len(set(table.names)) == len(table.names)
    assert table.row.zh != table.row.en
    assert list(table.empty().schema) == list(table.names)


@pytest.mark.parametrize(("table", "column"), EVERY, ids=lambda item: item.name)
def test_a_column_says_its_unit_and_its_labels(table: Table, column: Column) -> None:
    assert re.search(r"[一-鿿]", column.label.zh)
    assert column.label.en.isascii()
    assert column.null.zh
    assert column.null.en
    if column.kind in SUFFIX and column.name != "on":
        assert column.name.endswith(SUFFIX[column.kind])
    for kind, suffix in SUFFIX.items():
        if column.name.endswith(suffix):
            assert column.kind is kind, table.name


def test_code_columns_hold_closed_lists() -> None:
    lists = {key.split(".")[1] for key in catalogue() if key.startswith("code.")}
    known = {closed(name) for name in lists}
    assert all(column.codes in known for _, column in EVERY if column.codes)
    with pytest.raises(KeyError):
        closed("nothing_of_the_kind")
