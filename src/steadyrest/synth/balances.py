"""Balances that tie: what the contract, its agreements and the arrears leave on the as-of date.

balance = original principal - principal that fell due by the as-of date + principal in arrears; a few receipts were
partly prepaid, and their balance lies below the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from steadyrest.contracts import EVENT_SCHEMA, project, resolve, totals
from steadyrest.schema import TABLES
from steadyrest.synth.borrowers import day
from steadyrest.synth.draw import Draw, Ints
from steadyrest.synth.loans import Signed
from steadyrest.synth.weights import WAN_FEN

LONG_AGO: Final = date(1990, 1, 1)
_FIXED: Final = pl.lit("RF01")


@dataclass(frozen=True, slots=True)
class Standing:
    """Balances on the as-of date, arrears rows, and for each receipt days past due (0 = none) and kind of arrears.

    `overdue_kind` is 0 none, 1 principal, 2 interest, 3 both.
    """

    balance_fen: Ints
    past_due_days: Ints
    overdue_kind: Ints
    arrears: pl.DataFrame


def standing(draw: Draw, receipts: Signed, events: pl.DataFrame, as_of: date) -> Standing:
    """Where each receipt stands on the as-of date under its contract and the agreements in force."""
    fallen = fallen_due(receipts.frame, events, as_of)
    open_fen = receipts.principal_fen - fallen
    unpaid = _unpaid(draw, receipts, events, open_fen, as_of)
    late = unpaid.group_by("loan").agg(
        pl.col("principal_fen").sum(), pl.col("interest_fen").sum(), pl.col("due_on").min().cast(pl.Int32)
    )
    at = late["loan"].to_numpy()
    principal, interest = late["principal_fen"].to_numpy(), late["interest_fen"].to_numpy()
    past_due, kind, balance = np.zeros_like(open_fen), np.zeros_like(open_fen), open_fen.copy()
    past_due[at] = day(as_of) - late["due_on"].to_numpy()
    kind[at] = (principal > 0) + 2 * (interest > 0)
    prepaid = (open_fen >= 20 * WAN_FEN) & (past_due == 0) & draw.chance(15, open_fen.size)
    balance -= np.where(prepaid, open_fen // (10 * WAN_FEN) * WAN_FEN, 0)
    balance[at] += principal
    ids = receipts.frame["loan_id"].gather(unpaid["loan"])
    table = TABLES["arrears"]
    return Standing(balance, past_due, kind, unpaid.with_columns(ids.alias("loan_id")).select(table.names))


def fallen_due(terms: pl.DataFrame, events: pl.DataFrame, as_of: date) -> Ints:
    """Principal that fell due on or before the as-of date, under the agreements.

    Only in a level plan does the rate decide how much principal falls due, so the others skip their rate resets.
    """
    plain = terms.with_columns(rate_type=pl.when(pl.col("amortisation") == "level").then("rate_type").otherwise(_FIXED))
    found = totals(resolve(plain), window=(LONG_AGO, as_of)).by_loan
    wrong = found.filter(pl.col("status") != "ok")
    assert not wrong.height, f"terms the contract engine refuses: {wrong['status'].to_list()[:5]}"
    fallen: Ints = found["window_principal_fen"].to_numpy().copy()
    some = terms["loan_id"].is_in(events["loan_id"].implode()).arg_true()
    if some.len():
        amended = totals(resolve(terms[some], events), window=(LONG_AGO, as_of)).by_loan
        assert (amended["status"] == "ok").all(), "an agreement the contract engine refuses"
        fallen[some.to_numpy()] = amended["window_principal_fen"].to_numpy()
    return fallen


def _unpaid(draw: Draw, receipts: Signed, events: pl.DataFrame, open_fen: Ints, as_of: date) -> pl.DataFrame:
    """Arrears rows by receipt position: the last one to four dues of 2.5 % of them, and of all past maturity."""
    amended = receipts.frame["loan_id"].is_in(events["loan_id"].implode()).to_numpy()
    late = (draw.chance(25, open_fen.size) | (open_fen == 0)) & (~amended | (open_fen == 0))
    some = np.flatnonzero(late)
    what = np.where(open_fen[some] == 0, 3, draw.pick([0, 1, 4, 5], some.size))
    asked = pl.DataFrame({"position": np.arange(some.size), "loan": some, "what": what,
                          "number": draw.skewed(1, 5, some.size)})  # fmt: skip
    chosen = receipts.frame[some]
    own = events.filter(pl.col("loan_id").is_in(chosen["loan_id"].implode())) if some.size else EMPTY_EVENTS
    rows = project(resolve(chosen, own)).rows.rename({"loan": "position"})
    dues = rows.filter(pl.col("due_on") < as_of).join(asked, on="position", maintain_order="left")
    dues = dues.filter(pl.int_range(pl.len(), 0, -1).over("position") <= pl.col("number"))
    principal = pl.when(pl.col("what") != 2).then("principal_due_fen").otherwise(0).alias("principal_fen")
    interest = pl.when(pl.col("what") != 1).then("interest_due_fen").otherwise(0).alias("interest_fen")
    found = dues.select("loan", "due_on", principal, interest)
    return found.filter(pl.col("principal_fen") + pl.col("interest_fen") > 0)


EMPTY_EVENTS: Final = pl.DataFrame(schema=EVENT_SCHEMA)
