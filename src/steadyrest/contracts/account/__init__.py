"""An account: the life of one contract as one pure fold, written once for two arithmetics.

    terms -> resolve -> operations -> run

`read_terms` turns a mapping in ACTUS words into `Terms`. `resolve` puts what follows from them, and what was observed,
into one list of operations. `run` folds the list: `Exact()` in whole minor units, `Real()` in float64 without rounding.
How an operation is added stands in `README.md` of this folder.
"""

from steadyrest.contracts.account.arithmetic import Arithmetic, Exact, Number, Real
from steadyrest.contracts.account.daycount import YearFraction, year_fraction
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.fold import run, start, state_on, step, steps
from steadyrest.contracts.account.market import Market, Observed
from steadyrest.contracts.account.operations import Kind, Operation, Resolved, joined, order
from steadyrest.contracts.account.reader import read_terms
from steadyrest.contracts.account.schedule import SCHEDULES, resolve
from steadyrest.contracts.account.state import Event, State
from steadyrest.contracts.account.terms import Reference, Terms

__all__ = [
    "SCHEDULES",
    "Arithmetic",
    "Event",
    "Exact",
    "Kind",
    "Market",
    "Number",
    "Observed",
    "Operation",
    "Real",
    "Reference",
    "Resolved",
    "State",
    "Terms",
    "TermsError",
    "YearFraction",
    "joined",
    "order",
    "read_terms",
    "resolve",
    "run",
    "start",
    "state_on",
    "step",
    "steps",
    "year_fraction",
]
