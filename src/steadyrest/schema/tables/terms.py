"""The repayment terms of a receipt. Official returns do not carry them; without them the schedule needs data."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NOT_APPLICABLE, Kind, Table, column, key, required
from steadyrest.text import Text

_DEFAULT_A360 = Text(zh="按实际天数/360", en="actual/360")
_DEFAULT_HALF_UP = Text(zh="四舍五入", en="half up")

LOAN_TERMS = Table(
    "loan_terms",
    Text(zh="还款条件", en="repayment terms"),
    Text(zh="每行一笔借据的还款条件", en="the repayment terms of one receipt a row"),
    key=("loan_id",),
    columns=(
        key("loan_id", "借据", "receipt id"),
        required(column("original_principal_fen", Kind.MONEY, "借据金额", "original principal", actus="NT")),
        required(
            column("amortisation", Kind.CODE, "还款方式", "repayment method", codes=closed("amortisation"), actus="CT")
        ),
        column(
            "interest_only_periods",
            Kind.COUNT,
            "只付息期数",
            "interest-only periods first",
            null=NOT_APPLICABLE,
            actus="PRANX",
        ),
        column("holiday_periods", Kind.COUNT, "免还期数", "payment-holiday periods first", null=NOT_APPLICABLE),
        column(
            "repayment_cycle_months", Kind.COUNT, "还本周期（月）", "principal cycle", null=NOT_APPLICABLE, actus="PRCL"
        ),
        required(column("interest_cycle_months", Kind.COUNT, "付息周期（月）", "interest cycle", actus="IPCL")),
        column(
            "interest_day",
            Kind.COUNT,
            "结息日",
            "settlement day of the month, the last day included",
            null=Text(zh="按应还日结息", en="interest runs to the due date"),
        ),
        column(
            "first_due_on",
            Kind.DAY,
            "首次应还日",
            "first due date",
            null=Text(zh="放款日后一个周期", en="one cycle after drawdown"),
            actus="PRANX",
        ),
        column(
            "day_count", Kind.CODE, "计息基础", "day count", codes=closed("day_count"), null=_DEFAULT_A360, actus="IPDC"
        ),
        column("spread_bp", Kind.COUNT, "加点（基点）", "spread over the benchmark", null=NOT_APPLICABLE, actus="RRSP"),
        column(
            "benchmark",
            Kind.CODE,
            "挂钩利率",
            "benchmark",
            codes=closed("benchmark"),
            null=NOT_APPLICABLE,
            actus="RRMO",
        ),
        column("reset_cycle_months", Kind.COUNT, "重定价周期（月）", "reset cycle", null=NOT_APPLICABLE, actus="RRCL"),
        column("floor_rate_e7", Kind.RATE, "利率下限", "floor of the floating rate", null=NOT_APPLICABLE, actus="RRLF"),
        column("cap_rate_e7", Kind.RATE, "利率上限", "cap of the floating rate", null=NOT_APPLICABLE, actus="RRLC"),
        column("rounding", Kind.CODE, "取整", "rounding of interest", codes=closed("rounding"), null=_DEFAULT_HALF_UP),
        column(
            "instalment_rounding",
            Kind.CODE,
            "分期额取整",
            "rounding of the instalment",
            codes=closed("rounding"),
            null=_DEFAULT_HALF_UP,
        ),
        column(
            "settlement_rounding",
            Kind.CODE,
            "分段取整",
            "rounded once per settlement or per segment",
            codes=closed("settlement_rounding"),
            null=Text(zh="每次结息取整一次", en="once per settlement"),
        ),
        column(
            "terms_basis",
            Kind.CODE,
            "条件来源",
            "where the terms come from",
            codes=closed("terms_basis"),
            null=Text(zh="由贷款簿提供", en="given by the book"),
        ),
    ),
)
