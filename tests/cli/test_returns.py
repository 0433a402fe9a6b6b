"""`steadyrest returns`: what it writes passes its own validator, and what came in goes out as it came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from steadyrest import app, synth
from steadyrest.app.returns_out import ORDER_FILE
from steadyrest.exchange.mapping import Source, load_mapping
from steadyrest.exchange.official import read_official
from steadyrest.schema import Kind
from tests.cli.called import call

AS_OF = "2022-07-31"
AS_OF_DAY = date(2022, 7, 31)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("returns")
    synth.write_book(folder / "book", loans=3_000, layout="extracts", dirt=False)
    found = call("returns", "write", folder / "book", "--as-of", AS_OF, "--out", folder / "out", "--json")
    assert found.code == 0
    assert found.json["files"]["JS_201_CLDWDK.csv"] > 2_000
    return folder / "book", folder / "out"


def official(path: Path) -> Mapping[str, pl.DataFrame]:
    return {name: rows for name, rows, _ in (read_official(file) for file in sorted(path.glob("*.csv")))}


def test_what_is_written_breaks_no_rule(written: tuple[Path, Path]) -> None:
    book, out = written
    files = [out / "official" / f"{name}.csv" for name in ("JS_201_CLDWDK", "JS_201_CLGRDK")]
    found = call("returns", "check", *files, "--book", book, "--as-of", AS_OF, "--json")
    assert (found.code, found.json["findings"]) == (0, [])


def test_the_stock_that_came_in_breaks_rules_of_agreements_not_yet_booked(written: tuple[Path, Path]) -> None:
    book, _ = written
    found = call("returns", "check", book / "JS_201_CLDWDK.dat.gz", "--book", book, "--as-of", AS_OF, "--json")
    assert found.code == 1
    assert {row["rule"] for row in found.json["findings"]} >= {"D1", "D15"}


def test_a_file_that_came_in_goes_out_cell_for_cell(written: tuple[Path, Path], tmp_path: Path) -> None:
    """Only receipts with something on file change, and a second round changes nothing at all."""
    book, out = written
    first = official(out / "official")
    _, came, _ = read_official(book / "JS_201_CLDWDK.dat.gz")
    went = first["JS_201_CLDWDK"]
    same = (came == went).fill_null(True).select(pl.all_horizontal(pl.all())).to_series()
    order = pl.read_csv(out / ORDER_FILE, infer_schema=False)
    changed = set(went.filter(~same)["贷款借据编码"])
    assert 0 < len(changed) < came.height // 20
    assert set(order.filter(changed_field="maturity_on")["loan_id"]) & set(went["贷款借据编码"]) <= changed
    again = tmp_path / "book"
    again.mkdir()
    for file in (out / "official").iterdir():
        (again / file.name).write_bytes(file.read_bytes())
    for name in ("agreement", "customer_link", "credit_line"):
        (again / f"{name}.csv").write_bytes((book / f"{name}.csv").read_bytes())
    app.write_returns(again, AS_OF_DAY, tmp_path / "out")
    second = official(tmp_path / "out" / "official")
    assert first.keys() == second.keys()
    for file in (out / "official").iterdir():
        assert file.read_bytes() == (tmp_path / "out" / "official" / file.name).read_bytes(), file.name


def test_last_months_order_is_checked_against_this_book(written: tuple[Path, Path], tmp_path: Path) -> None:
    book, out = written
    asked = ("returns", "write", book, "--as-of", AS_OF, "--json")
    found = call(*asked, "--out", tmp_path / "o", "--order", out / ORDER_FILE)
    assert set(found.json["order"]) <= {"not_booked", "as_agreed", "differently", "-"}
    assert found.json["order"]["not_booked"] > 0
    assert call(*asked, "--out", tmp_path / "o").json["error"]["code"] == "call.folder_not_empty"
    wrong = call(*asked, "--out", tmp_path / "p", "--order", out / "s71.csv")
    assert wrong.json["error"]["code"] == "call.not_an_order"


def test_a_book_without_official_files_gets_them_from_the_registry(tmp_path: Path) -> None:
    synth.write_book(tmp_path / "book", loans=300, layout="steadyrest", dirt=False, witnesses=False)
    done = app.write_returns(tmp_path / "book", AS_OF_DAY, tmp_path / "out")
    assert done.rows["JS_201_CLDWDK.csv"] + done.rows["JS_201_CLGRDK.csv"] == 300
    files = [path for path in (tmp_path / "out" / "official").iterdir() if path.name.startswith("JS_201")]
    assert len(files) == 4
    found = call("returns", "check", *files, "--book", tmp_path / "book", "--as-of", AS_OF, "--json")
    assert found.json["findings"] == []


def test_what_was_paid_out_in_the_month_is_the_flow(written: tuple[Path, Path]) -> None:
    book, out = written
    _, stock, _ = read_official(out / "official" / "JS_201_CLDWDK.csv")
    _, flow, _ = read_official(out / "official" / "JS_201_DWDKFS.csv")
    new = stock.filter(pl.col("贷款发放日期").str.starts_with("2022-07"))
    assert flow.height == new.height > 0
    assert set(flow["贷款借据编码"]) == set(new["贷款借据编码"])
    assert flow["发放/收回标识"].unique().to_list() == ["1"]
    assert flow["借款人证件代码"].null_count() == 0
    assert flow["贷款发生金额"].str.contains(r"^\d+\.\d{2}$").all()
    file = out / "official" / "JS_201_DWDKFS.csv"
    checked = call("returns", "check", file, "--book", book, "--as-of", AS_OF, "--json")
    assert checked.json["findings"] == []


LAYOUTS = [source for source in load_mapping("extracts").sources if source.order]
ONE_LOAN = (
    "loan_id,borrower_id,ledger,drawn_on,maturity_on,currency,balance_fen\n"
    "L1,110101199003070337,personal,2022-01-01,2023-01-01,CNY,500\n"
)


@pytest.mark.parametrize("source", LAYOUTS, ids=lambda source: source.name)
def test_every_layout_goes_out_as_it_came(tmp_path: Path, source: Source) -> None:
    """Whatever its cells hold: fields we do not understand, rows that were set aside."""
    mapping = tmp_path / "own.yaml"
    mapping.write_text("name: own\ntitle: { zh: 自有, en: own }\nincludes: [extracts]\nregistry: [loan]\n", "utf-8")
    book = tmp_path / "book"
    book.mkdir()
    lines = [[f"{name[:1]}{row}" for name in source.order] for row in (1, 2)]
    file = book / f"{source.name}.txt"
    file.write_text("\n".join("|".join(line) for line in [list(source.order), *lines]) + "\n", "utf-8")
    (book / "loan.csv").write_text(ONE_LOAN, "utf-8")
    went = []
    for turn in ("one", "two"):
        app.write_returns(book, AS_OF_DAY, tmp_path / turn, mapping=mapping)
        out = tmp_path / turn / "official" / f"{source.name}.csv"
        _, rows, _ = read_official(out)
        assert [list(row) for row in rows.rows()] == lines
        went.append(out.read_bytes())
        file.write_bytes(went[-1])
    assert went[0] == went[1]


PERSON, FIRM = "110101199003070337", "91110000600037341L"
SAID = {
    "贷款借据编码": "L1", "信贷借据号": "L1", "借据ID": "L1", "客户证件代码": PERSON, "借款人证件代码": PERSON,
    "客户统一编号": PERSON, "客户证件类型": "B01", "借款人证件类型": "B01", "担保人证件代码": FIRM,
    "币种": "CNY", "被置换债务币种": "CNY", "出生日期": "1990-03-07", "发放/收回标识": "0", "担保合同类型": "01",
    "担保人证件类型": "A01", "利率浮动": "-15", "债务重组次数": "1", "逾期类型": "", "贷款展期到期日期": "",
    "贷款状态": "LS01", "贷款重组方式": "",
    "贷款到期日期": "2023-01-01", "贷款发放日期": "2022-01-01", "贷款实际终止日期": "2022-07-11", "所属行业": "200",
    "贷款实际投向": "2000", "终结日期": "99991231", "欠本日期": "99991231", "欠息日期": "20220621",
}  # fmt: skip
OF_FIRM = {"客户证件代码": FIRM, "借款人证件代码": FIRM, "客户证件类型": "A01", "借款人证件类型": "A01"}
OF_EAST = {  # the words of EAST
    "贷款状态": "核销",
    "贷款发放日期": "20220101",
    "贷款到期日期": "20230101",
    "贷款五级分类": "正常",
    "利率类型": "LPR",
}
OF_FLOW = {"贷款状态": "LF01", "贷款重组方式": "01"}


def said(source: Source, name: str) -> str:
    """A cell that the format and the codes of a field allow."""
    firm = OF_FIRM if source.name in ("JS_102_FTYKHX", "JS_201_CLDWDK") else {}
    east = OF_EAST if source.name.startswith("IE_") else OF_FLOW if source.name.endswith("DKFS") else {}
    whole = {**SAID, **firm, **east}
    if name in whole:
        return whole[name]
    specs = [spec for table in source.tables.values() for spec in table if name in spec.sources]
    words = next((tuple(spec.codes) for spec in specs if spec.codes), ())
    known = words or next((spec.column.codes for spec in specs if spec.column.codes), ())
    if known:
        return known[0]
    kinds = {spec.column.kind for spec in specs}
    if Kind.RATE in kinds:
        return "4.35000"
    if Kind.MONEY in kinds:
        return "1234.50"
    if Kind.DAY in kinds:
        return "20220715" if source.name.startswith("IE_") else "2022-07-15"
    if Kind.FLAG in kinds:
        return "1"
    return "7" if Kind.COUNT in kinds else f"{name[:2]}1"


@pytest.mark.parametrize("source", LAYOUTS, ids=lambda source: source.name)
def test_every_field_of_every_layout_is_held_by_a_column(tmp_path: Path, source: Source) -> None:
    """Written from the registry, an official row is what it was, field by field: none is without its column."""
    mapping = tmp_path / "own.yaml"
    mapping.write_text("name: own\ntitle: { zh: 自有, en: own }\nincludes: [extracts]\nregistry: [loan]\n", "utf-8")
    book = tmp_path / "book"
    book.mkdir()
    line = [said(source, name) for name in source.order]
    (book / f"{source.name}.txt").write_text("|".join(source.order) + "\n" + "|".join(line) + "\n", "utf-8")
    if "loan" not in source.tables:
        (book / "loan.csv").write_text(ONE_LOAN, "utf-8")
    app.write_returns(book, AS_OF_DAY, tmp_path / "out", mapping=mapping, from_registry=True)
    _, rows, _ = read_official(tmp_path / "out" / "official" / f"{source.name}.csv")
    assert dict(zip(source.order, line, strict=True)) == {k: v or "" for k, v in rows.row(0, named=True).items()}
    assert rows.height == 1


def test_a_file_that_is_no_official_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    assert call("returns", "check", path, "--as-of", AS_OF, "--json").json["error"]["code"].startswith("input.")
