"""The end of a day over whole columns: interest of the day, days past due, bucket and class, sums by group."""

from __future__ import annotations

from typing import Any, Final

from steadyrest.accelerate import kernel

S_LOANS, S_BALANCE, S_INTEREST, S_PAST_DUE = range(4)
SUM_FIELDS: Final = 4


@kernel
def close_day(
    balance: Any,
    rate: Any,
    divisor: Any,
    rest: Any,
    late_since: Any,
    paused: Any,
    group: Any,
    limits: Any,
    today: int,
    accrued: Any,
    days: Any,
    bucket: Any,
    sums: Any,
) -> None:
    """One day of each loan, in place.

    Interest of the day is balance x rate / divisor in whole fen; what is left over is carried in `rest`, so that the
    days of a period add up to its interest to the fen. Days past due are those since `late_since` (0 = nothing is late)
    less the paused ones; the bucket is the number of `limits` they exceed. `sums` holds by group and bucket the loans,
    balance, accrued interest, and balance past due.
    """
    for i in range(balance.size):
        owed = balance[i]
        whole = int(owed * (rate[i] / divisor[i]))
        over = owed * rate[i] - whole * divisor[i] + rest[i]  # small, so it is right although the products wrap
        carry = over // divisor[i]
        rest[i] = over - carry * divisor[i]
        accrued[i] += whole + carry
        late = max(today - late_since[i] - paused[i], 0) if late_since[i] > 0 else 0
        days[i] = late
        place = 0
        for k in range(limits.size):
            place += late > limits[k]
        bucket[i] = place
        g = group[i]
        sums[g, place, 0] += 1
        sums[g, place, 1] += owed
        sums[g, place, 2] += accrued[i]
        sums[g, place, 3] += owed if late > 0 else 0
