"""Raw evidence that later desks read: invoices and bank flows."""

from __future__ import annotations

from steadyrest.schema.registry import Kind, Table, column, key, personal, required
from steadyrest.text import Text

INVOICE = Table(
    "invoice",
    Text(zh="发票", en="invoice"),
    Text(zh="每行一张发票的一条记录；发票号码不唯一", en="one record of one invoice a row; the number is not unique"),
    key=("invoice_id",),
    columns=(
        key("invoice_id", "记录编号", "record id"),
        key("borrower_id", "借款人", "borrower id"),
        required(column("issued_on", Kind.DAY, "开票日期", "issued on")),
        column("is_sale", Kind.FLAG, "是否销项", "sale"),
        column("is_void", Kind.FLAG, "是否作废", "void"),
        column("amount_fen", Kind.MONEY, "金额", "amount"),
        column("tax_fen", Kind.MONEY, "税额", "tax"),
        personal(column("counterparty", Kind.TEXT, "对方", "counterparty")),
    ),
)

BANK_FLOW = Table(
    "bank_flow",
    Text(zh="流水", en="bank flow"),
    Text(zh="每行一笔账户流水", en="one account movement a row"),
    key=("flow_id",),
    columns=(
        key("flow_id", "流水编号", "flow id"),
        key("borrower_id", "借款人", "borrower id"),
        required(column("booked_on", Kind.DAY, "记账日", "booked on")),
        column("amount_fen", Kind.MONEY, "金额（流入为正）", "amount, inflow positive"),
        personal(column("counterparty", Kind.TEXT, "对方", "counterparty")),
    ),
)
