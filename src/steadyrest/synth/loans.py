"""The receipts of one part of the book as signed: kind, days, amount, rate, terms. Balances come later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from steadyrest.calendar import next_bank_day
from steadyrest.schema import TABLES
from steadyrest.synth.borrowers import OWNER, PERSON, Borrowers, blank, coded, day, days
from steadyrest.synth.draw import Draw, Flags, Ints
from steadyrest.synth.identity import numbered
from steadyrest.synth.pricing import Priced, Span, add_months, priced
from steadyrest.synth.weights import WAN_FEN, Shapes, shapes

OLDEST_DRAWN: Final = date(2019, 1, 2)
_AUDIENCE: Final = np.array([0, 0, 1, 0, 2])  # by borrower kind
_AUDIENCES: Final = ("business", "owner", "person")


@dataclass(frozen=True, slots=True)
class Signed:
    """Receipts as arrays: `borrower` and `shape` are positions; days are day numbers; `principal_fen` in `currency`.

    `frame` holds the terms in the columns of `contracts.TERM_SCHEMA`.
    """

    borrower: Ints
    shape: Ints
    drawn: Ints
    maturity: Ints
    principal_fen: Ints
    is_dollar: Flags
    rates: Priced
    frame: pl.DataFrame


def owners_of_loans(draw: Draw, borrowers: int, loans: int) -> Ints:
    """The borrower of each receipt, ascending: every borrower has one, some have many more."""
    rest = loans - borrowers
    extra = draw.skewed(0, borrowers, rest) if rest > 0 else np.zeros(0, np.int64)
    counts = 1 + np.bincount(extra, minlength=borrowers)
    shuffled = counts[np.argsort(draw.whole(0, 2**31 - 1, borrowers), kind="stable")]
    return np.repeat(np.arange(borrowers, dtype=np.int64), shuffled)


def signed(draw: Draw, people: Borrowers, borrower: Ints, first: int, as_of: date) -> Signed:
    """Receipts of the given borrowers; serial numbers start at `first`. All but 1 % mature after the as-of date."""
    kinds, count = shapes(), borrower.size
    shape = _shapes(draw, kinds, _AUDIENCE[people.kind[borrower]])
    months = _pick_months(draw, kinds, shape)
    drawn, maturity = _days(draw, months, as_of)
    is_dollar = (_AUDIENCE[people.kind[borrower]] == 0) & draw.chance(15, count)
    principal = _principal(draw, people, borrower, is_dollar)
    rates = priced(draw, Span(drawn, maturity, kinds.is_long[shape] == 1, is_dollar), as_of)
    frame = _terms(draw, kinds, shape, drawn, maturity, first).with_columns(
        pl.Series("original_principal_fen", principal), *rates.columns
    )
    return Signed(borrower, shape, drawn, maturity, principal, is_dollar, rates, frame)


def _shapes(draw: Draw, kinds: Shapes, audience: Ints) -> Ints:
    out = np.zeros(audience.size, np.int64)
    for number, name in enumerate(_AUDIENCES):
        some = np.flatnonzero(audience == number)
        weights = np.where(np.array(kinds.audience) == name, kinds.weight, 0)
        out[some] = draw.pick(weights.tolist(), some.size)
    return out


def _pick_months(draw: Draw, kinds: Shapes, shape: Ints) -> Ints:
    width = max(len(row) for row in kinds.months)
    table = np.array([(row * width)[:width] for row in kinds.months], np.int64)
    lengths = np.array([len(row) for row in kinds.months], np.int64)
    picked: Ints = table[shape, draw.whole(0, lengths[shape], shape.size)]
    return picked


def _days(draw: Draw, months: Ints, as_of: date) -> tuple[Ints, Ints]:
    """Drawdown on a bank day, uniform over the part of the term that may have passed; 1 % are past maturity."""
    today, term = day(as_of), add_months(np.full(months.size, day(as_of)), months) - day(as_of)
    oldest = today - day(OLDEST_DRAWN)
    age = draw.whole(4, np.minimum(term, oldest), months.size)
    is_past = (months <= 24) & draw.chance(10, months.size)
    past = term + draw.whole(3, 120, months.size)
    is_past &= past <= oldest
    age = np.where(is_past, past, age)
    table, start = _bank_days(as_of)
    drawn = table[today - age - start]
    maturity = add_months(drawn, months)
    return drawn, np.where(~is_past & (maturity <= today), today + 3, maturity)


@cache
def _bank_days(as_of: date) -> tuple[Ints, int]:
    """The next bank day of every day a receipt may be drawn on, and the first of these days."""
    start = OLDEST_DRAWN - timedelta(days=31)
    span = (as_of - start).days + 1
    return np.array([day(next_bank_day(start + timedelta(days=k))) for k in range(span)], np.int64), day(start)


def _principal(draw: Draw, people: Borrowers, borrower: Ints, is_dollar: Flags) -> Ints:
    """A part of the credit line, in 10,000 yuan (or dollars, a seventh)."""
    loans = np.bincount(borrower, minlength=people.kind.size)[borrower]
    wan = people.line_fen[borrower] // WAN_FEN * draw.whole(30, 96, borrower.size) // (100 * loans)
    return np.maximum(np.where(is_dollar, wan // 7, wan), 1) * WAN_FEN


def _terms(draw: Draw, kinds: Shapes, shape: Ints, drawn: Ints, maturity: Ints, first: int) -> pl.DataFrame:
    """The repayment terms without the amount and the rate."""
    count = shape.size
    own_day = kinds.day[shape] == 0
    following = add_months(drawn, 1).astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)
    agreed = following + draw.whole(4, 25, count)
    has_first = own_day & (kinds.cycle[shape] == 1) & draw.chance(150, count) & (agreed < maturity)
    basis = draw.pick([79, 14, 4, 1, 1, 1], count)
    return pl.DataFrame(
        {
            "loan_id": numbered("LN", first + np.arange(count, dtype=np.int64), 10),
            "drawn_on": days(drawn),
            "maturity_on": days(maturity),
            "amortisation": coded(shape, kinds.method, pl.String()),
            "interest_only_periods": _unless_zero(kinds.free[shape]),
            "holiday_periods": _unless_zero(kinds.holiday[shape]),
            "repayment_cycle_months": _unless_zero(kinds.principal[shape]),
            "interest_cycle_months": pl.Series(kinds.cycle[shape]),
            "interest_day": _unless_zero(kinds.day[shape]),
            "first_due_on": blank(days(agreed), ~has_first),
            "day_count": coded(np.where(draw.chance(400, count) & (basis == 0), -1, basis), _BASES, pl.String()),
            "rounding": coded(draw.pick([50, 2, 48], count) - 1, ("half_even", "half_up"), pl.String()),
            "instalment_rounding": coded(draw.pick([96, 3, 1], count) - 1, ("up", "half_up"), pl.String()),
            "settlement_rounding": coded(draw.pick([95, 5], count) - 1, ("per_segment",), pl.String()),
        }
    )


_BASES: Final = ("A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360")


def _unless_zero(values: Ints) -> pl.Series:
    return blank(pl.Series(values), values == 0)


def loan_terms(receipts: Signed, draw: Draw) -> pl.DataFrame:
    """The registered table `loan_terms`: 2 % of the receipts have no row in it."""
    table = TABLES["loan_terms"]
    kept = receipts.frame.filter(pl.Series(~draw.chance(20, receipts.borrower.size)))
    given = kept.with_columns(pl.lit(None, pl.String).alias("terms_basis"))
    return given.select(pl.col(name).cast(kind) for name, kind in table.polars().items())


def is_personal(people: Borrowers, borrower: Ints) -> Flags:
    """Whether a receipt stands in the personal ledger: those of owners and other persons do."""
    kind = people.kind[borrower]
    personal: Flags = (kind == OWNER) | (kind == PERSON)
    return personal
