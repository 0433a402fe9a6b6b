"""Amendments: what is signed, one row a receipt, with the schedule before and after and what the return then says.

Two roads lead here. An agreement of the book (option 0) is compared over the life of the contract, without and with
it, from its first old due date on; an extension from its signature. A signed decision of this run is compared from
the as-of date on, over the balance of the book. Deferred amounts are what the engine moved to a new day, so they
include the interest that accrues on parked principal inside the window. Without a schedule amounts are null and the
last due date after is the later of maturity and new due date.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from steadyrest.contracts import project, resolve
from steadyrest.desks.positions import arrears_at, in_force, positions
from steadyrest.desks.relief.mechanisms.candidates import after_dues, flow_rows, standing
from steadyrest.desks.relief.mechanisms.reporting import Standing, past_due_kept_days, reported
from steadyrest.desks.stage import Context, Stage, Tables
from steadyrest.schema import TABLES

_AMENDMENT = TABLES["amendment"]
_SUMS = {
    "interest_due_fen": "interest",
    "deferred_principal_fen": "deferred_principal_fen",
    "deferred_interest_fen": "deferred_interest_fen",
}
_RETURNED = (
    "reported_maturity_on",
    "reported_extended_on",
    "reported_status",
    "reported_overdue_kind",
    "past_due_kept_days",
    "reporting_rule",
)


def run(tables: Tables, context: Context) -> Tables:
    """Amend by the agreements of the book and by the signed decisions of this run."""
    agreements, agreed_flows = _agreements(tables, context.as_of)
    decisions, signed_flows = _decisions(tables, context.as_of)
    rows = pl.concat([agreements, decisions], how="diagonal")
    rows = rows.join(_overdue(tables["arrears"], context.as_of), on="loan_id", how="left", maintain_order="left")
    amended = rows.with_columns(_returned(rows, context.as_of))
    amended = amended.select(pl.col(name).cast(kind) for name, kind in _AMENDMENT.polars().items())
    return {
        "amendment": amended.sort(_AMENDMENT.key),
        "cash_flow": pl.concat([agreed_flows, signed_flows]),
    }


def _agreements(tables: Tables, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Receipts with agreements in force: the latest names the form; before and after over the life of the contract."""
    signed = in_force(tables["agreement"], as_of)
    is_extension = pl.col("legal_form") == "extension_contract"
    since = pl.when(is_extension).then("signed_on").otherwise(pl.coalesce("from_on", "signed_on")).min()
    covers = pl.when(~is_extension).then("from_on").min()
    latest = signed.with_columns(since=since.over("loan_id"), covers_from_on=covers.over("loan_id"))
    latest = latest.unique("loan_id", keep="last", maintain_order=True)
    latest = latest.join(_loans(tables), on="loan_id").sort("loan_id")
    at = positions(tables, as_of, latest)
    resolved = resolve(at.terms)
    plain, changed = project(resolved), project(resolved.under(at.terms["loan_id"], at.agreed))
    is_known = (plain.loans["status"] == "ok") & (changed.loans["status"] == "ok") & latest["is_projected"]
    numbers = latest.select("loan_id", "since", option_no=pl.lit(0, pl.Int64)).with_columns(is_known=is_known)
    before, after = (_since(flows.rows, numbers) for flows in (plain, changed))
    rows = _measured(latest, before, after, is_known).with_columns(
        pl.lit(0, pl.Int64).alias("option_no"),
        pl.when(~is_extension).then("covers_from_on").alias("covers_from_on"),
        pl.when(is_extension).then("maturity_on").otherwise("from_on").alias("old_due_on"),
    )
    return rows, pl.concat([flow_rows(before, numbers, "before"), flow_rows(after, numbers, "after")])


