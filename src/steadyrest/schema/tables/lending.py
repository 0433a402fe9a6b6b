"""What was lent: contract, loan (receipt), its terms, the core system's own plan, arrears, and other obligations."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NOT_APPLICABLE, NOT_YET, Kind, Table, column, key, required
from steadyrest.text import Text

CONTRACT = Table(
    "contract",
    Text(zh="贷款合同", en="loan contract"),
    Text(zh="每行一份合同", en="one contract a row"),
    key=("contract_id",),
    columns=(
        key("contract_id", "贷款合同编码", "contract id"),
        column("borrower_id", Kind.TEXT, "借款人", "borrower id"),
        column("signed_on", Kind.DAY, "签订日期", "signed on"),
        column("contract_amount_fen", Kind.MONEY, "合同金额", "contract amount"),
    ),
)

LOAN = Table(
    "loan",
    Text(zh="贷款借据", en="loan receipt"),
    Text(zh="每行一笔借据在报告日的状态", en="one receipt as it stands on the report date a row"),
    key=("loan_id",),
    columns=(
        key(
            "loan_id",
            "贷款借据编码",
            "receipt id",
            "pboc:JS_201_CLDWDK.贷款借据编码",
            "pboc:JS_201_CLGRDK.贷款借据编码",
        ),
        column("contract_id", Kind.TEXT, "贷款合同编码", "contract id", official=("pboc:JS_201_CLDWDK.贷款合同编码",)),
        key("borrower_id", "借款人证件代码", "borrower id", "pboc:JS_201_CLDWDK.借款人证件代码"),
        column(
            "institution_id", Kind.TEXT, "金融机构代码", "institution id", official=("pboc:JS_201_CLDWDK.金融机构代码",)
        ),
        column("branch_id", Kind.TEXT, "内部机构号", "branch id", official=("pboc:JS_201_CLDWDK.内部机构号",)),
        column(
            "region_code",
            Kind.TEXT,
            "金融机构地区代码",
            "division of the branch",
            official=("pboc:JS_201_CLDWDK.金融机构地区代码",),
        ),
        required(column("ledger", Kind.CODE, "账别", "ledger", codes=closed("ledger"))),
        column(
            "product",
            Kind.CODE,
            "贷款产品类别",
            "product",
            codes=closed("product"),
            official=("pboc:JS_201_CLDWDK.贷款产品类别",),
        ),
        column(
            "use_industry_code",
            Kind.TEXT,
            "贷款实际投向",
            "industry of use (GB/T 4754)",
            official=("pboc:JS_201_CLDWDK.贷款实际投向",),
        ),
        required(
            column(
                "drawn_on",
                Kind.DAY,
                "贷款发放日期",
                "drawn on",
                official=("pboc:JS_201_CLDWDK.贷款发放日期",),
                actus="IED",
            )
        ),
        required(
            column(
                "maturity_on",
                Kind.DAY,
                "贷款到期日期",
                "maturity",
                official=("pboc:JS_201_CLDWDK.贷款到期日期",),
                actus="MD",
            )
        ),
        column(
            "extended_maturity_on",
            Kind.DAY,
            "贷款展期到期日期",
            "extended maturity",
            null=NOT_APPLICABLE,
            official=("pboc:JS_201_CLDWDK.贷款展期到期日期",),
        ),
        required(column("currency", Kind.TEXT, "币种", "currency", official=("pboc:JS_201_CLDWDK.币种",), actus="CUR")),
        required(
            column(
                "balance_fen", Kind.MONEY, "贷款余额", "balance", official=("pboc:JS_201_CLDWDK.贷款余额",), actus="NT"
            )
        ),
        column(
            "balance_cny_fen",
            Kind.MONEY,
            "贷款余额折人民币",
            "balance in CNY",
            official=("pboc:JS_201_CLDWDK.贷款余额折人民币",),
        ),
        column(
            "rate_type",
            Kind.CODE,
            "利率是否固定",
            "fixed or floating",
            codes=closed("rate_type"),
            official=("pboc:JS_201_CLDWDK.利率是否固定",),
        ),
        column(
            "nominal_rate_e7",
            Kind.RATE,
            "利率水平",
            "nominal rate",
            official=("pboc:JS_201_CLDWDK.利率水平",),
            actus="IPNR",
        ),
        column(
            "benchmark_kind",
            Kind.TEXT,
            "贷款定价基准类型",
            "benchmark kind",
            official=("pboc:JS_201_CLDWDK.贷款定价基准类型",),
        ),
        column("benchmark_rate_e7", Kind.RATE, "基准利率", "benchmark rate", official=("pboc:JS_201_CLDWDK.基准利率",)),
        column(
            "repricing_on",
            Kind.DAY,
            "贷款利率重新定价日",
            "repricing date",
            official=("pboc:JS_201_CLDWDK.贷款利率重新定价日",),
        ),
        column(
            "guarantee_kind",
            Kind.CODE,
            "贷款担保方式",
            "guarantee",
            codes=closed("guarantee_kind"),
            official=("pboc:JS_201_CLDWDK.贷款担保方式",),
        ),
        column(
            "is_first_loan",
            Kind.FLAG,
            "是否首次贷款",
            "first loan at this institution",
            official=("pboc:JS_201_CLDWDK.是否首次贷款",),
        ),
        column(
            "quality",
            Kind.CODE,
            "贷款质量",
            "five-class quality",
            codes=closed("quality"),
            official=("pboc:JS_201_CLDWDK.贷款质量",),
        ),
        column(
            "loan_status",
            Kind.CODE,
            "贷款状态",
            "status",
            codes=closed("loan_status"),
            official=("pboc:JS_201_CLDWDK.贷款状态",),
        ),
        column(
            "overdue_kind",
            Kind.CODE,
            "逾期类型",
            "kind of arrears",
            codes=closed("overdue_kind"),
            null=NOT_APPLICABLE,
            official=("pboc:JS_201_CLDWDK.逾期类型",),
        ),
    ),
)

CORE_PLAN = Table(
    "core_plan",
    Text(zh="核心系统下期计划", en="the core system's next instalments"),
    Text(zh="每行核心系统的一期应还", en="one instalment of the core system a row"),
    key=("loan_id", "due_on"),
    columns=(
        key("loan_id", "借据", "receipt id"),
        required(column("due_on", Kind.DAY, "应还日", "due on")),
        column("principal_due_fen", Kind.MONEY, "应还本金", "principal due"),
        column("interest_due_fen", Kind.MONEY, "应还利息", "interest due"),
    ),
)

ARREARS = Table(
    "arrears",
    Text(zh="欠款", en="arrears"),
    Text(zh="每行一笔借据的一期未还欠款", en="one unpaid due of one receipt a row"),
    key=("loan_id", "due_on"),
    columns=(
        key("loan_id", "借据", "receipt id"),
        required(column("due_on", Kind.DAY, "原应还日", "fell due on")),
        column("principal_fen", Kind.MONEY, "欠本金额", "principal in arrears"),
        column("interest_fen", Kind.MONEY, "欠息金额", "interest in arrears"),
    ),
)

LOAN_EVENT = Table(
    "loan_event",
    Text(zh="贷款事件", en="loan event"),
    Text(zh="每行一个已发生的事件（还款、利率调整、延期等）", en="one thing that happened to a receipt a row"),
    key=("loan_id", "sequence"),
    columns=(
        key("loan_id", "借据", "receipt id"),
        required(column("sequence", Kind.COUNT, "序号", "sequence")),
        required(column("event_kind", Kind.TEXT, "事件类型", "kind of event")),
        required(column("effective_on", Kind.DAY, "生效日", "effective on")),
        column("known_on", Kind.DAY, "知悉日", "known on"),
        column("amount_fen", Kind.MONEY, "金额", "amount", null=NOT_APPLICABLE),
    ),
)

OFF_BALANCE = Table(
    "off_balance",
    Text(zh="表外业务", en="off-balance item"),
    Text(zh="每行一笔承兑、信用证、保函或保理", en="one acceptance, letter of credit, guarantee or factoring a row"),
    key=("item_id",),
    columns=(
        key("item_id", "业务编号", "item id"),
        key("borrower_id", "借款人", "borrower id"),
        column("item_kind", Kind.TEXT, "业务类型", "kind"),
        column("amount_fen", Kind.MONEY, "金额", "amount"),
        column("due_on", Kind.DAY, "到期日", "due on"),
    ),
)

EXTERNAL_DEBT = Table(
    "external_debt",
    Text(zh="他行负债", en="debt at other banks"),
    Text(zh="每行信用报告中的一笔他行负债或对外担保", en="one debt or guarantee of the credit report a row"),
    key=("borrower_id", "debt_id"),
    columns=(
        key("borrower_id", "借款人", "borrower id"),
        key("debt_id", "编号", "debt id"),
        column("amount_fen", Kind.MONEY, "余额", "amount"),
        column("due_on", Kind.DAY, "到期日", "due on"),
        column("queried_on", Kind.DAY, "查询日", "queried on"),
        column("authorised_on", Kind.DAY, "授权日", "authorised on", null=NOT_YET),
    ),
)
