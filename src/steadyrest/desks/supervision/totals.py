"""Totals of the returns over one part of a book: by band of the credit line, by size, by class, and of deferrals.

A part holds whole borrowers, but a person and the business behind him may lie in two: so households stay named, one
row a household, until all parts are put together (`summed`). Amounts are in CNY.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

import polars as pl

from steadyrest.contracts import resolve, totals
from steadyrest.desks.borrowers import borrowers
from steadyrest.desks.positions import arrears_at, positions
from steadyrest.desks.stage import Tables
from steadyrest.desks.supervision.reported import as_reported
from steadyrest.schema import TABLES

KEYS: Final = {
    "s71": ("item", "band"),
    "s63": ("item", "size_column"),
    "g11": ("item", "quality"),
    "deferral_return": ("programme", "enterprise_size", "is_manufacturing", "quality"),
}
_BAD: Final = ("FQ03", "FQ04", "FQ05")
_CONSUMER: Final = "F021"
_MANUFACTURING: Final = "C"
_PROGRAMMES: Final = ("deferral_line", "notice_2022")
_FORMS: Final = ("deferral_agreement", "extension_contract")
UNKNOWN: Final = "unknown"


@cache
def settings() -> dict[str, Any]:
    """Items, bands and bounds of the returns, with their sources."""
    return tomllib.loads((resources.files("steadyrest.desks.supervision") / "returns.toml").read_text("utf-8"))


def facts(tables: Tables, report_on: date) -> pl.DataFrame:
    """One row a receipt as reported: who borrows, size, industry, credit line, household, balance in CNY."""
    people = borrowers(tables, report_on).select(
        "borrower_id", "borrower_kind", "borrower_section", "enterprise_size", "credit_line_fen"
    )
    marks = tables["owner_mark"].select("loan_id", "is_individual_business", "is_owner")
    grants = tables["core_receipt"].select("loan_id", "grant_kind", "original_principal_fen")
    extra = tables["agreement_extra"].select("loan_id", "is_renewal_without_repayment")
    loans = as_reported(tables, report_on)
    for more, key in ((people, "borrower_id"), (marks, "loan_id"), (grants, "loan_id"), (extra, "loan_id")):
        loans = loans.join(more, on=key, how="left", maintain_order="left")
    loans = loans.join(_businesses(tables), on="borrower_id", how="left", maintain_order="left")
    in_cny = pl.coalesce("balance_cny_fen", pl.when(pl.col("currency") == "CNY").then("balance_fen")).fill_null(0)
    kind = (
        pl.when(pl.col("is_individual_business") | pl.col("business_id").is_not_null())
        .then(pl.lit("individual_business"))
        .when("is_owner").then(pl.lit("owner"))
        .otherwise(pl.col("borrower_kind").cast(pl.String))
    )  # fmt: skip
    return loans.with_columns(
        in_cny.alias("cny_fen"), kind.alias("kind"), pl.coalesce("business_id", "borrower_id").alias("household")
    )


def _businesses(tables: Tables) -> pl.DataFrame:
    """The individual business behind a person: his loans and its loans are of one household."""
    kinds = (
        tables["linked_enterprise"]
        .filter(pl.col("borrower_kind") == "individual_business")
        .select(pl.col("borrower_id").alias("business_id"))
    )
    owned = (
        tables["customer_link"]
        .filter(pl.col("link_kind") == "owner_of")
        .select(pl.col("from_borrower_id").alias("borrower_id"), pl.col("to_borrower_id").alias("business_id"))
    )
    found = owned.join(kinds.unique(), on="business_id", how="semi").sort("borrower_id", "business_id")
    return found.unique("borrower_id", keep="first", maintain_order=True)


def by_household(tables: Tables, report_on: date) -> dict[str, pl.DataFrame]:
    """By return: its key, `household`, `receipts` and its amounts, one row a household."""
    known = facts(tables, report_on)
    rows = {
        "s71": _s71(known),
        "s63": _s63(known, report_on),
        "g11": _g11(known, tables, report_on),
        "deferral_return": _deferrals(known, tables, report_on),
    }
    return {name: _grouped(name, frame) for name, frame in rows.items()}


def summed(name: str, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The return over all parts, in the columns of its table."""
    table, key = TABLES[name], KEYS[name]
    whole = pl.concat(parts) if parts else pl.DataFrame(schema={column: table[column].polars for column in key})
    amounts = [column for column in table.names if column not in (*key, "households")]
    sums = [pl.col(column).sum() for column in amounts]
    found = whole.group_by(key).agg(pl.col("household").n_unique().cast(pl.Int64).alias("households"), *sums)
    return found.sort(key, nulls_last=True).select(pl.col(column).cast(kind) for column, kind in table.polars().items())


