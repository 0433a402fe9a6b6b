"""What is made of a finished run on request, and is no table of the run itself: the renewal calendar."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NEVER, NOT_APPLICABLE, Kind, Table, column, key
from steadyrest.text import Text

RENEWAL_CALENDAR = Table(
    "renewal_calendar",
    Text(zh="续贷日历", en="renewal calendar"),
    Text(zh="每行一笔即将到期的借据及续贷条件", en="one receipt due soon and the conditions of its renewal a row"),
    key=("loan_id",),
    is_input=False,
    columns=(
        key("loan_id", "借据", "receipt id"),
        key("borrower_id", "借款人", "borrower id"),
        column("maturity_on", Kind.DAY, "贷款到期日期", "maturity", null=NEVER),
        column("days_left", Kind.COUNT, "剩余天数", "days left", null=NEVER),
        column("review_from_on", Kind.DAY, "最迟开始审查日", "review starts by", null=NEVER),
        column("is_late", Kind.FLAG, "是否已过审查日", "that day has passed", null=NEVER),
        column("currency", Kind.TEXT, "币种", "currency"),
        column("balance_fen", Kind.MONEY, "贷款余额", "balance"),
        column("quality", Kind.CODE, "贷款质量", "five-class quality", codes=closed("quality")),
        column("clause_id", Kind.TEXT, "续贷条款", "renewal rule", null=NOT_APPLICABLE),
        column("passed", Kind.TEXT, "符合的条件", "conditions that hold", null=NOT_APPLICABLE),
        column("failed", Kind.TEXT, "不符合的条件", "conditions that fail", null=NOT_APPLICABLE),
        column("unknown", Kind.TEXT, "不明的条件", "conditions not known", null=NOT_APPLICABLE),
        column("renewal_verdict", Kind.CODE, "能否续贷", "renewal", codes=closed("verdict"), null=NOT_APPLICABLE),
        column(
            "class_verdict",
            Kind.CODE,
            "能否保持正常类",
            "may stay normal",
            codes=closed("verdict"),
            null=NOT_APPLICABLE,
        ),
    ),
)
