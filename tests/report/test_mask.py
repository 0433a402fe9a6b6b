"""Masking: nothing of a person leaves by accident, and the same borrower is the same everywhere."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.report.mask import (
    mask_findings,
    mask_frame,
    mask_json,
    mask_name,
    mask_number,
    masker,
    pseudonym,
)
from steadyrest.schema import TABLES

ID = "91320594MA1X4T2K7P"


@settings(max_examples=300, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda name: name.strip() and "*" not in name))
def test_a_mask_shows_at_most_half_and_keeps_the_length(name: str) -> None:
    for masked in (mask_name(name), mask_number(name)):
        shown = [letter for letter in masked if letter != "*"]
        assert len(masked) == len(name.strip())
        assert len(shown) * 2 <= len(masked)


def test_every_personal_column_of_the_registry_is_masked() -> None:
    personal = {column.name for table in TABLES.values() for column in table.columns if column.personal}
    assert personal
    assert [name for name in personal if masker(name) is None] == []
    assert masker("borrower_id") is not None


def test_pseudonyms_are_stable_distinct_and_depend_on_the_key() -> None:
    ids = [f"9132{number:014d}" for number in range(2000)]
    assert len({pseudonym(item) for item in ids}) == len(ids)
    assert pseudonym(ID) == pseudonym(ID)
    assert pseudonym(ID, "secret of the bank") != pseudonym(ID)
    assert ID[:4] not in pseudonym(ID)


def test_frames_keep_nulls_and_other_columns() -> None:
    frame = pl.DataFrame(
        {"loan_id": ["J1", "J2"], "name": ["王小明", None], "id_number": [ID, None], "borrower_id": [ID, ID]}
    )
    masked = mask_frame(frame)
    assert masked["loan_id"].to_list() == ["J1", "J2"]
    assert masked["name"].to_list() == ["王**", None]
    assert masked["id_number"].to_list() == ["9132************7P", None]
    assert masked["borrower_id"].to_list() == [pseudonym(ID)] * 2
    assert mask_frame(frame, unmask=True).equals(frame)


@pytest.mark.parametrize("field", ["id_number", "证件代码", "identity number", "客户证件代码"])
def test_a_finding_quotes_no_identity_number_under_any_name_of_the_field(field: str) -> None:
    row = {"code": "X-1", "severity": "error", "table": "enterprise", "source_file": "a.csv", "row_number": 1,
           "row_id": ID, "field": field, "value": ID, "clause": None, "args": json.dumps({"value": ID})}  # fmt: skip
    masked = mask_findings(pl.DataFrame([row])).row(0, named=True)
    assert ID not in json.dumps(masked, ensure_ascii=False)
    assert masked["row_id"] == pseudonym(ID)


@pytest.mark.parametrize(
    ("table", "row_id", "masked"),
    [
        ("consent", f"J1/{ID}", f"J1/{pseudonym(ID)}"),
        ("customer_link", f"{ID}/X/owner_of", f"{pseudonym(ID)}/{pseudonym('X')}/owner_of"),
        ("consent", f"J1/{ID}/", pseudonym(f"J1/{ID}/")),
        ("evidence", ID, pseudonym(ID)),
        ("no table of ours", ID, pseudonym(ID)),
    ],
)
def test_the_key_of_a_row_is_masked_where_it_stands_for_a_person(table: str, row_id: str, masked: str) -> None:
    row = {"code": "X-1", "severity": "error", "table": table, "source_file": "a.csv", "row_number": 1,
           "row_id": row_id, "field": "given_on", "value": None, "clause": None, "args": None}  # fmt: skip
    assert mask_findings(pl.DataFrame([row]))["row_id"].to_list() == [masked]


def test_a_finding_about_a_receipt_keeps_what_helps_to_mend_it() -> None:
    row = {"code": "X-1", "severity": "error", "table": "loan", "source_file": "a.csv", "row_number": 1,
           "row_id": "J1", "field": "balance_fen", "value": "-5", "clause": None, "args": None}  # fmt: skip
    assert mask_findings(pl.DataFrame([row])).row(0, named=True) == row


def test_json_of_a_log_is_masked_by_field_and_other_text_whole() -> None:
    masked = json.loads(mask_json(json.dumps({"客户名称": "江苏恒力", "borrower_id": ID, "贷款余额": "5"})))
    assert masked == {"客户名称": "江***", "borrower_id": pseudonym(ID), "贷款余额": "5"}
    assert mask_json("王小明") == "王**"
