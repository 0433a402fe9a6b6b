"""LAM, linear amortiser: equal parts of principal, interest beside them."""

from __future__ import annotations

from fractions import Fraction

from steadyrest.contracts.account.operations import Resolved
from steadyrest.contracts.account.schedule.amortising import maturity, redemptions, still_due
from steadyrest.contracts.account.schedule.common import (
    Setting,
    assemble,
    base_fixings,
    fixing_at_start,
    interest,
    interest_times,
    prepayments,
    resets,
    usual,
)


def schedule(setting: Setting) -> Resolved:
    """The operations of a loan repaid in equal parts; without an amount the parts are those up to maturity."""
    end = maturity(setting, covers_interest=False)
    times, due = interest_times(setting, end), still_due(setting, end)
    operations = [
        *usual(setting, end),
        *redemptions(setting, end, covers_interest=False),
        *interest(setting, times, end),
        *base_fixings(setting, end),
        *resets(setting, end),
        *prepayments(setting, end, due),
    ]
    payment: Fraction | None = setting.terms.next_principal_redemption_payment
    opening = None
    if payment is None:
        silent, opening = fixing_at_start(setting, due, covers_interest=False)
        operations += silent
    return assemble(setting, operations, maturity=end, payment=payment, interest_since=times, opening=opening)
