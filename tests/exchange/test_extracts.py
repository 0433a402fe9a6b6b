"""Extracts as core systems write them: gzip, no header, split parts, control files, odd separators and words."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import exchange, reference
from steadyrest.exchange.control import Promise, promises
from tests.exchange import books

FIELDS = tuple(
    reference.table("official_fields").filter(table_code="JS_201_CLDWDK").sort("sequence")["field_zh"].to_list()
)
RECEIPT = {
    "金融机构代码": "91110000100000000X",
    "内部机构号": "B1",
    "借款人证件类型": "A01",
    "借款人证件代码": "91110000600037341L",
    "借款人行业": "C34",
    "借款人企业规模": "CS03",
    "贷款借据编码": "JJ0001",
    "贷款产品类别": "F022",
    "贷款实际投向": "C349",
    "贷款发放日期": "2021-08-15",
    "贷款到期日期": "2022-08-15",
    "币种": "CNY",
    "贷款余额": "1000000.00",
    "利率是否固定": "RF01",
    "利率水平": "3.85000",
    "贷款质量": "FQ01",
    "贷款状态": "LS01",
}


def rows(count: int, **given: str) -> list[str]:
    """Records of the unit loan table in the official order, `|@|` between them."""
    lines = []
    for number in range(count):
        cells = RECEIPT | {"贷款借据编码": f"JJ{number:04d}"} | given
        lines.append("|@|".join(cells.get(name, "\\N") for name in FIELDS))
    return lines


def read(book: Path, mapping: Path | None = None) -> tuple[exchange.BookRead, pl.DataFrame]:
    into = book.parent / "read"
    found = exchange.read_book(book, mapping=mapping, into=into)
    return found, exchange.findings(into).collect()


def codes(found: pl.DataFrame) -> list[str]:
    return sorted(found.filter(~pl.col("code").str.starts_with("OPTIONAL"))["code"].to_list())


def test_a_file_without_header_is_read_in_the_official_order(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "JS_201_CLDWDK_20220731.dat.gz").write_bytes(gzip.compress("\n".join(rows(3)).encode("gb18030")))
    result, found = read(book)
    assert [(file.table, file.rows_accepted) for file in result.files] == [("loan", 3)]
    assert "no header, columns in the order of JS_201_CLDWDK" in result.notes[0].en
    assert "separator |@|" in result.notes[0].en
    loans = exchange.load_part(tmp_path / "read", "loan", 0)
    assert loans["balance_fen"].to_list() == [100_000_000] * 3
    assert loans["overdue_kind"].to_list() == [None] * 3
    assert codes(found) == []


def test_parts_of_a_split_file_go_together_and_a_gap_is_named(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    text = rows(6)
    (book / "loans_001.csv").write_text("\n".join(["|@|".join(FIELDS), *text[:2]]), "utf-8")
    (book / "loans_002.csv").write_text("\n".join(text[2:4]), "utf-8")
    (book / "loans_004.csv").write_text("\n".join(text[4:]) + "\n", "utf-8")
    result, found = read(book)
    assert [file.rows_accepted for file in result.files] == [2, 2, 2]
    gap = found.filter(code="FILE-003").row(0, named=True)
    assert (gap["source_file"], gap["args"]) == ("loans", '{"last": 4, "missing": "3"}')


@pytest.mark.parametrize(
    ("control", "says", "held"),
    [
        ("JS_201_CLDWDK.ctl", "JS_201_CLDWDK.dat|3", False),
        ("JS_201_CLDWDK.ctl", "JS_201_CLDWDK.dat|4", True),
        ("JS_201_CLDWDK.ok", "", False),
        ("JS_201_CLDWDK.dat.flg", "20220731\nrows=4\n", True),
        ("JS_201_CLDWDK.chk", '{"file": "JS_201_CLDWDK.dat", "row_count": 3, "columns": 33}', False),
    ],
)
def test_a_control_file_that_does_not_match_stops_that_file_only(
    tmp_path: Path, control: str, says: str, held: bool
) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "JS_201_CLDWDK.dat").write_text("\n".join(rows(3)), "utf-8")
    (book / "JS_201_CLGRDK.csv").write_text(
        "借款人证件代码,贷款借据编码,贷款产品类别,贷款余额,贷款质量,贷款发放日期,贷款到期日期,币种\n"
        "110101199003070337,G1,F022,5.00,FQ01,2022-01-01,2023-01-01,CNY\n",
        "utf-8",
    )
    (book / control).write_text(says, "utf-8")
    result, found = read(book)
    assert [file.rows_accepted for file in result.files] == [0 if held else 3, 1]
    told = found.filter(pl.col("code").str.starts_with("FILE"))
    assert told["code"].to_list() == (["FILE-001"] if held else [])
    if held:
        assert told["args"][0] == f'{{"control": "{control}", "found": 3, "promised": 4}}'


def test_a_control_file_names_what_is_not_there_and_what_it_does_not_tell(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text("x\n1\n", "utf-8")
    control = tmp_path / "day.ctl"
    control.write_text("a.csv 10 20\nb.csv 7\n", "utf-8")
    said = list(promises([("day.ctl", control)], [("a.csv", data)]))
    assert said == [Promise("day.ctl", "a.csv", -1), Promise("day.ctl", "b.csv", None)]


def test_full_width_letters_and_padded_words_are_what_they_stand_for(tmp_path: Path) -> None:
    book = tmp_path / "book"
    odd = {
        "loan_id": "Ｊ１\u3000",
        "quality": " ＦＱ０１ ",
        "drawn_on": "２０２１－０８－１５",
        "balance_fen": "１００",
    }
    books.book(tmp_path, loan=[books.loan(**odd)], enterprise=[books.firm()])
    _, found = read(book)
    loan = exchange.load_part(tmp_path / "read", "loan", 0).row(0, named=True)
    assert (loan["loan_id"], str(loan["quality"]), str(loan["drawn_on"]), loan["balance_fen"]) == (
        "J1",
        "FQ01",
        "2021-08-15",
        100,
    )
    assert codes(found) == []


def test_a_mapping_may_say_how_its_files_are_written(tmp_path: Path) -> None:
    mapping = tmp_path / "bank.yaml"
    mapping.write_text(
        """
