"""What a run writes: findings, the facts a clause looks at, eligibility, cash flows, and the journal."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NEVER, NOT_APPLICABLE, Column, Kind, Table, column, key
from steadyrest.text import Text

_UNKNOWN = Text(zh="资料不足，未知", en="unknown for want of data")
_NO_BORROWERS = Text(
    zh="报送数据没有借款人编号，无法计户", en="the tape has no borrower id, so households cannot be counted"
)

FINDING = Table(
    "finding",
    Text(zh="数据问题", en="finding"),
    Text(zh="每行一个数据问题", en="one finding about the data a row"),
    key=("source_file", "row_number", "code", "field", "row_id"),
    is_input=False,
    columns=(
        key("code", "问题代码", "code"),
        column("severity", Kind.CODE, "级别", "severity", codes=closed("severity")),
        column("table", Kind.TEXT, "表", "table"),
        column("source_file", Kind.TEXT, "文件", "file"),
        column("row_number", Kind.COUNT, "行号", "row, counted from 1 after the header; 0 for the file or the book"),
        column("row_id", Kind.TEXT, "主键", "row id"),
        column("field", Kind.TEXT, "字段", "field"),
        column("value", Kind.TEXT, "值", "value"),
        column("clause", Kind.TEXT, "依据", "clause or rule", null=NOT_APPLICABLE),
        column("args", Kind.TEXT, "参数", "arguments (JSON)", null=NOT_APPLICABLE),
    ),
)

LOAN_FACTS = Table(
    "loan_facts",
    Text(zh="条款事实", en="facts a clause looks at"),
    Text(
        zh="每行一笔借据的筛选事实，规则只看这些列",
        en="the facts of one receipt a row; a rule sees these columns and no others",
    ),
    key=("loan_id",),
    is_input=False,
    columns=(
        key("loan_id", "借据", "receipt id"),
        key("borrower_id", "借款人", "borrower id"),
        column("as_of_on", Kind.DAY, "截至日", "as of", null=NEVER),
        column("ledger", Kind.CODE, "账别", "ledger", codes=closed("ledger")),
        column("product", Kind.CODE, "贷款产品类别", "product", codes=closed("product")),
        column("currency", Kind.TEXT, "币种", "currency"),
        column("balance_fen", Kind.MONEY, "贷款余额", "balance"),
        column("drawn_on", Kind.DAY, "贷款发放日期", "drawn on"),
        column("maturity_on", Kind.DAY, "贷款到期日期", "maturity"),
        column("quality", Kind.CODE, "贷款质量", "five-class quality", codes=closed("quality")),
        column("loan_status", Kind.CODE, "贷款状态", "status", codes=closed("loan_status")),
        column("guarantee_kind", Kind.CODE, "贷款担保方式", "guarantee", codes=closed("guarantee_kind")),
        column("borrower_kind", Kind.CODE, "借款人类型", "borrower kind", codes=closed("borrower_kind")),
        column(
            "borrower_section",
            Kind.CODE,
            "借款人行业门类",
            "industry section of the borrower",
            codes=closed("section"),
            null=_UNKNOWN,
        ),
        column("borrower_division", Kind.TEXT, "借款人行业大类", "industry division of the borrower", null=_UNKNOWN),
        column(
            "industry_basis",
            Kind.CODE,
            "行业依据",
            "where the industry comes from",
            codes=closed("industry_basis"),
            null=_UNKNOWN,
        ),
        column(
            "use_section",
            Kind.CODE,
            "贷款投向门类",
            "industry section of the use",
            codes=closed("section"),
            null=_UNKNOWN,
        ),
        column(
            "enterprise_size", Kind.CODE, "企业规模", "enterprise size", codes=closed("enterprise_size"), null=_UNKNOWN
        ),
        column(
            "size_basis", Kind.CODE, "规模依据", "where the size comes from", codes=closed("size_basis"), null=_UNKNOWN
        ),
        column("credit_line_fen", Kind.MONEY, "单户授信总额", "total credit line of the customer, CNY", null=_UNKNOWN),
        column(
            "is_inclusive_cbirc",
            Kind.FLAG,
            "普惠型小微企业贷款（银保监口径）",
            "inclusive loan, CBIRC definition",
            null=_UNKNOWN,
        ),
        column(
            "is_inclusive_pbc",
            Kind.FLAG,
            "普惠小微贷款（人民银行口径）",
            "inclusive loan, PBoC definition",
            null=_UNKNOWN,
        ),
        column("has_temporary_difficulty", Kind.FLAG, "是否暂时遇困", "in temporary difficulty", null=_UNKNOWN),
        column("is_severely_hit", Kind.FLAG, "是否受疫情影响严重", "severely hit by the epidemic", null=_UNKNOWN),
        column("has_good_prior_credit", Kind.FLAG, "前期信用是否良好", "previously good credit", null=_UNKNOWN),
        column("has_financial_difficulty", Kind.FLAG, "是否财务困难", "in financial difficulty", null=_UNKNOWN),
        column(
            "is_trade_chain_firm", Kind.FLAG, "是否外贸产业链企业", "firm of the foreign-trade chain", null=_UNKNOWN
        ),
        column("applied_on", Kind.DAY, "申请日", "applied on", null=Text(zh="没有申请", en="no application")),
        column("has_terms", Kind.FLAG, "是否有还款条件", "repayment terms are known", null=NEVER),
        column("first_unpaid_on", Kind.DAY, "最早未还应还日", "earliest due not yet paid", null=_UNKNOWN),
        column("next_due_on", Kind.DAY, "下一应还日", "next due date", null=_UNKNOWN),
        column("last_due_on", Kind.DAY, "末次应还日", "last due date", null=NEVER),
        column("past_due_days", Kind.COUNT, "逾期天数", "days past due", null=_UNKNOWN),
        column("schedule_state", Kind.CODE, "还款计划状态", "state of the schedule", codes=closed("schedule_state")),
    ),
)

CASH_FLOW = Table(
    "cash_flow",
    Text(zh="现金流", en="cash flow"),
    Text(
        zh="每行一笔借据在一个版本下的一期应还；只存有方案的借据",
        en="one due of one receipt in one version a row; kept for receipts with a proposal",
    ),
    key=("loan_id", "version", "option_no", "sequence"),
    is_input=False,
    columns=(
        key("loan_id", "借据", "receipt id"),
        column("version", Kind.CODE, "版本", "version", codes=closed("version")),
        column("option_no", Kind.COUNT, "方案号", "option; 0 before any", null=NEVER),
        column("sequence", Kind.COUNT, "期次", "sequence", null=NEVER),
        column("due_on", Kind.DAY, "应还日", "due on", null=NEVER),
        column("principal_due_fen", Kind.MONEY, "应还本金", "principal due", null=NEVER),
        column("interest_due_fen", Kind.MONEY, "应还利息", "interest due", null=NEVER),
        column("balance_after_fen", Kind.MONEY, "还后余额", "balance after", null=NEVER),
    ),
)

CASH_FLOW_MONTH = Table(
    "cash_flow_month",
    Text(zh="月度到期", en="dues by month"),
    Text(zh="每行一个月、一个版本、一个币种的应还合计", en="dues of one month, version and currency a row"),
    key=("month_on", "version", "currency"),
    is_input=False,
    columns=(
        column("month_on", Kind.DAY, "月份（首日）", "month (first day)", null=NEVER),
        column("version", Kind.CODE, "版本", "version", codes=closed("version")),
        column("currency", Kind.TEXT, "币种", "currency", null=NEVER),
        column("households", Kind.COUNT, "户数", "households", null=_NO_BORROWERS),
        column("receipts", Kind.COUNT, "笔数", "receipts", null=NEVER),
        column("principal_due_fen", Kind.MONEY, "应还本金", "principal due", null=NEVER),
        column("interest_due_fen", Kind.MONEY, "应还利息", "interest due", null=NEVER),
    ),
)

CLAUSE_RESULT = Table(
    "clause_result",
    Text(zh="条款结果", en="result by clause"),
    Text(zh="每行一个条款一种结论的合计", en="totals of one verdict under one clause and currency a row"),
    key=("clause_id", "verdict", "currency"),
    is_input=False,
    columns=(
        key("clause_id", "条款", "clause"),
        column("verdict", Kind.CODE, "结论", "verdict", codes=closed("verdict")),
        column("currency", Kind.TEXT, "币种", "currency", null=NEVER),
        column("households", Kind.COUNT, "户数", "households", null=_NO_BORROWERS),
        column("receipts", Kind.COUNT, "笔数", "receipts", null=NEVER),
        column("balance_fen", Kind.MONEY, "贷款余额", "balance", null=NEVER),
    ),
)

JOURNAL = Table(
    "journal",
    Text(zh="日志账", en="journal"),
    Text(zh="每行一条只增不改、链式哈希的记录", en="one append-only, hash-chained entry a row"),
    key=("sequence",),
    is_input=False,
    columns=(
        column("sequence", Kind.COUNT, "序号", "sequence", null=NEVER),
        column("entry_kind", Kind.TEXT, "类型", "kind", null=NEVER),
        column("entry_key", Kind.TEXT, "幂等键", "idempotency key", null=NEVER),
        column("as_of_on", Kind.DAY, "截至日", "as of", null=NEVER),
        column("body", Kind.TEXT, "内容（JSON）", "body (canonical JSON)", null=NEVER),
        column("previous_hash", Kind.TEXT, "前一条哈希", "hash of the entry before", null=NEVER),
        column("entry_hash", Kind.TEXT, "哈希", "hash of this entry", null=NEVER),
    ),
)


def mask_columns(slug: str, title: Text) -> tuple[Column, Column]:
    """The two mask columns of one clause in `eligibility`: bit n = condition n of the clause file."""
    return (
        Column(f"{slug}_fail", Kind.MASK, Text(zh=f"{title.zh}：不满足", en=f"{title.en}: fail"), NEVER),
        Column(f"{slug}_unknown", Kind.MASK, Text(zh=f"{title.zh}：未知", en=f"{title.en}: unknown"), NEVER),
    )


def eligibility(clauses: tuple[tuple[str, Text], ...]) -> Table:
    """The eligibility table of one snapshot: two masks for each active clause, given as (slug, title)."""
    masks = tuple(mask for slug, title in clauses for mask in mask_columns(slug, title))
    return Table(
        "eligibility",
        Text(zh="筛选结果", en="eligibility"),
        Text(zh="每行一笔借据，每个条款两个掩码", en="one receipt a row, two masks for each clause"),
        key=("loan_id",),
        is_input=False,
        columns=(key("loan_id", "借据", "receipt id"), *masks),
    )
