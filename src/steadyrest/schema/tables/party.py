"""Who lends and who borrows: institution, branch, borrower, and the links between customers."""

from __future__ import annotations

from steadyrest.schema.codes import closed
from steadyrest.schema.registry import NOT_APPLICABLE, Kind, Table, column, key, personal, required
from steadyrest.text import Text

INSTITUTION = Table(
    "institution",
    Text(zh="机构", en="institution"),
    Text(zh="每行一个法人机构", en="one legal person a row"),
    key=("institution_id",),
    columns=(
        key("institution_id", "金融机构代码", "institution id", "pboc:JS_201_CLDWDK.金融机构代码"),
        column("name", Kind.TEXT, "名称", "name"),
        column("lender_type", Kind.CODE, "机构类型", "lender type", codes=closed("lender_type")),
        column("is_local_legal_person", Kind.FLAG, "是否地方法人", "local legal person"),
        column("central_bank_rating", Kind.COUNT, "央行评级", "central-bank rating"),
        column("capital_tier", Kind.COUNT, "资本管理档次", "capital tier", null=NOT_APPLICABLE),
    ),
)

BRANCH = Table(
    "branch",
    Text(zh="分支机构", en="branch"),
    Text(zh="每行一个分支机构；上级构成机构树", en="one branch a row; the parent makes the tree"),
    key=("branch_id",),
    columns=(
        key("branch_id", "内部机构号", "branch id", "pboc:JS_201_CLDWDK.内部机构号"),
        column("parent_branch_id", Kind.TEXT, "上级机构号", "parent branch", null=NOT_APPLICABLE),
        column("institution_id", Kind.TEXT, "金融机构代码", "institution id"),
        column("name", Kind.TEXT, "名称", "name"),
        column(
            "region_code", Kind.TEXT, "地区代码", "division code", official=("pboc:JS_201_CLDWDK.金融机构地区代码",)
        ),
    ),
)

ENTERPRISE = Table(
    "enterprise",
    Text(zh="借款人", en="borrower"),
    Text(
        zh="每行一个借款人：企业、个体工商户、小微企业主或其他",
        en="one borrower a row: firm, individual business, owner or other",
    ),
    key=("borrower_id",),
    columns=(
        key(
            "borrower_id",
            "借款人证件代码",
            "borrower id",
            "pboc:JS_102_FTYKHX.客户证件代码",
            "pboc:JS_102_GRKHXX.客户证件代码",
        ),
        required(column("borrower_kind", Kind.CODE, "借款人类型", "borrower kind", codes=closed("borrower_kind"))),
        personal(column("name", Kind.TEXT, "客户名称", "name", official=("pboc:JS_102_FTYKHX.客户名称",))),
        column(
            "id_kind", Kind.TEXT, "证件类型", "kind of identity document", official=("pboc:JS_102_FTYKHX.客户证件类型",)
        ),
        personal(
            column("id_number", Kind.TEXT, "证件代码", "identity number", official=("pboc:JS_102_FTYKHX.客户证件代码",))
        ),
        column(
            "industry_code", Kind.TEXT, "所属行业", "industry (GB/T 4754)", official=("pboc:JS_102_FTYKHX.所属行业",)
        ),
        column(
            "enterprise_size",
            Kind.CODE,
            "企业规模",
            "enterprise size, as reported",
            codes=closed("enterprise_size"),
            official=("pboc:JS_102_FTYKHX.企业规模",),
        ),
        column("employees", Kind.COUNT, "从业人员数", "employees", official=("pboc:JS_102_FTYKHX.从业人员数",)),
        column(
            "revenue_fen", Kind.MONEY, "营业收入", "revenue of the last year", official=("pboc:JS_102_FTYKHX.营业收入",)
        ),
        column("total_assets_fen", Kind.MONEY, "总资产", "total assets", official=("pboc:JS_102_FTYKHX.总资产",)),
        column("region_code", Kind.TEXT, "地区代码", "division code", official=("pboc:JS_102_FTYKHX.地区代码",)),
        column(
            "credit_line_fen",
            Kind.MONEY,
            "授信额度",
            "total credit line, CNY",
            official=("pboc:JS_102_FTYKHX.授信额度",),
        ),
        column(
            "credit_used_fen", Kind.MONEY, "已用额度", "credit used, CNY", official=("pboc:JS_102_FTYKHX.已用额度",)
        ),
        column("established_on", Kind.DAY, "成立日期", "established on", official=("pboc:JS_102_FTYKHX.成立日期",)),
        column(
            "first_credit_on",
            Kind.DAY,
            "首次建立信贷关系日期",
            "first credit on",
            official=("pboc:JS_102_FTYKHX.首次建立信贷关系日期",),
        ),
        column("is_listed", Kind.FLAG, "是否上市公司", "listed company", official=("pboc:JS_102_FTYKHX.是否上市公司",)),
        column(
            "is_related_party", Kind.FLAG, "是否关联方", "related party", official=("pboc:JS_102_FTYKHX.是否关联方",)
        ),
    ),
)

CUSTOMER_LINK = Table(
    "customer_link",
    Text(zh="客户关系", en="customer link"),
    Text(
        zh="每行一条关系：from 是 to 的业主、集团成员或担保人",
        en="one link a row: from is owner, group member or guarantor of to",
    ),
    key=("from_borrower_id", "to_borrower_id", "link_kind"),
    columns=(
        key("from_borrower_id", "关系方", "from borrower"),
        key("to_borrower_id", "被关系方", "to borrower"),
        required(column("link_kind", Kind.CODE, "关系", "kind of link", codes=closed("link_kind"))),
    ),
)

CREDIT_LINE = Table(
    "credit_line",
    Text(zh="授信", en="credit line"),
    Text(zh="每行一个借款人的一个时点授信额度", en="one borrower's line at one point in time a row"),
    key=("borrower_id", "from_on"),
    columns=(
        key("borrower_id", "借款人", "borrower id"),
        required(column("from_on", Kind.DAY, "起始日", "from")),
        column("to_on", Kind.DAY, "终止日", "until", null=NOT_APPLICABLE),
        column("credit_line_fen", Kind.MONEY, "授信额度", "total credit line, CNY"),
    ),
)
