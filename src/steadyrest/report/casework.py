"""Proposals, signed amendments and what waits for a decision, read in a few narrow columns.

Rows carry a `household` (see `ladder.household_of_borrower`) instead of the borrower id; the id is fetched for the few
rows that are printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from steadyrest.report.ladder import Tally, household_of_borrower
from steadyrest.report.tables import collect, plain, scan

_DEFERRED = ("loan_id", "option_no", "clause_id", "deferred_principal_fen", "deferred_interest_fen")
_SUMS = ("deferred_principal_fen", "deferred_interest_fen", "extra_interest_fen")
_LAST = ("last_due_before_on", "last_due_after_on")
_PROPOSAL = (*_DEFERRED, *_LAST, "from_on", "new_due_on", "cap_on", "cap_verdict", "extra_interest_fen")
_AMENDMENT = (*_DEFERRED, *_LAST, "interest_before_fen", "interest_after_fen", "reported_status",
              "risk_effect")  # fmt: skip
_AMOUNT = pl.sum_horizontal("deferred_principal_fen", "deferred_interest_fen")


@dataclass(frozen=True, slots=True)
class Casework:
    """One row a recommended option, a signed amendment, and a recommended option that nobody has decided on; and the
    other plans offered beside recommended ones, added up by plan and verdict of the cap.
    """

    proposals: pl.DataFrame
    amendments: pl.DataFrame
    waiting: pl.DataFrame
    plans: pl.DataFrame

    def of(self, currency: str) -> Casework:
        """The rows of one currency."""
        here = pl.col("currency") == currency
        return Casework(*(getattr(self, name).filter(here) for name in self.__slots__))


def read_casework(tables: Path, currencies: list[str]) -> Casework:
    """Read option, amendment, decision and case_event; `waiting` also holds the nearest `reply_due_on`."""
    money = pl.col("currency").cast(pl.Enum(currencies))
    loan = scan(tables, "loan_facts").select("loan_id", household_of_borrower(), money)
    proposed = scan(tables, "option").filter("is_proposed").select(_PROPOSAL)
    proposals = collect(proposed.join(loan, on="loan_id"))
    amendments = collect(scan(tables, "amendment").select(_AMENDMENT).join(loan, on="loan_id"))
    decided = scan(tables, "decision").select("loan_id", "option_no").unique().collect()
    replies = scan(tables, "case_event").filter(pl.col("reply_due_on").is_not_null())
    reply = collect(replies.group_by("loan_id").agg(pl.col("reply_due_on").min()))
    waiting = proposals.join(decided, on=["loan_id", "option_no"], how="anti").join(reply, on="loan_id", how="left")
    return Casework(proposals, amendments, waiting, _plans(tables, loan))


def _plans(tables: Path, loan: pl.LazyFrame) -> pl.DataFrame:
    """Plans beside the recommended option: households, receipts and sums by currency, plan and verdict of the cap."""
    beside = scan(tables, "option").filter(pl.col("plan").cast(pl.String) != "parked")
    rows = beside.select("loan_id", "plan", "cap_verdict", "form_verdict", *_SUMS).join(loan, on="loan_id")
    counts = (pl.col("household").n_unique().alias("households"), pl.len().cast(pl.Int64).alias("receipts"))
    refused = (pl.col("form_verdict").cast(pl.String) == "refused").sum().cast(pl.Int64).alias("refused")
    found = rows.group_by("currency", "plan", "cap_verdict").agg(
        *counts, refused, *(pl.col(name).sum() for name in _SUMS)
    )
    return collect(found).sort("currency", "plan", "cap_verdict")


def by_clause(frame: pl.DataFrame, *sums: str) -> pl.DataFrame:
    """Households, receipts and sums of each clause."""
    counts = (pl.col("household").n_unique().alias("households"), pl.col("loan_id").n_unique().alias("receipts"))
    return frame.group_by("clause_id").agg(*counts, *(pl.col(name).sum() for name in sums)).sort("clause_id")


def largest(frame: pl.DataFrame, tables: Path, number: int) -> pl.DataFrame:
    """The rows that defer most, with the borrower id."""
    return _printed(frame.sort(-_AMOUNT, "loan_id", "option_no", nulls_last=True).head(number), tables)


def most_urgent(waiting: pl.DataFrame, tables: Path, number: int) -> pl.DataFrame:
    """By reply deadline, then by the date that would be missed, then by amount; with the borrower id."""
    order = ("reply_due_on", "from_on", -_AMOUNT, "loan_id", "option_no")
    return _printed(waiting.sort(*order, nulls_last=True).head(number), tables)


def unassessed(amendments: pl.DataFrame) -> int:
    """Signed receipts of which nobody has said whether they are restructured."""
    effect = pl.col("risk_effect").cast(pl.String).fill_null("not_assessed")
    return amendments.filter(effect == "not_assessed")["loan_id"].n_unique()


def total(frame: pl.DataFrame) -> Tally:
    """Households, receipts, and deferred principal and interest together."""
    return Tally(frame["household"].n_unique(), frame["loan_id"].n_unique(), deferred_fen(frame))


def deferred_fen(frame: pl.DataFrame) -> int:
    """Deferred principal and interest of all rows together."""
    return sum(int(frame[name].sum()) for name in ("deferred_principal_fen", "deferred_interest_fen"))


def _printed(rows: pl.DataFrame, tables: Path) -> pl.DataFrame:
    wanted = rows["loan_id"].unique().sort().implode()
    loan = scan(tables, "loan_facts").select("loan_id", "borrower_id").filter(pl.col("loan_id").is_in(wanted))
    return plain(rows.join(collect(loan), on="loan_id", how="left", maintain_order="left"))
