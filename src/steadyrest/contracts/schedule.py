"""Resolution: terms and events as people write them become the integer matrices the kernels read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from steadyrest import reference
from steadyrest.contracts.events import EVENT_SCHEMA, in_force
from steadyrest.contracts.kernels.layout import EVENT_FIELDS, EVENT_FROM, EVENT_TO, NO_DAY
from steadyrest.contracts.rates import FLOATING, Matrix, as_matrix, segments
from steadyrest.contracts.terms import TERM_SCHEMA, conform

REQUIRED: Final = (
    "original_principal_fen",
    "drawn_on",
    "maturity_on",
    "amortisation",
    "interest_cycle_months",
    "rate_type",
)
_FIXED_NEEDS: Final = ("nominal_rate_e7",)
_FLOATING_NEEDS: Final = ("benchmark", "spread_bp", "reset_cycle_months")

_AMORTISATION: Final = {"level": 0, "even_principal": 1, "bullet": 2}
_DAY_COUNT: Final = {"A360": 0, "A365F": 1, "30E360": 2, "30E360ISDA": 3, "AA": 4, "M12D360": 5}
_ROUNDING: Final = {"half_up": 0, "half_even": 1, "up": 2, "down": 3}
_LEVEL_BASIS: Final = {"twelfths": 0, "actual": 1}
_SETTLEMENT: Final = {"per_settlement": 0, "per_segment": 1}
_SHAPES: Final = {"park": 0, "shift": 1, "extension": 2}
_PARTS: Final = {"principal": 1, "interest": 2, "both": 3}
_TREATMENTS: Final = {"at_end": 0, "first_resumed": 1, "spread": 2}
_UNKNOWN: Final = -1
_CODES: Final[Mapping[str, tuple[Mapping[str, int], str]]] = {
    "amortisation": (_AMORTISATION, "bullet"),
    "holiday_interest": (_TREATMENTS, "first_resumed"),
    "day_count": (_DAY_COUNT, "A360"),
    "rounding": (_ROUNDING, "half_up"),
    "instalment_rounding": (_ROUNDING, "half_up"),
    "level_rate_basis": (_LEVEL_BASIS, "twelfths"),
    "settlement_rounding": (_SETTLEMENT, "per_settlement"),
}
"""For each code its numbers in the kernels, and the code that null stands for."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Loans as the kernels see them: one row a loan, a rate segment, an event, in the columns of `kernels.layout`."""

    terms: Matrix
    rates: Matrix
    events: Matrix

    @property
    def size(self) -> int:
        """Number of loans."""
        return int(self.terms.shape[0])

    def under(self, loan_ids: pl.Series, events: pl.DataFrame | None, known_on: date | None = None) -> Resolved:
        """The same loans, named by `loan_ids`, under these events in place of theirs."""
        start, rows = _events(loan_ids, events, known_on)
        return self._with(self.terms.copy(), start, rows)

    def each_under(self, loans: pl.Series, events: pl.DataFrame) -> Resolved:
        """The loans at these positions, each under one event in place of what was agreed on it: row n of `events` is of
        entry n. A loan may stand several times.
        """
        assert events.height == len(loans), "one event a loan"
        start = np.arange(len(loans) + 1, dtype=np.int64)
        return self._with(self.terms[loans.to_numpy()], start, _event_rows(conform(events, EVENT_SCHEMA)))

    def _with(self, terms: Matrix, start: Matrix, rows: Matrix) -> Resolved:
        terms[:, EVENT_FROM], terms[:, EVENT_TO] = start[:-1], start[1:]
        return Resolved(terms, self.rates, rows)


def resolve(
    terms: pl.DataFrame,
    events: pl.DataFrame | None = None,
    *,
    quotes: pl.DataFrame | None = None,
    known_on: date | None = None,
) -> Resolved:
    """Resolve terms (columns of `TERM_SCHEMA`, absent = null) and events (columns of `EVENT_SCHEMA`), in the order
    given.

    `quotes` replaces the packaged table `lpr`; with `known_on` only events known by that day count. A term that is
    missing gives its loan the status `missing` (`missing_fields` names it); nothing is guessed.
    """
    frame = _filled(terms)
    start, rates = segments(frame, reference.table("lpr") if quotes is None else quotes)
    codes = {name: _numbers(frame[name], *known) for name, known in _CODES.items()}
    is_complete = frame.select(~pl.any_horizontal(_lacking().values())).to_series().to_numpy()
    for number in codes.values():
        is_complete = is_complete & (number != _UNKNOWN)
    whole = frame.select(
        pl.lit(pl.Series("known", is_complete)),
        pl.col("original_principal_fen").fill_null(0),
        pl.col("balloon_fen").fill_null(0),
        _day("drawn_on"),
        _day("maturity_on"),
        _day("first_due_on"),
        _number("amortisation", codes),
        pl.col("interest_only_periods").fill_null(0),
        pl.col("holiday_periods").fill_null(0),
        _number("holiday_interest", codes),
        pl.coalesce("repayment_cycle_months", "interest_cycle_months").fill_null(0),
        pl.col("interest_cycle_months").fill_null(0),
        pl.col("interest_day").fill_null(0),
        _number("day_count", codes),
        _number("rounding", codes),
        _number("instalment_rounding", codes),
        _number("level_rate_basis", codes),
        _number("settlement_rounding", codes),
        pl.lit(pl.Series("rate_from", start[:-1])),
        pl.lit(pl.Series("rate_to", start[1:])),
        pl.lit(0, pl.Int64).alias("event_from"),
        pl.lit(0, pl.Int64).alias("event_to"),
    )
    resolved = Resolved(as_matrix(whole), rates, np.zeros((0, EVENT_FIELDS), np.int64))
    return resolved if events is None else resolved.under(frame["loan_id"], events, known_on)


