"""A relief case from the application to the agreement, and the evidence it rests on."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NOT_APPLICABLE, NOT_YET, Kind, Table, column, key, required
from steadyrest.text import Text

APPLICATION = Table(
    "application",
    Text(zh="申请", en="application"),
    Text(zh="每行一份延期申请", en="one application for relief a row"),
    key=("application_id",),
    columns=(
        key("application_id", "申请编号", "application id"),
        key("loan_id", "借据", "receipt id"),
        required(column("applied_on", Kind.DAY, "申请日", "applied on")),
        column("reply_due_on", Kind.DAY, "答复期限", "reply due on"),
        column("replied_on", Kind.DAY, "答复日", "replied on", null=NOT_YET),
        column("applicant", Kind.TEXT, "申请人", "applicant"),
    ),
)

CONSENT = Table(
    "consent",
    Text(zh="同意书", en="consent"),
    Text(zh="每行一个担保人、抵押人、出质人或共同借款人的书面同意", en="one party's written consent a row"),
    key=("loan_id", "party_id"),
    columns=(
        key("loan_id", "借据", "receipt id"),
        key("party_id", "同意人", "party"),
        required(column("party_kind", Kind.CODE, "身份", "capacity", codes=closed("consent_party"))),
        required(column("consent_state", Kind.CODE, "状态", "state", codes=closed("consent_state"))),
        column("given_on", Kind.DAY, "日期", "on", null=NOT_YET),
    ),
)

AGREEMENT = Table(
    "agreement",
    Text(zh="协议", en="agreement"),
    Text(zh="每行一份已签或待签的协议；方案以决定为准", en="one agreement a row, signed or to be signed"),
    key=("agreement_id",),
    columns=(
        key("agreement_id", "协议编号", "agreement id"),
        key("loan_id", "借据", "receipt id"),
        required(column("legal_form", Kind.CODE, "法律形式", "legal form", codes=closed("legal_form"))),
        column("programme", Kind.CODE, "政策依据", "programme", codes=closed("programme")),
        column("risk_effect", Kind.CODE, "风险后果", "risk effect", codes=closed("risk_effect")),
        column(
            "deferred_part",
            Kind.CODE,
            "递延内容",
            "what is deferred",
            codes=closed("deferred_part"),
            null=NOT_APPLICABLE,
        ),
        column("from_on", Kind.DAY, "原应还日起", "old dues from"),
        column("to_on", Kind.DAY, "原应还日止", "old dues until"),
        required(column("new_due_on", Kind.DAY, "新应还日", "new due date")),
        column("signed_on", Kind.DAY, "签订日", "signed on", null=NOT_YET),
        column("booked_on", Kind.DAY, "入账日", "booked on", null=NOT_YET),
        column("broken_on", Kind.DAY, "违约日", "broken on", null=NOT_YET),
        column("signed_by", Kind.TEXT, "经办人", "signed by"),
    ),
)

EVIDENCE = Table(
    "evidence",
    Text(zh="证据", en="evidence"),
    Text(zh="每行关于一个借款人的一项认定", en="one finding about one borrower a row"),
    key=("borrower_id", "evidence_kind", "as_of_on"),
    columns=(
        key("borrower_id", "借款人", "borrower id"),
        required(column("evidence_kind", Kind.CODE, "事项", "what", codes=closed("evidence_kind"))),
        required(column("holds", Kind.FLAG, "是否成立", "holds")),
        required(column("as_of_on", Kind.DAY, "截至日", "as of")),
        column("source", Kind.TEXT, "来源", "source"),
        column("recorded_by", Kind.TEXT, "记录人", "recorded by"),
    ),
)

DECISION = Table(
    "decision",
    Text(zh="决定", en="decision"),
    Text(zh="每行对一个方案的一次决定", en="one decision on one option a row"),
    key=("loan_id", "option_no", "decision"),
    columns=(
        key("loan_id", "借据", "receipt id"),
        required(column("option_no", Kind.COUNT, "方案号", "option")),
        column("clause_id", Kind.TEXT, "条款", "clause"),
        required(column("decision", Kind.CODE, "决定", "decision", codes=closed("decision"))),
        column("reason", Kind.TEXT, "理由", "reason"),
        required(column("proposer", Kind.TEXT, "经办人", "proposer")),
        required(column("approver", Kind.TEXT, "审批人", "approver")),
        required(column("decided_on", Kind.DAY, "日期", "date")),
        column(
            "new_due_on",
            Kind.DAY,
            "新应还日",
            "new due date",
            null=Text(zh="按方案", en="as proposed"),
        ),
    ),
)

CASE_EVENT = Table(
    "case_event",
    Text(zh="办理进程", en="case event"),
    Text(zh="每行一个案件进入一个状态", en="one case entering one state a row"),
    key=("loan_id", "sequence"),
    is_input=False,
    columns=(
        key("loan_id", "借据", "receipt id"),
        column("sequence", Kind.COUNT, "序号", "sequence"),
        column("case_state", Kind.CODE, "状态", "state", codes=closed("case_state")),
        column("on", Kind.DAY, "日期", "on"),
        column("person", Kind.TEXT, "人员", "person"),
        column("reply_due_on", Kind.DAY, "答复期限", "reply due on", null=NOT_APPLICABLE),
        column("option_no", Kind.COUNT, "方案号", "option", null=NOT_APPLICABLE),
    ),
)

OPTION = Table(
    "option",
    Text(zh="方案", en="option"),
    Text(zh="每行一笔借据在一个条款下的一个方案", en="one way of relief for one receipt under one clause a row"),
    key=("loan_id", "option_no"),
    is_input=False,
    columns=(
        key("loan_id", "借据", "receipt id"),
        column("option_no", Kind.COUNT, "方案号", "option"),
        column("clause_id", Kind.TEXT, "条款", "clause"),
        column("programme", Kind.CODE, "政策依据", "programme", codes=closed("programme")),
        column("plan", Kind.CODE, "还款安排", "plan", codes=closed("plan")),
        column("legal_form", Kind.CODE, "法律形式", "legal form", codes=closed("legal_form")),
        column("form_clause_id", Kind.TEXT, "法律形式所依条款", "clause of the legal form", null=NOT_APPLICABLE),
        column(
            "form_verdict",
            Kind.CODE,
            "法律形式检验",
            "test of the legal form",
            codes=closed("verdict"),
            null=NOT_APPLICABLE,
        ),
        column("shape", Kind.CODE, "方式", "shape", codes=closed("shape")),
        column("deferred_part", Kind.CODE, "递延内容", "what is deferred", codes=closed("deferred_part")),
        column(
            "interest_treatment", Kind.CODE, "递延利息处理", "deferred interest is", codes=closed("interest_treatment")
        ),
        column("from_on", Kind.DAY, "原应还日起", "old dues from"),
        column("to_on", Kind.DAY, "原应还日止", "old dues until"),
        column("shift_months", Kind.COUNT, "顺延月数", "months moved", null=NOT_APPLICABLE),
        column("spread_periods", Kind.COUNT, "分摊期数", "dues it is spread over", null=NOT_APPLICABLE),
        column("new_due_on", Kind.DAY, "新应还日", "new due date"),
        column("cap_on", Kind.DAY, "期限", "cap", null=NOT_APPLICABLE),
        column("cap_verdict", Kind.CODE, "期限检验", "test of the cap", codes=closed("cap_verdict")),
        column("deferred_principal_fen", Kind.MONEY, "递延本金", "deferred principal"),
        column("deferred_interest_fen", Kind.MONEY, "递延利息", "deferred interest"),
        column("extra_interest_fen", Kind.MONEY, "增加的利息", "additional interest"),
        column("last_due_before_on", Kind.DAY, "变更前末次应还日", "last due date before"),
        column("last_due_after_on", Kind.DAY, "变更后末次应还日", "last due date after"),
        column("is_proposed", Kind.FLAG, "是否推荐", "proposed"),
    ),
)

AMENDMENT = Table(
    "amendment",
    Text(zh="变更", en="amendment"),
    Text(zh="每行一项已签约的变更及其报送结果", en="one signed amendment and what the return then says a row"),
    key=("loan_id", "option_no"),
    is_input=False,
    columns=(
        key("loan_id", "借据", "receipt id"),
        column("option_no", Kind.COUNT, "方案号", "option"),
        column("clause_id", Kind.TEXT, "条款", "clause"),
        column("programme", Kind.CODE, "政策依据", "programme", codes=closed("programme")),
        column("legal_form", Kind.CODE, "法律形式", "legal form", codes=closed("legal_form")),
        column("risk_effect", Kind.CODE, "风险后果", "risk effect", codes=closed("risk_effect")),
        column("signed_on", Kind.DAY, "签订日", "signed on"),
        column("known_on", Kind.DAY, "知悉日", "known on"),
        column(
            "approver",
            Kind.TEXT,
            "审批人",
            "approver",
            null=Text(
                zh="账簿中已有的协议：未报送审批人",
                en="an agreement that was in the book: its approver is not supplied",
            ),
        ),
        column("deferred_principal_fen", Kind.MONEY, "递延本金", "deferred principal"),
        column("deferred_interest_fen", Kind.MONEY, "递延利息", "deferred interest"),
        column("interest_before_fen", Kind.MONEY, "变更前剩余利息", "remaining interest before"),
        column("interest_after_fen", Kind.MONEY, "变更后剩余利息", "remaining interest after"),
        column("last_due_before_on", Kind.DAY, "变更前末次应还日", "last due date before"),
        column("last_due_after_on", Kind.DAY, "变更后末次应还日", "last due date after"),
        column("reported_maturity_on", Kind.DAY, "报送到期日期", "maturity in the return"),
        column(
            "reported_extended_on", Kind.DAY, "报送展期到期日期", "extended maturity in the return", null=NOT_APPLICABLE
        ),
        column("reported_status", Kind.CODE, "报送贷款状态", "status in the return", codes=closed("loan_status")),
        column(
            "reported_overdue_kind",
            Kind.CODE,
            "报送逾期类型",
            "kind of arrears in the return",
            codes=closed("overdue_kind"),
            null=NOT_APPLICABLE,
        ),
        column("past_due_kept_days", Kind.COUNT, "保留的逾期天数", "days past due that stay on file"),
        column("reporting_rule", Kind.TEXT, "报送规则", "reporting rule"),
    ),
)
