"""Totals are the dues added up: by loan, by month and household, in a window, on any number of threads."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from steadyrest.contracts import TERM_SCHEMA, Event, event_frame, project, resolve, totals
from steadyrest.contracts.parallel import SMALL, chunks
from steadyrest.errors import UsageError
from tests.contracts.cases import QUOTES, Case, case_of, frames

WINDOW = (date(2022, 7, 4), date(2022, 12, 31))
AS_OF = date(2022, 7, 3)
OF_WINDOW = ("window_principal_fen", "window_interest_fen")
_MOVED = pl.col("deferred_principal_fen") + pl.col("deferred_interest_fen")


def loans(size: int, seed: int = 3) -> pl.DataFrame:
    """A book of plain loans with every plan, day count and many zero rates and small amounts."""
    random = np.random.default_rng(seed)
    drawn = np.datetime64("2021-01-01") + random.integers(0, 700, size)
    frame = pl.DataFrame(
        {
            "loan_id": [str(i) for i in range(size)],
            "original_principal_fen": random.integers(1, 10**8, size),
            "drawn_on": drawn,
            "maturity_on": drawn + random.integers(30, 900, size),
            "amortisation": random.choice(["level", "even_principal", "bullet"], size),
            "interest_cycle_months": random.choice([1, 3], size),
            "day_count": random.choice(["A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"], size),
            "instalment_rounding": random.choice(["half_up", "up"], size),
            "rate_type": ["RF01"] * size,
            "nominal_rate_e7": random.choice([0, 365_000, 435_000, 1_200_000], size),
        }
    )
    return frame.with_columns(pl.col("drawn_on", "maturity_on").cast(pl.Date))


def with_group(rows: pl.DataFrame, **named: list[int]) -> pl.DataFrame:
    """Dues with columns of their loan."""
    columns = {name: pl.Series(values, dtype=pl.Int64) for name, values in named.items()}
    return rows.join(pl.DataFrame(columns).with_row_index("loan").cast({"loan": pl.Int64}), on="loan")


@given(st.lists(case_of(), min_size=1, max_size=8), st.data())
@settings(max_examples=80)
def test_totals_are_the_dues_added_up(cases: list[Case], data: st.DataObject) -> None:
    size = len(cases)
    groups = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    households = sorted(data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)))
    resolved = resolve(*frames(cases), quotes=QUOTES)
    given_series: dict[str, Any] = {"groups": pl.Series(groups), "households": pl.Series(households)}
    found, flows = totals(resolved, **given_series, window=WINDOW), project(resolved)
    rows = with_group(flows.rows, group=groups, household=households)
    months = rows.group_by("group", pl.col("due_on").dt.truncate("1mo").alias("month_on"))
    expected = months.agg(
        households=pl.col("household").n_unique().cast(pl.Int64),
        receipts=pl.col("loan").n_unique().cast(pl.Int64),
        principal_due_fen=pl.col("principal_due_fen").sum(),
        interest_due_fen=pl.col("interest_due_fen").sum(),
    )
    assert_frame_equal(found.by_month, expected.sort("group", "month_on"))
    in_window = pl.col("due_on").is_between(*WINDOW)
    by_loan = rows.group_by("loan").agg(
        dues=pl.len().cast(pl.Int64),
        next_due_on=pl.col("due_on").min(),
        next_principal_due_on=pl.col("due_on").filter(pl.col("principal_due_fen") > 0).min(),
        last_due_on=pl.col("due_on").max(),
        principal_fen=pl.col("principal_due_fen").sum(),
        interest_fen=pl.col("interest_due_fen").sum(),
        window_principal_fen=pl.col("principal_due_fen").filter(in_window).sum(),
        window_interest_fen=pl.col("interest_due_fen").filter(in_window).sum(),
        deferred_principal_fen=pl.col("deferred_principal_fen").sum(),
        deferred_interest_fen=pl.col("deferred_interest_fen").sum(),
        last_deferred_on=pl.col("due_on").filter(_MOVED > 0).max(),
    )
    ok = found.by_loan.with_row_index("loan").cast({"loan": pl.Int64}).filter(pl.col("dues") > 0)
    assert_frame_equal(ok.select(by_loan.columns), by_loan.sort("loan"))
    rest = found.by_loan.filter(pl.col("dues") == 0)
    assert rest["next_due_on"].null_count() == rest.height
    assert rest["principal_fen"].sum() == 0
    assert_frame_equal(flows.loans.drop(OF_WINDOW), found.by_loan.drop(OF_WINDOW))


def test_the_number_of_threads_does_not_matter() -> None:
    terms = loans(5 * SMALL)
    resolved = resolve(terms)
    arguments: dict[str, Any] = {
        "groups": pl.Series(np.arange(terms.height) % 3),
        "households": pl.Series(np.arange(terms.height) // 7),
        "book": terms["original_principal_fen"] // 3,
    }
    alone = totals(resolved, **arguments, as_of=AS_OF, threads=1)
    dues = project(resolved, book=arguments["book"], as_of=AS_OF, threads=1)
    assert alone.by_loan["status"].n_unique() > 1
    for threads in (2, 3, 8):
        together = totals(resolved, **arguments, as_of=AS_OF, threads=threads)
        assert_frame_equal(together.by_loan, alone.by_loan)
        assert_frame_equal(together.by_month, alone.by_month)
        assert_frame_equal(project(resolved, book=arguments["book"], as_of=AS_OF, threads=threads).rows, dues.rows)


def test_dues_do_not_depend_on_the_room_that_was_made_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved = resolve(loans(300))
    expected = project(resolved)
    monkeypatch.setattr(sys.modules["steadyrest.contracts.project"], "_dues_about", lambda terms, as_of: 0)
    assert_frame_equal(project(resolved).rows, expected.rows)


def test_each_loan_under_one_event_is_the_loan_under_that_event() -> None:
    terms = loans(40)
    resolved = resolve(terms)
    window: dict[str, Any] = {"from_on": date(2022, 3, 1), "to_on": date(2022, 6, 30), "new_due_on": date(2023, 12, 29)}
    first = [Event(str(i), 1, AS_OF, "park", **window) for i in range(40)]
    second = [Event(str(i), 1, AS_OF, "shift", from_on=date(2022, 3, 1), shift_months=6) for i in range(40)]
    both = resolved.each_under(pl.Series([*range(40), *range(40)]), event_frame([*first, *second]))
    apart = [project(resolve(terms, event_frame(events))).loans for events in (first, second)]
    assert_frame_equal(project(both).loans, pl.concat(apart))
    assert_frame_equal(project(resolved.under(terms["loan_id"], event_frame(first))).loans, apart[0])


def test_a_chunk_never_splits_a_household() -> None:
    households = np.repeat(np.arange(5), [SMALL, 2 * SMALL, 10, 3 * SMALL, 1])
    parts = chunks(households, 100)
    assert [i for part in parts for i in part] == list(range(households.size))
    assert len(parts) > 2
    for part in parts[1:]:
        assert households[part.start] != households[part.start - 1]
    assert list(chunks(np.zeros(3 * SMALL, np.int64), 8)) == [range(3 * SMALL)]


def test_households_are_distinct_ones_with_a_due_that_month() -> None:
    terms = loans(1).select(pl.all().repeat_by(4).explode()).with_columns(loan_id=pl.Series(["a", "b", "c", "d"]))
    found = totals(resolve(terms), households=pl.Series(["x", "x", "y", "z"])).by_month
    assert set(found["households"]) == {3}
    assert set(found["receipts"]) == {4}
    assert totals(resolve(terms)).by_month["households"].null_count() == found.height


def test_a_household_in_two_places_is_refused() -> None:
    with pytest.raises(UsageError, match=r"contracts\.households_apart"):
        totals(resolve(loans(3)), households=pl.Series(["x", "y", "x"]))


def test_a_book_needs_its_day() -> None:
    with pytest.raises(UsageError, match=r"contracts\.book_without_day"):
        totals(resolve(loans(1)), book=pl.Series([1]))


def test_no_loans_give_empty_tables_with_the_same_columns() -> None:
    none, some = pl.DataFrame(schema=TERM_SCHEMA), loans(2)
    for empty, full in (
        (totals(resolve(none)).by_loan, totals(resolve(some)).by_loan),
        (totals(resolve(none)).by_month, totals(resolve(some)).by_month),
        (project(resolve(none)).rows, project(resolve(some)).rows),
    ):
        assert empty.height == 0
        assert empty.schema == full.schema


def test_a_due_of_the_day_itself_remains_only_if_the_balance_says_so() -> None:
    terms = loans(1).with_columns(
        original_principal_fen=pl.lit(1_200_000),
        drawn_on=date(2022, 1, 31),
        maturity_on=date(2023, 1, 31),
        amortisation=pl.lit("even_principal"),
        interest_cycle_months=pl.lit(1),
    )
    resolved, day = resolve(terms), date(2022, 6, 30)
    paid = project(resolved, book=pl.Series([700_000]), as_of=day)
    unpaid = project(resolved, book=pl.Series([800_000]), as_of=day)
    assert paid.rows["due_on"][0] == date(2022, 7, 31)
    assert unpaid.rows["due_on"][0] == day
    assert paid.loans["projection_basis"].to_list() == unpaid.loans["projection_basis"].to_list() == ["contract"]
    prepaid = project(resolved, book=pl.Series([650_000]), as_of=day)
    assert prepaid.loans["projection_basis"].to_list() == ["book"]
    assert prepaid.rows["principal_due_fen"].to_list() == [100_000] * 6 + [50_000]


def test_codes_may_be_text_or_enum() -> None:
    terms = loans(200)
    codes = ["amortisation", "day_count", "instalment_rounding", "rate_type"]
    as_enum = terms.with_columns(pl.col(name).cast(pl.Enum(sorted(set(terms[name])))) for name in codes)
    assert_frame_equal(project(resolve(as_enum)).rows, project(resolve(terms)).rows)
