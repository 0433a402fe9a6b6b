"""Where each clause stops a loan: the masks of `eligibility` counted by their first failed or first unknown condition.

A loan is counted once under a clause: at its first failed condition, else at its first unknown one, else as eligible;
so the steps of a clause add up to the book in receipts and in amount.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from steadyrest import reference
from steadyrest.report.facts import RunFacts
from steadyrest.report.tables import collect, has, scan

_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Tally:
    """户数, 笔数, 金额: distinct borrowers (null where they cannot be told apart), receipts, fen of one currency."""

    households: int | None = 0
    receipts: int = 0
    fen: int = 0

    def minus(self, *parts: Tally) -> Tally:
        """What is left of a whole after its disjoint parts."""
        households = (self.households or 0) - sum(part.households or 0 for part in parts)
        receipts = self.receipts - sum(part.receipts for part in parts)
        return Tally(households, receipts, self.fen - sum(part.fen for part in parts))


@dataclass(frozen=True, slots=True)
class Step:
    """Loans of one currency that a clause stops at one condition; `bit` is -1 for the eligible."""

    clause_id: str
    currency: str
    verdict: str
    bit: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Standing:
    """What the masks say: steps a clause, and by currency the loans eligible under, or open for, any clause."""

    steps: tuple[Step, ...] = ()
    eligible: dict[str, Tally] = field(default_factory=dict)
    open: dict[str, Tally] = field(default_factory=dict)
    provinces: dict[tuple[str, str], Tally] = field(default_factory=dict)


def ladders(tables: Path, facts: RunFacts, currencies: list[str]) -> Standing:
    """Count the masks of every screening clause, one clause in memory at a time.

    Households are counted by a 64-bit hash of the borrower id. A loan is `open` when it is eligible under no clause
    and some clause still needs data.
    """
    if not has(tables, "eligibility"):
        return Standing()
    base = _base(tables, currencies)
    written = set(scan(tables, "eligibility").collect_schema().names())
    steps: list[Step] = []
    eligible, is_open = pl.repeat(False, base.height, eager=True), pl.repeat(False, base.height, eager=True)
    for clause in facts.clauses:
        if clause.is_screen and f"{clause.slug}_fail" in written:
            masks = _masks(tables, clause.slug)
            steps += _steps(clause.clause_id, base.with_columns(masks))
            eligible |= (masks["fail"] == 0) & (masks["unknown"] == 0)
            is_open |= (masks["fail"] == 0) & (masks["unknown"] != 0)
    is_open &= ~eligible
    whole = _by_currency(base.filter(eligible))
    provinces = _by_province(tables, base.filter(eligible), whole)
    return Standing(tuple(steps), whole, _by_currency(base.filter(is_open)), provinces)


def _base(tables: Path, currencies: list[str]) -> pl.DataFrame:
    """Currency, balance and household of every loan, in the order of `eligibility`."""
    columns = (
        pl.col("currency").cast(pl.Enum(currencies)),
        pl.col("balance_fen"),
        household_of_borrower(),
    )
    loans = scan(tables, "loan_facts")
    if _same_order(tables):
        return loans.select(columns).collect()
    order = scan(tables, "eligibility").select("loan_id")
    return (
        order.join(loans.select("loan_id", *columns), on="loan_id", how="left", maintain_order="left")
        .drop("loan_id")
        .collect()
    )


def _same_order(tables: Path) -> bool:
    ours, theirs = (scan(tables, name).select("loan_id") for name in ("loan_facts", "eligibility"))
    start = 0
    while True:
        left, right = ours.slice(start, _CHUNK).collect(), theirs.slice(start, _CHUNK).collect()
        if not left.equals(right):
            return False
        if left.height < _CHUNK:
            return True
        start += _CHUNK


def _masks(tables: Path, slug: str) -> pl.DataFrame:
    columns = pl.col(f"{slug}_fail").alias("fail"), pl.col(f"{slug}_unknown").alias("unknown")
    return scan(tables, "eligibility").select(columns).collect()


def _steps(clause_id: str, loans: pl.DataFrame) -> list[Step]:
    first_fail = pl.col("fail").bitwise_trailing_zeros().cast(pl.Int64)
    first_unknown = pl.col("unknown").bitwise_trailing_zeros().cast(pl.Int64)
    place = (
        pl.when(pl.col("fail") != 0)
        .then(first_fail)
        .when(pl.col("unknown") != 0)
        .then(32 + first_unknown)
        .otherwise(pl.lit(-1, pl.Int64))
    )
    counted = collect(loans.lazy().group_by("currency", place.alias("place")).agg(tally()).sort("currency", "place"))
    return [
        Step(clause_id, str(row[0]), *_verdict(int(row[1])), Tally(*map(int, row[2:]))) for row in counted.iter_rows()
    ]


def _verdict(place: int) -> tuple[str, int]:
    if place < 0:
        return "eligible", -1
    return ("refused", place) if place < 32 else ("needs_data", place - 32)


def tally() -> list[pl.Expr]:
    """户数, 笔数, 金额 of rows with `household` and `balance_fen`, in the order of the fields of `Tally`."""
    return [
        pl.col("household").n_unique().alias("households"),
        pl.len().alias("receipts"),
        pl.col("balance_fen").sum().alias("fen"),
    ]


def _by_currency(loans: pl.DataFrame) -> dict[str, Tally]:
    counted = collect(loans.lazy().group_by("currency").agg(tally()))
    return {str(row[0]): Tally(*map(int, row[1:])) for row in counted.iter_rows()}


def _by_province(tables: Path, loans: pl.DataFrame, whole: dict[str, Tally]) -> dict[tuple[str, str], Tally]:
    """By currency and the province of the borrower's division; "" for the rest: no division, or none of the 34.

    A borrower has one division, so here households add up to the whole.
    """
    known = reference.table("provinces")["code"].to_list()
    province = pl.col("region_code").str.slice(0, 2).alias("province")
    borrowers = scan(tables, "enterprise").select(household_of_borrower(), province)
    joined = loans.lazy().join(borrowers.filter(pl.col("province").is_in(known)), on="household")
    counted = joined.group_by("currency", "province").agg(tally()).sort("currency", "province")
    found = {(str(row[0]), str(row[1])): Tally(*map(int, row[2:])) for row in collect(counted).iter_rows()}
    for currency, all_of_it in whole.items():
        rest = all_of_it.minus(*(part for (money, _), part in found.items() if money == currency))
        if rest.receipts:
            found[currency, ""] = rest
    return found


def household_of_borrower() -> pl.Expr:
    """A 64-bit stand-in for the borrower id: counting it takes a third of the memory of counting text."""
    return pl.col("borrower_id").hash().alias("household")
