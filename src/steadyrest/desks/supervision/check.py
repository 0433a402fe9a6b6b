"""A validator of official files: formats, codes, and the reporting rules, each finding with the rule it cites.

    F1 format of the field     F2 must be filled         F3 code of its list        F4 narrowest code only
    F5 a row once              F6 amount in CNY          F7 benchmark of a fixed rate   F8 reporting of the field ended
    F9 field or code that is not known to have existed on the report date: open for a person
    D1 to D15                  the rules of the PBoC guide; D4, D5, D6 and D12 also from the row alone

Any file is judged, ours or a bank's: cells are text as reported, row numbers count from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from steadyrest.desks.supervision.layout import (
    CNY_PAIRS,
    FLOW_OF_PERSONS,
    FLOW_OF_UNITS,
    KEYS,
    NAMES,
    STOCKS,
    Field,
    fields,
)
from steadyrest.desks.supervision.receipt import (
    ARREARS,
    EXTENDED,
    EXTENDED_MATURITY,
    FIXED,
    FLOATING,
    MATURITY,
    OVERDUE,
    RATE,
    REPRICING,
    SHORTENED,
    STATUS,
    Happening,
    row,
)
from steadyrest.desks.supervision.rules import OPEN, breaks

FOUND: Final[dict[str, pl.DataType]] = {
    "row": pl.Int64(),
    "receipt": pl.String(),
    "field": pl.String(),
    "value": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "args": pl.String(),
}
RECEIPT: Final = NAMES["receipt"]
_RATE_KIND, _BENCHMARK, _CURRENCY = NAMES["rate_kind"], NAMES["benchmark"], NAMES["currency"]
_OF_STOCK: Final = ("D1", "D2", "D3", "D4", "D5", "D6", "D8", "D10", "D11", "D12", "D13", "D14", "D15")
_FIELD_OF: Final = {
    **dict.fromkeys(("D1", "D10", "D11", "D13", "D15"), MATURITY),
    **dict.fromkeys(("D2", "D3", "D12"), STATUS),
    **dict.fromkeys(("D4", "D8"), EXTENDED_MATURITY),
    **dict.fromkeys(("D5", "D6"), REPRICING),
    **dict.fromkeys(("D7", "D9"), RECEIPT),
    "D14": RATE,
}


def check(
    table: str,
    reported: pl.DataFrame,
    report_on: date,
    happened: Mapping[str, Sequence[Happening]] | None = None,
    previous: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What is wrong with the rows of an official table; columns of `FOUND`, by row.

    `reported`: official field names, cells as text, null or blank = empty. `happened`: by receipt what the bank has on
    file (contract, agreements, arrears), for rules that a row alone does not tell. `previous`: the same table a month
    earlier: a maturity that changed without an agreement on file breaks D15. A field that is not there is empty.
    """
    known = fields(table)
    blank = [pl.lit(None, pl.String).alias(field.name) for field in known if field.name not in reported.columns]
    cells = reported.with_columns(pl.all().cast(pl.String).str.strip_chars().replace("", None)).with_columns(blank)
    cells = cells.with_columns(pl.int_range(1, pl.len() + 1).alias("row"))
    found = [
        *_formats(cells, known),
        *_dates(cells, known, report_on),
        *_keys(cells, table),
        *_amounts(cells),
        *_alone(cells, table),
    ]
    found += _by_file(cells, table, report_on, happened or {})
    if previous is not None and table in STOCKS:
        found.append(_moved(cells, previous, report_on, happened or {}))
    whole = pl.concat([pl.DataFrame(schema=FOUND), *found])
    return whole.unique(["row", "field", "rule"], keep="first", maintain_order=True).sort("row", "rule", "field")


def _told(cells: pl.DataFrame, hit: pl.Expr, rule: str, field: str, **args: object) -> pl.DataFrame:
    receipt = pl.col(RECEIPT) if RECEIPT in cells.columns else pl.lit(None, pl.String)
    return cells.filter(hit.fill_null(False)).select(
        "row",
        receipt.alias("receipt"),
        pl.lit(field).alias("field"),
        pl.col(field).alias("value"),
        pl.lit(rule).alias("rule"),
        pl.lit("warning" if rule in OPEN else "error").alias("severity"),
        pl.lit(json.dumps(args, ensure_ascii=False, sort_keys=True)).alias("args"),
    ).cast(pl.Schema(FOUND))  # fmt: skip


def _formats(cells: pl.DataFrame, known: Sequence[Field]) -> Iterator[pl.DataFrame]:
    for field in known:
        cell = pl.col(field.name)
        if field.is_filled:
            yield _told(cells, cell.is_null(), "F2", field.name)
        if field.is_ended:
            yield _told(cells, cell.is_not_null(), "F8", field.name)
        if field.pattern:
            is_wrong = ~cell.str.contains(field.pattern)
            if field.is_day:
                is_wrong |= cell.is_not_null() & cell.str.to_date("%Y-%m-%d", strict=False).is_null()
            yield _told(cells, is_wrong, "F1", field.name, format=field.format)
        if field.codes:
            yield _told(cells, ~cell.is_in(list(field.codes)), "F3", field.name, codes=list(field.codes[:12]))
        if field.only_lowest:
            wide = [
                code for code in field.codes if any(other != code and other.startswith(code) for other in field.codes)
            ]
            yield _told(cells, cell.is_in([code for code in wide if code != "E"]), "F4", field.name)


