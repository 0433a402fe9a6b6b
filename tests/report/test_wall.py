"""Months of the wall: a window from the as-of month, and nothing lost outside it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.report.charts import ticks, wrapped
from steadyrest.report.figures import Month
from steadyrest.report.wall import MONTHS, VERSIONS, rows_of

AS_OF = date(2022, 7, 31)
FIRST_DAYS = st.integers(2021 * 12, 2028 * 12).map(lambda number: date(number // 12, number % 12 + 1, 1))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(FIRST_DAYS, st.sampled_from(VERSIONS), st.integers(0, 10**12)), unique_by=lambda item: item[:2])
)
def test_no_due_is_lost_and_months_are_in_order(drawn: list[tuple[date, str, int]]) -> None:
    months = [Month(on, version, 1, 1, fen, fen // 7) for on, version, fen in drawn]
    rows = rows_of(months, AS_OF)
    for version in VERSIONS:
        whole = sum(month.principal_fen + month.interest_fen for month in months if month.version == version)
        assert sum(row.due_fen[version] for row in rows) == whole
    shown = [row.month_on for row in rows if row.month_on]
    assert shown == sorted(shown)
    assert len(shown) <= MONTHS


def test_a_month_without_dues_stays_between_others_and_goes_at_the_start() -> None:
    months = [Month(date(2022, 9, 1), "before", 1, 1, 5, 0), Month(date(2022, 11, 1), "after", 1, 1, 5, 0)]
    shown = [row.month_on for row in rows_of(months, AS_OF)]
    assert shown == [date(2022, 9, 1), date(2022, 10, 1), date(2022, 11, 1)]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**17))
def test_an_axis_reaches_the_largest_value_in_few_steps(largest: int) -> None:
    axis = ticks(largest)
    assert axis[-1] >= largest
    assert 2 <= len(axis) <= 6
    assert {high - low for low, high in pairwise(axis)} == {axis[1]}


def test_labels_break_at_words_and_say_when_they_are_cut() -> None:
    assert wrapped("Deferral for smaller firms", 120, 13) == ["Deferral for", "smaller firms"]
    assert wrapped("中小微企业和个体工商户延期还本付息", 60, 12, 1) == ["中小微企…"]
