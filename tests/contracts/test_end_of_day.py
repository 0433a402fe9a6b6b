"""The end of a day against plain Python, and days that add up to their period."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from steadyrest.contracts import Bullet, LoanTerms, project, resolve, terms_frame
from steadyrest.contracts.end_of_day import BALANCE_LIMIT, BUCKET_LIMITS, book, close_day
from steadyrest.errors import UsageError

TODAY = date(2022, 7, 31)
NUMBER = (TODAY - date(1970, 1, 1)).days


def test_a_day_is_that_of_plain_python() -> None:
    random = np.random.default_rng(1)
    size = 2_000
    balance, rate = random.integers(0, 10**12, size), random.integers(0, 2_000_000, size)
    late = np.where(random.random(size) < 0.4, NUMBER - random.integers(0, 500, size), 0)
    paused, group = random.integers(0, 60, size), random.integers(0, 5, size)
    counts = random.integers(0, 2, size)
    of = book(balance, rate, late_since=late, paused_days=paused, group=group, day_count=counts)
    sums = close_day(of, TODAY)
    expected: dict[tuple[int, int], list[int]] = {}
    for i in range(size):
        exact = Fraction(int(balance[i]) * int(rate[i]), 10**7 * (365 if counts[i] else 360))
        assert of.accrued_fen[i] == exact.numerator // exact.denominator
        days = max(NUMBER - int(late[i]) - int(paused[i]), 0) if late[i] else 0
        bucket = sum(days > limit for limit in BUCKET_LIMITS)
        assert (of.days_past_due[i], of.bucket[i]) == (days, bucket)
        found = expected.setdefault((int(group[i]), bucket), [0, 0, 0, 0])
        for place, amount in enumerate((1, balance[i], of.accrued_fen[i], balance[i] if days else 0)):
            found[place] += int(amount)
    assert {(row[0], row[1]): list(row[2:]) for row in sums.iter_rows()} == expected


@pytest.mark.parametrize(("day_count", "number"), [("A360", 0), ("A365F", 1)])
def test_the_days_of_a_period_add_up_to_its_interest(day_count: str, number: int) -> None:
    """The fold rounds a period down where the days do: neither loses a fen to the other."""
    drawn = date(2022, 3, 10)
    loan = LoanTerms("loan", 123_456_789, drawn, date(2022, 9, 10), Bullet(), 437_500, 6, day_count=day_count,
                     rounding="down")  # fmt: skip
    of = book([123_456_789], [437_500], day_count=number)
    for days in range(184):
        close_day(of, drawn + timedelta(days=days))
    assert of.accrued_fen[0] == project(resolve(terms_frame([loan]))).rows["interest_due_fen"][0]


def test_a_balance_beyond_the_limit_is_refused() -> None:
    for wrong in (-1, BALANCE_LIMIT):
        with pytest.raises(UsageError, match=r"call\.balance_limit"):
            book([wrong], [1])
