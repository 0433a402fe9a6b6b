"""The figures of a report, aggregated lazily from the result tables; nothing is decided here.

Every total is kept by currency. Households are distinct borrowers, so they do not add up over rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from steadyrest.report.casework import by_clause, largest, most_urgent, read_casework, total, unassessed
from steadyrest.report.facts import RunFacts
from steadyrest.report.ladder import Step, Tally, household_of_borrower, ladders, tally
from steadyrest.report.tables import collect, plain, scan
from steadyrest.schema import TABLES

EXAMPLES = 8
DECISIONS = 20
_DEFERRED = ("deferred_principal_fen", "deferred_interest_fen")


@dataclass(frozen=True, slots=True)
class Month:
    """Dues of one month in one version; `version` is a code of the list of that name."""

    month_on: date
    version: str
    households: int | None
    receipts: int
    principal_fen: int
    interest_fen: int


@dataclass(frozen=True, slots=True)
class Block:
    """All figures of one currency. Frames hold one row a clause or a loan, named as in the registry."""

    currency: str
    book: Tally
    without_schedule: Tally
    eligible: Tally
    open: Tally
    verdicts: dict[tuple[str, str], Tally]
    steps: tuple[Step, ...]
    months: tuple[Month, ...]
    provinces: dict[str, Tally]
    proposals: pl.DataFrame
    plans: pl.DataFrame
    amendments: pl.DataFrame
    proposal_examples: pl.DataFrame
    amendment_examples: pl.DataFrame
    proposed: Tally
    signed: Tally
    unassessed: int
    waiting: Tally
    decisions: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the report prints: one block a currency, CNY first, and the findings by code."""

    blocks: tuple[Block, ...]
    findings: pl.DataFrame
    flows: pl.DataFrame


def read_figures(tables: Path, facts: RunFacts) -> Figures:
    """Aggregate the tables of a run. Reads each large table a few columns at a time."""
    book = _book(tables, pl.lit(True))
    without_schedule = _book(tables, pl.col("schedule_state").cast(pl.String) == "needs_data")
    currencies = sorted(book, key=lambda code: (code != "CNY", code))
    standing = ladders(tables, facts, currencies)
    cases = read_casework(tables, currencies)
    blocks = []
    for currency in currencies:
        here = cases.of(currency)
        blocks.append(
            Block(
                currency=currency,
                book=book[currency],
                without_schedule=without_schedule.get(currency, Tally()),
                eligible=standing.eligible.get(currency, Tally()),
                open=standing.open.get(currency, Tally()),
                verdicts=_verdicts(tables, currency),
                steps=tuple(step for step in standing.steps if step.currency == currency),
                months=_months(tables, currency),
                provinces={code: part for (money, code), part in standing.provinces.items() if money == currency},
                proposals=by_clause(here.proposals, *_DEFERRED, "extra_interest_fen"),
                plans=plain(here.plans),
                amendments=by_clause(here.amendments, *_DEFERRED, "interest_before_fen", "interest_after_fen"),
                proposal_examples=largest(here.proposals, tables, EXAMPLES),
                amendment_examples=largest(here.amendments, tables, EXAMPLES),
                proposed=total(here.proposals),
                signed=total(here.amendments),
                unassessed=unassessed(here.amendments),
                waiting=total(here.waiting),
                decisions=most_urgent(here.waiting, tables, DECISIONS),
            )
        )
    figures = Figures(tuple(blocks), _findings(tables), _flows(tables, blocks))
    return figures if facts.names_borrowers else uncounted(figures)


def uncounted(figures: Figures) -> Figures:
    """The figures without any households: the tape does not name its borrowers, and receipts are no households."""
    blocks = tuple(_uncounted_block(block) for block in figures.blocks)
    return replace(figures, blocks=blocks, findings=_unknown_households(figures.findings))


