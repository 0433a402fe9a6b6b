"""The exact event fold of one loan: contract plan, then events in order, then interest on what is really outstanding.

The state of a loan is three small lists: period boundaries, principal entries (amount, day), and interest entries
(period, part j of k, day). An event moves entries; interest is computed at the end from the balances that the principal
entries leave. So deferred principal bears the contract rate, deferred interest bears nothing, and nothing is patched.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from steadyrest.accelerate import kernel
from steadyrest.contracts.kernels.civil import add_months, civil, day_number, month_length
from steadyrest.contracts.kernels.money import GUARD, basis_of, days_between, level_instalment, rounded, segment

LEVEL, EVEN_PRINCIPAL, BULLET = 0, 1, 2
PARK, SHIFT, EXTENSION = 0, 1, 2
PRINCIPAL, INTEREST = 1, 2
AT_END, FIRST_RESUMED, SPREAD = 0, 1, 2

OK, BAD_DATES, BAD_CYCLE, BAD_AMOUNT, TOO_LONG, OVERFLOW, BAD_EVENT, NEAR_TIE = 0, 1, 2, 3, 4, 5, 6, 7
MAX_PERIODS = 720
MAX_ENTRIES = 2048


class Terms(NamedTuple):
    """Resolved terms as columns, one element a loan. Days are day numbers; codes are those of this package."""

    principal: Any
    drawn: Any
    maturity: Any
    first_due: Any  # -1 when one cycle after drawdown
    amortisation: Any
    interest_only: Any
    holiday: Any
    principal_cycle: Any
    interest_cycle: Any
    interest_day: Any  # 0 when interest runs to the due date
    day_count: Any
    rounding: Any
    instalment_rounding: Any
    per_segment: Any
    rate_start: Any  # offsets into Rates, one more than loans


class Rates(NamedTuple):
    """Rate segments: a loan's rate from `since` on, ascending; the first covers the drawdown."""

    since: Any
    rate: Any


class Events(NamedTuple):
    """Events of all loans, by offsets, in the order (effective, known, sequence)."""

    start: Any
    shape: Any
    part: Any
    from_day: Any
    to_day: Any
    new_due: Any  # a day for park and extension
    months: Any  # for shift
    treatment: Any
    spread: Any


class Scratch(NamedTuple):
    """Room for one loan."""

    boundary: Any
    principal_amount: Any
    principal_day: Any
    is_parked: Any
    interest_period: Any
    interest_share: Any
    interest_shares: Any
    interest_day: Any
    period_interest: Any
    level: Any  # (instalment in force, rate it was fixed at, how often it was fixed)
    row_day: Any
    row_principal: Any
    row_interest: Any


@kernel
def boundaries(terms: Any, i: int, s: Any) -> int:
    """Period boundaries: drawdown, every due date, maturity. Returns their number, or minus a status."""
    drawn, maturity, cycle = terms.drawn[i], terms.maturity[i], terms.interest_cycle[i]
    if maturity <= drawn:
        return -BAD_DATES
    if cycle <= 0:
        return -BAD_CYCLE
    s.boundary[0] = drawn
    count = 1
    step = 0
    while True:
        due = due_date(terms, i, step)
        step += 1
        if due >= maturity:
            break
        if due <= drawn:
            continue
        if count > MAX_PERIODS:
            return -TOO_LONG
        s.boundary[count] = due
        count += 1
    s.boundary[count] = maturity
    return count + 1


