"""Maturity bunching: windows, limits, bounds and clashes; small cases against every plan there is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest import calendar
from steadyrest.errors import UsageError
from steadyrest.measures.bunching import SPREAD_FAULTS, SPREAD_STATUS, Limit, Limits, Spread, spread
from steadyrest.text import catalogue

MONDAY = date(2023, 3, 6)
"""The first of four weeks without a holiday."""

Row = tuple[str, str, int, int, int]


def deferrals(rows: list[Row]) -> pl.DataFrame:
    """(loan, customer, amount, first and last day counted from the Monday)."""
    return pl.DataFrame(
        [(loan, who, amount, MONDAY + timedelta(a), MONDAY + timedelta(b)) for loan, who, amount, a, b in rows],
        schema=["loan_id", "customer_id", "amount_fen", "from_on", "to_on"],
        orient="row",
    )


def wall(rows: list[tuple[int, int, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(MONDAY + timedelta(day), amount, who) for day, amount, who in rows],
        schema={"on": pl.Date, "amount_fen": pl.Int64, "customer_id": pl.String},
        orient="row",
    )


def days_of(found: Spread) -> list[int]:
    return [(on - MONDAY).days for on in found.rows["due_on"]]


def level(found: Spread, scope: str = "day") -> dict[str, object]:
    return found.levels.row(by_predicate=pl.col("scope") == scope, named=True)


def test_equal_deferrals_take_a_day_each() -> None:
    found = spread(deferrals([(f"L{k}", "A", 100, 0, 4) for k in range(5)]))
    assert sorted(days_of(found)) == [0, 1, 2, 3, 4]
    assert (level(found)["bound_fen"], level(found)["reached_fen"], level(found)["gap_fen"]) == (100, 100, 0)
    assert level(found)["reached_share"] == 0.2


def test_narrow_windows_come_first() -> None:
    found = spread(deferrals([("L1", "A", 100, 0, 4), ("L2", "A", 100, 0, 0), ("L3", "A", 100, 1, 1)]))
    assert days_of(found)[1:] == [0, 1]
    assert level(found)["reached_fen"] == 100


def test_the_wall_is_gone_around() -> None:
    found = spread(deferrals([("L1", "A", 100, 0, 2), ("L2", "B", 100, 0, 2)]), wall=wall([(1, 70, None)]))
    assert sorted(days_of(found)) == [0, 2]
    assert found.total_fen == 270
    assert found.loads["wall_fen"].to_list() == [0, 70, 0]
    assert found.loads["deferred_fen"].to_list() == [100, 0, 100]


def test_days_below_a_high_wall_are_even_too() -> None:
    found = spread(deferrals([(f"L{k}", "A", 100, 0, 4) for k in range(4)]), wall=wall([(2, 10_000, None)]))
    assert sorted(days_of(found)) == [0, 1, 3, 4]


def test_due_days_are_bank_days() -> None:
    over_qingming = deferrals([("L1", "A", 5, 25, 31), ("L2", "A", 5, 25, 31)])  # 2023-04-05 is a holiday
    assert all(calendar.is_bank_day(on) for on in spread(over_qingming).rows["due_on"])
    working_saturday = pl.DataFrame(
        {
            "loan_id": ["L1"],
            "customer_id": ["A"],
            "amount_fen": [5],
            "from_on": [date(2022, 10, 8)],
            "to_on": [date(2022, 10, 9)],
        }
    )
    assert spread(working_saturday).rows["due_on"].to_list() == [date(2022, 10, 8)]


def test_a_limit_of_a_week_moves_what_can_wait() -> None:
    rows: list[Row] = [(f"L{k}", f"C{k}", 100, 0, 11) for k in range(4)]
    found = spread(deferrals(rows), Limits(week=Limit(amount_fen=200)))
    assert found.outcome == "kept"
    assert level(found, "week")["reached_fen"] == 200
    assert level(found, "week")["limit_fen"] == 200


def test_a_customers_week_is_limited_for_the_customer_alone() -> None:
    rows: list[Row] = [("L1", "A", 100, 0, 11), ("L2", "A", 100, 0, 11), ("L3", "B", 100, 0, 4), ("L4", "C", 100, 0, 4)]
    found = spread(deferrals(rows), Limits(customer_week=Limit(amount_fen=100)))
    assert found.outcome == "kept"
    assert {day // 7 for day in days_of(found)[:2]} == {0, 1}


def test_what_a_customer_owes_anyway_counts_in_its_week() -> None:
    limits = Limits(customer_week=Limit(amount_fen=150))
    found = spread(deferrals([("L1", "A", 100, 0, 11)]), limits, wall=wall([(5, 80, "A")]))  # on a Saturday
    assert days_of(found)[0] // 7 == 1


def test_shares_are_of_everything_that_falls_due() -> None:
    found = spread(
        deferrals([("L1", "A", 60, 0, 4), ("L2", "B", 40, 0, 4)]),
        Limits(day=Limit(share_e7=3_000_000)),
        wall=wall([(100, 100, None)]),
    )
    assert level(found)["limit_fen"] == 60
    assert found.outcome == "kept"


def test_a_weight_counts_a_part() -> None:
    frame = deferrals([("L1", "A", 100, 0, 1), ("L2", "A", 100, 0, 1), ("L3", "A", 100, 0, 1)])
    found = spread(frame.with_columns(weight_e4=pl.Series([20_000, None, 10_000])))
    assert level(found)["reached_fen"] == 200
    assert found.total_fen == 400


def test_the_goal_can_be_the_week() -> None:
    rows: list[Row] = [(f"L{k}", "A", 100, 0, 25) for k in range(8)]
    assert level(spread(deferrals(rows), goal="week"), "week")["reached_fen"] == 200
    assert level(spread(deferrals(rows), goal="customer_week"), "customer_week")["reached_fen"] == 200


def test_limits_that_cannot_hold_are_named_with_their_amounts() -> None:
    rows: list[Row] = [(f"L{k}", "A", 100, 0, 1) for k in range(5)] + [("L9", "B", 100, 0, 11)]
    found = spread(deferrals(rows), Limits(day=Limit(amount_fen=200)))
    assert found.outcome == "impossible"
    (clash,) = found.clashes
    assert (clash.kind, clash.scopes, clash.rows) == ("together", ("day",), 2)
    assert (clash.from_on, clash.to_on) == (MONDAY, MONDAY + timedelta(1))
    assert (clash.capacity_fen, clash.deferred_fen, clash.deferrals, clash.short_fen) == (400, 500, 5, 100)
    assert days_of(found)[5] > 1
    assert "4.00" in clash.words.en
    assert "4.00" in clash.words.zh


def test_a_day_and_a_week_clash_together() -> None:
    rows: list[Row] = [(f"L{k}", "A", 100, 0, 4) for k in range(3)] + [(f"M{k}", "A", 100, 7, 7) for k in range(2)]
    found = spread(deferrals(rows), Limits(day=Limit(amount_fen=100), week=Limit(amount_fen=250)))
    kinds = {clash.scopes for clash in found.clashes}
    assert kinds == {("day",), ("week",)}


def test_a_deferral_alone_over_a_limit_and_a_wall_over_it() -> None:
    limits = Limits(day=Limit(amount_fen=100))
    found = spread(deferrals([("L1", "A", 130, 0, 2)]), limits, wall=wall([(1, 20, None), (2, 101, None)]))
    assert [clash.kind for clash in found.clashes] == ["wall", "alone"]
    assert found.clashes[0].short_fen == 1
    assert (found.clashes[1].capacity_fen, found.clashes[1].short_fen) == (100, 30)
    assert days_of(found) == [0]
    assert "A" not in found.clashes[1].words.en.split("limits")[0]


def test_a_clash_of_one_customer_names_it() -> None:
    rows: list[Row] = [("L1", "A", 80, 0, 4), ("L2", "A", 80, 0, 4), ("L3", "B", 80, 0, 4)]
    (clash,) = spread(deferrals(rows), Limits(customer_week=Limit(amount_fen=100))).clashes
    assert (clash.customer_id, clash.scopes, clash.deferrals, clash.short_fen) == ("A", ("customer_week",), 2, 60)
    assert "customer A" in clash.words.en


def test_rows_that_cannot_be_placed_have_a_status_and_the_others_go_on() -> None:
    frame = deferrals(
        [("L1", "A", 100, 0, 4), ("L2", "A", 0, 0, 4), ("L3", "A", 5, 4, 0), ("L4", "A", 5, 5, 6), ("L5", "A", 7, 1, 1)]
    ).with_columns(customer_id=pl.Series(["A", "A", "A", "A", None]))
    found = spread(frame)
    assert found.rows["status"].to_list() == ["ok", "bad_amount", "bad_window", "no_bank_day", "missing"]
    assert found.rows["due_on"].null_count() == 4
    assert found.total_fen == 100
    assert found.rows["loan_id"].to_list() == frame["loan_id"].to_list()
    assert [fault.code for fault in SPREAD_FAULTS if f"finding.{fault.code}.what" not in catalogue()] == []
    assert len(SPREAD_STATUS) == 5


def test_nothing_to_place() -> None:
    found = spread(deferrals([]), Limits(day=Limit(share_e7=1)))
    assert (found.rows.height, found.outcome, found.total_fen) == (0, "kept", 0)


def test_calls_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match=r"measures\.limit"):
        Limit(share_e7=0)
    with pytest.raises(UsageError, match=r"measures\.limit"):
        Limit(amount_fen=-1)
    with pytest.raises(UsageError, match=r"measures\.goal"):
        spread(deferrals([]), goal="month")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"measures\.wall"):
        spread(deferrals([]), wall=wall([(0, -5, None)]))


rows_of_deferrals = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(1, 60), st.integers(0, 11), st.integers(0, 5)), min_size=1, max_size=6
)
caps = st.one_of(st.none(), st.integers(20, 150))


def _limits(day: int | None, week: int | None, customer: int | None) -> Limits:
    return Limits(Limit(amount_fen=day), Limit(amount_fen=week), Limit(amount_fen=customer))


def _peaks(rows: list[Row], days: tuple[int, ...], walls: list[tuple[int, int, str | None]]) -> tuple[int, int, int]:
    """The largest loads of a day on which something may be put, a week and a customer's week, from scratch."""
    by_day: dict[int, int] = {}
    by_week: dict[int, int] = {}
    by_customer: dict[tuple[str, int], int] = {}
    possible = {d for _, _, _, a, b in rows for d in range(a, b + 1) if calendar.is_bank_day(MONDAY + timedelta(d))}
    weeks, customers = {d // 7 for d in possible}, {who for _, who, _, _, _ in rows}
    due = [(day, amount, who) for (_, who, amount, _, _), day in zip(rows, days, strict=True)]
    for day, amount, who in [*due, *walls]:
        if day in possible:
            by_day[day] = by_day.get(day, 0) + amount
        if day // 7 in weeks:
            by_week[day // 7] = by_week.get(day // 7, 0) + amount
            if who in customers:
                by_customer[who, day // 7] = by_customer.get((who, day // 7), 0) + amount
    return max(by_day.values()), max(by_week.values()), max(by_customer.values())


@given(
    rows_of_deferrals,
    st.lists(st.tuples(st.integers(0, 16), st.integers(1, 60), st.sampled_from(["A", "Z", None])), max_size=4),
    caps,
    caps,
    caps,
    st.sampled_from(["day", "week", "customer_week"]),
)
@settings(max_examples=120, deadline=None)
def test_small_cases_against_every_plan(
    drawn: list[tuple[str, int, int, int]],
    walls: list[tuple[int, int, str | None]],
    day: int | None,
    week: int | None,
    customer: int | None,
    goal: str,
) -> None:
    rows: list[Row] = [(f"L{k}", who, amount, a, a + wide) for k, (who, amount, a, wide) in enumerate(drawn)]
    rows = [row for row in rows if any(calendar.is_bank_day(MONDAY + timedelta(d)) for d in range(row[3], row[4] + 1))]
    found = spread(deferrals(rows), _limits(day, week, customer), wall=wall(walls), goal=goal)  # type: ignore[arg-type]
    if not rows:
        return
    choices = [[d for d in range(a, b + 1) if calendar.is_bank_day(MONDAY + timedelta(d))] for _, _, _, a, b in rows]
    which = ("day", "week", "customer_week").index(goal)
    limit = [cap if cap is not None else 10**9 for cap in (day, week, customer)]
    plans = [_peaks(rows, plan, walls) for plan in product(*choices)]
    within = [plan for plan in plans if all(peak <= cap for peak, cap in zip(plan, limit, strict=True))]

    mine = _peaks(rows, tuple(days_of(found)), walls)
    assert all(on in days for on, days in zip(days_of(found), choices, strict=True))
    assert tuple(found.levels["reached_fen"].to_list()) == mine
    assert (found.levels["gap_fen"] >= 0).all()
    assert (found.outcome == "kept") == bool(within)
    if within:
        assert mine[which] == min(plan[which] for plan in within)
        assert found.levels["bound_fen"][which] <= mine[which]
        assert found.clashes == ()
    for scope in range(3):
        if scope != which:
            assert found.levels["bound_fen"][scope] <= min(plan[scope] for plan in plans)


def _book(size: int, customers: int, seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    first = random.integers(0, 60, size)
    last = np.minimum(first + random.integers(3, 45, size), 80)
    amounts = np.exp(random.normal(15, 1, size)).astype(np.int64) + 1
    who = random.integers(0, customers, size)
    rows = zip(range(size), who.tolist(), amounts.tolist(), first.tolist(), last.tolist(), strict=True)
    return deferrals([(f"L{k:05}", f"C{c:04}", n, a, b) for k, c, n, a, b in rows])


@pytest.mark.parametrize(("customers", "share"), [(900, None), (40, 200_000)])
def test_a_book_comes_close_to_its_bound_within_all_limits(customers: int, share: int | None) -> None:
    book = _book(2_000, customers, 3)
    limits = Limits(day=Limit(share_e7=300_000), week=Limit(share_e7=1_100_000), customer_week=Limit(share_e7=share))
    found = spread(book, limits)
    assert found.outcome == "kept"
    rows = found.rows.filter(pl.col("status") == "ok")  # some windows are weekends
    assert rows.height > 1_900
    assert (rows["due_on"].is_between(rows["from_on"], rows["to_on"])).all()
    assert all(calendar.is_bank_day(on) for on in rows["due_on"].unique())
    by_day = rows.group_by("due_on").agg(pl.col("amount_fen").sum())["amount_fen"].max()
    assert by_day == level(found)["reached_fen"]
    assert level(found)["gap_fen"] <= level(found)["bound_fen"] // 500  # type: ignore[operator]


def test_the_order_of_rows_changes_nothing() -> None:
    book = _book(600, 30, 5)
    limits = Limits(week=Limit(share_e7=1_200_000), customer_week=Limit(share_e7=60_000))
    shuffled = book.sample(fraction=1.0, shuffle=True, seed=9)
    one, two = spread(book, limits), spread(shuffled, limits)
    assert one.rows.sort("loan_id").equals(two.rows.sort("loan_id"))
    assert one.levels.equals(two.levels)
    assert one.clashes == two.clashes
    assert one.rows.equals(spread(book, limits).rows)


def test_a_tight_limit_of_a_large_book_is_shown_to_be_impossible() -> None:
    book = _book(2_000, 900, 3)
    reachable = level(spread(book))["bound_fen"]
    found = spread(book, Limits(day=Limit(amount_fen=int(reachable) * 99 // 100)))  # type: ignore[call-overload]
    assert found.outcome == "impossible"
    clash = next(clash for clash in found.clashes if clash.kind == "together")
    assert clash.deferred_fen + clash.wall_fen - clash.capacity_fen == clash.short_fen > 0
    inside = book.filter((pl.col("from_on") >= clash.from_on) & (pl.col("to_on") <= clash.to_on))
    assert clash.deferrals <= inside.height
