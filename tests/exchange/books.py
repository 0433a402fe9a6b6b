"""Small made-up books in registry names, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from steadyrest import exchange

LOAN = {
    "loan_id": "J1",
    "borrower_id": "91110000600037341L",
    "branch_id": "B1",
    "ledger": "corporate",
    "product": "F022",
    "use_industry_code": "C349",
    "drawn_on": "2021-08-15",
    "maturity_on": "2022-08-15",
    "currency": "CNY",
    "balance_fen": "100000000",
    "nominal_rate_e7": "385000",
    "quality": "FQ01",
    "loan_status": "LS01",
}
FIRM = {
    "borrower_id": "91110000600037341L",
    "borrower_kind": "enterprise",
    "name": "某机械有限公司",
    "id_kind": "A01",
    "id_number": "91110000600037341L",
    "industry_code": "C34",
    "enterprise_size": "small",
    "credit_line_fen": "500000000",
}

Row = Mapping[str, str]


def loan(**cells: str) -> Row:
    """A loan with some cells changed."""
    return {**LOAN, **cells}


def firm(**cells: str) -> Row:
    """A borrower with some cells changed."""
    return {**FIRM, **cells}


def write_csv(path: Path, rows: Sequence[Row], separator: str = ",", encoding: str = "utf-8") -> Path:
    """Rows as text; the first row names the columns."""
    names = list(rows[0])
    lines = [separator.join(names), *(separator.join(row.get(name, "") for name in names) for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def book(folder: Path, **tables: Sequence[Row]) -> Path:
    """A folder of CSV files, one a table; the borrower of `LOAN` is added when the book has none."""
    for name, rows in {"enterprise": [FIRM], "loan": [LOAN], **tables}.items():
        write_csv(folder / "book" / f"{name}.csv", rows)
    return folder / "book"


def read(path: Path, into: Path, **options: object) -> exchange.BookRead:
    """Read a book and make sure that its counts tie."""
    found = exchange.read_book(path, into=into / "read", **options)  # type: ignore[arg-type]
    for file in found.files:
        assert file.rows_read == file.rows_accepted + file.rows_quarantined
    return found


def codes(found: exchange.BookRead) -> list[tuple[str, str, str, int]]:
    """(code, severity, field, row) of every finding."""
    rows = exchange.findings(found.folder).select("code", "severity", "field", "row_number").collect()
    return [(str(code), str(severity), str(field), int(row)) for code, severity, field, row in rows.iter_rows()]


def faults(found: exchange.BookRead) -> list[tuple[str, str, str, int]]:
    """Findings about cells that are there; cells left blank are left out."""
    return [finding for finding in codes(found) if finding[0] != "OPTIONAL-001"]


def whole(found: exchange.BookRead, table: str) -> pl.DataFrame:
    """The rows of a table, all parts."""
    return pl.concat([exchange.load_part(found.folder, table, part) for part in range(found.parts)])
