"""NAM, negative amortiser: a constant payment; what interest takes from it, principal does not get."""

from __future__ import annotations

from steadyrest.contracts.account.operations import Resolved
from steadyrest.contracts.account.schedule.amortising import (
    aligned_interest_times,
    maturity,
    redemptions,
    still_due,
)
from steadyrest.contracts.account.schedule.common import (
    Setting,
    assemble,
    base_fixings,
    interest,
    needed,
    prepayments,
    resets,
    usual,
)


def schedule(setting: Setting) -> Resolved:
    """The operations of a loan with a constant payment that need not cover its interest."""
    payment = needed(setting.terms.next_principal_redemption_payment, "next_principal_redemption_payment")
    end = maturity(setting, covers_interest=True)
    times = aligned_interest_times(setting, end)
    operations = [
        *usual(setting, end),
        *redemptions(setting, end, covers_interest=True),
        *interest(setting, times, end),
        *base_fixings(setting, end),
        *resets(setting, end),
        *prepayments(setting, end, still_due(setting, end), covers_interest=True),
    ]
    return assemble(setting, operations, maturity=end, payment=payment, interest_since=times)
