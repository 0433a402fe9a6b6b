"""Agreements on receipts: what was deferred or extended before the as-of date, and what waits for a signature.

Windows are taken from the dues of the contract, so that an agreement moves something. Four kinds: a deferral of 2020
or 2021 that has run out, one signed in the last weeks, an extension contract shortly before maturity, and drafts.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from steadyrest.calendar import last_bank_day
from steadyrest.contracts import project, resolve
from steadyrest.schema import TABLES
from steadyrest.synth.borrowers import PERSON, Borrowers, blank, coded, day, days
from steadyrest.synth.draw import Draw, Flags, Ints
from steadyrest.synth.identity import numbered
from steadyrest.synth.loans import Signed
from steadyrest.synth.pricing import add_months

OLD, NEW, EXTENSION, DRAFT = range(4)
_PER_MILLE: Final = (10, 12, 8, 12)
_FORMS: Final = ("deferral_agreement", "deferral_agreement", "extension_contract", "deferral_agreement")
_PROGRAMMES: Final = ("deferral_line", "notice_2022", "none", "notice_2022")
_PARTS: Final = ("principal", "both")
NOTICE_CAP: Final = date(2022, 12, 31)


def agreements(draw: Draw, people: Borrowers, receipts: Signed, first: int, as_of: date) -> pl.DataFrame:
    """The registered table `agreement`; a receipt has one at most."""
    count = receipts.borrower.size
    kind = draw.pick([1000 - sum(_PER_MILLE), *_PER_MILLE], count) - 1
    near_end = (receipts.maturity > day(as_of) + 2) & (receipts.maturity <= day(as_of) + 45)
    kind = np.where((kind == EXTENSION) | (near_end & draw.chance(60, count)), np.where(near_end, EXTENSION, -1), kind)
    kind = np.where((people.kind[receipts.borrower] == PERSON) | (receipts.maturity <= day(as_of)), -1, kind)
    some = np.flatnonzero(kind >= 0)
    window = _windows(draw, receipts, some, kind[some], as_of)
    table = _table(draw, receipts, some, kind[some], window, as_of)
    table = table.filter(pl.col("new_due_on").is_not_null())
    numbers = numbered("XY", first + np.arange(table.height, dtype=np.int64), 9)
    return table.with_columns(numbers.alias("agreement_id")).select(TABLES["agreement"].names)


def _windows(draw: Draw, receipts: Signed, some: Ints, kind: Ints, as_of: date) -> pl.DataFrame:
    """First and last due an agreement moves, as day numbers; null where the contract has none there."""
    signing = _signing(draw, receipts, some, kind, as_of)
    reach = np.where(kind == OLD, draw.whole(60, 200, some.size), day(NOTICE_CAP) - 20 - signing)
    asked = pl.DataFrame({"loan": np.arange(some.size), "signed": signing, "until": signing + reach})
    dues = project(resolve(receipts.frame[some])).rows.filter(pl.col("principal_due_fen") > 0)
    dues = dues.select("loan", pl.col("due_on").cast(pl.Int32).cast(pl.Int64).alias("due"))
    inside = dues.join(asked, on="loan").filter(pl.col("due") > pl.col("signed"), pl.col("due") <= pl.col("until"))
    found = inside.group_by("loan").agg(pl.col("due").min().alias("from"), pl.col("due").max().alias("to"))
    return asked.join(found, on="loan", how="left", maintain_order="left")


def _signing(draw: Draw, receipts: Signed, some: Ints, kind: Ints, as_of: date) -> Ints:
    """The day of signature: after drawdown, on or before the as-of date."""
    today, drawn = day(as_of), receipts.drawn[some]
    recent = today - draw.skewed(0, 40, some.size)
    past = np.maximum(day(date(2020, 3, 2)) + draw.whole(0, 600, some.size), drawn + 10)
    return np.minimum(np.where(kind == OLD, past, np.maximum(recent, drawn + 3)), today)


def _table(draw: Draw, receipts: Signed, some: Ints, kind: Ints, window: pl.DataFrame, as_of: date) -> pl.DataFrame:
    schema, count, today = TABLES["agreement"].polars(), some.size, day(as_of)
    signing, low, high = (window[name].fill_null(0).to_numpy() for name in ("signed", "from", "to"))
    is_extension, is_draft = kind == EXTENSION, kind == DRAFT
    new_due, is_possible = _new_due(draw, receipts.maturity[some], kind, low, high)
    broken = np.minimum(signing + draw.whole(100, 300, count), today)
    data = {
        "loan_id": receipts.frame["loan_id"].gather(pl.Series(some)),
        "legal_form": coded(kind, _FORMS, schema["legal_form"]),
        "programme": coded(kind, _PROGRAMMES, schema["programme"]),
        "risk_effect": coded(draw.pick([8, 1], count) * 2, _effects(), schema["risk_effect"]),
        "deferred_part": coded(np.where(is_extension, -1, draw.pick([6, 4], count)), _PARTS, schema["deferred_part"]),
        "from_on": blank(days(low), is_extension),
        "to_on": blank(days(high), is_extension),
        "new_due_on": blank(days(new_due), ~is_possible),
        "signed_on": blank(days(signing), is_draft),
        "booked_on": blank(days(np.minimum(signing + 2, today)), is_draft | draw.chance(200, count)),
        "broken_on": blank(days(broken), (kind != OLD) | ~draw.chance(150, count)),
        "signed_by": numbered("U", draw.whole(1, 400, count), 4),
    }
    return pl.DataFrame(data, schema={name: kind for name, kind in schema.items() if name != "agreement_id"})


def _effects() -> tuple[str, ...]:
    return ("not_restructured", "restructured", "not_assessed")


def _new_due(draw: Draw, maturity: Ints, kind: Ints, low: Ints, high: Ints) -> tuple[Ints, Flags]:
    """The new due day, and whether the agreement is possible at all."""
    cap = day(last_bank_day(NOTICE_CAP))
    later = add_months(np.maximum(high, 1), draw.whole(3, 10, kind.size))
    extended = add_months(maturity, np.array([3, 6, 6, 12])[draw.whole(0, 4, kind.size)])
    new_due = np.where(kind == EXTENSION, extended, np.where(kind == OLD, later, cap))
    return new_due, (kind == EXTENSION) | ((low > 0) & (new_due > high))
