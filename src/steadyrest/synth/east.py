"""The EAST receipts of the made-up bank: what its core system says of each receipt, next instalment included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from steadyrest.contracts import project, resolve
from steadyrest.desks.positions import positions
from steadyrest.synth.pboc import official_fields, percent, yuan

CORPORATE: Final = "IE_005_504"
PERSONAL: Final = "IE_005_503"
NO_DAY: Final = "99991231"
_PRODUCTS: Final = {
    "F022": "流动资金贷款", "F023": "一般固定资产贷款", "F041": "法人账户透支", "F0211": "住房按揭贷款",
    "F0212": "汽车贷款", "F0213": "助学贷款", "F0219": "消费贷款", "F08": "贸易融资业务", "F09": "融资租赁业务",
    "F05": "垫款",
}  # fmt: skip
_QUALITY: Final = {"FQ01": "正常", "FQ02": "关注", "FQ03": "次级", "FQ04": "可疑", "FQ05": "损失"}
_METHODS: Final = {1: "按月", 3: "按季", 6: "按半年", 12: "按年"}


def east_rows(tables: Mapping[str, pl.DataFrame], as_of: date) -> dict[str, pl.DataFrame]:
    """The official rows by table, all cells text: a day that is none is 99991231, as core systems write it."""
    core = _core(tables, as_of)
    fields = {
        "金融许可证号": pl.lit("B0000H100000001"),
        "内部机构号": pl.col("branch_id"),
        "明细科目编号": pl.lit("1303"),
        "客户统一编号": pl.concat_str(pl.lit("KH"), "borrower_id"),
        "信贷合同号": pl.col("contract_id"),
        "信贷借据号": pl.col("loan_id"),
        "信贷业务种类": _words("product", _PRODUCTS, "其他-自定义"),
        "贷款发放类型": pl.lit("新增"),
        "放款方式": pl.lit("受托支付"),
        "币种": pl.col("currency"),
        "贷款金额": yuan("original_principal_fen"),
        "贷款余额": yuan("balance_fen"),
        "贷款五级分类": _words("quality", _QUALITY, None),
        "展期次数": pl.col("extended_maturity_on").is_not_null().cast(pl.Int8).cast(pl.String),
        "贷款发放日期": _day("drawn_on"),
        "贷款到期日期": _day("maturity_on"),
        "终结日期": pl.lit(NO_DAY),
        "欠本金额": yuan("late_principal_fen"),
        "欠本日期": _day("late_principal_on"),
        "表内欠息余额": yuan("late_interest_fen"),
        "表外欠息余额": pl.lit("0.00"),
        "欠息日期": _day("late_interest_on"),
        "利率类型": pl.when(pl.col("benchmark_kind") == "TR05").then(pl.lit("LPR")).otherwise(pl.lit("非LPR")),
        "实际利率": percent("nominal_rate_e7"),
        "还款方式": _method(),
        "计息方式": pl.concat_str(_words("interest_cycle_months", _METHODS, "其他-自定义"), pl.lit("结息"))
        .str.replace("^其他-自定义结息$", "其他-自定义"),
        "下期还款日期": _day("next_due_on"),
        "下期应还本金": yuan("next_principal_fen"),
        "下期应还利息": yuan("next_interest_fen"),
        "贷款投向行业": pl.col("use_industry_code"),
        "采集日期": pl.lit(as_of.strftime("%Y%m%d")),
        "贷款状态": _words("loan_status", {"LS03": "逾期"}, "正常"),
    }  # fmt: skip
    names = official_fields(CORPORATE)
    rows = core.select(fields.get(name, pl.lit(None, pl.String)).alias(name) for name in names)
    is_personal = core["ledger"].cast(pl.String) == "personal"
    return {CORPORATE: rows.filter(~is_personal), PERSONAL: rows.filter(is_personal)}


def _core(tables: Mapping[str, pl.DataFrame], as_of: date) -> pl.DataFrame:
    """The receipts with their terms, what is late, and the next due of the core system."""
    held = positions(tables, as_of)
    flows = project(resolve(held.terms, held.agreed), book=held.book, as_of=as_of).rows
    first = flows.sort("loan", "sequence").unique("loan", keep="first").select(
        pl.col("loan").cast(pl.UInt32), pl.col("due_on").alias("next_due_on"),
        pl.col("principal_due_fen").alias("next_principal_fen"), pl.col("interest_due_fen").alias("next_interest_fen"),
    )  # fmt: skip
    plans = held.terms.select("loan_id").with_row_index("loan").join(first, on="loan", how="left").drop("loan")
    terms = tables["loan_terms"].select(
        "loan_id", "original_principal_fen", "amortisation", "interest_cycle_months", "repayment_cycle_months"
    )
    core = tables["loan"].join(terms, on="loan_id", how="left", maintain_order="left")
    core = core.join(plans, on="loan_id", how="left", maintain_order="left")
    return core.join(_late(tables["arrears"]), on="loan_id", how="left", maintain_order="left").with_columns(
        pl.coalesce("original_principal_fen", "balance_fen").alias("original_principal_fen"),
        pl.col("late_principal_fen", "late_interest_fen").fill_null(0),
    )


def _late(arrears: pl.DataFrame) -> pl.DataFrame:
    sides = [
        (pl.col(f"{side}_fen").sum().alias(f"late_{side}_fen"),
         pl.col("due_on").filter(pl.col(f"{side}_fen") > 0).min().alias(f"late_{side}_on"))
        for side in ("principal", "interest")
    ]  # fmt: skip
    return arrears.group_by("loan_id").agg(item for pair in sides for item in pair)


def _words(name: str, words: Mapping[str, str] | Mapping[int, str], other: str | None) -> pl.Expr:
    cell = pl.col(name)
    known = dict(words)
    cell = cell if all(isinstance(key, int) for key in known) else cell.cast(pl.String)
    return cell.replace_strict(known, default=other, return_dtype=pl.String)


def _method() -> pl.Expr:
    is_bullet = pl.col("amortisation").cast(pl.String) == "bullet"
    cycle = pl.coalesce("repayment_cycle_months", "interest_cycle_months")
    other = cycle.replace_strict(_METHODS, default="其他-自定义", return_dtype=pl.String)
    return pl.when(is_bullet).then(pl.lit("其他-到期一次还本")).otherwise(other)


def _day(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y%m%d").fill_null(NO_DAY)
