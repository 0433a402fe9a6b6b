"""A small finished run: five receipts whose dues come from the contract engine, two clauses, one definition.

A1  bullet, eligible under both clauses, two options, the second proposed, nothing decided
B1  level payment, floating rate, one option, signed to another day
C1  equal principal, a deferral of principal and interest in the book already
D1  refused by one condition, unknown in another
E1  no terms, needs data
Q1  quarantined
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from steadyrest.book.clauses import snapshot_body
from steadyrest.book.manifest import FileFacts, Input, Manifest, TableFacts
from steadyrest.book.run_folder import RunFolder, open_run
from steadyrest.contracts import (
    Bullet,
    EvenPrincipal,
    Event,
    Level,
    LoanTerms,
    event_frame,
    project,
    resolve,
    terms_frame,
)
from steadyrest.policy import Clause, PolicySnapshot, Relief
from steadyrest.rules import Condition, masks_of, parse
from steadyrest.schema import TABLES
from steadyrest.schema.tables.results import eligibility
from steadyrest.text import Text

AS_OF = date(2022, 7, 31)
N2_CAP, P8_CAP = date(2022, 12, 31), date(2022, 12, 30)
PARKED = date(2022, 12, 30)
SIGNED_DAY = date(2022, 12, 20)
Row = dict[str, Any]

TERMS = {
    "A1": LoanTerms("A1", 100_000_000, date(2021, 11, 15), date(2022, 11, 15), Bullet(), 435_000, 1, 20),
    "B1": LoanTerms(
        "B1",
        60_000_000,
        date(2021, 3, 21),
        date(2023, 3, 21),
        Level(),
        rate_type="RF02",
        benchmark="LPR1Y",
        spread_bp=50,
        reset_cycle_months=12,
        day_count="A365F",
    ),
    "C1": LoanTerms("C1", 90_000_000, date(2021, 9, 10), date(2023, 3, 10), EvenPrincipal(3), 500_000, 1),
    "D1": LoanTerms("D1", 10_000_000, date(2022, 1, 31), date(2023, 1, 31), Bullet(), 600_000, 3, day_count="30E360"),
}
AGREED = Event(
    "C1",
    1,
    date(2022, 6, 1),
    "park",
    deferred_part="both",
    from_on=date(2022, 6, 10),
    to_on=date(2022, 9, 10),
    new_due_on=date(2022, 12, 9),
)


def condition(bit: int, name: str, test: str, zh: str, en: str, soft: bool = False) -> Condition:
    """One condition over the facts."""
    return Condition(bit, name, parse(test, TABLES["loan_facts"].by_name()), Text(zh, en), soft)


def clause(slug: str, kind: Any, conditions: tuple[Condition, ...], **more: Any) -> Clause:
    """A clause with a citation of its own."""
    base = Clause(
        id=f"cn.test.{slug}",
        slug=slug,
        kind=kind,
        title=Text(f"条款{slug}", f"clause {slug}"),
        document=Text("某通知", "Some Notice"),
        article=Text(f"第{slug}条", f"article {slug}"),
        quote="应当延期",
        strength="should",
        binds=("bank",),
        grade="B",
        source="official site",
        effective_from=date(2022, 7, 4),
        effective_to=None,
        known_from=date(2022, 7, 4),
        supersedes=(),
        status="in force",
        open_readings=(Text("个体工商户是否包括", "whether individual businesses are meant"),),
        conditions=conditions,
        parameters={},
        relief=None,
        defines=None,
        mechanism=None,
        confirmed_by=None,
        place="test.yaml:1",
    )
    return replace(base, **more)


def snapshot() -> PolicySnapshot:
    """N2 (later cap), P8 (principal and interest), and the definition of an inclusive loan."""
    maker = condition(0, "manufacturer", 'borrower_section == "C"', "属于制造业", "a manufacturer")
    due = condition(2, "due", "first_unpaid_on <= 2022-12-31", "年内有应还", "something falls due this year")
    hit = condition(1, "difficulty", "has_temporary_difficulty", "暂时遇困", "in temporary difficulty")
    line = condition(0, "line", "credit_line_fen <= 1000000000", "授信不超过1000万元", "a line of at most 10 million")
    relief = Relief(
        "notice_2022", ("deferral_agreement",), None, date(2022, 12, 31), "principal", N2_CAP, "in_principle"
    )
    both = replace(relief, programme="deferral_line", parts="both", cap_on=P8_CAP)
    clauses = (
        clause("p8", "screen", (replace(maker, is_soft=True), hit), relief=both, known_from=date(2022, 6, 1)),
        clause("inclusive", "definition", (line,), defines="is_inclusive_cbirc"),
        clause("n2", "screen", (maker, hit, due), relief=relief),
    )
    return PolicySnapshot(AS_OF, AS_OF, clauses, (), (), "5a" * 32)


def flows(loan_id: str, *events: Event, book: int | None = None) -> pl.DataFrame:
    """All dues of one receipt, from drawdown or from the book."""
    resolved = resolve(terms_frame([TERMS[loan_id]]), event_frame(events))
    balances = None if book is None else pl.Series([book])
    return project(resolved, book=balances, as_of=None if book is None else AS_OF).rows


def balance(loan_id: str, *events: Event) -> int:
    """What is outstanding at the end of the as-of day when everything was paid."""
    rows = flows(loan_id, *events)
    return int(rows.filter(pl.col("due_on") > AS_OF)["principal_due_fen"].sum())


def flow_rows(loan_id: str, version: str, option_no: int, dues: pl.DataFrame) -> list[Row]:
    """Rows of `cash_flow`."""
    wanted = ("due_on", "principal_due_fen", "interest_due_fen", "balance_after_fen")
    head = {"loan_id": loan_id, "version": version, "option_no": option_no}
    return [
        {**head, "sequence": number, **{name: row[name] for name in wanted}}
        for number, row in enumerate(dues.iter_rows(named=True), 1)
    ]


def facts(loan_id: str, **more: Any) -> Row:
    """A row of `loan_facts`."""
    base: Row = {
        "loan_id": loan_id,
        "borrower_id": f"9132059400000000{loan_id}",
        "as_of_on": AS_OF,
        "ledger": "corporate",
        "product": "F022",
        "currency": "CNY",
        "quality": "FQ01",
        "loan_status": "LS01",
        "borrower_section": "C",
        "has_temporary_difficulty": True,
        "credit_line_fen": 800_000_000,
        "is_inclusive_cbirc": True,
        "past_due_days": 0,
        "schedule_state": "projected",
        "has_terms": True,
    }
    if loan_id in TERMS:
        left = flows(loan_id).filter(pl.col("due_on") > AS_OF)["due_on"]
        base |= {"balance_fen": balance(loan_id), "first_unpaid_on": left[0], "next_due_on": left[0]}
        base |= {
            "drawn_on": TERMS[loan_id].drawn_on,
            "maturity_on": TERMS[loan_id].maturity_on,
            "last_due_on": left[-1],
        }
    return base | more


def park(row: Row, on: date) -> Event:
    """The event of an option."""
    window = {"from_on": row["from_on"], "to_on": row["to_on"], "new_due_on": on}
    return Event(row["loan_id"], 1, AS_OF, "park", deferred_part=row["deferred_part"], **window)


def option(loan_id: str, number: int, slug: str, part: str, is_proposed: bool) -> Row:
    """An option with its amounts from the engine."""
    book, before = balance(loan_id), flows(loan_id, book=balance(loan_id))
    window = before.filter(pl.col("due_on") < PARKED)
    if part == "principal":
        window = window.filter(pl.col("principal_due_fen") > 0)
    row: Row = {
        "loan_id": loan_id,
        "option_no": number,
        "plan": "parked",
        "clause_id": f"cn.test.{slug}",
        "programme": "notice_2022",
        "legal_form": "deferral_agreement",
        "shape": "park",
        "deferred_part": part,
        "interest_treatment": "at_end",
        "from_on": window["due_on"].min(),
        "to_on": window["due_on"].max(),
        "new_due_on": PARKED,
        "cap_on": N2_CAP if slug == "n2" else P8_CAP,
        "cap_verdict": "pass",
        "deferred_principal_fen": window["principal_due_fen"].sum(),
        "deferred_interest_fen": window["interest_due_fen"].sum() if part == "both" else 0,
        "is_proposed": is_proposed,
    }
    after = flows(loan_id, park(row, PARKED), book=book)
    return row | {
        "extra_interest_fen": int(after["interest_due_fen"].sum()) - int(before["interest_due_fen"].sum()),
        "last_due_before_on": before["due_on"].max(),
        "last_due_after_on": after["due_on"].max(),
    }


def amendment(loan_id: str, number: int, before: pl.DataFrame, after: pl.DataFrame, **more: Any) -> Row:
    """A row of `amendment` with the sums of its two schedules."""
    return {
        "loan_id": loan_id,
        "option_no": number,
        "legal_form": "deferral_agreement",
        "interest_before_fen": before["interest_due_fen"].sum(),
        "interest_after_fen": after["interest_due_fen"].sum(),
        "last_due_before_on": before["due_on"].max(),
        "last_due_after_on": after["due_on"].max(),
        **more,
    }


def tables() -> dict[str, list[Row]]:
    """Every table of the run as rows; `eligibility` follows from the facts."""
    a1, b1 = (
        [option("A1", 1, "p8", "both", False), option("A1", 2, "n2", "principal", True)],
        option("B1", 1, "n2", "principal", True),
    )
    a_before, b_before = flows("A1", book=balance("A1")), flows("B1", book=balance("B1"))
    b_after = flows("B1", park(b1, SIGNED_DAY), book=balance("B1"))
    assert AGREED.from_on is not None
    since = pl.col("due_on") >= AGREED.from_on
    c_before, c_after = flows("C1").filter(since), flows("C1", AGREED).filter(since)
    deferred = {
        "deferred_principal_fen": c_after["deferred_principal_fen"].sum(),
        "deferred_interest_fen": c_after["deferred_interest_fen"].sum(),
    }
    decided = {"loan_id": "B1", "option_no": 1, "clause_id": "cn.test.n2", "decided_on": AS_OF}
    people = {"proposer": "Wang", "approver": "Li", "new_due_on": SIGNED_DAY, "reason": "season"}
    return {
        "loan_facts": [
            facts("A1"),
            facts("B1"),
            facts("C1", borrower_id="91320594000000000B1", is_inclusive_cbirc=False, credit_line_fen=1_000_000_001),
            facts("D1", borrower_section="F", has_temporary_difficulty=None, past_due_days=61, currency="USD")
            | {"first_unpaid_on": date(2022, 5, 31)},
            facts("E1", schedule_state="needs_data", has_terms=False, balance_fen=5_000, last_due_on=AS_OF),
        ],
        "option": [*a1, b1],
        "decision": [{**decided, **people, "decision": kind} for kind in ("approved", "signed")],
        "amendment": [
            amendment(
                "B1",
                1,
                b_before,
                b_after,
                clause_id="cn.test.n2",
                deferred_principal_fen=b1["deferred_principal_fen"],
                deferred_interest_fen=0,
            ),
            amendment("C1", 0, c_before, c_after, **deferred),
        ],
        "case_event": [
            {
                "loan_id": "B1",
                "sequence": 1,
                "case_state": "applied",
                "on": date(2022, 7, 1),
                "person": "Wang Xiaoming",
            },
            {"loan_id": "B1", "sequence": 2, "case_state": "signed", "on": AS_OF, "person": "Li", "option_no": 1},
        ],
        "cash_flow": [
            *flow_rows("A1", "before", 0, a_before),
            *flow_rows("A1", "proposed", 2, flows("A1", park(a1[1], PARKED), book=balance("A1"))),
            *flow_rows("B1", "before", 0, b_before),
            *flow_rows("B1", "proposed", 1, flows("B1", park(b1, PARKED), book=balance("B1"))),
            *flow_rows("B1", "after", 1, b_after),
            *flow_rows("C1", "before", 0, c_before),
            *flow_rows("C1", "after", 0, c_after),
        ],
        "cash_flow_month": [
            {
                "month_on": date(2022, 11, 1),
                "version": version,
                "currency": "CNY",
                "households": 3,
                "receipts": 3,
                "principal_due_fen": 123,
                "interest_due_fen": 45,
            }
            for version in ("before", "proposed", "after")
        ],
        "finding": [
            finding("Q1", "name", "王小明", row_number=9, severity="quarantine"),
            finding("A1", "贷款余额", "1,000.00", row_number=1, severity="warning"),
        ],
        "quarantine": [
            {
                "source_file": "loan.csv",
                "row_number": 9,
                "table": "loan",
                "codes": "SCHEDULE-001",
                "raw": '{"客户名称":"王小明"}',
            }
        ],
        "enterprise": [
            {"borrower_id": "91320594000000000B1", "borrower_kind": "enterprise", "name": "江苏恒力机械有限公司"},
        ],
    }


def finding(loan_id: str, field: str, value: str, row_number: int, severity: str) -> Row:
    """A row of `finding`."""
    place = {"table": "loan", "source_file": "loan.csv", "row_number": row_number}
    return {"code": "SCHEDULE-001", "row_id": loan_id, "field": field, "value": value, "severity": severity, **place}


def clause_results(rules: PolicySnapshot, loans: list[Row]) -> list[Row]:
    """Totals by clause, verdict and currency."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for item in rules.screens:
        for row in loans:
            masks = masks_of(item.conditions, row)
            verdict = "refused" if masks.fail else "needs_data" if masks.unknown else "eligible"
            found.setdefault((item.id, verdict, row["currency"]), []).append(row)
    return [
        {
            "clause_id": clause_id,
            "verdict": verdict,
            "currency": currency,
            "households": len({row["borrower_id"] for row in rows}),
            "receipts": len(rows),
            "balance_fen": sum(row["balance_fen"] for row in rows),
        }
        for (clause_id, verdict, currency), rows in sorted(found.items())
    ]


