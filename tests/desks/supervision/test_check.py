"""The validator of official files: every rule with a file that passes and one that breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from steadyrest.desks.supervision import Happening
from steadyrest.desks.supervision.check import check
from steadyrest.desks.supervision.layout import KEYS, fields, names
from steadyrest.desks.supervision.on_file import on_file
from steadyrest.exchange.official import read_official
from steadyrest.text import catalogue

ON = date(2022, 8, 31)
STOCK, FLOW, REPLACED = "JS_201_CLDWDK", "JS_201_DWDKFS", "JS_201_ZHJZFS"
ROW = {
    "金融机构代码": "91110000100000000X",
    "借款人证件类型": "A01",
    "借款人证件代码": "91110000600037341L",
    "贷款借据编码": "JJ0001",
    "贷款产品类别": "F022",
    "贷款发放日期": "2021-09-15",
    "贷款到期日期": "2022-09-15",
    "币种": "CNY",
    "贷款余额": "1000000.00",
    "贷款余额折人民币": "1000000.00",
    "利率是否固定": "RF01",
    "利率水平": "4.35000",
    "贷款利率重新定价日": "2022-09-15",
    "贷款担保方式": "D",
    "贷款质量": "FQ01",
    "贷款状态": "LS01",
}
FLOW_ROW = {name: ROW[name] for name in ROW if name not in ("贷款余额", "贷款余额折人民币", "贷款质量")} | {
    "贷款发生金额": "1000000.00", "贷款发生金额折人民币": "1000000.00", "贷款状态": "LF01", "发放/收回标识": "1",
    "交易流水号": "1",
}  # fmt: skip
REPLACED_ROW = {"贷款借据编码": "JJ0001", "交易流水号": "1", "被置换债务凭证编码": "JJ0000"}


def happening(kind: str, on: str, **facts: Any) -> Happening:
    days = {name: date.fromisoformat(value) for name, value in facts.items() if name in ("to", "maturity_on")}
    return Happening(kind=kind, on=date.fromisoformat(on), **facts | days)


CONTRACT = happening("contract", "2021-09-15", maturity_on="2022-09-15", rate_type="RF01", rate_e7=435_000)
DEFERRED = happening("deferral_agreement", "2022-08-16", to="2022-12-15")
EXTENDED = happening("extension_contract", "2022-08-20", to="2023-03-15")
LATE = happening("overdue", "2022-08-21", overdue_kind="02")
DEFERRED_ROW = ROW | {"贷款到期日期": "2022-12-15", "贷款利率重新定价日": "2022-12-15"}
EXTENDED_ROW = ROW | {"贷款展期到期日期": "2023-03-15", "贷款状态": "LS02", "贷款利率重新定价日": "2023-03-15"}
LATE_ROW = ROW | {"贷款状态": "LS03", "逾期类型": "02"}
FLOATING_ROW = ROW | {"利率是否固定": "RF02", "贷款利率重新定价日": "2022-09-01"}
FLOATING = happening("contract", "2021-09-15", maturity_on="2022-09-15", rate_type="RF02",
                     resets=(date(2022, 6, 1), date(2022, 9, 1)))  # fmt: skip
PASSED = happening("contract", "2021-06-15", maturity_on="2022-06-15", rate_type="RF01")
PASSED_ROW = DEFERRED_ROW | {"贷款发放日期": "2021-06-15"}
RENEWED = happening("new_loan_repays_old", "2022-08-10", is_sound=False)
SOUND = happening("renewal_no_repayment", "2022-08-10")
OLD = happening("contract", "2021-06-15", maturity_on="2022-09-15")

FILES: list[tuple[str, str, Sequence[Happening], Mapping[str, str], Mapping[str, str]]] = [
    ("D1", STOCK, [CONTRACT, DEFERRED], DEFERRED_ROW, ROW),
    ("D2", STOCK, [CONTRACT, happening("overdue", "2022-08-01", overdue_kind="01"), EXTENDED], EXTENDED_ROW,
     EXTENDED_ROW | {"贷款状态": "LS03", "逾期类型": "01"}),
    ("D3", STOCK, [CONTRACT, EXTENDED, LATE], EXTENDED_ROW | {"贷款状态": "LS03", "逾期类型": "02"}, EXTENDED_ROW),
    ("D4", STOCK, [], EXTENDED_ROW, EXTENDED_ROW | {"贷款展期到期日期": "2022-09-15"}),
    ("D5", STOCK, [], EXTENDED_ROW, EXTENDED_ROW | {"贷款利率重新定价日": "2022-09-15"}),
    ("D6", STOCK, [FLOATING], FLOATING_ROW, FLOATING_ROW | {"贷款利率重新定价日": "2022-09-15"}),
    ("D7", FLOW, [happening("contract", "2022-08-02", maturity_on="2023-08-02")], FLOW_ROW, {}),
    ("D7", FLOW, [OLD, DEFERRED], {}, FLOW_ROW),
    ("D8", STOCK, [CONTRACT, EXTENDED], EXTENDED_ROW, EXTENDED_ROW | {"贷款展期到期日期": "2023-06-15"}),
    ("D9", REPLACED, [OLD, RENEWED], REPLACED_ROW, {}),
    ("D9", REPLACED, [OLD, SOUND], {}, REPLACED_ROW),
    ("D10", STOCK, [PASSED, happening("deferral_agreement", "2022-06-01", to="2022-12-15")], PASSED_ROW,
     PASSED_ROW | {"贷款状态": "LS03", "逾期类型": "01"}),
    ("D11", STOCK, [CONTRACT, happening("instalment_plan", "2021-09-15", to="2022-12-15")], DEFERRED_ROW, ROW),
    ("D12", STOCK, [CONTRACT, LATE], LATE_ROW, ROW),
    ("D13", STOCK, [CONTRACT, DEFERRED], DEFERRED_ROW, {}),
    ("D14", STOCK, [CONTRACT, LATE, happening("penalty_rate", "2022-08-21", rate_e7=652_500)],
     LATE_ROW | {"利率水平": "6.52500"}, LATE_ROW),
    ("D15", STOCK, [CONTRACT, EXTENDED], EXTENDED_ROW, EXTENDED_ROW | {"贷款到期日期": "2023-03-15"}),
]  # fmt: skip


def file_of(folder: Path, table: str, *rows: Mapping[str, str], header: bool = True) -> Path:
    """A file of an official table, `|` between the cells."""
    lines = ["|".join(row.get(name, "") for name in names(table)) for row in rows]
    path = folder / f"{table}.txt"
    path.write_text("\n".join((["|".join(names(table))] if header else []) + lines) + "\n", "utf-8")
    return path


def rules(path: Path, happened: Mapping[str, Sequence[Happening]], report_on: date = ON) -> set[str]:
    table, rows, _ = read_official(path)
    return set(check(table, rows, report_on, happened)["rule"])


@pytest.mark.parametrize(("rule", "table", "known", "good", "bad"), FILES)
def test_each_rule_of_the_guide(
    tmp_path: Path, rule: str, table: str, known: Sequence[Happening], good: Mapping[str, str], bad: Mapping[str, str]
) -> None:
    other = ROW | {"贷款借据编码": "JJ0002"}
    happened = {"JJ0001": known} if known else {}
    if good:
        assert rule not in rules(file_of(tmp_path, table, good), happened)
    if bad:
        told = {rule, "D1", "D12"} if rule == "D10" else {rule}
        assert told & rules(file_of(tmp_path, table, bad), happened)
        assert rule in rules(file_of(tmp_path, table, bad), happened)
    if table == STOCK and good:
        assert rules(file_of(tmp_path, table, good, other), happened) == set()


def test_an_agreement_after_maturity_is_for_a_person(tmp_path: Path) -> None:
    known = [CONTRACT, happening("deferral_agreement", "2022-09-20", to="2022-12-15")]
    table, rows, _ = read_official(file_of(tmp_path, STOCK, DEFERRED_ROW))
    found = check(table, rows, date(2022, 9, 30), {"JJ0001": known})
    assert found.select("rule", "severity").rows() == [("D13", "warning")]


def test_a_maturity_that_moved_since_last_month_needs_an_agreement(tmp_path: Path) -> None:
    table, before, _ = read_official(file_of(tmp_path, STOCK, ROW))
    _, now, _ = read_official(file_of(tmp_path, STOCK, DEFERRED_ROW))
    assert check(table, now, ON, {}, before)["rule"].to_list() == ["D15"]
    assert check(table, now, ON, {"JJ0001": [CONTRACT, DEFERRED]}, before).height == 0


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("F1", {"贷款余额": "1000000", "贷款余额折人民币": "1000000"}),
        ("F1", {"贷款发放日期": "2021-02-30"}),
        ("F1", {"利率水平": "4.35"}),
        ("F2", {"贷款质量": ""}),
        ("F3", {"贷款状态": "LS09"}),
        ("F3", {"贷款产品类别": "X1"}),
        ("F4", {"贷款担保方式": "B"}),
        ("F6", {"贷款余额折人民币": "999999.00"}),
        ("F7", {"基准利率": "3.70000"}),
    ],
)
def test_formats_codes_and_fields_that_belong_together(tmp_path: Path, rule: str, change: Mapping[str, str]) -> None:
    assert rules(file_of(tmp_path, STOCK, ROW), {}) == set()
    assert rule in rules(file_of(tmp_path, STOCK, {**ROW, **change}), {})


def test_a_row_stands_once_and_a_file_without_header_is_read(tmp_path: Path) -> None:
    assert rules(file_of(tmp_path, STOCK, ROW, ROW, header=False), {}) == {"F5"}


def test_reporting_that_has_ended(tmp_path: Path) -> None:
    table = "五篇大文章-3.1"
    ended = [field.name for field in fields(table) if field.is_ended]
    assert len(ended) == 2
    frame = pl.DataFrame([{ended[0]: "1"}])
    assert check(table, frame, ON).filter(field=ended[0])["rule"].to_list() == ["F8"]


@pytest.mark.parametrize(
    ("table", "field", "cell", "first"),
    [
        (STOCK, "贷款定价基准类型", "TR05", date(2013, 10, 25)),
        ("IE_005_504", "利率类型", "LPR", date(2013, 10, 25)),
        ("T_6_27", "计息方式", "07", date(2024, 1, 1)),
    ],
)
def test_what_the_sources_do_not_know_of_a_day_is_asked(table: str, field: str, cell: str, first: date) -> None:
    """A code or field stands from its first day on; the day before a person is asked, and nothing is called wrong."""
    frame = pl.DataFrame([{field: cell}])
    before = check(table, frame, first - timedelta(days=1)).filter(field=field, rule="F9")
    assert before["severity"].unique().to_list() == ["warning"]
    assert first.isoformat() in before["args"][0]
    assert "F9" not in check(table, frame, first)["rule"].to_list()


def test_every_rule_has_its_sentences() -> None:
    ids = [f"D{number}" for number in range(1, 16)] + [f"F{number}" for number in range(10)]
    keys = [f"rule.{rule}.{part}" for rule in ids for part in ("what", "todo")]
    assert [key for key in keys if key not in catalogue()] == []
    assert set(KEYS) >= {STOCK, FLOW, REPLACED}


def test_what_is_on_file_of_a_book() -> None:
    loan = {"loan_id": "J", "drawn_on": date(2021, 9, 15), "maturity_on": date(2022, 9, 15), "rate_type": "RF01",
            "nominal_rate_e7": 435_000, "repricing_on": None}  # fmt: skip
    agreed = {"loan_id": "J", "legal_form": "deferral_agreement", "signed_on": date(2022, 8, 1), "broken_on": None}
    tables = {
        "loan": pl.DataFrame([loan]),
        "agreement": pl.DataFrame(
            [agreed | {"new_due_on": day, "agreement_id": str(day)} for day in (date(2022, 12, 15), date(2022, 9, 1))]
        ),
        "arrears": pl.DataFrame([{"loan_id": "J", "due_on": date(2022, 6, 21), "principal_fen": 0, "interest_fen": 5}]),
    }
    known = on_file(tables, ON)["J"]
    assert [(each.kind, each.to) for each in known] == [
        ("contract", None), ("overdue", None), ("deferral_agreement", None), ("deferral_agreement", date(2022, 12, 15)),
    ]  # fmt: skip
    assert known[1].overdue_kind == "02"
