"""Decision tables on sheets and as DMN: they come back as they went out, and every complaint has its address."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steadyrest.app import open_table
from steadyrest.errors import InputError, RuleError, UsageError
from steadyrest.exchange.table_sheet import read_table_sheet, write_table_sheet
from steadyrest.rules.dmn import read_model
from steadyrest.rules.dmn.tables import table_value
from steadyrest.rules.tables import Input, Output, Table, decide_row, table
from steadyrest.rules.tables.dmn import from_dmn, to_dmn
from steadyrest.schema import TABLES, Kind
from steadyrest.text import Text
from tests.cli.called import call

FACTS = TABLES["loan_facts"].by_name()
RESULT = Output("quality", Kind.CODE, Text("分类", "class"), values=("FQ01", "FQ02", "FQ03"))
AMOUNT = Output("limit_fen", Kind.MONEY, Text("限额", "limit"), "yuan")
CELLS = {
    "past_due_days": ("-", "0", "<= 30", "[31..90]", ">= 91", "missing", "present", "0, [10..19]"),
    "guarantee_kind": ("-", "A", "A, B", "not(D)", "missing", "present"),
    "balance_fen": ("-", "<= 1000.00", "[0.01..5.00]"),
    "maturity_on": ("-", "2022-12-31", ">= 2022-12-31", "[2022-01-01..2022-06-30]"),
}


def item(name: str) -> Input:
    return Input(FACTS[name], FACTS[name].label, "yuan" if FACTS[name].kind is Kind.MONEY else "")


@st.composite
def tables(draw: st.DrawFn) -> Table:
    names = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=4, unique=True))
    row = st.tuples(st.tuples(*(st.sampled_from(CELLS[name]) for name in names)),
                    st.tuples(st.sampled_from(("FQ01", "FQ03", "-")), st.sampled_from(("-", "12.50", "100.00"))),
                    st.sampled_from(("", "一句备注")))  # fmt: skip
    policy = draw(st.sampled_from(["unique", "any", "first", "priority", "collect", "rule_order", "output_order"]))
    return table(policy, [item(name) for name in names], [RESULT, AMOUNT], draw(st.lists(row, min_size=1, max_size=6)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(known=tables())
def test_a_table_comes_back_from_a_sheet_and_from_dmn(known: Table, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table_sheet(path, known, Text("表", "table"))
    assert read_table_sheet(path) == known
    assert from_dmn(to_dmn(known, "t").encode()) == known


def test_the_dmn_that_is_written_decides_as_the_table_does() -> None:
    lines = [(("[0..30]", "A"), ("FQ01",), ""), ((">= 31", "A, B"), ("FQ02",), ""), (("-", "not(A, B)"), ("FQ03",), "")]
    known = table("first", [item("past_due_days"), item("guarantee_kind")], [RESULT], lines)
    model = read_model(to_dmn(known, "Class").encode())
    model = type(model)(model.name, {"d": ("past_due_days", "")}, model.decisions, model.types)
    body = model.decisions["d"].body
    for days, kind in [(5, "A"), (31, "B"), (5, "B"), (99, "D")]:
        scope = {"past_due_days": Decimal(days), "guarantee_kind": kind}
        state, _, results = decide_row(known, {"past_due_days": days, "guarantee_kind": kind})
        assert table_value(body, scope, list(scope)) == (results["quality"] if state == "hit" else None)  # type: ignore[arg-type]


def sheet(path: Path, change: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> Path:
    """A plain table with something wrong."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        heads = [["hit_policy", "first"], ["input", "output", "note"], ["past_due_days", "quality", "note"],
                 ["", "code; FQ01, FQ02"], ["天数 / days", "分类 / class"],
                 ["<= 30", "FQ01"], ["> 30", "FQ02"]]  # fmt: skip
        for row, cells in enumerate(heads):
            page.write_row(row, 0, cells)
        change(page)
    return path


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        (lambda page: page.write_formula(6, 1, '="FQ0"&"2"', None, "FQ02"), "input.table_formula", "B7"),
        (lambda page: page.write_string(5, 0, "thirty"), "input.table_cell", "A6"),
        (lambda page: page.write_string(6, 1, "FQ07"), "input.table_cell", "B7"),
        (lambda page: page.write_string(2, 0, "past_due"), "input.table_column", "A3"),
        (lambda page: page.write_string(3, 1, "kode; FQ01"), "input.table_column", "B4"),
        (lambda page: page.write_string(0, 1, "frist"), "input.table_cell", "B1"),
        (lambda page: [page.write_string(1, at, "input") for at in range(1_000)], "input.table_width", "CC2"),
        (lambda page: page.write_string(0, 0, "policy"), "input.table_head", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_address(
    tmp_path: Path, change: Callable[[xlsxwriter.worksheet.Worksheet], object], code: str, cell: str
) -> None:
    with pytest.raises(InputError) as error:
        read_table_sheet(sheet(tmp_path / "t.xlsx", change))
    assert error.value.code == code
    assert cell in error.value.what.en
    assert cell in error.value.what.zh
    assert error.value.todo.zh


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.xlsx", b"no archive"), ("b.dmn", b"<definitions/>"), ("c.dmn", b"<")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises((InputError, RuleError)):
            open_table(str(tmp_path / name))
    with pytest.raises(UsageError):
        read_table_sheet(tmp_path / "none.xlsx")
    with pytest.raises(UsageError, match="nearest"):
        open_table("cn.cbrc.2007-63.matrx")


def test_a_table_of_the_packs_is_checked_and_written(tmp_path: Path) -> None:
    name = "cn.cbrc.2007-63.matrix"
    found = call("tables", "check", name, "--json")
    assert found.code == 1
    assert [row["kind"] for row in found.json["findings"]] == ["gap"]
    assert "guarantee_kind: E, Z" in found.json["findings"][0]["region"]
    for end in ("xlsx", "dmn"):
        out = tmp_path / f"matrix.{end}"
        assert call("tables", "convert", name, "--out", out, "--json").code == 0
        assert open_table(str(out))[1] == open_table(name)[1]
        assert "guarantee_kind: E, Z" in call("tables", "check", out, "--lang", "en").out
    assert (
        call("tables", "convert", name, "--out", tmp_path / "x.txt", "--json").json["error"]["code"]
        == "call.table_suffix"
    )
