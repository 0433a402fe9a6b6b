"""What can be wrong with flows: one status a contract, each with its finding code."""

from __future__ import annotations

from typing import Final

import polars as pl

from steadyrest.contracts.status import Fault

RATE_FAULTS: Final[tuple[Fault, ...]] = (
    Fault("no_flows", "MEASURE-001", "flows", "> 0"),
    Fault("unsorted", "MEASURE-002", "on", "ascending within a contract"),
    Fault("overflow", "MEASURE-003", "amount_fen", "<= 2^53 fen, log-rate a day within 1.9 and 600 / days"),
    Fault("no_sign_change", "MEASURE-004", "amount_fen", "paid out and paid in"),
    Fault("several_roots", "MEASURE-005", "amount_fen", "one rate"),
    Fault("no_root", "MEASURE-006", "amount_fen", "one rate"),
    Fault("unsettled", "MEASURE-007", "amount_fen", "one rate"),
)
"""In the order of the status numbers of the kernels, from 1 on. Sentences: `finding.<code>` of the labels."""

RATE_STATUS: Final = ("ok", *(fault.status for fault in RATE_FAULTS))
RATE_STATUS_TYPE: Final = pl.Enum(RATE_STATUS)