name: bank
title: { zh: 某行, en: some bank }
dialect: { separator: "^", encoding: gb18030, quoted: false }
missing: ["无", "NULL"]
sources:
  RECEIPTS:
    header: [number, who, paid, due, amount]
    columns: [number, who, paid, due, ccy, amount, rate]
    tables:
      loan:
        loan_id: { from: number }
        borrower_id: { from: who }
        ledger: { constant: corporate }
        drawn_on: { from: paid }
        maturity_on: { from: due }
        currency: { from: ccy }
        balance_fen: { from: amount, unit: wan }
        nominal_rate_e7: { from: rate, unit: percent }
""",
        "utf-8",
    )
    book = tmp_path / "book"
    book.mkdir()
    (book / "receipts_1.del").write_text('A"1^张三^20210815^20220815^CNY^1.5^NULL\n', "gb18030")
    result, _ = read(book, mapping)
    loan = exchange.load_part(tmp_path / "read", "loan", 0).row(0, named=True)
    assert (loan["loan_id"], loan["borrower_id"], loan["balance_fen"], loan["nominal_rate_e7"]) == (
        'A"1', "张三", 1_500_000, None,
    )  # fmt: skip
    assert "gb18030" in result.notes[0].en


@pytest.mark.parametrize("lines", [["A|1", "B|0|0|9"], ["B|0|0|9", "A|1"], ["A|1|0", "A2|1", "B|0|0|9", "C|0|0"]])
def test_records_too_short_and_too_long_do_not_make_up_for_each_other(tmp_path: Path, lines: list[str]) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "JS_201_CLDWDK.dat").write_text("\n".join(rows(1)), "utf-8")
    head = "贷款借据编码|是否个体工商户贷款|是否小微企业主贷款"
    (book / "JS_201_CLZXYP.csv").write_text("\n".join([head, *lines]) + "\n", "utf-8")
    result, found = read(book)
    assert found.filter(code="ROW-001").height == 2
    marks = result.files[1]
    assert (marks.rows_read, marks.rows_quarantined) == (len(lines), 2)


EAST = {
    "内部机构号": "B1",
    "客户统一编号": "C001",
    "客户名称": "某机械有限公司",
    "信贷合同号": "HT1",
    "信贷借据号": "JJ0000",
    "信贷业务种类": "流动资金贷款",
    "贷款发放类型": "其他-展期",
    "币种": "CNY",
    "贷款金额": "1000000.00",
    "贷款余额": "1000000.00",
    "贷款五级分类": "正常",
    "贷款发放日期": "20210815",
    "贷款到期日期": "20220815",
    "终结日期": "99991231",
    "欠本金额": "0.00",
    "利率类型": "LPR",
    "实际利率": "3.85",
    "还款方式": "其他-到期一次还本",
    "计息方式": "按季结息",
    "下期还款日期": "20220921",
    "下期应还本金": "0.00",
    "下期应还利息": "9838.89",
    "贷款状态": "正常",
    "采集日期": "20220731",
}


def east(path: Path, *receipts: dict[str, str], by_code: bool = False) -> None:
    """A file of EAST receipts under Chinese names or under the codes of the fields."""
    fields = reference.table("official_fields").filter(table_code="IE_005_504").sort("sequence")
    names = fields["field_code" if by_code else "field_zh"].to_list()
    lines = ["\t".join((EAST | given).get(name, "") for name in fields["field_zh"]) for given in receipts]
    path.write_text("\n".join(["\t".join(names), *lines]) + "\n", "utf-8")


@pytest.mark.parametrize("by_code", [False, True])
def test_receipts_of_east_stand_alone(tmp_path: Path, by_code: bool) -> None:
    book = tmp_path / "book"
    book.mkdir()
    east(book / "IE_005_504_20220731.txt", {}, {"信贷借据号": "JJ0009", "客户统一编号": "C002"}, by_code=by_code)
    result, found = read(book)
    assert result.mapping == "extracts"
    assert codes(found) == []
    loan = exchange.load_part(tmp_path / "read", "loan", 0).row(0, named=True)
    core = exchange.load_part(tmp_path / "read", "core_receipt", 0).row(0, named=True)
    assert (loan["product"], loan["quality"], loan["balance_fen"], loan["nominal_rate_e7"]) == (
        "F022", "FQ01", 100_000_000, 385_000,
    )  # fmt: skip
    assert (core["repayment_method"], core["interest_method"], core["grant_kind"], core["ended_on"]) == (
        "at_maturity", "quarter", "extension", None,
    )  # fmt: skip
    assert exchange.load_part(tmp_path / "read", "enterprise", 0).height == 2


def test_receipts_of_east_add_to_the_stock_and_customers_are_not_taken_twice(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "JS_201_CLDWDK.dat").write_text("\n".join(rows(1)), "utf-8")
    east(book / "IE_005_504.txt", {}, {"信贷借据号": "JJ0009", "客户统一编号": "C002", "客户名称": "另一公司"})
    result, found = read(book)
    assert [(file.table, file.rows_accepted) for file in result.files] == [("loan", 1), ("core_receipt", 2)]
    loans = exchange.load_part(tmp_path / "read", "loan", 0).sort("loan_id")
    assert loans["borrower_id"].to_list() == ["91110000600037341L", "C002"]
    assert exchange.load_part(tmp_path / "read", "enterprise", 0)["borrower_id"].to_list() == ["C002"]
    assert exchange.load_part(tmp_path / "read", "core_receipt", 0).height == 2
    assert codes(found) == []


def test_terms_are_told_by_the_next_instalment_and_arrears_by_their_days(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    late = {
        "信贷借据号": "JJ2",
        "欠本金额": "100.00",
        "欠本日期": "20220621",
        "表内欠息余额": "5.00",
        "表外欠息余额": "1.00",
        "欠息日期": "20220621",
        "贷款状态": "逾期",
        "下期还款日期": "99991231",
    }
    due = {"下期还款日期": "20220815", "下期应还本金": "1000000.00"}
    wrong, right = due | {"下期应还利息": "5882.0"}, due | {"下期应还利息": "5881.94", "信贷借据号": "JJ1"}
    east(book / "IE_005_504.txt", wrong, right, late)
    _, found = read(book)
    into = tmp_path / "read"
    terms = exchange.load_part(into, "loan_terms", 0)
    assert terms["loan_id"].to_list() == ["JJ1"]
    assert (terms["amortisation"][0], terms["interest_cycle_months"][0], terms["interest_day"][0]) == ("bullet", 3, 20)
    assert exchange.load_part(into, "arrears", 0).rows() == [("JJ2", date(2022, 6, 21), 10_000, 600)]
    assert exchange.load_part(into, "core_plan", 0).height == 2
    assert exchange.load_part(into, "loan", 0)["rate_type"].to_list() == [None, "RF01", None]
    row = found.filter(code="TERMS-006").row(0, named=True)
    assert (row["row_id"], json.loads(row["args"])["interest_gap_fen"]) == ("JJ0000", -6)


def test_a_personal_loan_reaches_an_industry_and_a_kind_through_the_extracts(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    person = "110101199003070337"
    (book / "JS_201_CLGRDK.csv").write_text(
        "借款人证件代码,贷款借据编码,贷款产品类别,贷款余额,贷款质量,贷款发放日期,贷款到期日期,币种\n"
        f"{person},JJ0000,F022,5.00,FQ01,2022-01-01,2023-01-01,CNY\n",
        "utf-8",
    )
    customer = f"客户证件代码,国籍,出生日期,授信额度\n{person},CN,1990-03-07,5.00\n"
    (book / "JS_102_GRKHXX.csv").write_text(customer, "utf-8")
    (book / "JS_201_CLZXYP.csv").write_text("贷款借据编码,是否个体工商户贷款,是否小微企业主贷款\nJJ0000,0,1\n", "utf-8")
    east(book / "IE_005_503.txt", {"贷款投向行业": "C349", "信贷业务种类": "个人经营性贷款"})
    read(book)
    into = tmp_path / "read"
    assert exchange.load_part(into, "loan", 0)["use_industry_code"].to_list() == ["C349"]
    firms = exchange.load_part(into, "enterprise", 0)
    assert firms.select("borrower_id", "borrower_kind").rows() == [(person, "owner")]


def test_table_6_27_fills_what_the_returns_leave_open(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "JS_201_CLDWDK.dat").write_text("\n".join(rows(1, 贷款实际投向=r"\N")), "utf-8")
    (book / "T_6_27.csv").write_text(
        "F270001,F270002,F270009,F270010,F270017,F270018,F270022,F270023,F270052,F270059\n"
        "JJ0000,C1,1000000.00,05,2022-08-15,2022-12-15,C34,C3411,1,07\n",
        "utf-8",
    )
    result, found = read(book)
    assert codes(found) == []
    extra = exchange.load_part(tmp_path / "read", "agreement_extra", 0).row(0, named=True)
    core = exchange.load_part(tmp_path / "read", "core_receipt", 0).row(0, named=True)
    assert (extra["original_maturity_on"], extra["is_renewal_without_repayment"]) == (date(2022, 8, 15), True)
    assert (core["grant_kind"], core["interest_method"]) == ("renewal_without_repayment", "with_principal")
    assert exchange.load_part(tmp_path / "read", "loan", 0)["use_industry_code"].to_list() == ["C3411"]
    assert [file.table for file in result.files] == ["loan", "agreement_extra"]
