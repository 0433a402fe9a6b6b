"""The workbook: exact amounts, text that stays text, limits that are named, and the same bytes again."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.report import RunFacts, write_decisions, write_workbook
from steadyrest.report.cells import column_letters, decimal_fen, rows_xml
from steadyrest.report.sheets import sheets
from steadyrest.schema import TABLES, Kind, closed

Run = tuple[Path, RunFacts]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def book(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("book")
    write_workbook(*run, out / "workbook.xlsx")
    write_decisions(*run, out)
    return out


def cells(path: Path, tab: str) -> list[list[str]]:
    """A sheet as text, through an independent reader."""
    sheet = fastexcel.read_excel(str(path)).load_sheet(tab, header_row=None, dtypes="string").to_polars()
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows()]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as source:
        return {entry.filename: source.read(entry) for entry in source.infolist()}


def test_the_same_run_gives_the_same_bytes(
    run: Run, book: Path, make: Callable[[Path, int], RunFacts], tmp_path: Path
) -> None:
    facts = make(tmp_path / "tables", 900)
    write_workbook(tmp_path / "tables", facts, tmp_path / "workbook.xlsx")
    write_decisions(tmp_path / "tables", facts, tmp_path)
    for name in ("workbook.xlsx", "decisions.xlsx", "decisions.csv"):
        assert (tmp_path / name).read_bytes() == (book / name).read_bytes()
    with zipfile.ZipFile(book / "workbook.xlsx") as source:
        assert {entry.date_time for entry in source.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_sheet_holds_its_rows_under_both_languages(run: Run, book: Path) -> None:
    content = sheets(*run)
    tabs = fastexcel.read_excel(str(book / "workbook.xlsx")).sheet_names
    assert len(tabs) == len(content) + 1
    for tab, sheet in zip(tabs[1:], content, strict=True):
        found = cells(book / "workbook.xlsx", tab)
        assert len(found) == sheet.frame.height + 1
        assert [head.split("\n")[1].split(" (yuan)")[0] for head in found[0]] == [
            column.label.en for column in sheet.columns
        ]


def test_amounts_are_the_exact_decimal_of_their_fen(run: Run, book: Path) -> None:
    content = sheets(*run)
    number = next(index for index, sheet in enumerate(content, start=2) if sheet.file.endswith("option.parquet"))
    tree = ElementTree.fromstring(parts(book / "workbook.xlsx")[f"xl/worksheets/sheet{number}.xml"])
    names = [column.name for column in content[number - 2].columns]
    place = names.index("deferred_interest_fen")
    letters = column_letters(place)
    found_at = {cell.attrib["r"]: cell.findtext(f"{MAIN}v") for cell in tree.iter(f"{MAIN}c")}
    found = [found_at[f"{letters}{row.attrib['r']}"] for row in list(tree.iter(f"{MAIN}row"))[1:]]
    fen = pl.read_parquet(run[0] / "option.parquet")["deferred_interest_fen"]
    assert found == [str(Decimal(value) / 100 + Decimal("0.00")) for value in fen]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(-(10**17), 10**17) | st.none(), min_size=1, max_size=20))
def test_fen_become_decimals_without_a_float(values: list[int | None]) -> None:
    found = pl.DataFrame({"fen": pl.Series(values, dtype=pl.Int64)}).select(decimal_fen(pl.col("fen")))
    texts = found.to_series().to_list()
    assert [None if text is None else Decimal(text) for text in texts] == [
        None if value is None else Decimal(value) / 100 for value in values
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=30) | st.none(), min_size=1, max_size=10))
def test_any_text_is_well_formed_and_never_a_formula(values: list[str | None]) -> None:
    frame = pl.DataFrame({"text": pl.Series(values, dtype=pl.String)})
    xml = b"".join(rows_xml(frame, [Kind.TEXT], ["0"], first_row=2)).decode()
    tree = ElementTree.fromstring(f"<sheetData>{xml}</sheetData>")
    assert not list(tree.iter("f"))
    allowed = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f￾￿]")
    for row, value in zip(tree, values, strict=True):
        text = None if value is None else allowed.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
        found = row.find("c/is/t")
        assert (found is None) == (text is None)
        assert found is None or (found.text or "") == text


def test_no_cell_of_the_workbook_is_a_formula(book: Path) -> None:
    for name in ("workbook.xlsx", "decisions.xlsx"):
        for part, body in parts(book / name).items():
            if part.startswith("xl/worksheets/"):
                assert not list(ElementTree.fromstring(body).iter(f"{MAIN}f"))
    assert any("=SUM(1,1)" in body.decode() for body in parts(book / "decisions.xlsx").values())


def test_rows_beyond_the_limit_are_named_and_not_lost(run: Run) -> None:
    for sheet in sheets(*run, limit=10):
        assert sheet.frame.height <= 10
        if sheet.file.endswith(".parquet"):
            assert sheet.rows_in_all == pl.read_parquet(run[0].parent / sheet.file).height


def test_the_read_me_names_every_sheet_and_its_parquet_file(run: Run, book: Path) -> None:
    found = cells(book / "workbook.xlsx", "说明 Read me")
    rows = {row[0]: row for row in found}
    for sheet in sheets(*run):
        assert rows[sheet.tab.both][2:] == [str(sheet.frame.height), str(sheet.rows_in_all), sheet.file]
    text = "\n".join(row[0] for row in found)
    assert "合成数据" in text
    assert "已脱敏" in text


def test_verdicts_are_words_with_every_condition_that_stops(run: Run) -> None:
    sheet = next(sheet for sheet in sheets(*run) if sheet.file.endswith("eligibility.parquet"))
    masks = pl.read_parquet(run[0] / "eligibility.parquet")
    clause = run[1].clauses[0]
    for row, (fail, unknown) in zip(
        sheet.frame.iter_rows(named=True), masks.select("n2_fail", "n2_unknown").iter_rows(), strict=True
    ):
        verdict = "不符合" if fail else "待补数据" if unknown else "符合"
        assert row["n2"].split(" / ")[0] == verdict
        for condition in clause.conditions:
            stopped = bool((fail | unknown) >> condition.bit & 1)
            assert (condition.title.zh in (row["n2_why"] or "")) == stopped


def test_nothing_of_a_person_is_in_the_workbook_unless_asked(
    run: Run, book: Path, unmasked: RunFacts, tmp_path: Path
) -> None:
    ids = pl.read_parquet(run[0] / "enterprise.parquet")["borrower_id"].to_list()
    hidden = "".join(body.decode() for body in parts(book / "workbook.xlsx").values())
    assert [number for number in ids if number in hidden] == []
    assert "江苏恒力" not in hidden
    assert "王小明" not in hidden
    write_workbook(run[0], unmasked, tmp_path / "workbook.xlsx")
    shown = "".join(body.decode() for body in parts(tmp_path / "workbook.xlsx").values())
    assert any(number in shown for number in ids)
    assert "江苏恒力" in shown


def test_the_decision_sheet_has_every_option_once_and_a_drop_down(run: Run, book: Path) -> None:
    accepted = pl.read_parquet(run[0] / "decision.parquet")
    proposed = pl.read_parquet(run[0] / "option.parquet").filter("is_proposed")
    found = cells(book / "decisions.xlsx", "决定 decision")
    assert len(found) - 1 == proposed.height
    filled = [row for row in found[1:] if row[3]]
    assert len(filled) == accepted.height
    assert {row[3].split()[0] for row in filled} == {"signed"}
    body = parts(book / "decisions.xlsx")["xl/worksheets/sheet1.xml"].decode()
    choices = re.search(r'<dataValidation type="list".*?<formula1>"(.*?)"</formula1>', body, re.DOTALL)
    assert choices is not None
    assert [choice.split()[0] for choice in choices.group(1).split(",")] == list(closed("decision"))


def test_the_decision_csv_has_the_registered_columns_and_is_safe_to_open(run: Run, book: Path) -> None:
    raw = (book / "decisions.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    frame = pl.read_csv(raw, schema_overrides={"decided_on": pl.Date})
    assert tuple(frame.columns) == TABLES["decision"].names
    decided = frame.drop_nulls("decision")
    assert set(decided["reason"]) == {"'=SUM(1,1) 暂时遇困"}
    assert set(decided["decided_on"]) == {date(2022, 7, 22)}


def test_a_risk_effect_that_nobody_assessed_says_so(run: Run, tmp_path: Path) -> None:
    shutil.copytree(run[0], tmp_path / "tables")
    signed = pl.read_parquet(run[0] / "amendment.parquet")
    open_ones = signed.with_columns(pl.lit("not_assessed", signed.schema["risk_effect"]).alias("risk_effect"))
    open_ones.write_parquet(tmp_path / "tables" / "amendment.parquet")
    (sheet,) = (item for item in sheets(tmp_path / "tables", run[1]) if item.file.endswith("amendment.parquet"))
    assert set(sheet.frame["risk_effect"]) == {"尚未评估 / not assessed"}
