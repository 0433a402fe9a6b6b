"""What stands behind a loan: guarantees and collateral."""

from __future__ import annotations

from steadyrest.schema.registry import NOT_APPLICABLE, Kind, Table, column, key
from steadyrest.text import Text

GUARANTEE = Table(
    "guarantee",
    Text(zh="担保合同", en="guarantee contract"),
    Text(zh="每行一份担保合同所担保的一份合同", en="one contract under one guarantee a row"),
    key=("guarantee_id", "contract_id", "guarantor_id"),
    columns=(
        key("guarantee_id", "担保合同编码", "guarantee id", "pboc:JS_201_DBHTXX.担保合同编码"),
        column("contract_id", Kind.TEXT, "被担保合同编码", "contract guaranteed"),
        column("guarantor_id", Kind.TEXT, "担保人", "guarantor"),
        column("is_maximum_amount", Kind.FLAG, "是否最高额担保", "maximum-amount guarantee"),
        column("from_on", Kind.DAY, "起始日", "from"),
        column("to_on", Kind.DAY, "到期日", "until"),
        column("amount_fen", Kind.MONEY, "担保金额", "amount"),
    ),
)

COLLATERAL = Table(
    "collateral",
    Text(zh="担保物", en="collateral"),
    Text(zh="每行一个担保物", en="one piece of collateral a row"),
    key=("collateral_id", "guarantee_id"),
    columns=(
        key("collateral_id", "担保物编码", "collateral id", "pboc:JS_201_DBWXX.担保物编码"),
        column("guarantee_id", Kind.TEXT, "担保合同编码", "guarantee id"),
        column("collateral_kind", Kind.TEXT, "担保物类别", "kind"),
        column("right_certificate", Kind.TEXT, "权证编号", "right certificate", null=NOT_APPLICABLE),
        column("is_first_rank", Kind.FLAG, "是否第一顺位", "first rank"),
        column("value_fen", Kind.MONEY, "评估价值", "value"),
    ),
)
