"""Servicing: what happens to a loan after it is signed, as a pure fold over an append-only list of events.

    terms + events -> replay -> State: instalments with what is due and paid, balance, what is left over

The order is (effective, known, sequence). `replay` starts anew each time, so a payment that becomes known late, or a
reversal, leads to the allocation it would have led to at once. All amounts are whole minor units.
"""

from steadyrest.contracts.servicing.events import PAYMENTS, Event, Kind, in_order
from steadyrest.contracts.servicing.fold import appended, planned, renewed, replay
from steadyrest.contracts.servicing.interest import Segment, balance_on, segments
from steadyrest.contracts.servicing.state import Instalment, State
from steadyrest.contracts.servicing.terms import Basis, ServicingTerms

__all__ = [
    "PAYMENTS",
    "Basis",
    "Event",
    "Instalment",
    "Kind",
    "Segment",
    "ServicingTerms",
    "State",
    "appended",
    "balance_on",
    "in_order",
    "planned",
    "renewed",
    "replay",
    "segments",
]
