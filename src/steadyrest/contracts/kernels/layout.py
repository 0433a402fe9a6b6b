"""Names of the matrix rows, codes and statuses the kernels share.

Terms, rates and events are integer matrices with a row for each loan, segment or event; days are day
numbers (days since 1970-01-01), money is fen, rates are 1e-7 a year. The scratch matrix is the room for one loan.
"""

from __future__ import annotations

from typing import Final

(
    IS_KNOWN,  # 0 when a required term is missing
    PRINCIPAL,
    BALLOON,
    DRAWN,
    MATURITY,
    FIRST_DUE,  # NO_DAY when it follows from drawdown
    AMORTISATION,
    INTEREST_ONLY,
    HOLIDAY,
    HOLIDAY_TREATMENT,
    PRINCIPAL_CYCLE,
    INTEREST_CYCLE,
    INTEREST_DAY,  # 0 when interest runs to the due date
    DAY_COUNT,
    ROUNDING,
    INSTALMENT_ROUNDING,
    LEVEL_BASIS,
    PER_SEGMENT,
    RATE_FROM,  # first row in the rates matrix, and the one after the last
    RATE_TO,
    EVENT_FROM,  # likewise in the events matrix
    EVENT_TO,
) = range(22)
TERM_FIELDS: Final = 22

RATE_SINCE, RATE = 0, 1

SHAPE, PART, FROM_DAY, TO_DAY, NEW_DUE, MONTHS, TREATMENT, SPREAD = range(8)
EVENT_FIELDS: Final = 8

LEVEL, EVEN_PRINCIPAL, BULLET = range(3)
A360, A365F, E30360, E30360_ISDA, AA, M12D360 = range(6)
HALF_UP, HALF_EVEN, UP, DOWN = range(4)
TWELFTHS, ACTUAL = range(2)
PARK, SHIFT, EXTENSION = range(3)
PART_PRINCIPAL, PART_INTEREST = 1, 2
AT_END, FIRST_RESUMED, SPREAD_OVER = range(3)

(
    OK,
    MISSING,
    BAD_DATES,
    BAD_FIRST_DUE,
    BAD_CYCLE,
    BAD_INTEREST_DAY,
    BAD_AMOUNT,
    OVER_LIMIT,
    BAD_RATE,
    BAD_PREFIX,
    TOO_LONG,
    BAD_EVENT,
    PAST_MATURITY,
    BAD_BOOK,
    NEAR_TIE,
) = range(15)

NO_DAY: Final = -1_000_000
NO_BOOK: Final = -(2**63)
RATE_ONE: Final = 10_000_000
AMOUNT_LIMIT: Final = 10**15
RATE_LIMIT: Final = 10 * RATE_ONE
MONTHS_LIMIT: Final = 1200
MAX_PERIODS: Final = 960
MAX_ENTRIES: Final = 4000
WIDTH: Final = 4136  # beyond MAX_ENTRIES, and no power of two: rows then fall on different cache sets

(
    COUNTS,  # see below
    TIE,  # instalments as fixed so far, to be used again when the last one was a near tie
    TIE_BALANCE,  # what a near tie is of: balance, rate, number of entries
    TIE_DAYS,  # days of each entry, for an instalment by actual days
    DAY,  # period boundaries: drawdown, every due day, the last due day
    P_PLAN,  # principal entries: day by the plan, day due now, moved or not, replaced by its parts or not
    P_DUE,
    P_MOVED,
    P_VOID,
    P_AMOUNT,
    P_PARENT,
    P_PART,
    P_PARTS,
    P_START,  # for level plans: the boundary before, and what the plan stood at before the entry
    P_LEVEL,
    P_LEVEL_RATE,
    P_ORDER,
    I_PERIOD,  # interest entries, likewise
    I_DUE,
    I_MOVED,
    I_VOID,
    I_AMOUNT,
    I_PARENT,
    I_PART,
    I_PARTS,
    I_ORDER,
    K_INTEREST,  # interest of each period
    ROW_DAY,  # the dues, one a day
    ROW_PRINCIPAL,
    ROW_INTEREST,
    ROW_DEFERRED_PRINCIPAL,
    ROW_DEFERRED_INTEREST,
) = range(32)
SCRATCH_ROWS: Final = 32

(
    PERIODS,
    SIGNED_PERIODS,  # as signed, before any event
    PLANNED,  # principal entries of the plan; a balloon and parts of spread amounts follow them
    PRINCIPALS,
    INTERESTS,
    FIXES,  # how often an instalment was fixed
    HAS_DEFERRED,
    FROM_BOOK,  # the plan was fitted to the balance of the book
    FIRST_ROW,
) = range(9)
