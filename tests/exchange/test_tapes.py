"""Real tapes: SBA 7(a) and LendingClub, read by their shipped mappings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from steadyrest import exchange
from tests.exchange.books import codes, read, whole, write_csv
from tests.shared_data import shared

SBA = {
    "LoanNr_ChkDgt": "1000014003",
    "Bank": "A BANK",
    "NAICS": "332710",
    "Term": "84",
    "NoEmp": "4",
    "NewExist": "2",
    "RevLineCr": "N",
    "LowDoc": "Y",
    "DisbursementDate": "2/28/1999",
    "DisbursementGross": "$60,000.00 ",
    "MIS_Status": "P I F",
}


def test_other_cuts_of_the_sba_tape(tmp_path: Path) -> None:
    rows = [
        SBA,
        {**SBA, "LoanNr_ChkDgt": "2", "DisbursementDate": "24-Jun-68", "NAICS": "0", "RevLineCr": "`"},
        {**SBA, "LoanNr_ChkDgt": "3", "DisbursementDate": "31-Dec-14", "NAICS": "541330"},
    ]
    path = write_csv(tmp_path / "SBAnational.csv", rows, "|")
    found = read(path, tmp_path)
    assert found.mapping == "sba_7a"
    loans = whole(found, "loan")
    assert loans["drawn_on"].to_list() == [date(1999, 2, 28), date(1968, 6, 24), date(2014, 12, 31)]
    assert loans["balance_fen"].to_list() == [6_000_000] * 3
    assert whole(found, "enterprise")["industry_code"].to_list() == ["C", None, None]
    assert codes(found) == [
        ("OPTIONAL-001", "warning", "industry_code", 0),
        ("VALUE-004", "warning", "industry_code", 0),
        ("VALUE-003", "warning", "RevLineCr", 2),
    ]


def test_the_sba_tape(tmp_path: Path) -> None:
    found = read(shared("data/sba_7a/sba_national_first_22427_raw.parquet"), tmp_path, part_rows=5_000)
    assert found.parts == 5
    (file,) = found.files
    assert (file.rows_read, file.rows_accepted, file.rows_quarantined) == (22_427, 22_393, 34)
    assert {"borrower_id", "nominal_rate_e7"} <= set(found.lacks["loan"])
    assert "amortisation" in found.lacks["loan_terms"]
    rows = exchange.findings(found.folder).collect()
    counted = rows.group_by("code", "field").agg(pl.len(), pl.col("args").first())
    known = {(code, field): (rows, args) for code, field, rows, args in counted.iter_rows()}
    assert known["REQUIRED-001", "drawn_on"] == (34, None)
    assert known["OPTIONAL-001", "industry_code"] == (1, '{"rows": 4046}')
    assert known["VALUE-003", "RevLineCr"] == (4_130, None)
    raw = pl.read_parquet(shared("data/sba_7a/sba_national_first_22427_raw.parquet"))
    kept = raw.filter(pl.col("DisbursementDate").is_not_null())["DisbursementGross"].cast(pl.Int64).sum()
    assert whole(found, "loan")["balance_fen"].sum() == 100 * kept


def test_the_lendingclub_tape(tmp_path: Path) -> None:
    path = shared("data/lendingclub/loans.parquet")
    found = read(path, tmp_path)
    assert found.mapping == "lendingclub"
    assert found.files[0].rows_accepted == 1_246
    assert found.lacks["loan"] == ("borrower_id", "use_industry_code")
    assert "loan_terms" not in found.lacks
    raw = pl.read_parquet(path)
    terms = whole(found, "loan_terms")
    assert terms["original_principal_fen"].sum() == int(100 * raw["funded_amnt"].sum())
    assert terms["instalment_rounding"].unique().to_list() == ["up"]
    loans = whole(found, "loan")
    rates = dict(zip(raw["id"].cast(pl.String), raw["int_rate"], strict=True))
    assert all(
        round(rates[number] * 100_000) == rate
        for number, rate in loans.select("loan_id", "nominal_rate_e7").iter_rows()
    )
    assert loans.filter(loan_id="77418292").select("drawn_on", "maturity_on").row(0) == (
        date(2016, 4, 1),
        date(2019, 4, 1),
    )