def _uncounted_block(block: Block) -> Block:
    alone = ("book", "without_schedule", "eligible", "open", "proposed", "signed", "waiting")
    return replace(
        block,
        **{name: replace(getattr(block, name), households=None) for name in alone},
        verdicts={key: replace(tally, households=None) for key, tally in block.verdicts.items()},
        provinces={key: replace(tally, households=None) for key, tally in block.provinces.items()},
        steps=tuple(replace(step, tally=replace(step.tally, households=None)) for step in block.steps),
        months=tuple(replace(month, households=None) for month in block.months),
        proposals=_unknown_households(block.proposals),
        plans=_unknown_households(block.plans),
        amendments=_unknown_households(block.amendments),
    )


def _unknown_households(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit(None, frame.schema["households"]).alias("households"))


def _book(tables: Path, chosen: pl.Expr) -> dict[str, Tally]:
    """The chosen loans by currency."""
    loans = scan(tables, "loan_facts").filter(chosen).select("currency", "balance_fen", household_of_borrower())
    found = collect(loans.group_by("currency").agg(tally()))
    return {str(row[0]): Tally(*map(int, row[1:])) for row in found.iter_rows()}


def _verdicts(tables: Path, currency: str) -> dict[tuple[str, str], Tally]:
    found = plain(scan(tables, "clause_result").filter(pl.col("currency") == currency).collect())
    columns = found.select("clause_id", "verdict", "households", "receipts", "balance_fen")
    return {(str(row[0]), str(row[1])): Tally(*row[2:]) for row in columns.iter_rows()}


def _months(tables: Path, currency: str) -> tuple[Month, ...]:
    found = plain(scan(tables, "cash_flow_month").filter(pl.col("currency") == currency).collect())
    names = ("month_on", "version", "households", "receipts", "principal_due_fen", "interest_due_fen")
    return tuple(Month(*row) for row in found.select(names).sort("month_on", "version").iter_rows())


def _findings(tables: Path) -> pl.DataFrame:
    """Findings by code: rows, and the households and receipts of the book they touch, where a row names one."""
    kind = ("code", "severity")
    finding = scan(tables, "finding").with_columns(pl.col("severity").cast(pl.String))
    counted = collect(finding.group_by(kind).agg(pl.len().alias("rows")))
    named = finding.select(*kind, "table", pl.col("row_id").hash().alias("key"))
    receipt, household = pl.col("loan_id").hash().alias("receipt"), household_of_borrower()
    touched = []
    for name, key in (("loan_id", receipt), ("borrower_id", household)):
        keyed = [table for table, known in TABLES.items() if known.key[0] == name]
        loan = scan(tables, "loan_facts").select(key.alias("key"), receipt, household)
        touched.append(named.filter(pl.col("table").is_in(keyed)).join(loan, on="key").drop("table", "key"))
    both = pl.concat(touched).group_by(kind)
    households, receipts = pl.col("household").n_unique(), pl.col("receipt").n_unique()
    counts = collect(both.agg(households.alias("households"), receipts.alias("receipts")))
    joined = counted.join(counts, on=kind, how="left").with_columns(pl.col("households", "receipts").fill_null(0))
    rank = pl.col("severity").replace_strict({"quarantine": 0, "error": 1, "warning": 2}, default=3)
    return joined.sort(rank, -pl.col("rows").cast(pl.Int64), "code")


def _flows(tables: Path, blocks: list[Block]) -> pl.DataFrame:
    """Schedules of the examples that are drawn: the three largest proposals or amendments of each currency."""
    wanted = [loan for block in blocks for loan in drawn(block)["loan_id"].to_list()]
    found = scan(tables, "cash_flow").filter(pl.col("loan_id").is_in(wanted)).collect()
    return plain(found).sort("loan_id", "version", "option_no", "sequence")


def drawn(block: Block) -> pl.DataFrame:
    """The receipts whose schedules are drawn: signed ones when there are any, otherwise proposals."""
    signed = block.amendment_examples
    return (signed if signed.height else block.proposal_examples).unique("loan_id", maintain_order=True).head(3)
