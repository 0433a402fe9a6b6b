"""Text files: encodings, separators, quotes, ragged rows, broken files."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadyrest.errors import InputError
from steadyrest.exchange import delimited
from steadyrest.exchange.files import open_tables
from steadyrest.exchange.guard import CELL_BYTES
from tests.exchange.books import FIRM, LOAN, book, codes, loan, read, whole, write_csv


@pytest.mark.parametrize("separator", [",", ";", "|", "\t", "\x01", "|@|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separators_and_encodings_are_found_out(tmp_path: Path, separator: str, encoding: str) -> None:
    folder = book(tmp_path)
    write_csv(folder / "enterprise.csv", [FIRM, {**FIRM, "borrower_id": "X2", "id_kind": "Z99"}], separator, encoding)
    found = read(folder, tmp_path)
    assert whole(found, "enterprise")["name"].to_list() == ["某机械有限公司"] * 2
    assert codes(found) == []
    name = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    assert any(name in note.en for note in found.notes)


def test_quoted_cells_hold_separators_quotes_and_line_breaks(tmp_path: Path) -> None:
    folder = book(tmp_path)
    names = list(FIRM)
    cells = [f'"{value}"' for value in {**FIRM, "name": 'A, ""B""\nC'}.values()]
    (folder / "enterprise.csv").write_text(",".join(names) + "\r\n" + ",".join(cells) + "\r\n")
    assert whole(read(folder, tmp_path), "enterprise")["name"].to_list() == ['A, "B"\nC']


def test_a_quote_inside_of_a_cell_is_a_letter(tmp_path: Path) -> None:
    folder = book(tmp_path)
    write_csv(folder / "enterprise.csv", [{**FIRM, "name": '5" pipe'}], "|")
    assert whole(read(folder, tmp_path), "enterprise")["name"].to_list() == ['5" pipe']


@pytest.mark.parametrize("quote", ["", '"'])
def test_ragged_rows_are_set_aside_with_their_numbers(tmp_path: Path, quote: str) -> None:
    folder = book(tmp_path)
    names = [f"{quote}{name}{quote}" for name in LOAN]
    lines = [",".join(names)]
    for number in range(1, 6):
        row = [f"{quote}{value}{quote}" for value in loan(loan_id=f"J{number}").values()]
        lines.append(",".join(row[:-1] if number == 2 else [*row, "more"] if number == 4 else row))
    (folder / "loan.csv").write_text("\n".join(lines) + "\n\n\n")
    found = read(folder, tmp_path)
    assert codes(found) == [("ROW-001", "quarantine", "", 2), ("ROW-001", "quarantine", "", 4)]
    assert whole(found, "loan")["loan_id"].to_list() == ["J1", "J3", "J5"]
    file = next(file for file in found.files if file.table == "loan")
    assert (file.rows_read, file.rows_accepted, file.rows_quarantined) == (5, 3, 2)


def test_row_numbers_run_on_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited.TextTable._blocks, "__defaults__", (600,))
    folder = book(tmp_path)
    rows = [loan(loan_id=f"J{number}", quality="FQ9" if number in (7, 31) else "FQ01") for number in range(1, 41)]
    write_csv(folder / "loan.csv", rows)
    found = read(folder, tmp_path)
    assert codes(found) == [("VALUE-002", "error", "quality", 7), ("VALUE-002", "error", "quality", 31)]
    assert whole(found, "loan").height == 40


BROKEN = {
    "input.empty": b"",
    "input.nul_bytes": b"loan_id,borrower_id\nJ\x001,B\n",
    "input.encoding": b"loan_id,borrower_id\n\xff\xff\xff,B\n",
    "input.duplicate_header": b"loan_id,loan_id\nJ1,J1\n",
    "input.open_quote": ",".join(LOAN).encode() + b'\n"J1","never closed\n',
    "input.wrong_type": b"%PDF-1.7 something",
    "input.unknown_layout": b"loan_id,borrower\nJ1,B\n",
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_file_is_one_error(tmp_path: Path, code: str) -> None:
    folder = book(tmp_path)
    (folder / "loan.csv").write_bytes(BROKEN[code])
    with pytest.raises(InputError) as error:
        read(folder, tmp_path)
    assert error.value.code == code
    assert "loan.csv" in error.value.message("zh")


def test_a_header_without_rows(tmp_path: Path) -> None:
    folder = book(tmp_path)
    (folder / "loan.csv").write_text(",".join(LOAN) + "\n")
    with pytest.raises(InputError, match=r"input\.no_loans"):
        read(folder, tmp_path)


def test_a_cell_beyond_the_limit(tmp_path: Path) -> None:
    folder = book(tmp_path)
    write_csv(folder / "enterprise.csv", [FIRM, {**FIRM, "borrower_id": "B2", "name": "x" * (CELL_BYTES + 1)}])
    with pytest.raises(InputError) as error:
        read(folder, tmp_path)
    assert error.value.code == "input.cell_too_long"
    assert "row 2" in str(error.value)


def test_expected_rows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [LOAN, LOAN, LOAN])
    assert open_tables(path, "a.csv")[0].rows_about == 3
    path.write_text(path.read_text().rstrip("\n"))
    assert open_tables(path, "a.csv")[0].rows_about == 3
    path.write_text(",".join(LOAN))
    assert open_tables(path, "a.csv")[0].rows_about == 0
