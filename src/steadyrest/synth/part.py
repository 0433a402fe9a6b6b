"""One part of the book, in the registered tables: borrowers, receipts, and all that hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from steadyrest.desks.positions import agreed as events_in_force
from steadyrest.schema import TABLES
from steadyrest.synth.agreements import agreements
from steadyrest.synth.balances import Standing, standing
from steadyrest.synth.borrowers import Borrowers, blank, borrowers, coded, credit_lines, days, evidence, links
from steadyrest.synth.cases import applications, consents
from steadyrest.synth.draw import Draw, Flags, Ints
from steadyrest.synth.identity import digits, numbered, texts
from steadyrest.synth.loans import Signed, is_personal, loan_terms, owners_of_loans, signed
from steadyrest.synth.places import SUB_BRANCHES, branch_ids, branch_region, institution_id
from steadyrest.synth.weights import industries, shapes

USD_CNY_E4: Final = 67_437
"""Central parity of 2022-07-29: 6.7437 yuan a dollar."""

_GUARANTEES: Final = ("D", "C99", "B01", "A", "B99", "E", "C01")
_GUARANTEE_WEIGHTS: Final = (35, 25, 22, 4, 5, 6, 3)
_CAPACITY: Final = np.array([0, 1, 2, 3, 2, 1, 4])  # whose consent: none, guarantor, mortgagor, pledgor, co-borrower
_STREAMS: Final = ("people", "links", "lines", "evidence", "counts", "receipts", "terms", "agreements", "standing",
                   "columns", "applications", "consents")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Which part this is: its number, and the first serial number and count of borrowers and of receipts."""

    number: int
    first_borrower: int
    borrowers: int
    first_loan: int
    loans: int


def part(seed: int, place: Place, as_of: date) -> dict[str, pl.DataFrame]:
    """The registered tables of one part, in their registered columns."""
    draw = {name: Draw(seed, place.number, k) for k, name in enumerate(_STREAMS)}
    people = borrowers(draw["people"], place.first_borrower, place.borrowers, as_of)
    owner = owners_of_loans(draw["counts"], place.borrowers, place.loans)
    receipts = signed(draw["receipts"], people, owner, place.first_loan, as_of)
    agreed = agreements(draw["agreements"], people, receipts, place.first_loan, as_of)
    stands = standing(draw["standing"], receipts, events_in_force(agreed, as_of), as_of)
    guarantee = draw["columns"].pick(_GUARANTEE_WEIGHTS, owner.size)
    loan = _loan(draw["columns"], people, receipts, stands, (agreed, guarantee), as_of)
    applied = applications(draw["applications"], people, receipts, place.first_loan, as_of)
    asked = pl.concat([applied["loan_id"], agreed["loan_id"]])
    return {
        "enterprise": _with_credit_used(people, loan),
        "customer_link": links(draw["links"], people),
        "credit_line": credit_lines(draw["lines"], people, as_of),
        "evidence": evidence(draw["evidence"], people, as_of),
        "loan": loan,
        "loan_terms": loan_terms(receipts, draw["terms"]),
        "arrears": stands.arrears,
        "agreement": agreed,
        "application": applied,
        "consent": consents(draw["consents"], receipts, _CAPACITY[guarantee], asked, as_of),
    }


