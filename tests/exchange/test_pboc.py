"""The PBoC layout in its official field names, with the canonical tables beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from steadyrest import reference
from tests.exchange.books import Row, codes, read, whole, write_csv

FIRM_ID, PERSON_ID = "91110000600037341L", "11010519491231002X"


def fields(table: str, **cells: str) -> Row:
    """A row of an official table: all of its fields, some filled."""
    known = reference.table("official_fields").filter(table_code=table).sort("sequence")["field_zh"].to_list()
    assert set(cells) <= set(known)
    return {name: cells.get(name, "") for name in known}


def loan_row(table: str, **cells: str) -> Row:
    """A loan in official fields."""
    known = {
        "金融机构代码": "911100001000013423", "内部机构号": "B1", "金融机构地区代码": "110102", "贷款合同编码": "H1",
        "借款人证件类型": "A01", "借款人证件代码": FIRM_ID, "贷款产品类别": "F022", "贷款发放日期": "2021-08-15",
        "贷款到期日期": "2022-08-15", "币种": "CNY", "贷款余额": "1000000.00", "贷款余额折人民币": "1000000.00",
        "利率是否固定": "RF02", "利率水平": "3.85000", "贷款定价基准类型": "TR05", "基准利率": "3.70000",
        "贷款担保方式": "E01", "是否首次贷款": "0", "贷款质量": "FQ01", "贷款状态": "LS01",
    }  # fmt: skip
    return fields(table, **{**known, **cells})


def pboc_book(folder: Path) -> Path:
    """Two firms, an owner and a person; a corporate and a personal loan; security; terms."""
    customer = {
        "客户证件类型": "A01",
        "所属行业": "C34",
        "企业规模": "CS03",
        "授信额度": "9000000.00",
        "是否关联方": "0",
    }
    write_csv(folder / "JS_102_FTYKHX.csv", [
        fields("JS_102_FTYKHX", **customer, 客户名称="甲公司", 客户证件代码=FIRM_ID, 营业收入="123.45"),
        fields("JS_102_FTYKHX", **customer, 客户名称="乙店", 客户证件代码="92330106H91GDA0D83"),
    ], encoding="gb18030")  # fmt: skip
    write_csv(folder / "JS_102_GRKHXX.csv", [
        fields("JS_102_GRKHXX", 客户证件类型="B01", 客户证件代码=PERSON_ID, 国籍="CN", 授信额度="50000.00"),
        fields("JS_102_GRKHXX", 客户证件类型="Z99", 客户证件代码="P2", 国籍="CN"),
    ])  # fmt: skip
    write_csv(folder / "JS_201_CLDWDK.csv", [loan_row("JS_201_CLDWDK", 贷款借据编码="J1", 贷款实际投向="C349")])
    personal = {"借款人证件类型": "B01", "借款人证件代码": PERSON_ID, "贷款借据编码": "J2", "贷款担保方式": "D"}
    write_csv(folder / "JS_201_CLGRDK.csv", [loan_row("JS_201_CLGRDK", **personal, 贷款合同编码="H2")])
    write_csv(folder / "JS_201_DBHTXX.csv", [fields("JS_201_DBHTXX", 担保合同编码="G1", 被担保合同编码="H1",
        担保合同类型="02", 担保人证件代码="D1", 担保合同金额折人民币="5.00")], "|")  # fmt: skip
    write_csv(folder / "JS_201_DBWXX.csv", [fields("JS_201_DBWXX", 担保合同编码="G1", 担保物编码="C1",
        是否第一顺位="1", 评估价值="7.00")])  # fmt: skip
    write_csv(folder / "loan_terms.csv", [{"loan_id": "J1", "original_principal_fen": "150000000",
        "amortisation": "bullet", "interest_cycle_months": "3", "interest_day": "20"}])  # fmt: skip
    write_csv(folder / "customer_link.csv", [{"from_borrower_id": PERSON_ID, "to_borrower_id": FIRM_ID,
        "link_kind": "owner_of"}])  # fmt: skip
    return folder


def test_the_official_tables(tmp_path: Path) -> None:
    found = read(pboc_book(tmp_path / "book"), tmp_path)
    assert found.mapping == "pboc"
    assert found.lacks == {}
    assert [code for code, severity, *_ in codes(found) if severity != "warning"] == []
    firms = whole(found, "enterprise")
    assert dict(firms.select("borrower_id", "borrower_kind").iter_rows()) == {
        FIRM_ID: "enterprise",
        "92330106H91GDA0D83": "individual_business",
        PERSON_ID: "owner",
        "P2": "person",
    }
    assert firms.filter(borrower_id=FIRM_ID).select("revenue_fen", "enterprise_size").row(0) == (12345, "small")
    loans = whole(found, "loan")
    assert loans.select("loan_id", "ledger", "nominal_rate_e7", "balance_fen", "guarantee_kind").rows() == [
        ("J1", "corporate", 385_000, 100_000_000, "E"),
        ("J2", "personal", 385_000, 100_000_000, "D"),
    ]
    assert loans["maturity_on"].to_list() == [date(2022, 8, 15)] * 2
    assert whole(found, "guarantee").select("is_maximum_amount", "amount_fen").row(0) == (True, 500)
    assert whole(found, "collateral").select("is_first_rank", "value_fen").row(0) == (True, 700)


def test_every_field_a_mapping_reads_is_official() -> None:
    from steadyrest.exchange import load_mapping

    official = reference.table("official_fields")
    for source in load_mapping("pboc").sources:
        if source.name.startswith("JS_"):
            known = official.filter(table_code=source.name)["field_zh"].to_list()
            assert source.names <= set(known), source.name
            assert set(source.header) <= set(known), source.name
