"""Loan contracts: terms and agreed events in, dues out, exact to the fen.

    terms -> resolved schedule -> integer kernel        a loan is a pure fold over its terms and an append-only
    event list

Dues fall on the day of the contract every `interest_cycle_months`, on its last month day where the month is
shorter, and on maturity. Interest of a period is the sum of daily balances x rate / basis, cut where balance or
rate changes, rounded once (or per segment, a term). What is deferred keeps its amount: principal bears the contract
rate until its new day, interest bears nothing, there is no penalty and no compounding, and the last due clears. An
amount that is spread over k dues is split by itself, so that the parts differ by a fen at most and add up to it.

`resolve` takes terms and events as tables, `project` gives every due in rows, `totals` the sums by loan and by month
without keeping the dues. A loan that cannot be projected has a status (`STATUS`, with its finding in `FAULTS`) and no
dues; it never raises.
"""

from steadyrest.contracts.amortisation import (
    Balloon,
    Bullet,
    EvenPrincipal,
    InterestOnly,
    Level,
    PaymentHoliday,
    Plan,
)
from steadyrest.contracts.events import EVENT_SCHEMA, Event, event_frame, in_force
from steadyrest.contracts.instalment import level_instalment
from steadyrest.contracts.project import CashFlows, Totals, project, totals
from steadyrest.contracts.schedule import Resolved, missing_fields, resolve
from steadyrest.contracts.status import FAULTS, STATUS, Fault
from steadyrest.contracts.terms import TERM_SCHEMA, LoanTerms, terms_frame

__all__ = [
    "EVENT_SCHEMA",
    "FAULTS",
    "STATUS",
    "TERM_SCHEMA",
    "Balloon",
    "Bullet",
    "CashFlows",
    "EvenPrincipal",
    "Event",
    "Fault",
    "InterestOnly",
    "Level",
    "LoanTerms",
    "PaymentHoliday",
    "Plan",
    "Resolved",
    "Totals",
    "event_frame",
    "in_force",
    "level_instalment",
    "missing_fields",
    "project",
    "resolve",
    "terms_frame",
    "totals",
]