def _with_credit_used(people: Borrowers, loan: pl.DataFrame) -> pl.DataFrame:
    """Credit used is the sum of the balances in CNY."""
    used = loan.group_by("borrower_id").agg(pl.col("balance_cny_fen").sum().alias("used"))
    joined = people.table.join(used, on="borrower_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("used").fill_null(0).alias("credit_used_fen")).drop("used")


def _loan(
    draw: Draw, people: Borrowers, receipts: Signed, stands: Standing, given: tuple[pl.DataFrame, Ints], as_of: date
) -> pl.DataFrame:
    agreed, guarantee = given
    table, count = TABLES["loan"].polars(), receipts.borrower.size
    personal = is_personal(people, receipts.borrower)
    province, number = people.province[receipts.borrower], draw.whole(0, SUB_BRANCHES + 1, count)
    extended = _extended(receipts, agreed, as_of)
    is_late, is_floating = stands.past_due_days > 0, receipts.rates.benchmark_e7 >= 0
    status = np.where(is_late, 2, extended.is_not_null().to_numpy().astype(np.int64))
    balance = pl.Series(stands.balance_fen)
    in_cny = (stands.balance_fen * np.where(receipts.is_dollar, USD_CNY_E4, 10_000) + 5_000) // 10_000
    serial = receipts.frame["loan_id"]
    data = {
        "loan_id": serial,
        "contract_id": serial.str.replace("LN", "HT", literal=True),
        "borrower_id": people.ids.gather(pl.Series(receipts.borrower)),
        "institution_id": pl.Series([institution_id()]).new_from_index(0, count),
        "branch_id": branch_ids(province, number),
        "region_code": numbered("", branch_region(province, number), 6),
        "ledger": coded(personal.astype(np.int64), ("corporate", "personal"), table["ledger"]),
        "product": coded(receipts.shape, shapes().product, table["product"]),
        "use_industry_code": _use(draw, people, receipts, personal),
        "drawn_on": days(receipts.drawn),
        "maturity_on": days(receipts.maturity),
        "extended_maturity_on": extended,
        "currency": coded(receipts.is_dollar.astype(np.int64), ("CNY", "USD"), pl.String()),
        "balance_fen": balance,
        "balance_cny_fen": pl.Series(in_cny),
        "rate_type": coded(is_floating.astype(np.int64), ("RF01", "RF02"), table["rate_type"]),
        "nominal_rate_e7": pl.Series(receipts.rates.rate_e7),
        "benchmark_kind": coded(np.where(is_floating, 0, -1), ("TR05",), pl.String()),
        "benchmark_rate_e7": blank(pl.Series(receipts.rates.benchmark_e7), ~is_floating),
        "repricing_on": _repricing(receipts, extended, is_floating),
        "guarantee_kind": coded(guarantee, _GUARANTEES, table["guarantee_kind"]),
        "is_first_loan": blank(pl.Series(draw.chance(120, count)), draw.chance(10, count)),
        "quality": coded(_quality(draw, stands.past_due_days), tuple(f"FQ0{n}" for n in range(1, 6)), table["quality"]),
        "loan_status": coded(status, ("LS01", "LS02", "LS03"), table["loan_status"]),
        "overdue_kind": coded(stands.overdue_kind - 1, ("01", "02", "03"), table["overdue_kind"]),
    }
    return pl.DataFrame(data, schema=table)


def _repricing(receipts: Signed, extended: pl.Series, is_floating: Flags) -> pl.Series:
    """A fixed rate reprices at maturity, or at the extended one (rule D5)."""
    own = days(receipts.rates.repricing)
    fixed = pl.Series(~is_floating) & extended.is_not_null()
    return own.to_frame("own").with_columns(pl.when(fixed).then(extended).otherwise("own").alias("own"))["own"]


def _extended(receipts: Signed, agreed: pl.DataFrame, as_of: date) -> pl.Series:
    """The second date of receipts under a signed extension contract."""
    is_signed = (pl.col("legal_form").cast(pl.String) == "extension_contract") & (pl.col("signed_on") <= as_of)
    signed_ones = agreed.filter(is_signed).select("loan_id", "new_due_on")
    joined = receipts.frame.select("loan_id").join(signed_ones, on="loan_id", how="left", maintain_order="left")
    return joined["new_due_on"]


def _use(
    draw: Draw, people: Borrowers, receipts: Signed, personal: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> pl.Series:
    """The industry of use, three digits: mostly the borrower's own; the personal ledger does not carry it."""
    count = receipts.borrower.size
    own, other = people.industry[receipts.borrower], draw.pick(industries().per_mille, count)
    division = np.where((own < 0) | draw.chance(80, count), other, own)
    letters = np.frombuffer("".join(industries().codes).encode(), np.uint8).reshape(-1, 3)[division]
    group = digits(draw.whole(1, 4, count), 1)
    return blank(texts(np.hstack([letters, group])), personal | draw.chance(5, count))


def _quality(draw: Draw, late_days: Ints) -> Ints:
    """The five classes: by days past due where there are any, else nearly all normal."""
    plain = draw.pick([955, 36, 5, 3, 1], late_days.size)
    late = np.searchsorted(np.array([1, 91, 181, 361]), late_days, side="right")
    return np.where(late_days > 0, np.maximum(late, plain), plain)
