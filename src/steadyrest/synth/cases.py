"""Applications for relief with their reply dates, and the consents of those who stand behind secured receipts."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from steadyrest.schema import TABLES
from steadyrest.synth.borrowers import PERSON, Borrowers, blank, coded, day, days
from steadyrest.synth.draw import Draw, Ints
from steadyrest.synth.identity import numbered
from steadyrest.synth.loans import Signed
from steadyrest.text import label

REPLY_DAYS: Final = 14
_PARTIES: Final = ("guarantor", "mortgagor", "pledgor", "co_borrower")
_STATES: Final = ("given", "asked", "refused")


def applications(draw: Draw, people: Borrowers, receipts: Signed, first: int, as_of: date) -> pl.DataFrame:
    """The registered table `application`: 6 % of the receipts of businesses; one in thirty is dated later."""
    is_business = people.kind[receipts.borrower] != PERSON
    some = np.flatnonzero(is_business & draw.chance(60, is_business.size))
    applied = day(as_of) - draw.skewed(0, 120, some.size) + draw.chance(33, some.size) * 40
    applied = np.maximum(applied, receipts.drawn[some] + 1)
    replied = applied + draw.whole(1, 25, some.size)
    schema = TABLES["application"].polars()
    data = {
        "application_id": numbered("SQ", first + np.arange(some.size, dtype=np.int64), 9),
        "loan_id": receipts.frame["loan_id"].gather(pl.Series(some)),
        "applied_on": days(applied),
        "reply_due_on": days(applied + REPLY_DAYS),
        "replied_on": blank(days(replied), (replied > day(as_of)) | draw.chance(100, some.size)),
        "applicant": pl.Series([label("synth.applicant.borrower").zh]).new_from_index(0, some.size),
    }
    return pl.DataFrame(data, schema=schema)


def consents(draw: Draw, receipts: Signed, guarantee: Ints, asked: pl.Series, as_of: date) -> pl.DataFrame:
    """The registered table `consent` for the secured ones among the receipts `asked`; one in fifteen lacks any row.

    `guarantee` is 0 where a receipt is unsecured, else one more than the position of the party's capacity.
    """
    wanted = receipts.frame["loan_id"].is_in(asked.implode()).to_numpy() & (guarantee > 0)
    some = np.flatnonzero(wanted)
    some = some[~draw.chance(66, some.size)]
    state = draw.pick([75, 18, 7], some.size)
    given = day(as_of) - draw.whole(0, 40, some.size)
    schema = TABLES["consent"].polars()
    data = {
        "loan_id": receipts.frame["loan_id"].gather(pl.Series(some)),
        "party_id": numbered("P", draw.whole(1, 10**6, some.size), 7),
        "party_kind": coded(guarantee[some] - 1, _PARTIES, schema["party_kind"]),
        "consent_state": coded(state, _STATES, schema["consent_state"]),
        "given_on": blank(days(given), state != 0),
    }
    return pl.DataFrame(data, schema=schema)
