"""Mappings are data; what is wrong with one is said with file, line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadyrest import exchange
from steadyrest.errors import InputError, UsageError
from steadyrest.exchange.mapping import header_text, parse_mapping, registry_sources
from steadyrest.schema import TABLES

HEAD = "name: mine\ntitle: { zh: 我的, en: mine }\nsources:\n  loans:\n    header: [number]\n    tables:\n      loan:\n"
DAY = "loan_id: { from: number }\n        repricing_on: { from: d, dates: "
REST = """        borrower_id: { from: who }
        ledger: { constant: corporate }
        drawn_on: { from: start }
        maturity_on: { from: end }
        currency: { constant: CNY }
        balance_fen: { from: money, unit: wan }
"""


def test_a_whole_mapping() -> None:
    mapping = parse_mapping(HEAD + "        loan_id: { from: [number, no_2] }\n" + REST, "mine.yaml")
    source = mapping.sources[0]
    assert source.table == "loan"
    assert source.names == {"number", "no_2", "who", "start", "end", "money"}
    assert {spec.column.name: spec.unit for spec in source.tables["loan"]}["balance_fen"] == "wan"


@pytest.mark.parametrize(
    ("column", "code", "said"),
    [
        ("loan_idd: { from: number }", "input.mapping_key", "mine.yaml:8"),
        ("loan_id: { form: number }", "input.mapping_key", "from"),
        ("loan_id: { from: number, unit: yuan }", "input.mapping_value", "mine.yaml:8"),
        ("loan_id: {}", "input.mapping_value", "from | constant"),
        ("loan_id: { from: number, constant: x }", "input.mapping_value", "mine.yaml:8"),
        ("loan_id: { from: 0123 }", "input.mapping_value", '"0123"'),
        ("loan_id: { from: 1.5 }", "input.mapping_value", '"1.5"'),
        ("loan_id: { from: number, from: number }", "input.mapping_repeated", "from"),
        ("contract_id: { from: number }", "input.mapping_missing", "loan.loan_id"),
        ("loan_id: { from: number }\n        quality: { from: q, codes: { a: FQ9 } }", "input.mapping_key", "FQ0"),
        ("loan_id: { from: number }\n        quality: { constant: FQ9 }", "input.mapping_key", "FQ0"),
        (DAY + "[DD.MM.YYYY] }", "input.mapping_key", "YYYY"),
        (DAY + "[D-Mon-YY] }", "input.mapping_value", "pivot"),
        ("loan_id: { from: number }\n        repricing_on: { from: m, months_after: drawn }", "input.mapping_key",
         "drawn_on"),
        ("loan_id: { from: number }\n        nominal_rate_e7: { from: r }", "input.mapping_value", "percent"),
        ("loan_id: { from: number }\n        branch_id: { from: b, lookup: { table: naics, key: a, value: b } }",
         "input.mapping_key", "naics_to_gbt"),
        ("loan_id: &a { from: number }", "input.mapping_syntax", "mine.yaml"),
        ("loan_id: [", "input.mapping_syntax", "mine.yaml"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(column: str, code: str, said: str) -> None:
    text = HEAD + "        " + column + "\n" + REST
    if code == "input.mapping_syntax" and "&a" in column:
        text += "        institution_id: *a\n"
    with pytest.raises(InputError) as error:
        parse_mapping(text, "mine.yaml")
    assert error.value.code == code
    assert said in str(error.value)


def test_an_unknown_table_names_the_nearest() -> None:
    with pytest.raises(InputError, match="loan"):
        parse_mapping(HEAD.replace("      loan:", "      laon:") + "        loan_id: { from: number }\n" + REST, "m")
    with pytest.raises(InputError, match="arrears"):
        parse_mapping("name: m\ntitle: { zh: a, en: a }\nregistry: [arrear]\n", "m")


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="pboc"):
        exchange.load_mapping("pbok")


@pytest.mark.parametrize("name", exchange.MAPPINGS)
def test_shipped_mappings_load_and_say_what_they_take_for_granted(name: str) -> None:
    mapping = exchange.load_mapping(name)
    assert mapping.name == name
    stand_ins = [
        spec for source in mapping.sources for table in source.tables.values() for spec in table if spec.stand_in
    ]
    assert bool(mapping.readings) >= bool(stand_ins)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.is_input])
def test_sheet_headers_of_a_table_differ(name: str) -> None:
    headers = [header_text(column) for column in TABLES[name].columns]
    assert len(set(headers)) == len(headers)
    assert len(registry_sources(name)) == 2


def test_a_mapping_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"input\.encoding"):
        exchange.load_mapping(path)
