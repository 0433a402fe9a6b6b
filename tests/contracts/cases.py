"""Random loans and agreements for property tests, and the engine and its twin on the same case.

Terms are mappings with the column names of the tables, as the twin reads them; a case is a loan with its events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from hypothesis import strategies as st

from steadyrest.contracts import EVENT_SCHEMA, TERM_SCHEMA, CashFlows, project, resolve
from tests.reference import schedule_twin as twin
from tests.reference.contract_twin import later_by

Terms = dict[str, Any]
Agreed = dict[str, Any]

QUOTES: Final = pl.DataFrame(
    {
        "quote_on": [date(2018, 1, 5), date(2020, 4, 20), date(2021, 12, 20), date(2022, 8, 22), date(2024, 7, 22)],
        "lpr_1y_rate_e7": [431_000, 385_000, 380_000, 365_000, 335_000],
        "lpr_5y_rate_e7": [490_000, 465_000, 465_000, 430_000, 385_000],
    }
)
"""Made-up quotes with resets inside the random loans."""
TWIN_QUOTES: Final[list[twin.Quote]] = [(on, one, five) for on, one, five in QUOTES.iter_rows()]


@dataclass(frozen=True)
class Case:
    """One loan and what was agreed on it."""

    terms: Terms
    events: list[Agreed] = field(default_factory=list)


def frames(cases: Sequence[Case]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Terms and events of cases as the engine takes them; loan ids are positions."""
    terms = [{"loan_id": str(i)} | case.terms for i, case in enumerate(cases)]
    events = [
        {"loan_id": str(i), "sequence": n, "effective_on": date(2020, 1, 1)} | event
        for i, case in enumerate(cases)
        for n, event in enumerate(case.events, 1)
    ]
    return _frame(terms, TERM_SCHEMA), _frame(events, EVENT_SCHEMA)


