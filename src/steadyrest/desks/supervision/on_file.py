"""What a bank has on file of its receipts, as the happenings that reporting rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from steadyrest.desks.supervision.receipt import Happening

_FORMS = {"deferral_agreement": "deferral_agreement", "extension_contract": "extension_contract",
          "renewal_receipt": "renewal_no_repayment", "new_for_old": "new_loan_repays_old"}  # fmt: skip
_KINDS = {(True, False): "01", (False, True): "02", (True, True): "03"}
"""(principal, interest in arrears) -> kind of arrears."""


def on_file(tables: Mapping[str, pl.DataFrame], report_on: date) -> dict[str, list[Happening]]:
    """By receipt its contract, the agreements signed and not broken by a day, and its arrears, in order of their days.

    `tables`: `loan, agreement, arrears` and, where it is on file, `agreement_extra`, whose maturity as signed goes
    before that of the loan. Only receipts with an agreement or arrears are named.
    """
    unbroken = pl.col("broken_on").is_null() | (pl.col("broken_on") > report_on)
    agreements = tables["agreement"].filter((pl.col("signed_on") <= report_on) & unbroken)
    receipts = pl.concat([agreements["loan_id"], tables["arrears"]["loan_id"]]).unique()
    asked = pl.col("loan_id").is_in(receipts.implode())
    signed = {}
    if "agreement_extra" in tables:
        signed = dict(tables["agreement_extra"].select("loan_id", "original_maturity_on").drop_nulls().iter_rows())
    found: dict[str, list[Happening]] = {}
    for loan in tables["loan"].filter(asked).iter_rows(named=True):
        found[loan["loan_id"]] = [_contract(loan, signed.get(loan["loan_id"]))]
    for each in agreements.sort("signed_on", "agreement_id").iter_rows(named=True):
        kind = _FORMS.get(str(each["legal_form"]))
        if kind is not None and each["loan_id"] in found:
            found[each["loan_id"]].append(
                Happening(kind=kind, on=each["signed_on"], to=_moved(each, found[each["loan_id"]][0]))
            )
    for late in _late(tables["arrears"].filter(asked)).iter_rows(named=True):
        if late["loan_id"] in found:
            kind = _KINDS[late["principal_fen"] > 0, late["interest_fen"] > 0]
            found[late["loan_id"]].append(Happening(kind="overdue", on=late["due_on"], overdue_kind=kind))
    return {receipt: sorted(known, key=lambda item: item.on) for receipt, known in found.items()}


def _contract(loan: Mapping[str, Any], signed: Any) -> Happening:
    return Happening(
        kind="contract",
        on=loan["drawn_on"],
        maturity_on=signed or loan["maturity_on"],
        rate_type=None if loan["rate_type"] is None else str(loan["rate_type"]),
        rate_e7=loan["nominal_rate_e7"],
        resets=() if loan["repricing_on"] is None else (loan["repricing_on"],),
    )


def _moved(agreement: Mapping[str, Any], contract: Happening) -> Any:
    """The new last day: a deferral of a due in between leaves the maturity where it is."""
    new = agreement["new_due_on"]
    if str(agreement["legal_form"]) != "deferral_agreement" or contract.maturity_on is None:
        return new
    return new if new > contract.maturity_on else None


def _late(arrears: pl.DataFrame) -> pl.DataFrame:
    """The oldest unpaid day of each receipt, and what is in arrears in all."""
    amounts = pl.col("principal_fen", "interest_fen").fill_null(0)
    owed = arrears.with_columns(amounts).filter(pl.sum_horizontal("principal_fen", "interest_fen") > 0)
    return owed.group_by("loan_id", maintain_order=True).agg(pl.col("due_on").min(), amounts.sum())
