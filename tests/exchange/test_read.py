"""A book read: every row is accepted or set aside, and everything that is wrong has its finding."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from steadyrest import exchange
from steadyrest.errors import InputError, UsageError
from steadyrest.exchange.checks import checks
from steadyrest.schema import TABLES
from steadyrest.text import catalogue
from tests.exchange.books import FIRM, LOAN, book, codes, firm, loan, read, whole, write_csv
from tests.exchange.test_identity import resident

OTHER = "92330106H91GDA0D83"


def test_a_clean_book(tmp_path: Path) -> None:
    found = read(book(tmp_path), tmp_path)
    assert found.mapping == "steadyrest"
    assert found.tables == ("enterprise", "loan")
    assert found.lacks == {"loan_terms": ("original_principal_fen", "amortisation", "interest_cycle_months")}
    assert codes(found) == []
    row = whole(found, "loan").row(0, named=True)
    assert row["balance_fen"] == 100_000_000
    assert row["extended_maturity_on"] is None
    assert whole(found, "loan").schema == TABLES["loan"].polars()
    assert exchange.load_part(found.folder, "arrears", 0).schema == TABLES["arrears"].polars()
    assert exchange.load_read(found.folder) == found


@pytest.mark.parametrize(
    ("cells", "code", "severity", "field"),
    [
        ({"loan_id": ""}, "REQUIRED-001", "quarantine", "loan_id"),
        ({"drawn_on": "15.08.2021"}, "REQUIRED-002", "quarantine", "drawn_on"),
        ({"ledger": "both"}, "VALUE-002", "quarantine", "ledger"),
        ({"balance_fen": "1.5"}, "REQUIRED-002", "quarantine", "balance_fen"),
        ({"nominal_rate_e7": "5 %"}, "VALUE-001", "error", "nominal_rate_e7"),
        ({"product": "F9"}, "VALUE-002", "error", "product"),
        ({"product": ""}, "OPTIONAL-001", "warning", "product"),
        ({"loan_id": "9.1E+17"}, "ID-001", "quarantine", "loan_id"),
        ({"loan_id": "123456789012345000"}, "ID-001", "quarantine", "loan_id"),
        ({"branch_id": "9.1e+17"}, "ID-001", "error", "branch_id"),
        ({"borrower_id": OTHER}, "KEY-003", "error", "borrower_id"),
        ({"maturity_on": "2021-08-14"}, "LOAN-001", "quarantine", "maturity_on"),
        ({"loan_status": "LS02"}, "LOAN-002", "error", "extended_maturity_on"),
        ({"balance_fen": "-1"}, "LOAN-005", "quarantine", "balance_fen"),
        ({"loan_status": "LS03"}, "LOAN-007", "warning", "overdue_kind"),
    ],
)
def test_one_thing_wrong_with_a_loan(
    tmp_path: Path, cells: dict[str, str], code: str, severity: str, field: str
) -> None:
    found = read(book(tmp_path, loan=[LOAN, loan(**{"loan_id": "J2", **cells})]), tmp_path)
    row = 0 if code == "OPTIONAL-001" else 2
    assert codes(found) == [(code, severity, field, row)]
    assert whole(found, "loan").height == (1 if severity == "quarantine" else 2)
    aside = exchange.quarantine(found.folder).collect()
    if severity == "quarantine":
        assert aside.select("row_number", "table", "codes").row(0) == (2, "loan", code)
        assert json.loads(aside["raw"][0])["currency"] == "CNY"
    else:
        assert aside.height == 0
        name = field if code.startswith(("VALUE", "ID")) else None
        assert name is None or whole(found, "loan").filter(pl.col("loan_id") == "J2")[name].item() is None


def test_a_row_with_two_faults_has_two_findings_and_is_counted_once(tmp_path: Path) -> None:
    found = read(book(tmp_path, loan=[LOAN, loan(loan_id="J2", currency="", balance_fen="x")]), tmp_path)
    assert [code for code, *_ in codes(found)] == ["REQUIRED-001", "REQUIRED-002"]
    assert exchange.quarantine(found.folder).collect()["codes"].to_list() == ["REQUIRED-001 REQUIRED-002"]
    assert [file.rows_quarantined for file in found.files] == [0, 1]


def test_extended_maturity(tmp_path: Path) -> None:
    rows = [
        loan(loan_id="J1", loan_status="LS02", extended_maturity_on="2022-08-16"),
        loan(loan_id="J2", loan_status="LS02", extended_maturity_on="2022-08-15"),
        loan(loan_id="J3", loan_status="LS04", extended_maturity_on="2022-06-15"),
    ]
    found = read(book(tmp_path, loan=rows), tmp_path)
    assert codes(found) == [("LOAN-003", "error", "extended_maturity_on", 2)]


def test_repeated_keys_across_batches_and_files(tmp_path: Path) -> None:
    folder = book(tmp_path, loan=[loan(loan_id=f"J{number % 3}") for number in range(5)])
    write_csv(folder / "more.csv", [loan(loan_id="J1"), loan(loan_id="J9")])
    found = read(folder, tmp_path)
    rows = (
        exchange.findings(found.folder).filter(code="KEY-001").select("source_file", "row_number", "row_id").collect()
    )
    assert rows.rows() == [("loan.csv", 4, "J0"), ("loan.csv", 5, "J1"), ("more.csv", 1, "J1")]
    assert whole(found, "loan")["loan_id"].sort().to_list() == ["J0", "J1", "J2", "J9"]


def test_a_quarantined_row_does_not_take_its_key(tmp_path: Path) -> None:
    found = read(book(tmp_path, loan=[loan(balance_fen="-5"), LOAN]), tmp_path)
    assert codes(found) == [("LOAN-005", "quarantine", "balance_fen", 1)]
    assert whole(found, "loan")["balance_fen"].to_list() == [100_000_000]


def test_rows_of_unknown_loans_and_customers_stay(tmp_path: Path) -> None:
    arrears = [{"loan_id": "J1", "due_on": "2022-07-15", "principal_fen": "5", "interest_fen": "0"},
               {"loan_id": "J8", "due_on": "2022-07-15", "principal_fen": "5", "interest_fen": "0"}]  # fmt: skip
    link = [{"from_borrower_id": "P1", "to_borrower_id": FIRM["borrower_id"], "link_kind": "owner_of"}]
    found = read(book(tmp_path, arrears=arrears, customer_link=link), tmp_path)
    assert codes(found) == [
        ("KEY-003", "error", "from_borrower_id", 1),
        ("KEY-002", "error", "loan_id", 2),
    ]
    assert whole(found, "arrears").height == 2


def test_identity_numbers(tmp_path: Path) -> None:
    rows = [
        firm(),
        firm(borrower_id="X1", id_number="92330106H11GDA0D83"),
        firm(borrower_id="X2", id_kind="", id_number="9133"),
        firm(borrower_id="X3", id_kind="B01", borrower_kind="person", id_number="110105194912310021"),
        firm(borrower_id="X4", id_kind="B01", borrower_kind="person", id_number="11010519491231002X"),
        firm(borrower_id="X5", id_kind="Z99", id_number="anything"),
    ]
    found = read(book(tmp_path, enterprise=rows), tmp_path)
    wrong = [finding for finding in codes(found) if finding[0].startswith("ID")]
    assert wrong == [
        ("ID-002", "warning", "id_number", 2),
        ("ID-002", "warning", "id_number", 3),
        ("ID-003", "warning", "id_number", 4),
    ]
    values = exchange.findings(found.folder).filter(pl.col("code").str.starts_with("ID")).collect()["value"]
    assert values.to_list() == ["9233***(18)", "9***(4)", "1101***(18)"]


def test_a_resident_number_that_ends_in_zeros_is_no_damage(tmp_path: Path) -> None:
    numbers = (resident(f"1101051960{day:04d}{row}00") for day in range(101, 1231) for row in range(1, 10))
    zeros = next(number for number in numbers if number.endswith("000"))
    person = firm(borrower_id=zeros, id_number=zeros, id_kind="B01", borrower_kind="person")
    found = read(book(tmp_path, enterprise=[FIRM, person]), tmp_path)
    assert not [finding for finding in codes(found) if finding[0] == "ID-001"]


def test_findings_of_one_kind_are_listed_up_to_a_limit_and_then_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steadyrest.exchange.sink.ROWS_A_FIELD", 3)
    bad = [loan(loan_id=f"J{number}", product="F9", ledger="x" if number > 8 else "corporate") for number in range(12)]
    found = read(book(tmp_path, loan=bad), tmp_path)
    rows = exchange.findings(found.folder).collect()
    of_product = rows.filter((pl.col("code") == "VALUE-002") & (pl.col("field") == "product"))
    listed = of_product.filter(pl.col("row_number") > 0)
    assert listed.height == 3
    assert of_product.filter(pl.col("row_number") == 0)["args"].to_list() == ['{"more": 9}']
    assert rows.filter((pl.col("code") == "VALUE-002") & (pl.col("field") == "ledger")).height == 3


def test_owned_firms_stand_beside_their_owners_whatever_the_part(tmp_path: Path) -> None:
    owners = [firm(borrower_id=f"P{n}", borrower_kind="owner", id_kind="Z99", industry_code="") for n in range(12)]
    firms = [firm(borrower_id=f"F{n}", id_kind="Z99") for n in range(12)]
    links = [{"from_borrower_id": f"P{n}", "to_borrower_id": f"F{n}", "link_kind": "owner_of"} for n in range(12)]
    loans = [loan(loan_id=f"J{n}", borrower_id=f"P{n}") for n in range(12)]
    folder = book(tmp_path, enterprise=[*owners, *firms], customer_link=links, loan=loans)
    found = read(folder, tmp_path, part_rows=3)
    assert found.parts == 4
    for part in range(found.parts):
        here = exchange.load_part(found.folder, "customer_link", part)["to_borrower_id"].sort()
        beside = exchange.load_part(found.folder, "linked_enterprise", part)
        assert beside.schema == TABLES["enterprise"].polars()
        assert beside["borrower_id"].to_list() == here.to_list()


def test_a_book_is_split_by_borrower_the_same_way_every_time(tmp_path: Path) -> None:
    loans = [loan(loan_id=f"J{n}", borrower_id=f"F{n // 3}") for n in range(60)]
    terms = [{"loan_id": f"J{n}", "original_principal_fen": "5", "amortisation": "bullet",
              "interest_cycle_months": "1"} for n in reversed(range(60))]  # fmt: skip
    firms = [firm(borrower_id=f"F{n}", id_kind="Z99") for n in range(20)]
    folder = book(tmp_path, loan=loans, loan_terms=terms, enterprise=firms)
    found = read(folder, tmp_path, part_rows=8)
    assert found.parts == 8
    for part in range(8):
        here = exchange.load_part(found.folder, "loan", part)
        borrowers = exchange.load_part(found.folder, "enterprise", part)["borrower_id"]
        assert set(here["borrower_id"]) == set(borrowers)
        assert set(exchange.load_part(found.folder, "loan_terms", part)["loan_id"]) == set(here["loan_id"])
    first = {
        path.relative_to(tmp_path): path.read_bytes() for path in sorted(found.folder.rglob("*")) if path.is_file()
    }
    again = read(folder, tmp_path, part_rows=8)
    assert first == {
        path.relative_to(tmp_path): path.read_bytes() for path in sorted(again.folder.rglob("*")) if path.is_file()
    }
    write_csv(folder / "loan.csv", loans[::-1])
    turned = read(folder, tmp_path, part_rows=8)
    for part in range(8):
        known = set(exchange.load_part(turned.folder, "loan", part)["loan_id"])
        assert len(known) % 3 == 0


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_securities_follow_the_loans_of_their_contract(tmp_path: Path) -> None:
    loans = [loan(loan_id=f"J{n}", contract_id=f"H{n}", borrower_id=f"F{n}") for n in range(9)]
    guarantees = [{"guarantee_id": f"G{n}", "contract_id": f"H{n}", "guarantor_id": "A"} for n in range(9)]
    things = [{"collateral_id": f"C{n}", "guarantee_id": f"G{n}"} for n in range(9)]
    firms = [firm(borrower_id=f"F{n}", id_kind="Z99") for n in range(9)]
    folder = book(tmp_path, loan=loans, guarantee=guarantees, collateral=things, enterprise=firms)
    found = read(folder, tmp_path, part_rows=3)
    for part in range(3):
        numbers = {item[1:] for item in exchange.load_part(found.folder, "loan", part)["loan_id"]}
        assert {item[1:] for item in exchange.load_part(found.folder, "guarantee", part)["guarantee_id"]} == numbers
        assert {item[1:] for item in exchange.load_part(found.folder, "collateral", part)["collateral_id"]} == numbers


def test_files_beside_the_data_are_passed_over_and_named(tmp_path: Path) -> None:
    folder = book(tmp_path)
    (folder / "README.md").write_text("read me")
    (folder / "notes.txt").write_text("a note")
    (folder / "synthetic.json").write_text('{"synthetic": true}')
    found = read(folder, tmp_path)
    assert found.is_synthetic
    assert sum("README.md" in note.en or "notes.txt" in note.zh for note in found.notes) == 2


def test_an_unknown_file_is_refused_with_the_nearest_table(tmp_path: Path) -> None:
    folder = book(tmp_path)
    write_csv(folder / "arrears_of_july.csv", [{"loan_id": "J1", "due_date": "2022-07-15", "interest_fen": "3"}])
    with pytest.raises(InputError) as error:
        read(folder, tmp_path)
    assert error.value.code == "input.unknown_layout"
    assert "arrears of the mapping steadyrest" in str(error.value)
    assert "due_on" in str(error.value)


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"call\.missing_path"):
        read(tmp_path / "nowhere", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"input\.no_files"):
        read(tmp_path / "empty", tmp_path)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    read(
        book(tmp_path, loan=[LOAN, loan(loan_id="J2")]), tmp_path, progress=lambda name, rows: told.append((name, rows))
    )
    assert told == [("enterprise.csv", 1), ("loan.csv", 2)]


def test_every_check_has_its_sentences_and_the_severity_it_says() -> None:
    for table, rules in checks().items():
        assert TABLES[table].is_input
        for rule in rules:
            what, todo = catalogue()[f"finding.{rule.code}.what"], catalogue()[f"finding.{rule.code}.todo"]
            assert ("set aside" in todo.en) == (rule.severity == "quarantine")
            assert what.zh != rule.title.zh


def test_the_ledger_is_tied_out_to_the_fen(tmp_path: Path) -> None:
    rows = [LOAN, loan(loan_id="J2", balance_fen="7"), loan(loan_id="J3", branch_id="B2", currency="USD")]
    ledger = [
        {"branch_id": "B1", "subject_code": "1301", "currency": "CNY", "balance_fen": "100000000", "receipts": "1"},
        {"branch_id": "B2", "subject_code": "1301", "currency": "USD", "balance_fen": "99999999", "receipts": "1"},
        {"branch_id": "B2", "subject_code": "1302", "currency": "USD", "balance_fen": "1", "receipts": "0"},
        {"branch_id": "B3", "subject_code": "1301", "currency": "CNY", "balance_fen": "5", "receipts": ""},
    ]
    found = read(book(tmp_path, loan=rows, ledger_control=ledger), tmp_path)
    rows_found = exchange.findings(found.folder).filter(pl.col("code").str.starts_with("LEDGER")).collect()
    assert rows_found.select("code", "row_id", "value").rows() == [
        ("LEDGER-001", "B1/CNY", "-7"),
        ("LEDGER-002", "B1/CNY", "-1"),
        ("LEDGER-001", "B3/CNY", "5"),
    ]
    assert json.loads(rows_found["args"][0]) == {
        "ledger": 100_000_000,
        "book": 100_000_007,
        "difference": -7,
        "candidates": ["J2"],
    }


def test_evidence_and_decisions_beside_the_book(tmp_path: Path) -> None:
    evidence = write_csv(tmp_path / "evidence.csv", [{"borrower_id": FIRM["borrower_id"], "holds": "是",
        "evidence_kind": "temporary_difficulty", "as_of_on": "2022-07-01", "source": "visit"}])  # fmt: skip
    decided = {"loan_id": "J1", "option_no": "1", "clause_id": "c", "decision": "approved", "reason": "'=ok",
               "proposer": "a", "approver": "b", "decided_on": "2022-07-30"}  # fmt: skip
    decisions = write_csv(tmp_path / "decisions.csv", [decided, {**decided, "decision": "", "approver": ""}])
    found = read(book(tmp_path), tmp_path, evidence=evidence, decisions=decisions)
    assert whole(found, "evidence")["holds"].to_list() == [True]
    row = whole(found, "decision").row(0, named=True)
    assert (row["decision"], row["reason"]) == ("approved", "=ok")
    assert [file.rows_read for file in found.files if file.table == "decision"] == [1]
    with pytest.raises(InputError, match=r"input\.other_layout.* decision of the mapping steadyrest"):
        read(book(tmp_path), tmp_path, evidence=decisions)


def test_a_flat_tape_by_a_mapping_of_ones_own(tmp_path: Path) -> None:
    mapping = tmp_path / "mine.yaml"
    mapping.write_text(
        """