def _frame(rows: list[dict[str, Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def by_engine(
    cases: Sequence[Case], books: Sequence[int | None] | None = None, as_of: date | None = None
) -> list[list[twin.Row] | str]:
    """Dues of each case, or the status that stands against it."""
    terms, events = frames(cases)
    book = pl.Series(books, dtype=pl.Int64) if books is not None else None
    return rows_of(project(resolve(terms, events, quotes=QUOTES), book=book, as_of=as_of))


def rows_of(flows: CashFlows) -> list[list[twin.Row] | str]:
    """The dues of each loan, or its status."""
    found: list[list[twin.Row] | str] = [[] if s == "ok" else str(s) for s in flows.loans["status"].to_list()]
    for loan, _, *due in flows.rows.iter_rows():
        rows = found[loan]
        assert isinstance(rows, list)
        rows.append(twin.Row(*due))
    return found


def by_twin(case: Case, book: int | None = None, as_of: date | None = None) -> list[twin.Row] | str:
    """The same by the slow twin."""
    try:
        return twin.schedule(case.terms, case.events, quotes=TWIN_QUOTES, book=book, as_of=as_of)
    except twin.Impossible as problem:
        return str(problem)


def sums(rows: Sequence[twin.Row]) -> tuple[int, int]:
    """Principal and interest of dues."""
    return sum(row.principal_due_fen for row in rows), sum(row.interest_due_fen for row in rows)


@st.composite
def terms_of(draw: st.DrawFn, *, is_possible: bool = True) -> Terms:
    """Terms with any plan, pattern, day count, rounding and rate; with `is_possible` none that is refused at once."""
    method = draw(st.sampled_from(["level", "even_principal", "bullet"]))
    cycle = draw(st.sampled_from([1, 1, 1, 2, 3, 3, 6, 12]))
    drawn = draw(st.dates(date(2019, 1, 1), date(2023, 12, 31)))
    periods = draw(st.integers(2, 20))
    maturity = later_by(drawn, cycle * periods) + timedelta(draw(st.sampled_from([0, 0, 0, -9, -1, 1, 14])))
    free = draw(st.integers(0, periods - 2))
    holiday = draw(st.integers(0, free)) if draw(st.booleans()) else 0
    principal = draw(st.integers(1, 10**6) | st.integers(10**6, 10**11))
    terms: Terms = {
        "original_principal_fen": principal,
        "drawn_on": drawn,
        "maturity_on": maturity,
        "amortisation": method,
        "interest_cycle_months": cycle,
        "holiday_periods": holiday or None,
        "holiday_interest": draw(st.sampled_from([None, "first_resumed", "at_end"])),
        "interest_only_periods": draw(st.sampled_from([None, free - holiday])),
        "day_count": draw(st.sampled_from([None, "A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"])),
        "rounding": draw(st.sampled_from([None, "half_up", "half_even", "up", "down"])),
        "instalment_rounding": draw(st.sampled_from([None, "half_up", "half_even", "up", "down"])),
        "settlement_rounding": draw(st.sampled_from([None, "per_settlement", "per_segment"])),
        "level_rate_basis": draw(st.sampled_from([None, "twelfths", "actual"])),
    }
    if method == "even_principal":
        terms["repayment_cycle_months"] = draw(st.sampled_from([None, cycle, 2 * cycle, 3 * cycle]))
    if method != "bullet" and draw(st.integers(0, 4)) == 0:
        terms["balloon_fen"] = principal // draw(st.integers(2, 9))
    spoilt: Terms = {} if is_possible else draw(SPOILT)
    return terms | draw(pattern_of(drawn, cycle)) | draw(rate_of()) | spoilt


SPOILT: Final[st.SearchStrategy[Terms]] = st.sampled_from(
    [
        {"original_principal_fen": 0},
        {"original_principal_fen": 10**15 + 1},
        {"maturity_on": date(2018, 12, 31)},
        {"maturity_on": date(2200, 1, 1)},
        {"first_due_on": date(2018, 12, 31)},
        {"interest_cycle_months": 0},
        {"interest_cycle_months": 1201},
        {"interest_day": 32},
        {"repayment_cycle_months": 5, "interest_cycle_months": 2, "amortisation": "even_principal"},
        {"interest_only_periods": 400},
        {"holiday_periods": -1},
        {"nominal_rate_e7": -1, "rate_type": "RF01"},
        {"nominal_rate_e7": None, "rate_type": "RF01"},
        {"benchmark": None, "rate_type": "RF02"},
        {"amortisation": None},
    ]
)
"""One thing wrong with the terms."""


@st.composite
def pattern_of(draw: st.DrawFn, drawn: date, cycle: int) -> Terms:
    """Due days: those of drawdown, of a first due date, or of a settlement day."""
    kind = draw(st.sampled_from(["drawdown", "drawdown", "first", "settlement"]))
    if kind == "first":
        return {"first_due_on": drawn + timedelta(draw(st.integers(1, 80)))}
    if kind == "settlement" and 12 % cycle == 0:
        return {"interest_day": draw(st.sampled_from([20, 20, 1, 15, 28, 30, 31]))}
    return {}


@st.composite
def rate_of(draw: st.DrawFn) -> Terms:
    """A fixed rate, often plain, sometimes none; or a benchmark with a spread."""
    if draw(st.integers(0, 3)):
        rate = draw(st.sampled_from([0, 435_000, 365_000, 1_800_000]) | st.integers(0, 3_000_000))
        return {"rate_type": "RF01", "nominal_rate_e7": rate}
    return {
        "rate_type": "RF02",
        "benchmark": draw(st.sampled_from(["LPR1Y", "LPR5Y", "LPR"])),
        "floor_rate_e7": draw(st.none() | st.integers(300_000, 500_000)),
        "cap_rate_e7": draw(st.none() | st.integers(450_000, 600_000)),
        "spread_bp": draw(st.integers(-100, 300)),
        "reset_cycle_months": draw(st.sampled_from([1, 3, 6, 12])),
    }


@st.composite
def event_of(draw: st.DrawFn, terms: Mapping[str, Any], shape: str | None = None) -> Agreed:
    """An agreement around the life of a loan; many cannot be carried out on some loans, and have a status then."""
    shape = shape or draw(st.sampled_from(["park", "shift", "extension"]))
    drawn, maturity = terms["drawn_on"], terms["maturity_on"]
    since = draw(st.dates(drawn, maturity))
    event: Agreed = {"shape": shape, "from_on": since}
    if shape != "extension":
        event["deferred_part"] = draw(st.sampled_from([None, "principal", "interest", "both"]))
        event["interest_treatment"] = draw(st.sampled_from([None, "at_end", "first_resumed", "spread"]))
        event["spread_periods"] = draw(st.sampled_from([None, 1, 2, 3]))
    if shape == "park":
        event["to_on"] = since + timedelta(draw(st.integers(0, 300)))
        event["new_due_on"] = draw(st.none() | st.dates(since, maturity + timedelta(200)))
    elif shape == "shift":
        event["shift_months"] = draw(st.sampled_from([1, 2, 3, 6, 12]))
    else:
        event["new_due_on"] = maturity + timedelta(draw(st.integers(1, 500)))
    return event


@st.composite
def case_of(draw: st.DrawFn, *, events: int | None = None, shapes: Sequence[str] | None = None) -> Case:
    """A loan with some events, or with one of each given shape in that order."""
    terms = draw(terms_of())
    wanted: Sequence[str | None] = shapes or [None] * (draw(st.integers(0, 3)) if events is None else events)
    return Case(terms, [draw(event_of(terms, shape)) for shape in wanted])
