"""A loan of a Chinese bank for the tests of servicing, and an event of every kind."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

from steadyrest.contracts.servicing import Basis, Event, Kind, ServicingTerms
from steadyrest.units import Rounding

DRAWN: Final = date(2022, 1, 31)
TERMS: Final = ServicingTerms(
    principal_fen=120_000_000,
    starts_on=DRAWN,
    instalments=12,
    rate=Fraction(435, 10_000),
    interest="daily",
    basis=Basis(360, 0),
    rounding=Rounding.HALF_UP,
)
WINDOW: Final = {"from_on": date(2022, 8, 1), "until_on": date(2022, 11, 1)}


def event(kind: Kind, on: date = date(2022, 7, 15), sequence: int = 0, **parameters: Any) -> Event:
    """One event."""
    return Event(kind=kind, effective_on=on, sequence=sequence, **parameters)


def drawn(terms: ServicingTerms = TERMS) -> Event:
    """All money is paid out on the first day."""
    return event(Kind.DISBURSEMENT, terms.starts_on, 1, amount_fen=terms.principal_fen)


KINDS: Final[dict[str, dict[str, Any]]] = {
    "repayment": {"kind": Kind.REPAYMENT, "amount_fen": 31_234_567},
    "deferral": {"kind": Kind.DEFERRAL, **WINDOW, "new_due_on": date(2022, 12, 30)},
    "deferral of principal": {"kind": Kind.DEFERRAL, **WINDOW, "part": "principal", "new_due_on": date(2023, 3, 15)},
    "deferral of interest": {"kind": Kind.DEFERRAL, **WINDOW, "part": "interest", "treatment": "first_resumed"},
    "deferral, interest spread": {"kind": Kind.DEFERRAL, **WINDOW, "treatment": "spread", "instalments": 2},
    "deferral, capitalised": {"kind": Kind.DEFERRAL, **WINDOW, "treatment": "capitalise"},
    "deferral, waived": {"kind": Kind.DEFERRAL, **WINDOW, "treatment": "waive"},
    "extension": {"kind": Kind.EXTENSION, "new_due_on": date(2023, 6, 15)},
    "shift": {"kind": Kind.SHIFT, "from_on": date(2022, 9, 1), "months": (3,)},
    "skip": {"kind": Kind.SKIP, "months": (9, 10)},
    "pause": {"kind": Kind.INTEREST_PAUSE, "until_on": date(2022, 9, 10)},
    "rate": {"kind": Kind.RATE_CHANGE, "rate": Fraction(38, 1000)},
    "reschedule": {"kind": Kind.RESCHEDULE, "from_on": date(2022, 12, 31), "instalments": 2},
    "re-age": {"kind": Kind.RE_AGE, "from_on": date(2022, 9, 10), "instalments": 5},
    "re-amortise": {"kind": Kind.RE_AMORTISE},
    "fee": {"kind": Kind.CHARGE, "part": "fee", "from_on": date(2022, 8, 20), "amount_fen": 12_345},
    "penalty": {"kind": Kind.CHARGE, "part": "penalty", "from_on": date(2022, 8, 31), "amount_fen": 777},
    "forgiveness": {"kind": Kind.FORGIVENESS, "amount_fen": 1_000_001},
    "past-due pause": {"kind": Kind.PAST_DUE_PAUSE, "until_on": date(2022, 9, 1)},
    "charge-off": {"kind": Kind.CHARGE_OFF},
    "settlement": {"kind": Kind.SETTLEMENT, "linked_loan_id": "new"},
}
"""An event of every kind in the middle of the loan, under a name."""
