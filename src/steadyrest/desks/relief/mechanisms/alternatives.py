"""Other plans beside the parked one: catch up inside the cap, add to the last instalment, slide, extend, renew.

They stand under the clause of the recommended option and move what it would move, each in its own way:

    catch_up         the first half of the dues goes in equal parts onto the dues that follow inside the window
    last_instalment  the dues of the window are paid with the last due of the contract
    slide            the whole plan moves by the whole cycles that clear the window
    extension        the principal due last, where it falls into the window, is due on the day of the parked option
    renewal          the same by a new receipt that repays the old one

What moves and how far is then read off the dues of the engine (`measured`), and the cap is tested on the latest day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from steadyrest.desks.relief.mechanisms.form_rules import whole_months
from steadyrest.desks.relief.mechanisms.windows import Window

PARKED: Final = "parked"
_PLANS: Final = (PARKED, "catch_up", "last_instalment", "slide", "extension", "renewal")
_FORMS: Final = {"extension": "extension_contract", "renewal": "renewal_receipt"}
_DEFERRED: Final = ("deferred_principal_fen", "deferred_interest_fen")


def alternatives(
    proposed: pl.DataFrame, dues: pl.DataFrame, terms: pl.DataFrame, windows: Sequence[Window]
) -> pl.DataFrame:
    """The candidates beside each proposed option, in its columns, numbered after the `last_no` of the receipt.

    `proposed`: options with `last_no` and `loan`, the position of the receipt in `terms`; `dues`: those before, by
    `loan`. `new_due_on` is null where the engine finds the day.
    """
    at = proposed.join(_in_window(proposed, dues), on="loan", how="left", maintain_order="left")
    at = at.with_columns(_cycle_months(terms)[at["loan"]])
    ends_here = pl.col("last_due_before_on").is_between("from_on", "to_on") & pl.col("ends_in_principal")
    later = (pl.col("last_due_before_on") > pl.col("to_on")) & (pl.col("last_due_before_on") != pl.col("new_due_on"))
    forms = {window.clause.id: window.relief.legal_forms for window in windows}
    rows = [
        _catch_up(at.filter(pl.col("count") > 1)),
        _named(at.filter(later), "last_instalment").with_columns(pl.col("last_due_before_on").alias("new_due_on")),
        _slide(at),
        *(_formed(at.filter(ends_here & _allows(form, forms)), plan) for plan, form in _FORMS.items()),
    ]
    found = pl.concat([frame.select(proposed.columns) for frame in rows])
    found = found.sort("loan", pl.col("plan").cast(pl.Enum(_PLANS)))
    number = pl.col("last_no") + pl.int_range(1, pl.len() + 1).over("loan")
    return found.with_columns(number.cast(pl.Int64).alias("option_no"), is_proposed=pl.lit(False))


def measured(rows: pl.DataFrame, after: pl.DataFrame, windows: Sequence[Window]) -> pl.DataFrame:
    """Candidates with the amounts the engine moved, the latest new due date, and the test of the cap on it.

    `after`: totals of each candidate, in the order of `rows`.
    """
    is_binding = pl.col("clause_id").is_in([item.clause.id for item in windows if item.relief.cap_strength == "shall"])
    breach = pl.when(is_binding).then(pl.lit("breach")).otherwise(pl.lit("in_principle_breach"))
    moved = after.select(*_DEFERRED, pl.col("last_deferred_on").alias("new_due_on"))
    verdict = pl.when(pl.col("new_due_on") <= pl.col("cap_on")).then(pl.lit("pass")).otherwise(breach)
    return rows.with_columns(moved).with_columns(verdict.alias("cap_verdict"))


def _in_window(proposed: pl.DataFrame, dues: pl.DataFrame) -> pl.DataFrame:
    """By receipt: the number of dues that would move, the last of the first half of them, and how the contract ends."""
    ask = proposed.select("loan", "from_on", "to_on", takes_interest=pl.col("deferred_part") == "both")
    here = dues.join(ask, on="loan")
    amount = pl.col("principal_due_fen") + pl.when("takes_interest").then("interest_due_fen").otherwise(0)
    inside = here.filter(pl.col("due_on").is_between("from_on", "to_on") & (amount > 0)).group_by("loan")
    half = (pl.len().cast(pl.Int64) // 2 - 1).clip(0)
    halves = inside.agg(pl.len().cast(pl.Int64).alias("count"), pl.col("due_on").get(half).alias("half_on"))
    ends = here.group_by("loan").agg((pl.col("principal_due_fen").last() > 0).alias("ends_in_principal"))
    return halves.join(ends, on="loan")


def _cycle_months(terms: pl.DataFrame) -> pl.Series:
    """The months in which a whole plan can move: the longer of the two cycles; a bullet moves by any month."""
    cycles = [pl.col(name) for name in ("repayment_cycle_months", "interest_cycle_months") if name in terms.columns]
    is_bullet = pl.col("amortisation").cast(pl.String) == "bullet"
    cycle = pl.when(is_bullet).then(1).otherwise(pl.max_horizontal(*cycles, 1))
    return terms.select(cycle.cast(pl.Int64).alias("cycle_months")).to_series()


def _named(rows: pl.DataFrame, plan: str) -> pl.DataFrame:
    return rows.with_columns(pl.lit(plan).cast(rows["plan"].dtype).alias("plan"))


def _catch_up(rows: pl.DataFrame) -> pl.DataFrame:
    """Half of the dues wait, the other half carries them."""
    return _named(rows, "catch_up").with_columns(
        pl.col("half_on").alias("to_on"),
        (pl.col("count") - pl.col("count") // 2).alias("spread_periods"),
        _code(rows, "interest_treatment", "spread"),
        pl.lit(None, pl.Date).alias("new_due_on"),
    )


def _slide(rows: pl.DataFrame) -> pl.DataFrame:
    """The least number of whole cycles that brings the first due beyond the last one of the window."""
    gap = whole_months(pl.col("from_on"), pl.col("to_on") + pl.duration(days=1)).cast(pl.Int64)
    cycle = pl.col("cycle_months")
    return _named(rows, "slide").with_columns(
        _code(rows, "shape", "shift"),
        ((gap + cycle - 1) // cycle * cycle).alias("shift_months"),
        _code(rows, "interest_treatment", "first_resumed"),
        pl.lit(None, pl.Date).alias("new_due_on"),
    )


def _formed(rows: pl.DataFrame, plan: str) -> pl.DataFrame:
    """The principal due last gets the day of the parked option; interest goes on being due as before."""
    return _named(rows, plan).with_columns(
        _code(rows, "shape", "extension"),
        _code(rows, "deferred_part", "principal"),
        _code(rows, "legal_form", _FORMS[plan]),
        pl.col("last_due_before_on").alias("from_on"),
        pl.col("last_due_before_on").alias("to_on"),
    )


def _code(rows: pl.DataFrame, name: str, code: str) -> pl.Expr:
    return pl.lit(code).cast(rows[name].dtype).alias(name)


def _allows(form: str, forms: Mapping[str, Sequence[str]]) -> pl.Expr:
    return pl.col("clause_id").is_in([clause for clause, allowed in forms.items() if form in allowed])