def missing_fields(terms: pl.DataFrame) -> pl.Series:
    """The names of the terms each loan lacks for a schedule; an empty list where none."""
    frame = conform(terms, TERM_SCHEMA)
    return frame.select(pl.concat_list(_missing()).list.drop_nulls().alias("missing")).to_series()


def _missing() -> list[pl.Expr]:
    """For each term its name where the loan lacks it, else null; a code outside its list counts as lacking."""
    tests = _lacking()
    for name, (known, _) in _CODES.items():
        tests[name] = tests.get(name, pl.lit(False)) | ~pl.col(name).is_in(list(known)).fill_null(True)
    return [pl.when(test).then(pl.lit(name)) for name, test in tests.items()]


def _lacking() -> dict[str, pl.Expr]:
    """For each term without which there is no schedule, whether the loan lacks it."""
    floating = pl.col("rate_type") == FLOATING
    tests = {name: pl.col(name).is_null() for name in REQUIRED}
    tests |= {name: pl.col(name).is_null() & ~floating for name in _FIXED_NEEDS}
    return tests | {name: pl.col(name).is_null() & floating for name in _FLOATING_NEEDS}


def _filled(terms: pl.DataFrame) -> pl.DataFrame:
    """The columns of `TERM_SCHEMA`, absent ones as null, codes as they come: text or Enum."""
    return terms.select(
        pl.col(name) if name in terms.columns else pl.lit(None, kind).alias(name) for name, kind in TERM_SCHEMA.items()
    )


def _numbers(codes: pl.Series, numbers: Mapping[str, int], default: str) -> Matrix:
    """The kernel's numbers of codes; null is the default, a code outside the list is `_UNKNOWN`."""
    if not isinstance(codes.dtype, pl.Enum):
        filled = codes.fill_null(default)
        return filled.replace_strict(numbers, default=_UNKNOWN, return_dtype=pl.Int64).to_numpy()
    categories = codes.dtype.categories.to_list()
    table = np.array([*(numbers.get(code, _UNKNOWN) for code in categories), numbers.get(default, _UNKNOWN)])
    found: Matrix = table[codes.to_physical().fill_null(len(categories)).to_numpy()]
    return found


def _number(name: str, codes: Mapping[str, Matrix]) -> pl.Expr:
    return pl.lit(pl.Series(name, codes[name]))


def _day(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32).cast(pl.Int64).fill_null(NO_DAY)


def _code(name: str, numbers: dict[str, int], default: str) -> pl.Expr:
    filled = pl.col(name).fill_null(default)
    return filled.replace_strict(numbers, default=_UNKNOWN, return_dtype=pl.Int64).alias(name)


def _events(loan_ids: pl.Series, events: pl.DataFrame | None, known_on: date | None) -> tuple[Matrix, Matrix]:
    """(offsets, one more than loans; events in the order they are folded)."""
    empty = pl.DataFrame(schema=EVENT_SCHEMA)
    loans = pl.DataFrame({"loan_id": loan_ids}).with_row_index("loan")
    order = ["loan", "effective_on", "known_on", "sequence"]
    frame = in_force(empty if events is None else events, known_on).join(loans, on="loan_id").sort(order)
    counts = np.bincount(frame["loan"].to_numpy(), minlength=len(loan_ids))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return start, _event_rows(frame)


def _event_rows(events: pl.DataFrame) -> Matrix:
    """Events as the kernels see them, in the order given."""
    rows = events.select(
        _code("shape", _SHAPES, ""),
        _code("deferred_part", _PARTS, "both"),
        _day("from_on"),
        _day("to_on"),
        _day("new_due_on"),
        pl.col("shift_months").fill_null(0),
        _code("interest_treatment", _TREATMENTS, "at_end"),
        pl.col("spread_periods").fill_null(0),
    )
    return as_matrix(rows)
