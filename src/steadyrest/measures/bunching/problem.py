"""From deferrals and the wall of what falls due anyway to numbers: bank days, weeks, loads, windows, customers.

Rows are put in one order of their own, so the answer does not depend on the order in which they came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from steadyrest import calendar
from steadyrest.contracts.kernels.civil import FIRST_DAY, LAST_DAY
from steadyrest.contracts.status import Fault
from steadyrest.errors import UsageError
from steadyrest.measures.flows import Ints, Marks
from steadyrest.units import FEN_LIMIT

WEIGHT_ONE: Final = 10_000
WEIGHT_LIMIT: Final = 1_000_000
TOTAL_LIMIT: Final = 10**18
_EPOCH: Final = date(1970, 1, 1)
DEFERRAL_SCHEMA: Final[dict[str, pl.DataType]] = {
    "loan_id": pl.String(),
    "customer_id": pl.String(),
    "amount_fen": pl.Int64(),
    "from_on": pl.Date(),
    "to_on": pl.Date(),
    "weight_e4": pl.Int64(),
}
WALL_SCHEMA: Final[dict[str, pl.DataType]] = {"on": pl.Date(), "customer_id": pl.String(), "amount_fen": pl.Int64()}

SPREAD_FAULTS: Final[tuple[Fault, ...]] = (
    Fault("missing", "BUNCHING-001", "loan_id, customer_id, amount_fen, from_on, to_on"),
    Fault("bad_amount", "BUNCHING-002", "amount_fen, weight_e4", "1..10^17 - 1 fen, 0..10^6"),
    Fault("bad_window", "BUNCHING-003", "from_on, to_on", "1900-01-01 <= from_on <= to_on <= 2199-12-31"),
    Fault("no_bank_day", "BUNCHING-004", "from_on, to_on", "a bank day in the window"),
)
SPREAD_STATUS: Final = ("ok", *(fault.status for fault in SPREAD_FAULTS))
SPREAD_STATUS_TYPE: Final = pl.Enum(SPREAD_STATUS)


@dataclass(frozen=True, slots=True)
class Problem:
    """Days and weeks are positions. One entry an item: `row` in the input, `load`, first and last bank day, customer.

    `days` are the bank days inside any window, `weeks` the Mondays of their weeks. `wall_day` and `wall_week` hold what
    falls due anyway; a week holds all its days, also those on which nothing may be put. `customer_wall` has rows of
    customer, week and amount. `total` is everything that falls due, on whatever day.
    """

    days: Ints
    week_of: Ints
    weeks: Ints
    row: Ints
    load: Ints
    first: Ints
    last: Ints
    customer: Ints
    customers: tuple[str, ...]
    wall_day: Ints
    wall_week: Ints
    customer_wall: Ints
    total: int

    @property
    def size(self) -> int:
        """Number of items."""
        return int(self.load.size)


def make(deferrals: pl.DataFrame, wall: pl.DataFrame | None) -> tuple[Problem, pl.Series]:
    """The problem, and the status of each row. A row that cannot be placed is left out of it, with its status."""
    frame = _typed(deferrals, DEFERRAL_SCHEMA).with_row_index("row")
    positions = _covered(frame.filter(_is_window()))
    frame = frame.with_columns(positions.window_of(frame)).with_columns(_status().alias("status"))
    good = frame.filter(pl.col("status") == "ok").with_columns(_load().alias("load"))
    good = good.sort("first", "last", "customer_id", "load", "loan_id", "amount_fen", maintain_order=True)
    due = _wall(wall)
    total = int(good["load"].sum()) + int(due["amount_fen"].sum())
    if total > TOTAL_LIMIT:
        raise UsageError("measures.total_over_limit", total=total, limit=TOTAL_LIMIT)
    customers = tuple(good["customer_id"].unique().sort().to_list())
    weeks, week_of = np.unique(_monday(positions.days), return_inverse=True)
    on, amount = _numbers(due["on"].cast(pl.Int32)), _numbers(due["amount_fen"])
    day_at, is_day = _places(positions.days, on)
    week_at, is_week = _places(weeks, _monday(on))
    problem = Problem(
        positions.days,
        week_of.astype(np.int64),
        weeks,
        _numbers(good["row"]),
        _numbers(good["load"]),
        _numbers(good["first"]),
        _numbers(good["last"]),
        _customer_numbers(good["customer_id"], customers),
        customers,
        _sums(day_at[is_day], amount[is_day], positions.days.size),
        _sums(week_at[is_week], amount[is_week], weeks.size),
        _customer_wall(due["customer_id"], week_at, amount, is_week, customers),
        total,
    )
    return problem, frame["status"].cast(SPREAD_STATUS_TYPE)


@dataclass(frozen=True, slots=True)
class _Positions:
    """Bank days inside any window, and for each day from `start` on how many of them lie before it."""

    days: Ints
    start: int
    before: Ints

    def window_of(self, frame: pl.DataFrame) -> list[pl.Series]:
        """First and last position of each window; first after last where it holds no bank day or is none."""
        last = self.before.size - 2
        since, until = (_numbers(frame[name].cast(pl.Int32).fill_null(0)) - self.start for name in ("from_on", "to_on"))
        first = self.before[np.clip(since, 0, last)]
        return [pl.Series("first", first), pl.Series("last", self.before[np.clip(until, 0, last) + 1] - 1)]


def _covered(windows: pl.DataFrame) -> _Positions:
    if windows.height == 0:
        return _Positions(_none(), 0, np.zeros(2, np.int64))
    since, until = (_numbers(windows[name].cast(pl.Int32)) for name in ("from_on", "to_on"))
    start, stop = int(since.min()), int(until.max()) + 1
    open_windows = np.cumsum(_sums(since - start, np.ones_like(since), stop - start + 1))
    open_windows -= np.cumsum(_sums(until + 1 - start, np.ones_like(until), stop - start + 1))
    first = _EPOCH + timedelta(start)
    is_bank = [n > 0 and calendar.is_bank_day(first + timedelta(k)) for k, n in enumerate(open_windows[:-1].tolist())]
    days = start + np.flatnonzero(is_bank)
    return _Positions(days, start, np.concatenate([[0], np.cumsum(is_bank), [days.size]]).astype(np.int64))


def _is_window() -> pl.Expr:
    inside = [pl.col(name).cast(pl.Int32).is_between(FIRST_DAY, LAST_DAY) for name in ("from_on", "to_on")]
    return ((pl.col("from_on") <= pl.col("to_on")) & inside[0] & inside[1]).fill_null(False)


def _status() -> pl.Expr:
    fields = ("loan_id", "customer_id", "amount_fen", "from_on", "to_on")
    amount, weight = pl.col("amount_fen"), pl.col("weight_e4").fill_null(WEIGHT_ONE)
    is_amount = amount.is_between(1, FEN_LIMIT - 1) & weight.is_between(0, WEIGHT_LIMIT)
    return (
        pl.when(pl.any_horizontal(pl.col(name).is_null() for name in fields))
        .then(pl.lit("missing"))
        .when(~is_amount)
        .then(pl.lit("bad_amount"))
        .when(~_is_window())
        .then(pl.lit("bad_window"))
        .when(pl.col("first") > pl.col("last"))
        .then(pl.lit("no_bank_day"))
        .otherwise(pl.lit("ok"))
    )


def _load() -> pl.Expr:
    """The amount that counts, rounded half up to the fen."""
    weight = pl.col("weight_e4").fill_null(WEIGHT_ONE).cast(pl.Int128)
    return ((pl.col("amount_fen").cast(pl.Int128) * weight * 2 + WEIGHT_ONE) // (2 * WEIGHT_ONE)).cast(pl.Int64)


def _wall(wall: pl.DataFrame | None) -> pl.DataFrame:
    due = pl.DataFrame(schema=WALL_SCHEMA) if wall is None else _typed(wall, WALL_SCHEMA)
    bad = due.filter(
        pl.col("on").is_null() | ~pl.col("amount_fen").is_between(0, FEN_LIMIT - 1).fill_null(False)
    ).height
    if bad:
        raise UsageError("measures.wall", rows=bad)
    return due


def _customer_wall(names: pl.Series, week: Ints, amount: Ints, is_week: Marks, customers: tuple[str, ...]) -> Ints:
    """Rows of customer, week and amount, of customers with deferrals."""
    place = {name: k for k, name in enumerate(customers)}
    customer = np.array([place.get(name, -1) for name in names.to_list()], np.int64)
    keep = is_week & (customer >= 0)
    return np.stack([customer[keep], week[keep], amount[keep]], axis=1)


def _customer_numbers(names: pl.Series, customers: tuple[str, ...]) -> Ints:
    return _numbers(names.cast(pl.Enum(customers)).to_physical()) if customers else _none()


def _typed(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return frame.select(
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
        for name, kind in schema.items()
    )


def _monday(days: Ints) -> Ints:
    """The Monday of each day; 1970-01-01 was a Thursday."""
    return days - (days + 3) % 7


def _places(of: Ints, values: Ints) -> tuple[Ints, Marks]:
    """Where values stand in ascending numbers, and whether they do."""
    at = np.searchsorted(of, values)
    found = at < of.size
    found[found] = of[at[found]] == values[found]
    return at, found


def _sums(place: Ints, amount: Ints, size: int) -> Ints:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place, amount)
    return sums


def _numbers(values: pl.Series) -> Ints:
    return np.require(values.cast(pl.Int64).to_numpy(), np.int64, ["C", "W", "O"])


def _none() -> Ints:
    return np.zeros(0, np.int64)