def _decisions(tables: Tables, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Signed decisions with their option, on the date the sheet names; before is the current schedule."""
    options = signed_options(tables).join(_loans(tables), on="loan_id").sort("loan_id").with_row_index("loan")
    here = standing(positions(tables, as_of, options))
    before = project(here.resolved, book=here.at.book, as_of=as_of)
    after = after_dues(options, here, as_of)
    is_known = after.loans["status"] == "ok"
    rows = _measured(options, before.rows, after.rows, is_known).with_columns(
        pl.lit("not_assessed", _AMENDMENT["risk_effect"].polars).alias("risk_effect"),
        pl.col("from_on").alias("covers_from_on"),
        pl.col("from_on").alias("old_due_on"),
    )
    return rows, flow_rows(after.rows, options, "after")


def signed_options(tables: Tables) -> pl.DataFrame:
    """Options that are signed, with the date of the decision where it names one; with `signed_on, approver`."""
    signed = (
        tables["decision"]
        .filter(pl.col("decision") == "signed")
        .select(
            "loan_id",
            "option_no",
            "approver",
            pl.col("decided_on").alias("signed_on"),
            pl.col("new_due_on").alias("own_due_on"),
        )
    )
    options = tables["option"].join(signed, on=["loan_id", "option_no"], maintain_order="left")
    return options.with_columns(pl.coalesce("own_due_on", "new_due_on").alias("new_due_on")).drop("own_due_on")


def _loans(tables: Tables) -> pl.DataFrame:
    state = (pl.col("schedule_state") == "projected").alias("is_projected")
    return tables["loan_facts"].select("loan_id", "maturity_on", state)


def _since(dues: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The dues of each receipt from its day on, numbered anew; none where the schedule is not known."""
    since, is_known = (pl.Series(numbers[name]).gather(dues["loan"]) for name in ("since", "is_known"))
    kept = dues.filter(is_known & (dues["due_on"] >= since))
    return kept.with_columns(pl.int_range(1, pl.len() + 1).over("loan").alias("sequence"))


def _measured(rows: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, is_known: pl.Series) -> pl.DataFrame:
    """Sums and last days of the dues before and after, by the position of a receipt in `rows`."""
    old, new = (_sums(dues, rows.height) for dues in (before, after))
    known = rows.with_columns(
        old["interest"].alias("interest_before_fen"),
        new["interest"].alias("interest_after_fen"),
        new["deferred_principal_fen"],
        new["deferred_interest_fen"],
        old["last_on"].alias("last_before"),
        new["last_on"].alias("last_after"),
        pl.col("signed_on").alias("known_on"),
    )
    amounts = ("interest_before_fen", "interest_after_fen", "deferred_principal_fen", "deferred_interest_fen")
    later = pl.max_horizontal("maturity_on", "new_due_on")
    return known.with_columns(
        *(pl.when(is_known).then(pl.col(name).fill_null(0)).alias(name) for name in amounts),
        pl.when(is_known).then("last_before").otherwise("maturity_on").alias("last_due_before_on"),
        pl.when(is_known).then("last_after").otherwise(later).alias("last_due_after_on"),
    )


def _sums(dues: pl.DataFrame, size: int) -> pl.DataFrame:
    found = dues.group_by("loan").agg(
        *(pl.col(name).sum().alias(alias) for name, alias in _SUMS.items()), pl.col("due_on").max().alias("last_on")
    )
    every = pl.DataFrame({"loan": range(size)}, schema={"loan": pl.Int64})
    return every.join(found, on="loan", how="left", maintain_order="left")


def _overdue(arrears: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The oldest due in arrears of each receipt, and whether principal (01), interest (02) or both (03) are unpaid."""
    late = arrears_at(arrears, as_of).filter(pl.col("due_on") < as_of)
    summed = late.group_by("loan_id").agg(
        pl.col("due_on").min().alias("oldest_on"), pl.col("principal_fen").sum(), pl.col("interest_fen").sum()
    )
    owes_principal, owes_interest = pl.col("principal_fen") > 0, pl.col("interest_fen") > 0
    kind = pl.when(owes_principal & owes_interest).then(pl.lit("03")).when(owes_principal).then(pl.lit("01"))
    return summed.select("loan_id", "oldest_on", kind.otherwise(pl.lit("02")).alias("overdue_kind"))


def _returned(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What the return says of each amended receipt on the as-of date."""
    found = [_return_of(row, as_of) for row in rows.iter_rows(named=True)]
    return pl.DataFrame(found, schema={name: _AMENDMENT[name].polars for name in _RETURNED}, orient="row")


def _return_of(row: dict[str, Any], as_of: date) -> tuple[Any, ...]:
    is_extension = row["legal_form"] == "extension_contract"  # it reports the date that was agreed (D8), longer or not
    standing = Standing(
        maturity_on=row["maturity_on"],
        legal_form=row["legal_form"],
        agreed_on=row["signed_on"],
        new_maturity_on=row["new_due_on"] if is_extension else row["last_due_after_on"],
        overdue_from_on=row["oldest_on"] + timedelta(days=1) if row["oldest_on"] else None,
        overdue_kind=row["overdue_kind"],
        covers_from_on=row["covers_from_on"],
    )
    said = reported(standing, as_of)
    kept = past_due_kept_days(row["old_due_on"] or row["signed_on"], row["signed_on"])
    return said.maturity_on, said.extended_maturity_on, said.status, said.overdue_kind, kept, said.rule


STAGE = Stage(
    name="amend",
    reads=("loan", "loan_terms", "arrears", "agreement", "loan_facts", "option", "decision"),
    writes=("amendment", "cash_flow"),
    run=run,
)
