"""Every registered column of every result table is explained, and nothing is explained that does not exist."""

from __future__ import annotations

import pytest

from steadyrest.book.explain.lineage import Lineage, lineage_of, lineages
from steadyrest.book.run_folder import RESULT_TABLES
from steadyrest.schema import TABLES, Table
from steadyrest.schema.tables import renewals, supervision
from steadyrest.text import catalogue

ENTRIES = [(table, column, entry) for table, columns in lineages().items() for column, entry in columns.items()]


def test_every_result_table_of_the_registry_is_explained() -> None:
    of_no_run = (*vars(supervision).values(), *vars(renewals).values())
    returns = {table.name for table in of_no_run if isinstance(table, Table)}
    written = {table.name for table in TABLES.values() if not table.is_input} - returns
    assert written - {"journal"} <= set(RESULT_TABLES)
    assert set(lineages()) == {*RESULT_TABLES, "option_beside"}
    assert set(lineages()["option_beside"]) < set(lineages()["option"])


@pytest.mark.parametrize("table", [name for name in RESULT_TABLES if name != "eligibility"])
def test_every_column_has_an_entry_and_every_entry_a_column(table: str) -> None:
    assert set(lineages()[table]) == set(TABLES[table].names)


def test_all_masks_share_two_entries() -> None:
    assert set(lineages()["eligibility"]) == {"loan_id", "fail", "unknown"}
    assert lineage_of("eligibility", "n2_fail").how == "mask_fail"
    assert lineage_of("eligibility", "p8_unknown").how == "mask_unknown"


@pytest.mark.parametrize(("table", "column", "entry"), ENTRIES, ids=[f"{entry[0]}.{entry[1]}" for entry in ENTRIES])
def test_inputs_sentences_and_rules_exist(table: str, column: str, entry: Lineage) -> None:
    known = catalogue()
    assert f"explain.how.{entry.how}" in known
    assert not entry.source or f"explain.source.{entry.source}" in known
    for name, field in entry.inputs:
        assert field in TABLES[name].names, f"{table}.{column} names {name}.{field}"
    columns = [TABLES[name].by_name() for name in entry.by_table()]
    for field, value in entry.where.items():
        assert any(value in names[field].codes for names in columns if field in names), f"{table}.{column}: {field}"


def test_no_sentence_is_left_over() -> None:
    used = {entry.how for _, _, entry in ENTRIES}
    assert {key.rpartition(".")[2] for key in catalogue() if key.startswith("explain.how.")} == used
    rules = {entry.source for _, _, entry in ENTRIES} - {""}
    assert {key.rpartition(".")[2] for key in catalogue() if key.startswith("explain.source.")} == rules
