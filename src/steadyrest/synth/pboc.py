"""The PBoC layout: the four official loan and customer tables in their official fields, the rest in registry names.

Money is yuan with two decimals, rates percent with five, days ISO. Fields nothing is known of stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from steadyrest import reference
from steadyrest.schema import TABLES
from steadyrest.synth.places import institution_id
from steadyrest.text import label

CORPORATE_LOANS: Final = "JS_201_CLDWDK"
PERSONAL_LOANS: Final = "JS_201_CLGRDK"
FIRMS: Final = "JS_102_FTYKHX"
PERSONS: Final = "JS_102_GRKHXX"
_SIZES: Final = {"large": "CS01", "medium": "CS02", "small": "CS03", "micro": "CS04", "not_enterprise": "CS05"}


class PbocLayout:
    """Draws registered tables as files of the layout. Loans need their borrowers, so customers come first."""

    def __init__(self) -> None:
        self._customers = TABLES["enterprise"].empty()

    def __call__(self, table: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        """File names and their rows, all cells as text."""
        if table == "enterprise":
            self._customers = frame
            is_person = pl.col("id_kind").str.starts_with("B").fill_null(False)
            yield f"{FIRMS}.csv", _official(FIRMS, frame.filter(~is_person), _FIRM)
            yield f"{PERSONS}.csv", _official(PERSONS, frame.filter(is_person), _PERSON)
        elif table == "loan":
            is_personal = (pl.col("ledger").cast(pl.String) == "personal").fill_null(False)
            whole = frame.join(_customers(self._customers), on="borrower_id", how="left", maintain_order="left")
            yield f"{CORPORATE_LOANS}.csv", _official(CORPORATE_LOANS, whole.filter(~is_personal), _CORPORATE)
            yield f"{PERSONAL_LOANS}.csv", _official(PERSONAL_LOANS, whole.filter(is_personal), _LOAN)
        else:
            yield f"{table}.csv", frame.with_columns(pl.col(pl.Boolean).cast(pl.Int8))


def _customers(frame: pl.DataFrame) -> pl.DataFrame:
    """What a loan row repeats of its borrower."""
    return frame.unique("borrower_id", keep="first", maintain_order=True).select(
        "borrower_id",
        pl.col("id_kind").alias("customer_id_kind"),
        pl.col("industry_code").alias("customer_industry"),
        pl.col("region_code").alias("customer_region"),
        pl.col("enterprise_size").alias("customer_size"),
        pl.col("borrower_kind").alias("customer_kind"),
    )


def _official(code: str, frame: pl.DataFrame, fields: dict[str, pl.Expr]) -> pl.DataFrame:
    """The fields of an official table in their order; what `fields` does not name is empty."""
    names = official_fields(code)
    unknown = set(fields) - set(names)
    assert not unknown, f"fields that {code} does not have: {unknown}"
    empty = pl.lit(None, pl.String)
    return frame.select(fields.get(name, empty).alias(name) for name in names)


def official_fields(code: str) -> list[str]:
    """Field names of an official table in order."""
    rows = reference.table("official_fields").filter(pl.col("table_code") == code)
    return [str(name) for name in rows.sort("sequence")["field_zh"]]


def yuan(name: str) -> pl.Expr:
    """Fen as yuan with two decimals, written from integers."""
    return _decimal(pl.col(name), 2)


def percent(name: str) -> pl.Expr:
    """A rate as percent with five decimals, written from integers."""
    return _decimal(pl.col(name), 5)


def _decimal(value: pl.Expr, places: int) -> pl.Expr:
    scale = 10**places
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole = (value.abs() // scale).cast(pl.String)
    rest = (value.abs() % scale).cast(pl.String).str.zfill(places)
    return pl.concat_str(sign, whole, pl.lit("."), rest)


def _flag(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int8).cast(pl.String)


def _iso(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")


def _size(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).replace_strict(_SIZES, default=None, return_dtype=pl.String)


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _birthday() -> pl.Expr:
    """The birthday an identity number holds."""
    digits = pl.col("borrower_id")
    parts = [digits.str.slice(start, length) for start, length in ((6, 4), (10, 2), (12, 2))]
    return pl.concat_str(parts, separator="-")


def _purpose(kind: str) -> pl.Expr:
    return pl.lit(label(f"synth.purpose.{kind}").zh)


_LOAN: Final = {
    "金融机构代码": _text("institution_id"),
    "内部机构号": _text("branch_id"),
    "金融机构地区代码": _text("region_code"),
    "借款人证件类型": _text("customer_id_kind"),
    "借款人证件代码": _text("borrower_id"),
    "借款人地区代码": _text("customer_region"),
    "贷款借据编码": _text("loan_id"),
    "贷款合同编码": _text("contract_id"),
    "贷款产品类别": _text("product"),
    "贷款发放日期": _iso("drawn_on"),
    "贷款到期日期": _iso("maturity_on"),
    "贷款展期到期日期": _iso("extended_maturity_on"),
    "币种": _text("currency"),
    "贷款余额": yuan("balance_fen"),
    "贷款余额折人民币": yuan("balance_cny_fen"),
    "利率是否固定": _text("rate_type"),
    "利率水平": percent("nominal_rate_e7"),
    "贷款定价基准类型": _text("benchmark_kind"),
    "基准利率": percent("benchmark_rate_e7"),
    "贷款利率重新定价日": _iso("repricing_on"),
    "贷款担保方式": _text("guarantee_kind"),
    "是否首次贷款": _flag("is_first_loan"),
    "贷款质量": _text("quality"),
    "贷款状态": _text("loan_status"),
    "逾期类型": _text("overdue_kind"),
    "贷款用途": _purpose("person"),
}
_CORPORATE: Final = _LOAN | {
    "借款人行业": _text("customer_industry"),
    "借款人经济成分": pl.lit("B0101"),
    "借款人企业规模": _size("customer_size"),
    "贷款实际投向": _text("use_industry_code"),
    "贷款用途": _purpose("business"),
}
_FIRM: Final = {
    "金融机构代码": pl.lit(institution_id()),
    "客户名称": _text("name"),
    "客户证件类型": _text("id_kind"),
    "客户证件代码": _text("borrower_id"),
    "总资产": yuan("total_assets_fen"),
    "营业收入": yuan("revenue_fen"),
    "从业人员数": _text("employees"),
    "是否上市公司": _flag("is_listed"),
    "首次建立信贷关系日期": _iso("first_credit_on"),
    "地区代码": _text("region_code"),
    "经营状态": pl.lit("01"),
    "成立日期": _iso("established_on"),
    "所属行业": _text("industry_code"),
    "企业规模": _size("enterprise_size"),
    "客户经济成分": pl.lit("B0101"),
    "授信额度": yuan("credit_line_fen"),
    "已用额度": yuan("credit_used_fen"),
    "是否关联方": _flag("is_related_party"),
}
_PERSON: Final = {
    "金融机构代码": pl.lit(institution_id()),
    "客户证件类型": _text("id_kind"),
    "客户证件代码": _text("borrower_id"),
    "国籍": pl.lit("CN"),
    "出生日期": _birthday(),
    "地区代码": _text("region_code"),
    "是否关联方": _flag("is_related_party"),
    "授信额度": yuan("credit_line_fen"),
    "已用额度": yuan("credit_used_fen"),
}