def _dates(cells: pl.DataFrame, known: Sequence[Field], report_on: date) -> Iterator[pl.DataFrame]:
    """Fields and codes reported before the sources know them: once a field, or wherever the code stands."""
    for field in known:
        if field.seen_from_on is not None and report_on < field.seen_from_on:
            there = cells.filter(pl.col(field.name).is_not_null()).head(1)
            yield _told(there, pl.lit(True), "F9", field.name, seen_from=str(field.seen_from_on))
        for code, first in field.code_dates.items():
            if report_on < first:
                yield _told(cells, pl.col(field.name) == code, "F9", field.name, seen_from=str(first))


def _keys(cells: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    key = KEYS.get(table, ())
    if key:
        is_whole = pl.all_horizontal(pl.col(key).is_not_null())
        repeated = is_whole & ~pl.struct(key).is_first_distinct()
        yield _told(cells, repeated, "F5", key[-1])


def _amounts(cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for amount, in_cny in CNY_PAIRS:
        if amount in cells.columns and in_cny in cells.columns:
            differs = (pl.col(_CURRENCY) == "CNY") & (pl.col(amount) != pl.col(in_cny))
            yield _told(cells, differs, "F6", in_cny)
    if _RATE_KIND in cells.columns and _BENCHMARK in cells.columns:
        yield _told(cells, (pl.col(_RATE_KIND) == FIXED) & pl.col(_BENCHMARK).is_not_null(), "F7", _BENCHMARK)


def _alone(cells: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    """What a stock row says against itself."""
    if table not in STOCKS:
        return
    status, first, second = pl.col(STATUS), pl.col(MATURITY), pl.col(EXTENDED_MATURITY)
    moved = status.is_in([EXTENDED, SHORTENED])
    yield _told(cells, moved & second.is_null(), "D4", EXTENDED_MATURITY)
    yield _told(cells, ((status == EXTENDED) & (second <= first)) | ((status == SHORTENED) & (second >= first)), "D4",
                EXTENDED_MATURITY)  # fmt: skip
    yield _told(cells, (status == OVERDUE) & pl.col(ARREARS).is_null(), "D12", ARREARS)
    yield _told(cells, (status != OVERDUE) & pl.col(ARREARS).is_not_null(), "D12", ARREARS)
    end = pl.coalesce(second, first)
    day = pl.col(REPRICING)
    yield _told(cells, (pl.col(_RATE_KIND) == FIXED) & (day != end), "D5", REPRICING)
    yield _told(cells, (pl.col(_RATE_KIND) == FLOATING) & (status != OVERDUE) & (day > end), "D6", REPRICING)


def _by_file(
    cells: pl.DataFrame, table: str, report_on: date, happened: Mapping[str, Sequence[Happening]]
) -> list[pl.DataFrame]:
    """What the rows say against what is on file of their receipts."""
    if table in STOCKS:
        rules: Sequence[str] = _OF_STOCK
    elif table in (FLOW_OF_UNITS, FLOW_OF_PERSONS):
        rules = ("D7",)
    elif table == "JS_201_ZHJZFS":
        rules = ("D9",)
    else:
        return []
    rows = []
    for record in cells.filter(pl.col(RECEIPT).is_in(list(happened))).iter_rows(named=True):
        known = happened[record[RECEIPT]]
        if not any(each.kind == "contract" and each.on <= report_on for each in known):
            continue
        for rule in rules:
            if breaks(rule, record, known, report_on):
                rows.append(_row(record, rule, known, report_on))
    return [pl.DataFrame(rows, schema=FOUND)] if rows else []


def _row(
    record: Mapping[str, str | int | None], rule: str, known: Sequence[Happening], report_on: date
) -> dict[str, object]:
    field = _FIELD_OF[rule]
    expected = row(known, report_on).official.get(field)
    return {
        "row": record["row"],
        "receipt": record[RECEIPT],
        "field": field,
        "value": record.get(field),
        "rule": rule,
        "severity": "warning" if rule in OPEN else "error",
        "args": json.dumps({"expected": expected}, ensure_ascii=False),
    }


def _moved(
    cells: pl.DataFrame, previous: pl.DataFrame, report_on: date, happened: Mapping[str, Sequence[Happening]]
) -> pl.DataFrame:
    """D15: a maturity that was another one a month ago, with no deferral on file."""
    signed = [
        receipt for receipt, known in happened.items()
        if any(each.kind == "deferral_agreement" and each.on <= report_on for each in known)
    ]  # fmt: skip
    before = previous.select(RECEIPT, pl.col(MATURITY).cast(pl.String).alias("before")).unique(RECEIPT, keep="first")
    both = cells.join(before, on=RECEIPT, how="left", maintain_order="left")
    return _told(both, (pl.col("before") != pl.col(MATURITY)) & ~pl.col(RECEIPT).is_in(signed), "D15", MATURITY)
