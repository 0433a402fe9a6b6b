"""Names and identity numbers on their way out: report, workbook, logs, `--json`.

A mask never shows more than half of what it hides. A borrower id may be an identity number, so it leaves as a
pseudonym: the same borrower has the same one in every output of one key, and two runs can be compared.

>>> mask_name("王小明"), mask_name("江苏恒力机械有限公司"), mask_name("Wang Xiaoming")
('王**', '江*********', 'W************')
>>> mask_number("91320594MA1X4T2K7P")
'9132************7P'
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from functools import cache, lru_cache, partial

import polars as pl

from steadyrest.schema import TABLES

_PSEUDONYM = "borrower_id"
_STAND_FOR_BORROWER = frozenset(
    {"from_borrower_id", "to_borrower_id", "guarantor_id", "party_id", "filed_borrower", _PSEUDONYM}
)
_NUMBERS = frozenset({
    "id_number", "controller_id_number", "creditor_id_number", "officer_number", "basic_account", "loan_account",
    "credited_account", "repaying_account",
})  # fmt: skip
_WHOLE = frozenset({"raw", "born", "ethnicity"})
_NAMES = frozenset({
    "name", "counterparty", "applicant", "person", "customer_name", "credited_name", "registered_address",
})  # fmt: skip


def mask_name(name: str) -> str:
    """The first character and one star for each other; a name of one character is one star."""
    clean = name.strip()
    return clean[:1] + "*" * (len(clean) - 1) if len(clean) > 1 else "*" * len(clean)


def mask_number(number: str) -> str:
    """The first four and last two characters; a number of less than twelve characters shows the first two only."""
    clean = number.strip()
    if len(clean) < 12:
        return clean[:2] + "*" * (len(clean) - 2) if len(clean) >= 4 else "*" * len(clean)
    return clean[:4] + "*" * (len(clean) - 6) + clean[-2:]


def hide(text: str) -> str:
    """Three stars for a text that may hold anything."""
    return "***" if text else ""


@lru_cache(maxsize=500_000)
def pseudonym(borrower_id: str, key: str = "") -> str:
    """A short stable stand-in for a borrower, from a keyed hash (40 bits).

    >>> pseudonym("91320594MA1X4T2K7P")
    'B-MGNDSTAD'
    """
    digest = hmac.new(key.encode(), borrower_id.encode(), hashlib.sha256).digest()
    return "B-" + base64.b32encode(digest[:5]).decode()


def masker(column: str, key: str = "") -> Callable[[str], str] | None:
    """How a column is masked, by its name; None for a column that says nothing of a person."""
    if column in _STAND_FOR_BORROWER:
        return partial(pseudonym, key=key)
    if column in _NUMBERS:
        return mask_number
    if column in _WHOLE:
        return hide
    return mask_name if column in _NAMES else None


def mask_frame(frame: pl.DataFrame, key: str = "", *, unmask: bool = False) -> pl.DataFrame:
    """The frame with every personal column masked; nulls stay null. Meant for the rows a person will read."""
    if unmask:
        return frame
    return frame.with_columns(
        _masked(frame[name], mask)
        for name in frame.columns
        if (mask := masker(name, key)) and frame.schema[name] == pl.String
    )


def _masked(column: pl.Series, mask: Callable[[str], str]) -> pl.Series:
    distinct = column.drop_nulls().unique().sort().to_list()
    return column.replace_strict({cell: mask(cell) for cell in distinct}, default=None, return_dtype=pl.String)


def mask_findings(finding: pl.DataFrame, key: str = "", *, unmask: bool = False) -> pl.DataFrame:
    """Rows of the registered table `finding` with what they quote of a person masked: value, row id and arguments."""
    if unmask:
        return finding
    rows = [_mask_finding(row, key) for row in finding.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=finding.schema) if rows else finding


def _mask_finding(row: dict[str, object], key: str) -> dict[str, object]:
    mask = masker(_registered_name(str(row["field"])), key) if row["field"] else mask_name
    if mask is not None:
        row = {**row, "value": mask(str(row["value"])) if row["value"] is not None else None, "args": None}
    if row["row_id"] is not None:
        row = {**row, "row_id": _mask_row_id(str(row["row_id"]), str(row["table"]), key)}
    return row


def _mask_row_id(row_id: str, table: str, key: str) -> str:
    """The key of a row, cells joined by `/`, with those masked that stand for a person; in doubt the whole of it."""
    names = TABLES[table].key if table in TABLES else (_PSEUDONYM,)
    if not _STAND_FOR_BORROWER & set(names):
        return row_id
    cells = row_id.split("/")
    if len(cells) != len(names):
        return pseudonym(row_id, key)
    return "/".join(
        pseudonym(cell, key) if name in _STAND_FOR_BORROWER else cell for name, cell in zip(names, cells, strict=True)
    )


def mask_json(text: str, key: str = "") -> str:
    """A JSON object with the values of personal fields masked, for logs and `--json`; other text is starred whole."""
    try:
        cells = json.loads(text)
    except ValueError:
        return mask_name(text)
    if not isinstance(cells, dict):
        return mask_name(text)
    hidden = {
        name: mask(str(cell)) if cell is not None and (mask := masker(_registered_name(name), key)) else cell
        for name, cell in cells.items()
    }
    return json.dumps(hidden, ensure_ascii=False)


@cache
def _aliases() -> dict[str, str]:
    """Every label and official field name of a personal column, to the column."""
    found: dict[str, str] = {}
    for table in TABLES.values():
        for column in table.columns:
            if masker(column.name):
                official = (field.rpartition(".")[2] for field in column.official)
                found |= dict.fromkeys((column.label.zh, column.label.en, *official), column.name)
    return found


def _registered_name(field: str) -> str:
    return _aliases().get(field, field)
