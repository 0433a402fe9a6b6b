"""How a loan stands on a day: days past due, less the days on which they are not counted."""

from __future__ import annotations

from datetime import date, timedelta

from steadyrest.contracts.servicing.state import State


def days_past_due(state: State, on: date) -> int:
    """Days since the oldest due day on which something is not paid, without those of a pause that lie between; 0
    within the days of grace.
    """
    unpaid = [item.due_on for item in state.instalments if item.due_on < on and item.owed_fen > 0]
    if not unpaid or (on - min(unpaid)).days <= state.terms.grace_days:
        return 0
    since = min(unpaid)
    paused = {
        day
        for first, last in state.past_due_pauses
        for day in (since + timedelta(days=number) for number in range((on - since).days))
        if first <= day < last
    }
    return (on - since).days - len(paused)
