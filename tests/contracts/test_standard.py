"""Period-major dues and totals against the exact fold: bit-equal for every standard loan, near ties settled."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from steadyrest.contracts import project, resolve, totals
from steadyrest.contracts.standard import Classes, classes, exact_dues, standard_dues, standard_totals

SIZE = 4_000


def _choice(random: np.random.Generator, values: list[int | None], size: int) -> list[int | None]:
    return [values[place] for place in random.integers(0, len(values), size)]


def loans(seed: int, size: int = SIZE, **fixed: Any) -> pl.DataFrame:
    """Random loans of every plan and convention, few of them not standard."""
    random = np.random.default_rng(seed)
    drawn = np.datetime64("2019-01-01") + random.integers(0, 60, size) * random.integers(1, 20, size)
    frame = pl.DataFrame(
        {
            "loan_id": [str(i) for i in range(size)],
            "original_principal_fen": random.integers(1, 10 ** random.integers(2, 14, size), size),
            "drawn_on": drawn,
            "maturity_on": drawn + random.integers(1, 1500, size),
            "amortisation": random.choice(["level", "even_principal", "bullet"], size),
            "interest_only_periods": _choice(random, [None, None, 1, 3], size),
            "interest_cycle_months": random.choice([1, 1, 3], size),
            "interest_day": _choice(random, [None, None, 20, 31], size),
            "day_count": random.choice(["A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"], size),
            "rounding": random.choice(["half_up", "half_even", "half_up", "up"], size),
            "instalment_rounding": random.choice(["half_up", "up", "down", "half_even"], size),
            "rate_type": random.choice(["RF01"] * 9 + ["RF02"], size),
            "benchmark": ["LPR1Y"] * size,
            "spread_bp": [50] * size,
            "reset_cycle_months": [3] * size,
            "nominal_rate_e7": random.choice([0, 365_000, 435_000, 1_200_000, 360_000], size),
        }
    ).with_columns(pl.col("drawn_on", "maturity_on").cast(pl.Date), pl.col("interest_day").cast(pl.Int64))
    return frame.with_columns(pl.lit(value).alias(name) for name, value in fixed.items())


def assert_equal_to_the_fold(of: Classes) -> int:
    """Every due of every standard loan; returns how many loans were compared."""
    found = standard_dues(of)
    for place in range(of.order.size):
        at = found.of(place)
        principal, interest, balance = exact_dues(of, place)
        assert found.principal_fen[at].tolist() == principal.tolist()
        assert found.interest_fen[at].tolist() == interest.tolist()
        assert found.balance_fen[at].tolist() == balance.tolist()
    return int(of.order.size)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_due_is_that_of_the_exact_fold(seed: int) -> None:
    of = classes(resolve(loans(seed)))
    assert assert_equal_to_the_fold(of) > SIZE // 3
    assert set(of.order) | set(of.others) == set(range(SIZE))
    assert not set(of.order) & set(of.others)


def test_near_ties_are_settled_exactly() -> None:
    """100 fen at 3.6 % for 5 days of 360 is 0.05 fen: whole multiples of it lie on ties again and again."""
    frame = loans(
        3, day_count="A360", nominal_rate_e7=360_000, amortisation="bullet", rounding="half_even", rate_type="RF01"
    )
    frame = frame.with_columns(original_principal_fen=pl.int_range(1, SIZE + 1) * 500)
    of = classes(resolve(frame))
    found = standard_dues(of)
    assert found.repaired.size > 100
    assert_equal_to_the_fold(of)


@pytest.mark.parametrize("threads", [1, 2])
def test_totals_are_those_of_the_exact_fold(threads: int) -> None:
    resolved = resolve(loans(4))
    of = classes(resolved)
    found = standard_totals(of, threads=threads)
    exact = totals(resolved)
    assert found.interest_fen.tolist() == exact.by_loan["interest_fen"].gather(of.order).to_list()
    rows = project(resolved).rows.filter(pl.col("loan").is_in(of.order.tolist()))
    months = (
        rows.group_by((pl.col("due_on").dt.year() * 12 + pl.col("due_on").dt.month() - 1).alias("month_position"))
        .agg(pl.col("principal_due_fen", "interest_due_fen").sum())
        .sort("month_position")
    )
    assert found.months.rows() == months.rows()


def test_threads_do_not_matter() -> None:
    of = classes(resolve(loans(5)))
    one, two = (standard_dues(of, threads=threads) for threads in (1, 2))
    assert (one.interest_fen == two.interest_fen).all()
    assert (one.principal_fen == two.principal_fen).all()


def test_no_loan_is_a_class_of_none() -> None:
    of = classes(resolve(loans(6, size=3, day_count="M12D360")))
    assert (of.order.size, of.dues, of.others.size) == (0, 0, 3)
    assert standard_dues(of).principal_fen.size == 0
    assert standard_totals(of).months.height == 0
