"""Returns and registers that leave the bank: totals, deferrals, credit records, change orders."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NEVER, NOT_APPLICABLE, Column, Kind, Table, column
from steadyrest.text import Text


def _key(name: str, zh: str, en: str, kind: Kind = Kind.TEXT) -> Column:
    return column(name, kind, zh, en, null=NEVER)


def _totals() -> tuple[Column, ...]:
    return (
        column("households", Kind.COUNT, "户数", "households", null=NEVER),
        column("receipts", Kind.COUNT, "笔数", "receipts", null=NEVER),
    )


S71 = Table(
    "s71",
    Text(zh="S71 普惠型小微企业贷款分档", en="S71 inclusive loans by band of the credit line"),
    Text(zh="每行一个项目在一个单户授信档次的合计", en="the totals of one item in one band a row"),
    key=("item", "band"),
    columns=(
        _key("item", "项目", "item"),
        _key("band", "单户授信档次", "band of the credit line"),
        *_totals(),
        column("balance_fen", Kind.MONEY, "贷款余额", "balance in CNY", null=NEVER),
        column("bad_balance_fen", Kind.MONEY, "其中不良", "of which bad", null=NEVER),
    ),
    is_input=False,
)

S63 = Table(
    "s63",
    Text(zh="S63 无还本续贷", en="S63 renewal without repayment"),
    Text(zh="每行一个项目在一类规模的合计", en="the totals of one item in one size a row"),
    key=("item", "size_column"),
    columns=(
        _key("item", "项目", "item"),
        _key("size_column", "栏", "column"),
        *_totals(),
        column("amount_fen", Kind.MONEY, "金额", "amount in CNY", null=NEVER),
    ),
    is_input=False,
)

G11 = Table(
    "g11",
    Text(zh="G11 重组与展期贷款", en="G11 restructured and extended loans"),
    Text(zh="每行一个项目在一个五级分类的合计", en="the totals of one item in one class a row"),
    key=("item", "quality"),
    columns=(
        _key("item", "项目", "item"),
        column("quality", Kind.CODE, "贷款质量", "five-class quality", codes=closed("quality")),
        *_totals(),
        column("balance_fen", Kind.MONEY, "贷款余额", "balance in CNY", null=NEVER),
    ),
    is_input=False,
)

DEFERRAL_RETURN = Table(
    "deferral_return",
    Text(zh="延期还本付息月报", en="monthly deferral return"),
    Text(zh="每行一类规模、行业和五级分类的延期合计", en="the deferrals of one size, industry and class a row"),
    key=("programme", "enterprise_size", "is_manufacturing", "quality"),
    columns=(
        column("programme", Kind.CODE, "政策依据", "programme", codes=closed("programme")),
        column("enterprise_size", Kind.CODE, "企业规模", "size", codes=closed("enterprise_size"), null=NOT_APPLICABLE),
        column("is_manufacturing", Kind.FLAG, "是否制造业", "manufacturing (industry of the borrower)"),
        column("quality", Kind.CODE, "贷款质量", "five-class quality", codes=closed("quality")),
        *_totals(),
        column("balance_fen", Kind.MONEY, "贷款余额", "balance in CNY", null=NEVER),
        column("deferred_principal_fen", Kind.MONEY, "在延本金", "principal deferred", null=NEVER),
        column("deferred_interest_fen", Kind.MONEY, "在延利息", "interest deferred", null=NEVER),
        column("signed_receipts", Kind.COUNT, "本月签约笔数", "signed in the month", null=NEVER),
        column("ended_receipts", Kind.COUNT, "已到延期日笔数", "receipts whose deferral has ended", null=NEVER),
        column("ended_late_receipts", Kind.COUNT, "其中到期后逾期", "of which overdue afterwards", null=NEVER),
    ),
    is_input=False,
)

CREDIT_VIEW = Table(
    "credit_view",
    Text(zh="征信报送视图", en="credit-reporting view"),
    Text(zh="每行一笔借据在报告月的还款状态", en="one receipt in the month of the report a row"),
    key=("loan_id", "month_on"),
    columns=(
        _key("loan_id", "借据", "receipt id"),
        _key("month_on", "月份", "month (first day)", Kind.DAY),
        column("repayment_status", Kind.TEXT, "还款状态", "repayment status under the amended plan", null=NEVER),
        column("past_due_days", Kind.COUNT, "逾期天数", "days past due under the amended plan", null=NEVER),
        column("special_transaction", Kind.TEXT, "特殊交易类型", "special transaction", null=NOT_APPLICABLE),
        column("transaction_on", Kind.DAY, "特殊交易日期", "day of the special transaction", null=NOT_APPLICABLE),
        column("is_confirmed", Kind.FLAG, "代码是否已由本行确认", "codes confirmed by the bank", null=NEVER),
    ),
    is_input=False,
)

CREDIT_CORRECTION = Table(
    "credit_correction",
    Text(zh="征信更正清单", en="credit-record corrections"),
    Text(zh="每行一个已报送而因协议应更正的月份", en="one month already sent that an agreement changes a row"),
    key=("loan_id", "month_on"),
    columns=(
        _key("loan_id", "借据", "receipt id"),
        _key("month_on", "月份", "month (first day)", Kind.DAY),
        column("sent_days", Kind.COUNT, "原计划逾期天数", "days past due as sent, under the plan before", null=NEVER),
        column("corrected_days", Kind.COUNT, "更正后逾期天数", "days past due under the amended plan", null=NEVER),
        column("agreement_id", Kind.TEXT, "协议", "agreement", null=NEVER),
        column("signed_on", Kind.DAY, "签订日", "signed on", null=NEVER),
    ),
    is_input=False,
)

CHANGE_ORDER = Table(
    "change_order",
    Text(zh="核心系统变更单", en="change order for the core system"),
    Text(zh="每行一份已签而核心系统须记账的协议的一项变更", en="one field that the core system has to change a row"),
    key=("agreement_id", "changed_field"),
    columns=(
        _key("agreement_id", "协议", "agreement"),
        _key("loan_id", "借据", "receipt id"),
        _key("changed_field", "变更项", "what changes"),
        column("before_value", Kind.TEXT, "变更前", "before"),
        column("after_value", Kind.TEXT, "变更后", "after", null=NEVER),
        column("signed_on", Kind.DAY, "签订日", "signed on", null=NEVER),
        column(
            "booking_state",
            Kind.CODE,
            "记账情况",
            "how it was booked",
            codes=closed("booking_state"),
            null=Text(zh="尚待下月核对", en="to be checked against the next extract"),
        ),
    ),
    is_input=False,
)