def write_tables(folder: Path, rules: PolicySnapshot) -> None:
    """All tables as Parquet files with the registered columns."""
    rows = tables()
    loans = rows["loan_facts"]
    rows["clause_result"] = clause_results(rules, loans)
    schemas = {name: TABLES[name].polars() for name in rows}
    schemas["eligibility"] = eligibility(tuple((item.slug, item.title) for item in rules.screens)).polars()
    rows["eligibility"] = [{"loan_id": row["loan_id"], **_masks(rules, row)} for row in loans]
    (folder / "tables").mkdir(parents=True)
    for name, content in rows.items():
        pl.DataFrame(content, schema=schemas[name]).write_parquet(folder / "tables" / f"{name}.parquet")


def _masks(rules: PolicySnapshot, row: Row) -> dict[str, int]:
    masks = {item.slug: masks_of(item.conditions, row) for item in rules.screens}
    fails = {f"{slug}_fail": mask.fail for slug, mask in masks.items()}
    return fails | {f"{slug}_unknown": mask.unknown for slug, mask in masks.items()}


def inputs(loan_id: str) -> dict[str, list[Row]]:
    """The rows of the original book: what the composition root would read."""
    if loan_id not in TERMS:
        return {"loan": [{"loan_id": loan_id}], "loan_terms": []}
    terms = terms_frame([TERMS[loan_id]]).row(0, named=True)
    agreement = {"agreement_id": "X1", "legal_form": "deferral_agreement", "signed_on": date(2022, 6, 1)}
    agreed = {name: getattr(AGREED, name) for name in ("loan_id", "deferred_part", "from_on", "to_on", "new_due_on")}
    evidence = [
        {"borrower_id": "b", "evidence_kind": kind, "holds": True, "as_of_on": date(2022, 7, 1), "source": "visit"}
        for kind in ("temporary_difficulty", "severely_hit")
    ]
    return {
        "loan": [terms],
        "loan_terms": [terms],
        "agreement": [{**agreement, **agreed}] if loan_id == "C1" else [],
        "evidence": evidence,
    }


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run on disk, without its journal."""
    path = tmp_path_factory.mktemp("explained") / "run"
    rules = snapshot()
    write_tables(path, rules)
    manifest = Manifest(
        code_version="0.1.0",
        as_of=AS_OF,
        valid_on=AS_OF,
        known_on=AS_OF,
        mapping="steadyrest",
        inputs=(Input("book", "book", "ab" * 32),),
        overlays=(),
        snapshot_hash=rules.hash,
        files=(
            FileFacts("book/loan.csv", "loan", 6, 5, 1),
            FileFacts("firms.csv", "enterprise", 1, 1, 0),
        ),
        tables={"option": TableFacts(3, "77" * 16)},
        control_totals=(),
        is_synthetic=True,
        is_unmasked=False,
        parts=1,
        part_rows=500_000,
    )
    manifest.write(path / "manifest.json")
    return path


@pytest.fixture(scope="session")
def journal() -> list[dict[str, object]]:
    """The rows of the journal that matter here."""
    body = json.dumps(snapshot_body(snapshot()), ensure_ascii=False, sort_keys=True)
    return [{"entry_kind": "run", "body": "{}"}, {"entry_kind": "snapshot", "body": body}]


@pytest.fixture(scope="session")
def run(folder: Path, journal: list[dict[str, object]]) -> RunFolder:
    """The run with the original book at hand."""
    return open_run(folder, journal, inputs)


@pytest.fixture(scope="session")
def bare_run(folder: Path, journal: list[dict[str, object]]) -> RunFolder:
    """The run alone."""
    return open_run(folder, journal)


@pytest.fixture
def altered(folder: Path, journal: list[dict[str, object]], tmp_path: Path) -> Callable[..., RunFolder]:
    """The same run with the cells of one table changed by expressions, as by a mistake or by hand."""

    def make(name: str, *changes: pl.Expr) -> RunFolder:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                target = tmp_path / path.relative_to(folder)
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(path.read_bytes())
        frame = pl.read_parquet(tmp_path / "tables" / f"{name}.parquet")
        frame.with_columns(*changes).write_parquet(tmp_path / "tables" / f"{name}.parquet")
        return open_run(tmp_path, journal, inputs)

    return make
