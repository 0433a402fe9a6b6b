"""What reading a book needs beside the book: the totals of the general ledger, and the rows that were set aside."""

from __future__ import annotations

from steadyrest.schema.registry import NEVER, Kind, Table, column, key, personal, required
from steadyrest.text import Text

LEDGER_CONTROL = Table(
    "ledger_control",
    Text(zh="总账控制数", en="control totals of the general ledger"),
    Text(zh="每行一个机构、科目、币种的总账余额", en="the ledger balance of one branch, subject and currency a row"),
    key=("branch_id", "subject_code", "currency"),
    columns=(
        key("branch_id", "内部机构号", "branch id"),
        key("subject_code", "科目号", "subject code"),
        key("currency", "币种", "currency"),
        required(column("balance_fen", Kind.MONEY, "余额", "balance")),
        column("receipts", Kind.COUNT, "笔数", "receipts"),
    ),
)

QUARANTINE = Table(
    "quarantine",
    Text(zh="隔离行", en="quarantined row"),
    Text(zh="每行一条被隔离的源数据", en="one row of a source file that was set aside a row"),
    key=("source_file", "row_number"),
    is_input=False,
    columns=(
        key("source_file", "文件", "file"),
        column("row_number", Kind.COUNT, "行号", "row, counted from 1 after the header", null=NEVER),
        column("table", Kind.TEXT, "表", "table", null=NEVER),
        column("codes", Kind.TEXT, "问题代码", "codes of the findings", null=NEVER),
        personal(column("raw", Kind.TEXT, "原始内容", "cells as they were (JSON)", null=NEVER)),
    ),
)
