"""The composition root: the only place that knows readers, rules, desks, stores and reports together."""

from steadyrest.app.demo import demo
from steadyrest.app.explain import explain
from steadyrest.app.impact import Flip, impact
from steadyrest.app.reconcile import Reconciled, reconcile
from steadyrest.app.renewals import Renewals, renewals
from steadyrest.app.request import PART_ROWS, Progress, Request, silent
from steadyrest.app.returns import check_returns
from steadyrest.app.returns_out import Written, write_returns
from steadyrest.app.run import run, snapshot_of
from steadyrest.app.tables import open_table, save_table
from steadyrest.app.what_if import Side, WhatIf, what_if

__all__ = [
    "PART_ROWS",
    "Flip",
    "Progress",
    "Reconciled",
    "Renewals",
    "Request",
    "Side",
    "WhatIf",
    "Written",
    "check_returns",
    "demo",
    "explain",
    "impact",
    "open_table",
    "reconcile",
    "renewals",
    "run",
    "save_table",
    "silent",
    "snapshot_of",
    "what_if",
    "write_returns",
]