def _grouped(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    key = (*KEYS[name], "household")
    amounts = [column for column in TABLES[name].names if column not in (*key, "households", "receipts")]
    return rows.group_by(key).agg(pl.len().cast(pl.Int64).alias("receipts"), pl.col(amounts).sum())


def _s71(known: pl.DataFrame) -> pl.DataFrame:
    told = settings()["s71"]
    line, kind = pl.col("credit_line_fen"), pl.col("kind")
    is_small = pl.col("enterprise_size").cast(pl.String).is_in(["small", "micro"])
    is_business = ~pl.col("product").cast(pl.String).str.starts_with(_CONSUMER).fill_null(False)
    who = (
        pl.when((kind == "enterprise") & is_small).then(pl.lit("small_firm"))
        .when(kind == "other_organisation").then(pl.lit("other_organisation"))
        .when(kind.is_in(["individual_business", "owner"]) & is_business).then(kind)
    )  # fmt: skip
    bands = [pl.when(line <= item["upto_fen"]).then(pl.lit(item["name"])) for item in told["bands"]]
    band = pl.coalesce(*bands, pl.when(line.is_null()).then(pl.lit(UNKNOWN)))
    rows = known.with_columns(who.alias("who"), band.alias("band"))
    bad = pl.when(pl.col("quality").cast(pl.String).is_in(_BAD)).then("cny_fen").otherwise(0)
    return rows.filter(pl.col("who").is_not_null() & pl.col("band").is_not_null()).with_columns(
        pl.col("who").replace_strict(told["items"], return_dtype=pl.String).alias("item"),
        pl.col("cny_fen").alias("balance_fen"),
        bad.alias("bad_balance_fen"),
    )


def _s63(known: pl.DataFrame, report_on: date) -> pl.DataFrame:
    told = settings()["s63"]
    is_renewal = (pl.col("grant_kind") == "renewal_without_repayment") | pl.col("is_renewal_without_repayment")
    is_personal = pl.col("ledger").cast(pl.String) == "personal"
    size = (
        pl.col("enterprise_size").cast(pl.String).replace_strict(told["columns"], default=None, return_dtype=pl.String)
    )
    is_operating = ~pl.col("product").cast(pl.String).str.starts_with(_CONSUMER).fill_null(False)
    column = pl.when(is_personal & is_operating).then(pl.lit(told["personal_column"])).when(~is_personal).then(size)
    rows = known.filter(is_renewal.fill_null(False)).with_columns(column.alias("size_column"))
    rows = rows.filter(pl.col("size_column").is_not_null())
    paid_out = pl.coalesce("original_principal_fen", "balance_fen")
    drawn = rows.filter(pl.col("drawn_on").is_between(date(report_on.year, 1, 1), report_on))
    return pl.concat(
        [
            rows.filter(pl.col("cny_fen") > 0).with_columns(
                pl.lit(told["balance_item"]).alias("item"), pl.col("cny_fen").alias("amount_fen")
            ),
            drawn.with_columns(pl.lit(told["drawn_item"]).alias("item"), paid_out.alias("amount_fen")),
        ]
    )


def _g11(known: pl.DataFrame, tables: Tables, report_on: date) -> pl.DataFrame:
    told = settings()["g11"]
    signed = tables["agreement"].filter((pl.col("signed_on") <= report_on) & (pl.col("risk_effect") == "restructured"))
    late = arrears_at(tables["arrears"], report_on).group_by("loan_id").agg(pl.col("due_on").min().alias("late_since"))
    watch = pl.col("signed_on").dt.offset_by(f"{told['observation_months']}mo")
    order = signed.sort("loan_id", "signed_on", "agreement_id")
    history = order.group_by("loan_id").agg(
        ((watch.shift(1) >= pl.col("signed_on")).fill_null(False)).any().alias("again")
    )
    rows = known.join(history, on="loan_id", how="left").join(late, on="loan_id", how="left")
    rows = rows.with_columns(pl.col("cny_fen").alias("balance_fen"))
    is_restructured = pl.col("again").is_not_null()
    is_late = (pl.lit(report_on) - pl.col("late_since")).dt.total_days() > told["late_days"]
    is_bad = pl.col("quality").cast(pl.String).is_in(_BAD)
    items = {
        "restructured": is_restructured,
        "restructured_late": is_restructured & is_late,
        "restructured_again": pl.col("again") & ~is_bad,
        "extended": pl.col("extended_maturity_on") > pl.col("maturity_on"),
    }
    return pl.concat(
        [
            rows.filter(hit.fill_null(False)).with_columns(pl.lit(told[name]).alias("item"))
            for name, hit in items.items()
        ]
    )


def _deferrals(known: pl.DataFrame, tables: Tables, report_on: date) -> pl.DataFrame:
    """Receipts under a signed deferral of a programme, by the programme of the latest one."""
    unbroken = pl.col("broken_on").is_null() | (pl.col("broken_on") > report_on)
    is_deferral = pl.col("programme").is_in(_PROGRAMMES) & pl.col("legal_form").is_in(_FORMS)
    signed = tables["agreement"].filter(is_deferral & unbroken & (pl.col("signed_on") <= report_on))
    latest = (
        signed.sort("loan_id", "signed_on", "agreement_id")
        .group_by("loan_id", maintain_order=True)
        .agg(pl.col("programme", "signed_on").last(), pl.col("new_due_on").max())
    )
    held = positions(tables, report_on, latest.select("loan_id"))
    moved = totals(resolve(held.terms, held.agreed), book=held.book, as_of=report_on).by_loan
    amounts = held.terms.select("loan_id").hstack(moved.select("deferred_principal_fen", "deferred_interest_fen"))
    late = arrears_at(tables["arrears"], report_on).select("loan_id").unique().with_columns(is_late=True)
    rows = known.join(latest, on="loan_id").join(amounts, on="loan_id", how="left").join(late, on="loan_id", how="left")
    is_over = pl.col("new_due_on") <= report_on
    is_new = pl.col("signed_on") >= report_on.replace(day=1)
    return rows.with_columns(
        (pl.col("borrower_section").cast(pl.String) == _MANUFACTURING).alias("is_manufacturing"),
        pl.col("cny_fen").alias("balance_fen"),
        pl.col("deferred_principal_fen", "deferred_interest_fen").fill_null(0),
        is_new.cast(pl.Int64).alias("signed_receipts"),
        is_over.cast(pl.Int64).alias("ended_receipts"),
        (is_over & pl.col("is_late").fill_null(False)).cast(pl.Int64).alias("ended_late_receipts"),
    )
