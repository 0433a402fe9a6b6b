"""PAM, principal at maturity: interest on its cycle, the whole principal at the end."""

from __future__ import annotations

from steadyrest.contracts.account.operations import Resolved
from steadyrest.contracts.account.schedule.common import (
    Setting,
    assemble,
    interest,
    interest_times,
    needed,
    prepayments,
    resets,
    usual,
)


def schedule(setting: Setting) -> Resolved:
    """The operations of a loan repaid at once."""
    end = needed(setting.terms.maturity_date, "maturity_date")
    times = interest_times(setting, end)
    operations = [
        *usual(setting, end),
        *interest(setting, times, end),
        *resets(setting, end),
        *prepayments(setting, end),
    ]
    return assemble(setting, operations, maturity=end, interest_since=times)
