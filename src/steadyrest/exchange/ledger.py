"""The loans of the book tied out to the general ledger, to the fen, by branch and currency."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.exchange.partition import part_path, read_part

_BY: Final = ("branch_id", "currency")
_CANDIDATES: Final = 5


def loan_sums(loans: pl.DataFrame) -> pl.DataFrame:
    """Balance and receipts of a batch of loans by branch and currency."""
    return loans.group_by(_BY).agg(pl.col("balance_fen").sum(), pl.len().cast(pl.Int64).alias("receipts"))


def tie_out(folder: Path, sums: list[pl.DataFrame], parts: int, file: str) -> Iterator[dict[str, object]]:
    """A finding row for each difference. Receipts whose balance is exactly the difference are named as candidates."""
    ledger = read_part(folder, "ledger_control", 0)
    said = ledger.group_by(_BY).agg(
        pl.col("balance_fen").sum(),
        pl.when(pl.col("receipts").is_not_null().all()).then(pl.col("receipts").sum()).alias("receipts"),
    )
    held = pl.concat(sums).group_by(_BY).agg(pl.col("balance_fen", "receipts").sum())
    both = said.join(held, on=_BY, how="full", coalesce=True, nulls_equal=True, suffix="_book")
    for row in both.sort(_BY, nulls_last=True).iter_rows(named=True):
        place = "/".join(str(row[name] or "") for name in _BY)
        for code, field in (("LEDGER-001", "balance_fen"), ("LEDGER-002", "receipts")):
            ledger_says, book_says = row[field], row[f"{field}_book"] or 0
            if ledger_says is None and (field == "receipts" or row["balance_fen"] is not None):
                continue
            difference = (ledger_says or 0) - book_says
            if difference:
                args: dict[str, object] = {"ledger": ledger_says, "book": book_says, "difference": difference}
                if field == "balance_fen":
                    args["candidates"] = _candidates(folder, parts, row, difference)
                yield _row(code, field, place, difference, args, file)


def _candidates(folder: Path, parts: int, row: dict[str, object], difference: int) -> list[str]:
    found: list[str] = []
    for part in range(parts):
        path = part_path(folder, "loan", part)
        if path.is_file() and len(found) < _CANDIDATES:
            same = pl.col("branch_id").eq_missing(row["branch_id"]) & (pl.col("currency") == row["currency"])
            hit = pl.scan_ipc(path).filter(same & (pl.col("balance_fen").abs() == abs(difference)))
            found += hit.select("loan_id").head(_CANDIDATES - len(found)).collect()["loan_id"].to_list()
    return found


def _row(code: str, field: str, place: str, value: object, args: dict[str, object], file: str) -> dict[str, object]:
    return {
        "code": code,
        "severity": "error",
        "table": "ledger_control",
        "source_file": file,
        "row_number": 0,
        "row_id": place,
        "field": field,
        "value": str(value),
        "args": json.dumps(args, ensure_ascii=False, sort_keys=True),
    }
