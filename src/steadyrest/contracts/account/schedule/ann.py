"""ANN, annuity: a level payment of interest and principal that clears the loan at its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from steadyrest.contracts.account.operations import Operation, Resolved
from steadyrest.contracts.account.schedule.amortising import (
    aligned_interest_times,
    level_fixings,
    level_months,
    maturity,
    redemption_rhythm,
    redemptions,
    still_due,
)
from steadyrest.contracts.account.schedule.common import (
    Setting,
    after_status,
    assemble,
    base_fixings,
    fixing_at_start,
    interest,
    needed,
    prepayments,
    reset_times,
    resets,
    usual,
)


def schedule(setting: Setting) -> Resolved:
    """The operations of a loan in level payments. The payment is fixed a day before the first redemption where it is
    not agreed, and again with every reset. An amortisation date after maturity leaves a balloon.
    """
    terms = setting.terms
    cleared = terms.amortization_date or maturity(setting, covers_interest=True)
    end = terms.maturity_date or cleared
    times, due = aligned_interest_times(setting, end), still_due(setting, cleared)
    operations = [
        *usual(setting, end),
        *redemptions(setting, end, covers_interest=True),
        *interest(setting, times, end),
        *base_fixings(setting, end),
        *resets(setting, end),
        *level_fixings(setting, after_status(setting, reset_times(setting, end)), cleared, shifted=True),
        *prepayments(setting, end, due, covers_interest=True),
    ]
    first, opening = _first_fixing(setting, cleared) if terms.next_principal_redemption_payment is None else ([], None)
    return assemble(
        setting,
        [*operations, *first],
        maturity=end,
        payment=terms.next_principal_redemption_payment,
        interest_since=times,
        opening=opening,
    )


def _first_fixing(setting: Setting, cleared: datetime) -> tuple[list[Operation], Operation | None]:
    """A day before the first redemption, or at the start where that day is not inside the contract."""
    at = redemption_rhythm(setting).anchor - timedelta(days=1)
    exchange = needed(setting.terms.initial_exchange_date, "initial_exchange_date")
    if at >= exchange and at > setting.terms.status_date:
        return level_fixings(setting, [at], cleared, shifted=False), None
    due = still_due(setting, cleared)
    return fixing_at_start(setting, due, covers_interest=True, months=level_months(setting))