name: mine
title: { zh: 我的, en: mine }
registry: [arrears]
sources:
  flat:
    header: [no, who]
    tables:
      loan:
        loan_id: { from: "no" }
        borrower_id: { from: who }
        ledger: { constant: corporate }
        drawn_on: { from: start, dates: [YYYYMMDD] }
        maturity_on: { from: months, months_after: drawn_on }
        currency: { constant: CNY }
        balance_fen: { from: [money, amount], unit: wan }
      enterprise:
        borrower_id: { from: who }
        borrower_kind: { from: kind, codes: { E: enterprise }, otherwise: other_organisation }
        enterprise_size: { from: size, codes: { S: small } }
""".replace("[no, who]", '["no", who]')
    )
    rows = [
        {"no": "1", "who": "F", "start": "20220131", "months": "1", "amount": "12.5", "kind": "E", "size": "S"},
        {"no": "2", "who": "F", "start": "20220131", "months": "12", "amount": "1", "kind": "X", "size": ""},
        {"no": "3", "who": "G", "start": "", "months": "12", "amount": "1", "kind": "X", "size": "Z"},
    ]
    path = write_csv(tmp_path / "flat.csv", rows, ";")
    found = read(path, tmp_path, mapping=mapping)
    assert whole(found, "loan")["balance_fen"].to_list() == [12_500_000, 1_000_000]
    assert [str(on) for on in whole(found, "loan")["maturity_on"]] == ["2022-02-28", "2023-01-31"]
    assert whole(found, "enterprise").select("borrower_id", "borrower_kind").rows() == [("F", "enterprise")]
    assert codes(found) == [
        ("OPTIONAL-001", "warning", "enterprise_size", 0),
        ("REQUIRED-001", "quarantine", "drawn_on", 3),
        ("VALUE-002", "error", "enterprise_size", 3),
    ]
