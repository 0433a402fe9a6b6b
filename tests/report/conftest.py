"""A small finished run folder, made by hand from the registry: what a report reads, without running the product.

Numbers are drawn from fixed sequences, so that the same call writes the same files; `make_run(tables, loans=...)`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steadyrest import reference
from steadyrest.book.manifest import ControlTotal, FileFacts
from steadyrest.report.facts import ClauseFacts, ConditionFacts, RunFacts
from steadyrest.schema import TABLES
from steadyrest.text import Text

AS_OF = date(2022, 7, 31)
CAP = date(2022, 12, 30)
_ASKS = {
    "manufacturer": ("借款人属于制造业", "the borrower is a manufacturer"),
    "size": ("借款人为中型、小型、微型企业或个体工商户", "medium, small or micro enterprise, or individual business"),
    "operating": ("贷款用于生产经营", "the loan finances the business"),
    "difficulty": ("因疫情等原因暂时遇困", "in temporary difficulty, from the epidemic or otherwise"),
    "due": ("2022年12月31日前有应还款项", "something falls due on or before 2022-12-31"),
}


def clauses() -> tuple[ClauseFacts, ...]:
    """Three clauses in force that screen, one that does not screen, and one that is not in force."""
    asks = tuple(ConditionFacts(bit, Text(*words)) for bit, words in enumerate(_ASKS.values()))
    notice = Text("银保监办发〔2022〕70号 第二条", "Notice 70 of 2022 (CBIRC), part 2")
    line = Text("银保监办发〔2022〕64号 第八条", "Notice 64 of 2022 (CBIRC), point 8")
    state = Text("国发〔2022〕12号 第十一条", "State Council 12 of 2022, item 11")
    n2 = Text("制造业中小微企业延期还本付息", "Deferral for smaller manufacturers")
    p8 = Text("中小微企业和个体工商户延期还本付息", "Deferral for smaller firms and individual businesses")
    n4 = Text("受疫情影响严重的行业与普惠型小微企业", "Severely hit trades and inclusive loans")
    inclusive = Text("普惠型小微企业贷款口径", "Inclusive loan, CBIRC definition")
    i11 = Text("扎实稳住经济一揽子政策措施", "Package of measures to steady the economy")
    unconfirmed = Text("来源为D级，尚无本行确认", "grade D, not confirmed by an overlay of the bank")
    return (
        ClauseFacts("cn.cbirc.2022-70.n2", "n2", n2, notice, "shall", "B", conditions=asks),
        ClauseFacts("cn.cbirc.2022-64.p8", "p8", p8, line, "should", "B", conditions=asks[1:]),
        ClauseFacts("cn.cbirc.2022-70.n4", "n4", n4, notice, "in_principle", "C", conditions=asks[:4]),
        ClauseFacts("cn.cbirc.inclusive", "inclusive", inclusive, notice, "shall", "C", kind="definition"),
        ClauseFacts("cn.state.2022-12.i11", "i11", i11, state, "encouraged", "D", reason=unconfirmed),
    )


def _text(prefix: str, numbers: np.ndarray, digits: int) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(digits).str.replace("^", prefix)


def _pick(values: list[str], random: np.random.Generator, count: int, weights: list[float]) -> pl.Series:
    return pl.Series(np.array(values, object)[random.choice(len(values), count, p=weights)].tolist(), dtype=pl.String)


def _write(frame: pl.DataFrame, name: str, tables: Path) -> pl.DataFrame:
    """The frame with all columns of the registered table, missing ones null."""
    schema = TABLES[name].polars()
    missing = {column: pl.lit(None, kind) for column, kind in schema.items() if column not in frame.columns}
    full = frame.with_columns(**missing).select(pl.col(column).cast(kind) for column, kind in schema.items())
    full.write_parquet(tables / f"{name}.parquet", row_group_size=500_000)
    return full


def _enterprise(count: int, random: np.random.Generator, tables: Path) -> pl.DataFrame:
    provinces = [code for code in reference.table("provinces")["code"] if code not in ("71", "81", "82")]
    weights = random.pareto(1.2, len(provinces)) + 0.15
    region = _pick([f"{code}0100" for code in provinces], random, count, list(weights / weights.sum()))
    known = pl.Series(random.random(count) > 0.02)
    frame = pl.DataFrame({"borrower_id": _text("913205", np.arange(count) * 37 + 11, 11) + "X"}).with_columns(
        id_number=pl.col("borrower_id"),
        borrower_kind=_pick(["enterprise", "individual_business", "owner"], random, count, [0.8, 0.15, 0.05]),
        name=_text("江苏恒力精密机械有限公司", np.arange(count), 6),
        region_code=pl.when(known).then(region),
    )
    return _write(frame, "enterprise", tables)


def _loan_facts(borrowers: pl.DataFrame, count: int, random: np.random.Generator, tables: Path) -> pl.DataFrame:
    owner = random.integers(0, borrowers.height, count)
    due = np.datetime64("2022-08-03") + (random.beta(1.1, 2.6, count) * 900).astype("timedelta64[D]")
    balance = (random.lognormal(14.2, 1.1, count) * 100).astype(np.int64) // 100_000 * 100_000 + 100_000
    frame = pl.DataFrame({"loan_id": _text("JJ2022", np.arange(count), 9)}).with_columns(
        borrower_id=borrowers["borrower_id"].gather(owner),
        as_of_on=pl.lit(AS_OF),
        ledger=pl.lit("corporate"),
        product=pl.lit("F022"),
        currency=pl.Series(random.random(count) < 0.985).replace_strict({True: "CNY", False: "USD"}),
        balance_fen=pl.Series(balance),
        next_due_on=pl.Series(due).cast(pl.Date),
        schedule_state=_pick(["projected", "needs_data"], random, count, [0.965, 0.035]),
        has_terms=pl.lit(True),
    )
    return _write(frame.with_columns(first_unpaid_on="next_due_on", last_due_on="next_due_on"), "loan_facts", tables)


def _eligibility(loans: pl.DataFrame, random: np.random.Generator, tables: Path) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {"loan_id": loans["loan_id"]}
    for clause in clauses():
        if not clause.is_screen:
            continue
        fail, unknown = np.zeros(loans.height, np.uint32), np.zeros(loans.height, np.uint32)
        for condition in clause.conditions:
            drawn = random.random(loans.height)
            fail |= (drawn < 0.12).astype(np.uint32) << condition.bit
            unknown |= (drawn > 0.94).astype(np.uint32) << condition.bit
        columns |= {f"{clause.slug}_fail": pl.Series(fail), f"{clause.slug}_unknown": pl.Series(unknown)}
    frame = pl.DataFrame(columns)
    frame.write_parquet(tables / "eligibility.parquet", row_group_size=500_000)
    return frame


def _clause_result(loans: pl.DataFrame, masks: pl.DataFrame, tables: Path) -> None:
    parts = []
    for clause in clauses():
        if clause.is_screen:
            fail, unknown = pl.col(f"{clause.slug}_fail"), pl.col(f"{clause.slug}_unknown")
            verdict = pl.when(fail != 0).then(pl.lit("refused")).when(unknown != 0).then(pl.lit("needs_data"))
            joined = loans.with_columns(masks.select(verdict.otherwise(pl.lit("eligible")).alias("verdict")))
            counted = joined.group_by("verdict", "currency").agg(
                pl.col("borrower_id").n_unique().alias("households"),
                pl.len().alias("receipts"),
                pl.col("balance_fen").sum(),
            )
            parts.append(counted.with_columns(clause_id=pl.lit(clause.clause_id)))
    _write(pl.concat(parts).sort("clause_id", "verdict", "currency"), "clause_result", tables)


def _options(loans: pl.DataFrame, masks: pl.DataFrame, tables: Path) -> pl.DataFrame:
    eligible = loans.filter(masks.select((pl.col("n2_fail") == 0) & (pl.col("n2_unknown") == 0)).to_series())
    soon = eligible.filter((pl.col("next_due_on") < CAP) & (pl.col("schedule_state").cast(pl.String) == "projected"))
    first = soon.select(
        "loan_id",
        pl.lit(1).alias("option_no"),
        pl.lit("cn.cbirc.2022-70.n2").alias("clause_id"),
        pl.lit("notice_2022").alias("programme"),
        pl.lit("deferral_agreement").alias("legal_form"),
        pl.lit("parked").alias("plan"),
        pl.lit("park").alias("shape"),
        pl.lit("both").alias("deferred_part"),
        pl.lit("at_end").alias("interest_treatment"),
        pl.col("next_due_on").alias("from_on"),
        pl.col("next_due_on").alias("to_on"),
        pl.lit(CAP).alias("new_due_on"),
        pl.lit(date(2022, 12, 31)).alias("cap_on"),
        pl.when(pl.col("balance_fen") % 7 == 0)
        .then(pl.lit("in_principle_breach"))
        .otherwise(pl.lit("pass"))
        .alias("cap_verdict"),
        (pl.col("balance_fen") // 3).alias("deferred_principal_fen"),
        (pl.col("balance_fen") // 90).alias("deferred_interest_fen"),
        (pl.col("balance_fen") // 1100).alias("extra_interest_fen"),
        pl.col("last_due_on").alias("last_due_before_on"),
        pl.max_horizontal("last_due_on", pl.lit(CAP)).alias("last_due_after_on"),
        pl.lit(True).alias("is_proposed"),
    )
    second = first.with_columns(
        option_no=pl.lit(2),
        clause_id=pl.lit("cn.cbirc.2022-64.p8"),
        programme=pl.lit("deferral_line"),
        is_proposed=pl.lit(False),
    )
    third = first.with_columns(
        option_no=pl.lit(3), plan=pl.lit("slide"), cap_verdict=pl.lit("in_principle_breach"), is_proposed=pl.lit(False)
    )
    return _write(pl.concat([first, second, third]).sort("loan_id", "option_no"), "option", tables)


def _signed(options: pl.DataFrame, tables: Path) -> None:
    proposed = options.filter("is_proposed")
    signed = proposed.gather_every(4)
    rows = signed.select(
        "loan_id", "option_no", "clause_id", "programme", "legal_form", "deferred_principal_fen",
        "deferred_interest_fen", "last_due_before_on", "last_due_after_on",
        pl.lit("not_restructured").alias("risk_effect"),
        pl.lit(date(2022, 7, 22)).alias("signed_on"),
        pl.lit(date(2022, 7, 22)).alias("known_on"),
        pl.lit("审批二部 周敏").alias("approver"),
        pl.col("deferred_interest_fen").alias("interest_before_fen"),
        (pl.col("deferred_interest_fen") + pl.col("extra_interest_fen")).alias("interest_after_fen"),
        pl.col("last_due_after_on").alias("reported_maturity_on"),
        pl.lit("LS01").alias("reported_status"),
        pl.lit(0).alias("past_due_kept_days"),
        pl.lit("D1, D11").alias("reporting_rule"),
    )  # fmt: skip
    _write(rows, "amendment", tables)
    decided = signed.select("loan_id", "option_no", "clause_id").with_columns(
        decision=pl.lit("signed"),
        reason=pl.lit("=SUM(1,1) 暂时遇困"),
        proposer=pl.lit("客户经理 李强"),
        approver=pl.lit("审批二部 周敏"),
        decided_on=pl.lit(date(2022, 7, 22)),
    )
    _write(decided, "decision", tables)
    events = proposed.select("loan_id").with_columns(
        sequence=pl.lit(1), case_state=pl.lit("applied"), on=pl.lit(date(2022, 7, 4)), person=pl.lit("王小明")
    )
    reply = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit(date(2022, 8, 12)))
    _write(events.with_columns(reply_due_on=reply), "case_event", tables)


def _flows(options: pl.DataFrame, tables: Path) -> None:
    """Three dues before; with the option the first moves to the cap."""
    base = options.filter("is_proposed")
    parts = []
    for version, moved in (("before", False), ("proposed", True), ("after", True)):
        rows = base.gather_every(4) if version == "after" else base
        for step in range(3):
            on = pl.col("from_on").dt.offset_by(f"{step * 2}mo")
            first = rows.select(
                "loan_id",
                pl.lit(version).alias("version"),
                pl.lit(0, pl.Int64).alias("option_no") if version == "before" else pl.col("option_no"),
                pl.when(moved & (step == 0)).then(pl.lit(CAP)).otherwise(on).alias("due_on"),
                pl.col("deferred_principal_fen").alias("principal_due_fen"),
                (pl.col("deferred_interest_fen") // (step + 1)).alias("interest_due_fen"),
            )
            parts.append(first)
    flows = pl.concat(parts).sort("loan_id", "version", "option_no", "due_on", "interest_due_fen")
    flows = flows.with_columns(sequence=pl.int_range(1, pl.len() + 1).over("loan_id", "version", "option_no"))
    _write(
        flows.with_columns(balance_after_fen=pl.col("principal_due_fen") * (3 - pl.col("sequence"))),
        "cash_flow",
        tables,
    )


def _months(loans: pl.DataFrame, tables: Path) -> None:
    whole = pl.col("balance_fen")
    part = pl.col("loan_id").str.slice(-1).cast(pl.Int64)
    held = {"before": pl.lit(False), "proposed": part < 4, "after": part < 1}
    parts = []
    for version, moves in held.items():
        early = (pl.col("next_due_on") < CAP) & moves
        month = pl.when(early).then(pl.lit(CAP)).otherwise("next_due_on").dt.month_start()
        grouped = loans.group_by(month.alias("month_on"), "currency").agg(
            pl.col("borrower_id").n_unique().alias("households"),
            pl.len().alias("receipts"),
            whole.sum().alias("principal_due_fen"),
            (whole // 40).sum().alias("interest_due_fen"),
        )
        parts.append(grouped.with_columns(version=pl.lit(version)))
    _write(pl.concat(parts).sort("month_on", "version", "currency"), "cash_flow_month", tables)


def _findings(loans: pl.DataFrame, borrowers: pl.DataFrame, tables: Path) -> None:
    some = loans.gather_every(9)
    on_loans = some.select(
        pl.lit("LOAN-007").alias("code"), pl.lit("warning").alias("severity"), pl.lit("loan").alias("table"),
        pl.lit("存量单位贷款.csv").alias("source_file"), pl.int_range(1, pl.len() + 1).alias("row_number"),
        pl.col("loan_id").alias("row_id"), pl.lit("use_industry_code").alias("field"),
    )  # fmt: skip
    on_borrowers = borrowers.gather_every(20).select(
        pl.lit("PARTY-002").alias("code"), pl.lit("error").alias("severity"), pl.lit("enterprise").alias("table"),
        pl.lit("客户.csv").alias("source_file"), pl.int_range(1, pl.len() + 1).alias("row_number"),
        pl.col("borrower_id").alias("row_id"), pl.lit("id_number").alias("field"), pl.col("id_number").alias("value"),
    )  # fmt: skip
    bad = pl.DataFrame({
        "code": ["LOAN-001"], "severity": ["quarantine"], "table": ["loan"], "source_file": ["存量单位贷款.csv"],
        "row_number": [77], "row_id": ["JJ-BAD"], "field": ["balance_fen"], "value": ["=2+5"],
    })  # fmt: skip
    _write(
        pl.concat([on_loans, on_borrowers, bad], how="diagonal").sort("source_file", "row_number", "code"),
        "finding",
        tables,
    )
    raw = json.dumps({"客户名称": "江苏恒力", "贷款余额": "-1"}, ensure_ascii=False)
    quarantine = {
        "source_file": ["存量单位贷款.csv"],
        "row_number": [77],
        "table": ["loan"],
        "raw": [raw],
        "codes": ["LOAN-001"],
    }
    pl.DataFrame(quarantine).write_parquet(tables / "quarantine.parquet")


def make_run(tables: Path, loans: int = 900) -> RunFacts:
    """Write the result tables of a run over `loans` loans and return its facts."""
    tables.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    borrowers = _enterprise(max(2, loans * 2 // 5), random, tables)
    facts = _loan_facts(borrowers, loans, random, tables)
    masks = _eligibility(facts, random, tables)
    _clause_result(facts, masks, tables)
    options = _options(facts, masks, tables)
    _signed(options, tables)
    _flows(options, tables)
    _months(facts, tables)
    _findings(facts, borrowers, tables)
    balance = int(facts.filter(pl.col("currency") == "CNY")["balance_fen"].sum())
    terms_needed = Text(
        "报送数据没有还款方式、周期和计息基础，须另附还款条件文件。",
        "The return has no repayment method, cycle or day count: they come from a terms file.",
    )
    verified = Text("贷款市场报价利率最后核对至2024-11-20。", "The loan prime rate was last verified up to 2024-11-20.")
    return RunFacts(
        as_of_on=AS_OF,
        valid_on=AS_OF,
        known_on=AS_OF,
        clauses=clauses(),
        mapping="pboc",
        code_version="0.1.0",
        snapshot_hash="5f0c9d7e1b2a44d08f11aa90c3d2e771",
        is_synthetic=True,
        files=(
            FileFacts("存量单位贷款.csv", "loan", loans + 1, loans, 1),
            FileFacts("客户.csv", "enterprise", borrowers.height, borrowers.height, 0),
        ),
        totals=(
            ControlTotal("loan", "rows", "", loans, loans),
            ControlTotal("loan", "balance_fen", "CNY", balance, balance),
        ),
        warnings=(verified,),
        lacks=(terms_needed,),
    )


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunFacts]:
    """A small run folder and its facts; read only."""
    tables = tmp_path_factory.mktemp("run") / "tables"
    return tables, make_run(tables)


@pytest.fixture(scope="session")
def make() -> Callable[[Path, int], RunFacts]:
    """The generator, for tests that need a folder of their own."""
    return make_run


@pytest.fixture
def unmasked(run: tuple[Path, RunFacts]) -> RunFacts:
    """The facts of the same run with names and numbers asked for."""
    return replace(run[1], is_unmasked=True)
