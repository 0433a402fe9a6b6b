"""Whether we lay the next instalment that the core system has, receipt by receipt, to the fen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest import exchange
from steadyrest.contracts import project, resolve
from steadyrest.contracts.inference import GAPS, infer
from steadyrest.desks.positions import positions
from steadyrest.exchange.core_facts import plans_of

STATES: Final = ("reproduced", "not_reproduced", "ambiguous", "no_plan")
_FORM: Final = ("amortisation", "interest_cycle_months", "interest_day", "first_due_on", "day_count")
_NEEDED: Final = ("loan_terms", "arrears", "agreement")
Load = Callable[[str, int], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """`by_branch`: `branch_id, product, receipts` and a count for each of `STATES`. `rest`: each receipt that is not
    reproduced, with the `basis` of its terms (null: it has none), the nearest form and its gaps = ours less the core's,
    null where we have no due on that day.
    """

    by_branch: pl.DataFrame
    rest: pl.DataFrame

    @property
    def share(self) -> float | None:
        """Receipts reproduced of those that have a next instalment; null where none has."""
        compared = self.by_branch.select(pl.col("receipts").sum() - pl.col("no_plan").sum()).item()
        return self.by_branch["reproduced"].sum() / compared if compared else None


def reconcile(book: Path, as_of: date, mapping: str | Path | None = None) -> Reconciled:
    """Read a book and compare. Receipts with terms on file are laid by them, arrears and signed relief included; the
    others by the form that their next instalment tells. Errors as in `exchange.read_book`.
    """
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "read"
        read = exchange.read_book(book, mapping=mapping, into=into)
        load = partial(exchange.load_part, into)
        told = pl.concat([frame for part in range(read.parts) for frame in _part(load, part, as_of)])
    counts = [(pl.col("state") == state).sum().cast(pl.Int64).alias(state) for state in STATES]
    by_branch = told.group_by("branch_id", "product").agg(pl.len().cast(pl.Int64).alias("receipts"), *counts)
    rest = told.filter(pl.col("state").is_in(["not_reproduced", "ambiguous"])).sort("branch_id", "loan_id")
    return Reconciled(by_branch.sort("branch_id", "product", nulls_last=True), rest)


def _part(load: Load, part: int, as_of: date) -> Iterator[pl.DataFrame]:
    loans = load("loan", part).select("loan_id", "branch_id", "product")
    plans = load("core_plan", part).filter(pl.col("due_on") > as_of).sort("due_on").unique("loan_id", keep="first")
    laid = _by_terms(load, part, as_of, plans)
    told = _by_form(load, part, laid)
    found = pl.concat([laid, told], how="diagonal_relaxed")
    states = pl.col("state").fill_null("no_plan")
    yield loans.join(found, on="loan_id", how="left").with_columns(states, pl.col("product").cast(pl.String))


def _by_terms(load: Load, part: int, as_of: date, plans: pl.DataFrame) -> pl.DataFrame:
    """Receipts with terms on file and a next instalment of the core system."""
    tables = {name: load(name, part) for name in ("loan", *_NEEDED)}
    known = tables["loan_terms"].select("loan_id").join(plans.select("loan_id"), on="loan_id", how="semi")
    held = positions(tables, as_of, known)
    rows = project(resolve(held.terms, held.agreed), book=held.book, as_of=as_of).rows
    first = rows.sort("loan", "sequence").unique("loan", keep="first").with_columns(pl.col("loan").cast(pl.UInt32))
    ours = (
        held.terms.with_row_index("loan").join(first, on="loan", how="left").join(plans, on="loan_id", suffix="_core")
    )
    ours = ours.join(tables["loan_terms"].select("loan_id", "terms_basis"), on="loan_id", how="left")
    basis = pl.coalesce(pl.col("terms_basis").cast(pl.String), pl.lit("given")).alias("basis")
    is_same_day = pl.col("due_on") == pl.col("due_on_core")
    gaps = [
        pl.when(is_same_day).then(pl.col(name) - pl.col(f"{name}_core").fill_null(0)).alias(gap)
        for name, gap in zip(("principal_due_fen", "interest_due_fen"), GAPS[:2], strict=True)
    ]
    is_met = pl.all_horizontal(pl.col(GAPS[:2]) == 0).fill_null(False)
    state = pl.when(is_met).then(pl.lit(STATES[0])).otherwise(pl.lit(STATES[1]))
    return ours.with_columns(gaps).select(
        "loan_id", state.alias("state"), basis, *_FORM, pl.col("due_on_core").alias("next_due_on"), *GAPS[:2],
    )  # fmt: skip


def _by_form(load: Load, part: int, laid: pl.DataFrame) -> pl.DataFrame:
    """Receipts of the core system without terms on file."""
    known = pl.concat([laid.select("loan_id"), load("loan_terms", part).select("loan_id")])
    core = load("core_receipt", part).join(known, on="loan_id", how="anti")
    found, days = infer(plans_of(core, load("loan", part))), core.select("loan_id", "next_due_on")
    basis = pl.lit(None, pl.String).alias("basis")
    return found.join(days, on="loan_id", how="left").select(
        "loan_id", "state", basis, *_FORM, "next_due_on", *GAPS[:2]
    )
