"""Standard loans period by period: all loans of one rhythm together, so that a row of a period is plain arithmetic.

Loans of a class share their due days; within it the longest stand first, so those that still run are a prefix of every
row and no row needs a mask. Amounts are float64 that hold whole fen; a result that lies too near a tie to be trusted
marks its loan, which is then settled by the exact fold. Everything else is bit-equal to it.
"""

from __future__ import annotations

import math
from typing import Any, Final

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.check import check_terms
from steadyrest.contracts.kernels.civil import day_in_month, month_position
from steadyrest.contracts.kernels.fold import fold
from steadyrest.contracts.kernels.grid import pattern
from steadyrest.contracts.kernels.layout import (
    AMORTISATION,
    BULLET,
    COUNTS,
    DAY_COUNT,
    DRAWN,
    EVEN_PRINCIPAL,
    FIRST_DUE,
    FIRST_ROW,
    HALF_EVEN,
    HALF_UP,
    INSTALMENT_ROUNDING,
    INTEREST_CYCLE,
    LEVEL,
    M12D360,
    MATURITY,
    NO_BOOK,
    OK,
    PRINCIPAL,
    PRINCIPAL_CYCLE,
    RATE,
    RATE_FROM,
    RATE_TO,
    ROUNDING,
    ROW_INTEREST,
    ROW_PRINCIPAL,
)
from steadyrest.contracts.kernels.money import divisor_of, level_instalment, ordinal
from steadyrest.contracts.kernels.plan import even_share, free_periods, is_plain

KEY, PERIODS, INSTALMENT, IS_LEVEL, FREE = range(5)
CLASS_FIELDS: Final = 5
NOT_STANDARD: Final = -1
_WAIT_LIMIT: Final = 4096

(C_POSITION, C_ANCHOR, C_LAG, C_CYCLE, C_SINCE, C_DRAWN, C_DAY_COUNT) = range(7)
RHYTHM_FIELDS: Final = 7


@kernel
def classify(t: Any, rates: Any, first: int, stop: int, out: Any) -> None:
    """For each loan the key of its class, periods, instalment, whether it covers interest, periods without principal.

    The key is `NOT_STANDARD` for a loan that must go through the fold: events, holidays, balloons, several rates,
    rounding up or down, months and odd days, a principal cycle of its own, an instalment near a tie.
    """
    for i in range(first, stop):
        out[i, KEY] = NOT_STANDARD
        if check_terms(t, rates, i) != OK or not is_plain(t, i) or t[i, RATE_TO] - t[i, RATE_FROM] != 1:
            continue
        method, cycle = t[i, AMORTISATION], t[i, INTEREST_CYCLE]
        if t[i, DAY_COUNT] == M12D360 or t[i, ROUNDING] not in (HALF_UP, HALF_EVEN):
            continue
        if method != BULLET and t[i, PRINCIPAL_CYCLE] != cycle:
            continue
        position, anchor, lag = pattern(t, i)
        since = max(t[i, FIRST_DUE], t[i, DRAWN] + 1)
        ahead, wait = position - month_position(t[i, DRAWN]), since - t[i, DRAWN]
        if ahead < 0 or ahead >= 1024 or wait >= _WAIT_LIMIT or cycle >= 1024:
            continue
        while day_in_month(position, anchor) + lag < since:
            position += cycle
        periods = count_periods(position, anchor, lag, cycle, t[i, MATURITY])
        if free_periods(t, i) >= periods:
            continue
        free = periods - 1 if method == BULLET else free_periods(t, i)
        amount, near = 0, False
        if method == LEVEL:
            rate = rates[t[i, RATE_FROM], RATE]
            amount, near = level_instalment(t[i, PRINCIPAL], rate, cycle, periods - free, t[i, INSTALMENT_ROUNDING])
        elif method == EVEN_PRINCIPAL:
            amount = even_share(t, i, periods)
        if near:
            continue
        head = ((t[i, DRAWN] + 40_000) * 1024 + ahead) * 32 + anchor
        out[i, KEY] = (((head * 2 + lag) * 1024 + cycle) * _WAIT_LIMIT + wait) * 8 + t[i, DAY_COUNT]
        out[i, PERIODS], out[i, INSTALMENT], out[i, FREE] = periods, amount, free
        out[i, IS_LEVEL] = 1 if method == LEVEL else 0