@kernel
def due_date(terms: Any, i: int, step: int) -> int:
    """The due date number `step` of the cycle. With a settlement day, payment falls on the day after it."""
    cycle = terms.interest_cycle[i]
    if terms.interest_day[i] > 0:
        year, month, _ = civil(terms.drawn[i])
        first = ((month + cycle - 1) // cycle) * cycle  # settlement months end the cycles of the calendar year
        position = year * 12 + first - 1 + step * cycle
        settled_year, settled_month = position // 12, position % 12 + 1
        day = min(terms.interest_day[i], month_length(settled_year, settled_month))
        return day_number(settled_year, settled_month, day) + 1
    anchor = terms.first_due[i] if terms.first_due[i] >= 0 else terms.drawn[i]
    months = step * cycle if terms.first_due[i] >= 0 else (step + 1) * cycle
    return add_months(anchor, months, civil(anchor)[2])


@kernel
def rate_at(terms: Any, rates: Any, i: int, day: int) -> int:
    """The rate in force on a day."""
    found = rates.rate[terms.rate_start[i]]
    for j in range(terms.rate_start[i], terms.rate_start[i + 1]):
        if rates.since[j] > day:
            break
        found = rates.rate[j]
    return found


@kernel
def interest(terms: Any, rates: Any, i: int, s: Any, start: int, end: int, balance: int, entries: int) -> int:
    """Interest of one period from the balance at its start, cut where the balance or the rate changes; -1 on overflow.

    `entries` principal entries, ascending by day, reduce the balance on their days (a day of repayment bears none).
    """
    basis, day_count = basis_of(terms.day_count[i]), terms.day_count[i]
    divisor = 10_000_000 * basis
    whole = rest = counted = 0
    entry = 0
    while entry < entries and s.principal_day[entry] <= start:
        entry += 1
    at = start
    while at < end:
        until = end
        if entry < entries and s.principal_day[entry] < until:
            until = s.principal_day[entry]
        for j in range(terms.rate_start[i], terms.rate_start[i + 1]):
            if at < rates.since[j] < until:
                until = rates.since[j]
        days = days_between(start, until, day_count) - counted
        counted += days
        rate = rate_at(terms, rates, i, at)
        if rate * max(days, 0) >= GUARD:
            return -1
        fen, left = segment(balance, rate, max(days, 0), basis)
        if terms.per_segment[i]:
            whole += rounded(fen, left, divisor, terms.rounding[i])
        else:
            whole += fen + (rest + left) // divisor
            rest = (rest + left) % divisor
        at = until
        while entry < entries and s.principal_day[entry] <= at and at < end:
            balance -= s.principal_amount[entry]
            entry += 1
    return rounded(whole, rest, divisor, terms.rounding[i])


@kernel
def contract_plan(terms: Any, rates: Any, i: int, s: Any, count: int, overrides: Any, tie: Any) -> int:
    """The principal entry of every period as contracted. Returns the status; on a near tie `tie` says of what."""
    balance, periods = terms.principal[i], count - 1
    if balance <= 0:
        return BAD_AMOUNT
    for k in range(periods):
        s.principal_day[k], s.principal_amount[k], s.is_parked[k] = s.boundary[k + 1], 0, 0
    if terms.amortisation[i] == BULLET:
        s.principal_amount[periods - 1] = balance
        return OK
    free = terms.interest_only[i] + terms.holiday[i]
    cycle = terms.principal_cycle[i]
    if cycle <= 0 or cycle % terms.interest_cycle[i] != 0 or free >= periods:
        return BAD_CYCLE
    step = cycle // terms.interest_cycle[i]
    if terms.amortisation[i] == LEVEL:
        s.level[0], s.level[1], s.level[2] = 0, -1, 0
        return level_entries(terms, rates, i, s, free, periods, overrides, tie, balance) if step == 1 else BAD_CYCLE
    payments = (periods - free + step - 1) // step
    share = rounded(balance // payments, balance % payments, payments, terms.instalment_rounding[i])
    for k in range(free, periods - 1):
        if (k - free + 1) % step == 0:
            s.principal_amount[k] = min(share, balance)
            balance -= s.principal_amount[k]
    s.principal_amount[periods - 1] = balance
    return OK


@kernel
def level_entries(
    terms: Any, rates: Any, i: int, s: Any, first: int, last: int, overrides: Any, tie: Any, balance: int
) -> int:
    """Principal of the plan entries `first` to `last` under a level instalment: what interest leaves of it.

    The instalment is fixed again when the rate has changed since; the last entry clears. Parked entries are passed over.
    """
    left = 0
    for j in range(first, last):
        left += 1 - s.is_parked[j]
    k = 0
    for j in range(first, last):
        if s.is_parked[j]:
            continue
        while s.boundary[k + 1] < s.principal_day[j]:
            k += 1
        start, end = s.boundary[k], s.principal_day[j]
        rate = rate_at(terms, rates, i, start)
        if rate != s.level[1]:
            fixes = s.level[2]
            amount, near = level_instalment(balance, rate, terms.interest_cycle[i], left, terms.instalment_rounding[i])
            if fixes < overrides.size and overrides[fixes] >= 0:
                amount = overrides[fixes]
            elif near:
                tie[0], tie[1], tie[2], tie[3] = fixes, balance, rate, left
                return NEAR_TIE
            s.level[0], s.level[1], s.level[2] = amount, rate, fixes + 1
        accrued = interest(terms, rates, i, s, start, end, balance, 0)
        if accrued < 0:
            return OVERFLOW
        left -= 1
        s.principal_amount[j] = balance if left == 0 else min(max(s.level[0] - accrued, 0), balance)
        balance -= s.principal_amount[j]
    return OK


@kernel
def holiday_interest(terms: Any, i: int, s: Any, periods: int) -> int:
    """Interest entries as contracted: due at the end of each period, or of the first period after a payment holiday."""
    for k in range(periods):
        s.interest_period[k] = k
        s.interest_share[k] = 0
        s.interest_shares[k] = 1
        s.interest_day[k] = s.boundary[min(max(k, terms.holiday[i]), periods - 1) + 1]
    return periods


@kernel
def sort_principal(s: Any, entries: int) -> None:
    """Principal entries in order of their days (insertion sort: they are nearly sorted)."""
    for j in range(1, entries):
        day, amount, parked = s.principal_day[j], s.principal_amount[j], s.is_parked[j]
        k = j - 1
        while k >= 0 and s.principal_day[k] > day:
            s.principal_day[k + 1], s.principal_amount[k + 1] = s.principal_day[k], s.principal_amount[k]
            s.is_parked[k + 1] = s.is_parked[k]
            k -= 1
        s.principal_day[k + 1], s.principal_amount[k + 1], s.is_parked[k + 1] = day, amount, parked


@kernel
def add_boundary(s: Any, count: int, day: int) -> int:
    """Put a boundary at `day` unless there is one; returns the new number of boundaries. Only beyond the last."""
    if day <= s.boundary[count - 1]:
        return count
    s.boundary[count] = day
    return count + 1


@kernel
def add_interest_entry(s: Any, entries: int, period: int, share: int, shares: int, day: int) -> int:
    """One more interest entry."""
    s.interest_period[entries] = period
    s.interest_share[entries] = share
    s.interest_shares[entries] = shares
    s.interest_day[entries] = day
    return entries + 1


@kernel
def first_boundary_after(s: Any, count: int, day: int) -> int:
    """Position of the first boundary after a day, or the last one."""
    for k in range(1, count):
        if s.boundary[k] > day:
            return k
    return count - 1


@kernel
def move_interest(s: Any, count: int, entries: int, e: int, target: int, treatment: int, spread: int) -> int:
    """Move one interest entry to a day, or split it over `spread` boundaries from there; returns the entry count."""
    if treatment != SPREAD or spread <= 1 or s.interest_shares[e] != 1:
        s.interest_day[e] = target
        return entries
    first = first_boundary_after(s, count, target - 1)
    s.interest_shares[e] = spread
    s.interest_day[e] = s.boundary[first]
    for j in range(1, spread):
        day = s.boundary[min(first + j, count - 1)]
        entries = add_interest_entry(s, entries, s.interest_period[e], j, spread, day)
    return entries


@kernel
def park(s: Any, events: Any, e: int, count: int, principals: int, interests: int) -> tuple[int, int, int]:
    """Move the dues of a window to one later day, or spread them over later dues."""
    low, high, target = events.from_day[e], events.to_day[e], events.new_due[e]
    if events.part[e] & PRINCIPAL:
        known = count
        count = add_boundary(s, count, target)
        if count > known:
            interests = add_interest_entry(s, interests, count - 2, 0, 1, target)
        for j in range(principals):
            if low <= s.principal_day[j] <= high and s.principal_day[j] < target and s.principal_amount[j] > 0:
                s.principal_day[j], s.is_parked[j] = target, 1
    if events.part[e] & INTEREST:
        resumed = target
        if events.treatment[e] != AT_END:
            resumed = s.boundary[first_boundary_after(s, count, high)]
        fixed = interests
        for j in range(fixed):
            if low <= s.interest_day[j] <= high and s.interest_day[j] < resumed:
                interests = move_interest(s, count, interests, j, resumed, events.treatment[e], events.spread[e])
    return count, principals, interests


@kernel
def shift(terms: Any, i: int, s: Any, events: Any, e: int, count: int, interests: int, principals: int) -> tuple[int, int]:
    """Move the dues from a day on, and all later ones, by whole months; the calendar pattern of periods goes on."""
    low, months, cycle = events.from_day[e], events.months[e], terms.interest_cycle[i]
    last = s.boundary[count - 1]
    anchor = civil(last)[2]
    for j in range(1, months // cycle + 1):
        s.boundary[count] = add_months(last, j * cycle, anchor)
        interests = add_interest_entry(s, interests, count - 1, 0, 1, s.boundary[count])
        count += 1
    resumed = 0
    for j in range(principals):
        if s.principal_day[j] >= low:
            moved = boundary_later(s, count, s.principal_day[j], months // cycle)
            s.principal_day[j] = moved
            resumed = moved if resumed == 0 else min(resumed, moved)
    if resumed == 0:
        return count, interests
    target = s.boundary[count - 1] if events.treatment[e] == AT_END else resumed
    fixed = interests
    for j in range(fixed):
        if low <= s.interest_day[j] < resumed:
            interests = move_interest(s, count, interests, j, target, events.treatment[e], events.spread[e])
    return count, interests


@kernel
def level_again(terms: Any, rates: Any, i: int, s: Any, low: int, principals: int, overrides: Any, tie: Any) -> int:
    """After a shift the level instalment stays and interest takes its share anew, as the periods have other lengths."""
    if terms.amortisation[i] != LEVEL:
        return OK
    first = balance = 0
    while first < principals and (s.principal_day[first] < low or s.is_parked[first]):
        first += 1
    for j in range(first, principals):
        if not s.is_parked[j]:
            balance += s.principal_amount[j]
    return level_entries(terms, rates, i, s, first, principals, overrides, tie, balance) if balance > 0 else OK


@kernel
def boundary_later(s: Any, count: int, day: int, steps: int) -> int:
    """The boundary `steps` after the one on `day`; a day that is no boundary goes to the last one."""
    for k in range(1, count):
        if s.boundary[k] == day:
            return s.boundary[min(k + steps, count - 1)]
    return s.boundary[count - 1]


@kernel
def extend(
    terms: Any, i: int, s: Any, events: Any, e: int, count: int, interests: int, principals: int
) -> tuple[int, int]:
    """Extend the maturity: what is due on the last day moves to the new one, interest periods go on in between."""
    last, target, cycle = s.boundary[count - 1], events.new_due[e], terms.interest_cycle[i]
    step = 1
    while True:
        due = next_due(terms, i, last, step)
        step += 1
        if due <= last:
            continue
        if due >= target:
            break
        s.boundary[count] = due
        interests = add_interest_entry(s, interests, count - 1, 0, 1, due)
        count += 1
    s.boundary[count] = target
    interests = add_interest_entry(s, interests, count - 1, 0, 1, target)
    count += 1
    for j in range(principals):
        if s.principal_day[j] == last:
            s.principal_day[j] = target
    return count, interests


@kernel
def next_due(terms: Any, i: int, last: int, step: int) -> int:
    """Due dates after the old maturity: the settlement pattern where there is one, else whole cycles from maturity."""
    if terms.interest_day[i] == 0:
        return add_months(last, step * terms.interest_cycle[i], civil(last)[2])
    cycle = terms.interest_cycle[i]
    year, month, _ = civil(last)
    first = ((month + cycle - 1) // cycle) * cycle
    position = year * 12 + first - 1 + (step - 1) * cycle
    day = min(terms.interest_day[i], month_length(position // 12, position % 12 + 1))
    return day_number(position // 12, position % 12 + 1, day) + 1


@kernel
def fold(
    terms: Any, rates: Any, events: Any, i: int, s: Any, overrides: Any, tie: Any, book: int, as_of: int
) -> tuple[int, int]:
    """All rows of one loan, merged by day, into `s.row_*`. Returns (status, number of rows).

    `book` is the performing balance of the book at `as_of`, or -1 for a projection from drawdown. With a book balance
    only dues on or after `as_of` are returned, and a difference to the plan is settled in the last dues.
    """
    count = boundaries(terms, i, s)
    if count < 0:
        return -count, 0
    status = contract_plan(terms, rates, i, s, count, overrides, tie)
    if status != OK:
        return status, 0
    principals = count - 1
    interests = holiday_interest(terms, i, s, count - 1)
    for e in range(events.start[i], events.start[i + 1]):
        if count + 1 + events.months[e] > MAX_PERIODS or interests * 2 + events.spread[e] * interests > MAX_ENTRIES:
            return TOO_LONG, 0
        if events.shape[e] == PARK:
            count, principals, interests = park(s, events, e, count, principals, interests)
        elif events.shape[e] == SHIFT:
            if events.months[e] <= 0 or events.months[e] % terms.interest_cycle[i] != 0:
                return BAD_EVENT, 0
            count, interests = shift(terms, i, s, events, e, count, interests, principals)
            sort_principal(s, principals)
            status = level_again(terms, rates, i, s, events.from_day[e], principals, overrides, tie)
            if status != OK:
                return status, 0
        else:
            if events.new_due[e] <= s.boundary[count - 1]:
                return BAD_EVENT, 0
            count, interests = extend(terms, i, s, events, e, count, interests, principals)
        sort_principal(s, principals)
    first = 0
    if book >= 0:
        while first < count - 2 and s.boundary[first + 1] < as_of:
            first += 1
        moved = events.start[i] < events.start[i + 1] or terms.holiday[i] > 0
        if not earlier_interest(terms, rates, i, s, principals, first, moved):
            return OVERFLOW, 0
        fit_to_book(s, principals, book, as_of)
    if not accrue(terms, rates, i, s, first, count - 1, principals):
        return OVERFLOW, 0
    return OK, merge(s, principals, interests, as_of if book >= 0 else s.boundary[0])


@kernel
def earlier_interest(terms: Any, rates: Any, i: int, s: Any, principals: int, first: int, moved: bool) -> bool:
    """Interest of the periods that ended before the as-of date: needed only where some of it may have been moved on."""
    if moved:
        return accrue(terms, rates, i, s, 0, first, principals)
    for k in range(first):
        s.period_interest[k] = 0
    return True


@kernel
def fit_to_book(s: Any, principals: int, book: int, as_of: int) -> None:
    """Make the remaining principal entries add up to the book: the difference falls on the last, then the one before."""
    remaining = 0
    for j in range(principals):
        if s.principal_day[j] >= as_of:
            remaining += s.principal_amount[j]
        else:
            s.principal_amount[j] = 0
    difference = book - remaining
    for j in range(principals - 1, -1, -1):
        if difference == 0 or s.principal_day[j] < as_of:
            break
        changed = max(s.principal_amount[j] + difference, 0)
        difference -= changed - s.principal_amount[j]
        s.principal_amount[j] = changed


@kernel
def accrue(terms: Any, rates: Any, i: int, s: Any, first: int, stop: int, principals: int) -> bool:
    """Interest of the periods `first` to `stop` on the balance that the principal entries leave; False on overflow."""
    balance = 0
    for j in range(principals):
        if s.principal_day[j] > s.boundary[first]:
            balance += s.principal_amount[j]
    for k in range(first, stop):
        start, end = s.boundary[k], s.boundary[k + 1]
        amount = interest(terms, rates, i, s, start, end, balance, principals)
        if amount < 0:
            return False
        s.period_interest[k] = amount
        for j in range(principals):
            if start < s.principal_day[j] <= end:
                balance -= s.principal_amount[j]
    return True


@kernel
def merge(s: Any, principals: int, interests: int, since: int) -> int:
    """Rows by day from the entries on or after `since`; entries of one day become one row."""
    rows = 0
    for j in range(principals):
        if s.principal_day[j] >= since and s.principal_amount[j] > 0:
            s.row_day[rows], s.row_principal[rows], s.row_interest[rows] = s.principal_day[j], s.principal_amount[j], 0
            rows += 1
    for j in range(interests):
        if s.interest_day[j] >= since:
            total, share, shares = s.period_interest[s.interest_period[j]], s.interest_share[j], s.interest_shares[j]
            part = total * (share + 1) // shares - total * share // shares
            s.row_day[rows], s.row_principal[rows], s.row_interest[rows] = s.interest_day[j], 0, part
            rows += 1
    return merge_days(s, rows)


@kernel
def merge_days(s: Any, rows: int) -> int:
    """Sort rows by day and add up those of one day; a row of nothing is dropped."""
    for j in range(1, rows):
        day, principal, amount = s.row_day[j], s.row_principal[j], s.row_interest[j]
        k = j - 1
        while k >= 0 and s.row_day[k] > day:
            s.row_day[k + 1] = s.row_day[k]
            s.row_principal[k + 1] = s.row_principal[k]
            s.row_interest[k + 1] = s.row_interest[k]
            k -= 1
        s.row_day[k + 1], s.row_principal[k + 1], s.row_interest[k + 1] = day, principal, amount
    kept = 0
    for j in range(rows):
        if kept > 0 and s.row_day[kept - 1] == s.row_day[j]:
            s.row_principal[kept - 1] += s.row_principal[j]
            s.row_interest[kept - 1] += s.row_interest[j]
        elif s.row_principal[j] > 0 or s.row_interest[j] > 0:
            s.row_day[kept], s.row_principal[kept], s.row_interest[kept] = (
                s.row_day[j],
                s.row_principal[j],
                s.row_interest[j],
            )
            kept += 1
    return kept
