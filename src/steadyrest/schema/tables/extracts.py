"""What core and reporting systems say of a receipt beside its row in the stock: plan, arrears, flows, marks."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NOT_APPLICABLE, Column, Kind, Table, column, key, required
from steadyrest.text import Text

_EAST = "east:IE_005_504"
_YBT = "ybt:T_6_27"


def _flag(name: str, zh: str, en: str, field: str) -> Column:
    return column(name, Kind.FLAG, zh, en, official=(f"pboc:{field}",))


CORE_RECEIPT = Table(
    "core_receipt",
    Text(zh="核心系统借据信息", en="the receipt in the core system"),
    Text(zh="每行一笔借据的还款方式、下期计划和欠款", en="method, next instalment and arrears of one receipt a row"),
    key=("loan_id",),
    columns=(
        key("loan_id", "信贷借据号", "receipt id", f"{_EAST}.信贷借据号", f"{_YBT}.借据ID"),
        column(
            "original_principal_fen",
            Kind.MONEY,
            "贷款金额",
            "original principal",
            official=(f"{_EAST}.贷款金额", f"{_YBT}.借款金额"),
        ),
        column(
            "repayment_method",
            Kind.CODE,
            "还款方式",
            "repayment method",
            codes=closed("repayment_method"),
            official=(f"{_EAST}.还款方式",),
        ),
        column(
            "interest_method",
            Kind.CODE,
            "计息方式",
            "interest settlement",
            codes=closed("interest_method"),
            official=(f"{_EAST}.计息方式", f"{_YBT}.计息方式"),
        ),
        column("periods", Kind.COUNT, "总期数", "periods in all", official=(f"{_EAST}.总期数",)),
        column("period_now", Kind.COUNT, "当前期数", "period now running", official=(f"{_EAST}.当前期数",)),
        column(
            "next_due_on",
            Kind.DAY,
            "下期还款日期",
            "next due on",
            null=NOT_APPLICABLE,
            official=(f"{_EAST}.下期还款日期",),
        ),
        column("next_principal_fen", Kind.MONEY, "下期应还本金", "next principal", official=(f"{_EAST}.下期应还本金",)),
        column("next_interest_fen", Kind.MONEY, "下期应还利息", "next interest", official=(f"{_EAST}.下期应还利息",)),
        column(
            "arrears_principal_fen", Kind.MONEY, "欠本金额", "principal in arrears", official=(f"{_EAST}.欠本金额",)
        ),
        column(
            "arrears_principal_on",
            Kind.DAY,
            "欠本日期",
            "principal in arrears since",
            null=NOT_APPLICABLE,
            official=(f"{_EAST}.欠本日期",),
        ),
        column(
            "arrears_interest_fen",
            Kind.MONEY,
            "表内欠息余额",
            "interest in arrears on the balance sheet",
            official=(f"{_EAST}.表内欠息余额",),
        ),
        column(
            "arrears_interest_off_fen",
            Kind.MONEY,
            "表外欠息余额",
            "interest in arrears off the balance sheet",
            official=(f"{_EAST}.表外欠息余额",),
        ),
        column(
            "arrears_interest_on",
            Kind.DAY,
            "欠息日期",
            "interest in arrears since",
            null=NOT_APPLICABLE,
            official=(f"{_EAST}.欠息日期",),
        ),
        column("extensions", Kind.COUNT, "展期次数", "extensions so far", official=(f"{_EAST}.展期次数",)),
        column(
            "grant_kind",
            Kind.CODE,
            "贷款发放类型",
            "kind of grant",
            codes=closed("grant_kind"),
            official=(f"{_EAST}.贷款发放类型", f"{_YBT}.贷款发放类型"),
        ),
        column(
            "previous_loan_id",
            Kind.TEXT,
            "上笔信贷借据号",
            "previous receipt",
            null=NOT_APPLICABLE,
            official=(f"{_EAST}.上笔信贷借据号", f"{_YBT}.上笔信贷借据号"),
        ),
        column(
            "receipt_state",
            Kind.CODE,
            "借据状态",
            "state of the receipt",
            codes=closed("receipt_state"),
            official=(f"{_EAST}.贷款状态",),
        ),
        column("ended_on", Kind.DAY, "终结日期", "ended on", null=NOT_APPLICABLE, official=(f"{_EAST}.终结日期",)),
        column("use_industry_code", Kind.TEXT, "贷款投向行业", "industry of use", official=(f"{_EAST}.贷款投向行业",)),
        column(
            "collected_on", Kind.DAY, "采集日期", "snapshot day", official=(f"{_EAST}.采集日期", f"{_YBT}.采集日期")
        ),
    ),
)

AGREEMENT_EXTRA = Table(
    "agreement_extra",
    Text(zh="贷款协议补充信息", en="further facts of the loan agreement"),
    Text(zh="每行一笔借据在一表通 6.27 的补充信息", en="what table 6.27 says of one receipt a row"),
    key=("loan_id",),
    columns=(
        key("loan_id", "借据ID", "receipt id", f"{_YBT}.借据ID"),
        column(
            "original_maturity_on",
            Kind.DAY,
            "贷款原始到期日期",
            "maturity as signed",
            official=(f"{_YBT}.贷款原始到期日期",),
        ),
        column(
            "actual_maturity_on", Kind.DAY, "贷款实际到期日期", "maturity now", official=(f"{_YBT}.贷款实际到期日期",)
        ),
        column(
            "restructurings", Kind.COUNT, "债务重组次数", "restructurings so far", official=(f"{_YBT}.债务重组次数",)
        ),
        column(
            "is_renewal_without_repayment",
            Kind.FLAG,
            "无还本续贷贷款标识",
            "renewal without repayment",
            official=(f"{_YBT}.无还本续贷贷款标识",),
        ),
        column(
            "borrower_industry_code",
            Kind.TEXT,
            "行业类型（按客户所属行业划分）",
            "industry of the customer",
            official=(f"{_YBT}.行业类型（按客户所属行业划分）",),
        ),
        column(
            "use_industry_code",
            Kind.TEXT,
            "行业类型（按贷款投向划分）",
            "industry of use",
            official=(f"{_YBT}.行业类型（按贷款投向划分）",),
        ),
        column("is_first_household", Kind.FLAG, "首贷户标识", "first-loan household", official=(f"{_YBT}.首贷户标识",)),
        column("spread_bp", Kind.COUNT, "利率浮动", "spread over the benchmark", official=(f"{_YBT}.利率浮动",)),
    ),
)

LOAN_FLOW = Table(
    "loan_flow",
    Text(zh="贷款发生额", en="loan flow"),
    Text(zh="每行报告期内一笔发放或收回", en="one payout or collection of the period a row"),
    key=("loan_id", "flow_id"),
    columns=(
        key("loan_id", "贷款借据编码", "receipt id", "pboc:JS_201_DWDKFS.贷款借据编码"),
        key("flow_id", "交易流水号", "flow id", "pboc:JS_201_DWDKFS.交易流水号"),
        column("ledger", Kind.CODE, "账别", "ledger", codes=closed("ledger")),
        required(
            column(
                "flow_kind",
                Kind.CODE,
                "发放/收回标识",
                "payout or collection",
                codes=closed("flow_kind"),
                official=("pboc:JS_201_DWDKFS.发放/收回标识",),
            )
        ),
        column("amount_fen", Kind.MONEY, "贷款发生金额", "amount", official=("pboc:JS_201_DWDKFS.贷款发生金额",)),
        column(
            "amount_cny_fen",
            Kind.MONEY,
            "贷款发生金额折人民币",
            "amount in CNY",
            official=("pboc:JS_201_DWDKFS.贷款发生金额折人民币",),
        ),
        column("currency", Kind.TEXT, "币种", "currency", official=("pboc:JS_201_DWDKFS.币种",)),
        column("drawn_on", Kind.DAY, "贷款发放日期", "drawn on", official=("pboc:JS_201_DWDKFS.贷款发放日期",)),
        column("maturity_on", Kind.DAY, "贷款到期日期", "maturity", official=("pboc:JS_201_DWDKFS.贷款到期日期",)),
        column(
            "ended_on",
            Kind.DAY,
            "贷款实际终止日期",
            "ended on",
            null=NOT_APPLICABLE,
            official=("pboc:JS_201_DWDKFS.贷款实际终止日期",),
        ),
        column(
            "flow_state",
            Kind.CODE,
            "发生额贷款状态",
            "state of the flow",
            codes=closed("flow_state"),
            official=("pboc:JS_201_DWDKFS.贷款状态",),
        ),
        column(
            "restructuring_kind",
            Kind.CODE,
            "贷款重组方式",
            "kind of restructuring",
            codes=closed("restructuring_kind"),
            null=NOT_APPLICABLE,
            official=("pboc:JS_201_DWDKFS.贷款重组方式",),
        ),
    ),
)

DEBT_REPLACEMENT = Table(
    "debt_replacement",
    Text(zh="置换旧债", en="replaced debt"),
    Text(zh="每行一笔用新贷款偿还的旧债", en="one old debt repaid by a new loan a row"),
    key=("loan_id", "flow_id"),
    columns=(
        key("loan_id", "贷款借据编码", "receipt id", "pboc:JS_201_ZHJZFS.贷款借据编码"),
        key("flow_id", "交易流水号", "flow id", "pboc:JS_201_ZHJZFS.交易流水号"),
        column(
            "amount_cny_fen",
            Kind.MONEY,
            "贷款发生金额折人民币",
            "amount in CNY",
            official=("pboc:JS_201_ZHJZFS.贷款发生金额折人民币",),
        ),
        column(
            "replaced_kind",
            Kind.TEXT,
            "被置换债务类型",
            "kind of old debt",
            official=("pboc:JS_201_ZHJZFS.被置换债务类型",),
        ),
        column(
            "replaced_id",
            Kind.TEXT,
            "被置换债务凭证编码",
            "old receipt",
            official=("pboc:JS_201_ZHJZFS.被置换债务凭证编码",),
        ),
        column(
            "replaced_amount_cny_fen",
            Kind.MONEY,
            "被置换债务金额折人民币",
            "old debt in CNY",
            official=("pboc:JS_201_ZHJZFS.被置换债务金额折人民币",),
        ),
    ),
)

_INCLUSIVE = "五篇大文章-3.5"

INCLUSIVE_MARK = Table(
    "inclusive_mark",
    Text(zh="普惠贷款标识", en="marks of inclusive loans"),
    Text(zh="每行一笔借据在普惠专项表中的标识", en="the marks of one receipt in the inclusive table a row"),
    key=("loan_id",),
    columns=(
        key("loan_id", "贷款借据编码", "receipt id", f"pboc:{_INCLUSIVE}.贷款借据编码"),
        _flag("is_small_firm", "普惠小微企业贷款", "inclusive loan to a small firm",
              f"{_INCLUSIVE}.是否单户授信小于 1000 万元的小微型企业贷款"),
        _flag("is_individual_business", "普惠个体工商户贷款", "inclusive loan to an individual business",
              f"{_INCLUSIVE}.是否单户授信小于 1000 万元的个体工商户经营性贷款"),
        _flag("is_owner", "普惠小微企业主贷款", "inclusive loan to an owner",
              f"{_INCLUSIVE}.是否单户授信小于 1000 万元的小微企业主经营性贷款"),
        _flag("is_farmer", "普惠农户经营贷款", "inclusive loan to a farmer",
              f"{_INCLUSIVE}.是否单户授信小于500万元的农户经营性贷款"),
        _flag("is_startup_guaranteed", "创业担保贷款", "guaranteed start-up loan", f"{_INCLUSIVE}.是否创业担保贷款"),
        _flag("is_student", "助学贷款", "student loan", f"{_INCLUSIVE}.是否助学贷款"),
        _flag("is_poverty_consumption", "原建档立卡贫困人口消费贷款", "consumer loan to the registered poor",
              f"{_INCLUSIVE}.是否原建档立卡贫困人口消费贷款"),
    ),
)  # fmt: skip

OWNER_MARK = Table(
    "owner_mark",
    Text(zh="个体工商户和小微企业主标识", en="marks of individual businesses and owners"),
    Text(zh="每行一笔个人借据的借款人身份", en="who the borrower of one personal receipt is, a row"),
    key=("loan_id",),
    columns=(
        key("loan_id", "贷款借据编码", "receipt id", "pboc:JS_201_CLZXYP.贷款借据编码"),
        _flag("is_individual_business", "是否个体工商户贷款", "loan to an individual business",
              "JS_201_CLZXYP.是否个体工商户贷款"),
        _flag("is_owner", "是否小微企业主贷款", "loan to an owner of a small firm",
              "JS_201_CLZXYP.是否小微企业主贷款"),
    ),
)  # fmt: skip

SPECIAL_MARK = Table(
    "special_mark",
    Text(zh="专项贷款标识", en="marks of special loans"),
    Text(zh="每行一笔借据在专项贷款表中的标识", en="the marks of one receipt in the special tables a row"),
    key=("loan_id",),
    columns=(
        key("loan_id", "贷款借据编码", "receipt id", "pboc:JS_201_CLZXEP.贷款借据编码"),
        _flag("is_agricultural", "是否涉农贷款", "agricultural loan", "JS_201_CLZXEP.是否涉农贷款"),
        _flag("is_green", "是否绿色贷款", "green loan", "JS_201_CLZXEP.是否绿色贷款"),
        _flag("is_startup_guaranteed", "是否创业担保贷款", "guaranteed start-up loan",
              "JS_201_CLZXEP.是否创业担保贷款"),
        _flag("is_high_tech_manufacturing", "是否高技术制造业贷款", "high-tech manufacturing loan",
              "JS_201_CLZXEP.是否高技术制造业贷款"),
    ),
)  # fmt: skip