@kernel
def count_periods(position: int, anchor: int, lag: int, cycle: int, maturity: int) -> int:
    """Due days of a rhythm before maturity, and maturity itself."""
    ahead = max((month_position(maturity) - position) // cycle - 1, 0)
    while day_in_month(position + ahead * cycle, anchor) + lag < maturity:
        ahead += 1
    return ahead + 1


@kernel
def rhythm_of(t: Any, i: int, out: Any, c: int) -> None:
    """What the loans of a class share, from one of them."""
    position, anchor, lag = pattern(t, i)
    out[c, C_POSITION], out[c, C_ANCHOR], out[c, C_LAG] = position, anchor, lag
    out[c, C_CYCLE], out[c, C_DRAWN], out[c, C_DAY_COUNT] = t[i, INTEREST_CYCLE], t[i, DRAWN], t[i, DAY_COUNT]
    out[c, C_SINCE] = max(t[i, FIRST_DUE], t[i, DRAWN] + 1)


@kernel
def gather(t: Any, rates: Any, known: Any, order: Any, first: int, stop: int, into: Any) -> None:
    """Columns of the loans in the order of their classes: balance, rate a day, instalment, level or not, free periods,
    periods, maturity.
    """
    balance, factor, instalment, level, free, periods, maturity = into
    for j in range(first, stop):
        i = order[j]
        balance[j] = t[i, PRINCIPAL]
        factor[j] = rates[t[i, RATE_FROM], RATE] / divisor_of(t[i, DAY_COUNT])
        instalment[j], level[j] = known[i, INSTALMENT], known[i, IS_LEVEL]
        free[j], periods[j], maturity[j] = known[i, FREE], known[i, PERIODS], t[i, MATURITY]


@kernel
def nearest(exact: float) -> tuple[float, bool]:
    """The whole amount nearest to an exact one, and whether it lies too near a tie to be trusted."""
    moved = exact + 0.5
    whole = math.floor(moved)
    apart, window = moved - whole, 1e-6 + moved * 1e-14
    return whole, (apart < window) | (apart > 1.0 - window)


@kernel
def principal_of(instalment: float, level: float, interest: float, balance: float, is_free: bool) -> float:
    """What an instalment repays of the balance: the level less interest, or an equal part."""
    repaid = min(max(instalment - interest * level, 0.0), balance)
    return 0.0 if is_free else repaid


@kernel
def first_due(rhythms: Any, c: int) -> tuple[int, int]:
    """(month position, day) of the first due of a class."""
    position, anchor, lag = rhythms[c, C_POSITION], rhythms[c, C_ANCHOR], rhythms[c, C_LAG]
    due = day_in_month(position, anchor) + lag
    while due < rhythms[c, C_SINCE]:
        position += rhythms[c, C_CYCLE]
        due = day_in_month(position, anchor) + lag
    return position, due


@kernel
def next_due(rhythms: Any, c: int, position: int) -> tuple[int, int]:
    """(month position, day) of the due after one."""
    position += rhythms[c, C_CYCLE]
    return position, day_in_month(position, rhythms[c, C_ANCHOR]) + rhythms[c, C_LAG]


@kernel
def row(balance: Any, factor: Any, instalment: Any, level: Any, free: Any, tie: Any, days: float, k: int,
        out: Any) -> None:  # fmt: skip
    """One period of loans that run on: principal, interest, balance; near ties are marked."""
    principal, interest, left = out
    for j in range(balance.size):
        before = balance[j]
        whole, near = nearest(before * (factor[j] * days))
        tie[j] |= near
        repaid = principal_of(instalment[j], level[j], whole, before, k < free[j])
        after = before - repaid
        balance[j] = after
        principal[j], interest[j], left[j] = int(repaid), int(whole), int(after)


@kernel
def last_row(balance: Any, factor: Any, maturity: Any, tie: Any, mark: int, day_count: int, out: Any) -> None:
    """The last period of loans, each up to its own maturity: what is left is repaid."""
    principal, interest, left = out
    for j in range(balance.size):
        days = ordinal(maturity[j], day_count, maturity[j]) - mark
        whole, near = nearest(balance[j] * (factor[j] * days))
        tie[j] |= near
        principal[j], interest[j], left[j] = int(balance[j]), int(whole), 0


@kernel
def lay_classes(start: Any, rhythms: Any, loans: Any, rows: Any, first: int, stop: int, out: Any) -> None:
    """Every period of the classes `first` to `stop`, written one after the other from `rows[class]` on."""
    balance, factor, instalment, level, free, periods, maturity, tie = loans
    principal, interest, left = out
    for c in range(first, stop):
        low, live, at, day_count = start[c], start[c + 1], rows[c], rhythms[c, C_DAY_COUNT]
        mark = ordinal(rhythms[c, C_DRAWN], day_count, 0)
        position, due = first_due(rhythms, c)
        for k in range(periods[low]):
            on = live
            while on > low and periods[on - 1] == k + 1:
                on -= 1
            here, then, end = ordinal(due, day_count, 0), at + on - low, at + live - low
            into = (principal[at:then], interest[at:then], left[at:then])
            row(balance[low:on], factor[low:on], instalment[low:on], level[low:on], free[low:on], tie[low:on],
                float(here - mark), k, into)  # fmt: skip
            last = (principal[then:end], interest[then:end], left[then:end])
            last_row(balance[on:live], factor[on:live], maturity[on:live], tie[on:live], mark, day_count, last)
            at, live, mark = end, on, here
            position, due = next_due(rhythms, c, position)


@kernel
def sum_row(balance: Any, factor: Any, instalment: Any, level: Any, free: Any, tie: Any, days: float, k: int,
            paid: Any) -> tuple[int, int]:  # fmt: skip
    """One period without writing it: interest is added up by loan; (principal, interest) of the row."""
    repaid_sum, interest_sum = 0, 0
    for j in range(balance.size):
        before = balance[j]
        whole, near = nearest(before * (factor[j] * days))
        tie[j] |= near
        repaid = principal_of(instalment[j], level[j], whole, before, k < free[j])
        balance[j] = before - repaid
        paid[j] += whole
        repaid_sum += int(repaid)
        interest_sum += int(whole)
    return repaid_sum, interest_sum


@kernel
def sum_classes(start: Any, rhythms: Any, loans: Any, first: int, stop: int, paid: Any, base: int, months: Any) -> None:
    """Interest by loan, and principal and interest by month, of the classes `first` to `stop`."""
    balance, factor, instalment, level, free, periods, maturity, tie = loans
    for c in range(first, stop):
        low, live, day_count = start[c], start[c + 1], rhythms[c, C_DAY_COUNT]
        mark = ordinal(rhythms[c, C_DRAWN], day_count, 0)
        position, due = first_due(rhythms, c)
        for k in range(periods[low]):
            on = live
            while on > low and periods[on - 1] == k + 1:
                on -= 1
            here = ordinal(due, day_count, 0)
            repaid, whole = sum_row(balance[low:on], factor[low:on], instalment[low:on], level[low:on], free[low:on],
                                    tie[low:on], float(here - mark), k, paid[low:on])  # fmt: skip
            month = month_position(due) - base
            months[month, 0] += repaid
            months[month, 1] += whole
            for j in range(on, live):
                days = ordinal(maturity[j], day_count, maturity[j]) - mark
                amount, near = nearest(balance[j] * (factor[j] * days))
                tie[j] |= near
                paid[j] += amount
                month = month_position(maturity[j]) - base
                months[month, 0] += int(balance[j])
                months[month, 1] += int(amount)
            live, mark = on, here
            position, due = next_due(rhythms, c, position)


@kernel
def row_begins(start: Any, periods: Any, at: Any, out: Any) -> None:
    """Where the dues of each period of each class begin; those of class c stand from `at[c]` on."""
    n = 0
    for c in range(start.size - 1):
        live = start[c + 1]
        for k in range(periods[start[c]]):
            out[at[c] + k] = n
            while periods[live - 1] <= k:
                live -= 1
            n += live - start[c]


@kernel
def settle_dues(t: Any, rates: Any, events: Any, order: Any, near: Any, place_class: Any, start: Any, at: Any,
                begins: Any, s: Any, out: Any) -> None:  # fmt: skip
    """The dues of loans near a tie by the exact fold, written over those of the rows."""
    principal, interest, left = out
    none = s[0, :0]
    for n in range(near.size):
        j = near[n]
        c = place_class[n]
        i = order[j]
        _, stop = fold(t, rates, events, i, s, none, NO_BOOK, 0)
        first, balance = s[COUNTS, FIRST_ROW], t[i, PRINCIPAL]
        for k in range(stop - first):
            to = begins[at[c] + k] + j - start[c]
            balance -= s[ROW_PRINCIPAL, first + k]
            principal[to], interest[to], left[to] = s[ROW_PRINCIPAL, first + k], s[ROW_INTEREST, first + k], balance


@kernel
def settle_sums(t: Any, rates: Any, events: Any, order: Any, near: Any, place_class: Any, rhythms: Any, loans: Any,
                s: Any, base: int, interest: Any, months: Any) -> None:  # fmt: skip
    """The sums of loans near a tie: what the rows have added is taken out by the same arithmetic, and put in again by
    the exact fold.
    """
    none = s[0, :0]
    _, factor, instalment, level, free, periods, maturity, _ = loans
    for n in range(near.size):
        j, c = near[n], place_class[n]
        i = order[j]
        day_count, balance = rhythms[c, C_DAY_COUNT], float(t[i, PRINCIPAL])
        mark = ordinal(rhythms[c, C_DRAWN], day_count, 0)
        position, due = first_due(rhythms, c)
        fold(t, rates, events, i, s, none, NO_BOOK, 0)
        first, total = s[COUNTS, FIRST_ROW], 0
        for k in range(periods[j]):
            is_last = k == periods[j] - 1
            day = maturity[j] if is_last else due
            here = ordinal(day, day_count, maturity[j] if is_last else 0)
            whole, _ = nearest(balance * (factor[j] * float(here - mark)))
            repaid = balance
            if not is_last:
                repaid = principal_of(instalment[j], level[j], whole, balance, k < free[j])
            balance, mark = balance - repaid, here
            month = month_position(day) - base
            months[month, 0] += s[ROW_PRINCIPAL, first + k] - int(repaid)
            months[month, 1] += s[ROW_INTEREST, first + k] - int(whole)
            total += s[ROW_INTEREST, first + k]
            position, due = next_due(rhythms, c, position)
        interest[j] = total
