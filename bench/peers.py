"""Other libraries on the same task: the 36 monthly dues of level loans, one contract after the other or as they can.

A peer that is not installed is named as such. `uv sync --group peers` installs them.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np

PERIODS: Final = 36
PRINCIPAL: Final = 1_000_000.0
RATE: Final = 0.0435


def of_numpy_financial(contracts: int) -> Callable[[], object]:
    """Principal and interest of every period by broadcasting; no dates, no rounding."""
    import numpy_financial as npf

    principal = np.full((contracts, 1), PRINCIPAL)
    periods = np.arange(1, PERIODS + 1)[None, :]
    return lambda: (
        npf.ppmt(RATE / 12, periods, PERIODS, -principal),
        npf.ipmt(RATE / 12, periods, PERIODS, -principal),
    )


def of_quantlib(contracts: int) -> Callable[[], object]:
    """An amortising bond on the calendar of the Chinese interbank market, its flows read."""
    import QuantLib as ql

    calendar = ql.China(ql.China.IB)
    schedule = ql.Schedule(
        ql.Date(20, 1, 2022), ql.Date(20, 1, 2025), ql.Period(ql.Monthly), calendar, ql.Following, ql.Following,
        ql.DateGeneration.Forward, False,
    )  # fmt: skip
    growth = (1 + RATE / 12) ** PERIODS
    level = PRINCIPAL * RATE / 12 * growth / (growth - 1)
    notionals, left = [PRINCIPAL], PRINCIPAL
    for _ in range(PERIODS - 1):
        left -= level - left * RATE / 12
        notionals.append(left)

    def run() -> None:
        for _ in range(contracts):
            bond = ql.AmortizingFixedRateBond(0, notionals, schedule, [RATE], ql.Actual360())
            [(flow.date(), flow.amount()) for flow in bond.cashflows()]

    return run


def of_pyloan(contracts: int) -> Callable[[], object]:
    """A payment schedule by 30/360."""
    from pyloan import Loan

    def run() -> None:
        for _ in range(contracts):
            Loan(PRINCIPAL, 100 * RATE, 3, date(2022, 1, 20).isoformat()).get_payment_schedule()

    return run


def of_jactus(contracts: int) -> Callable[[], object]:
    """An annuity contract simulated event by event."""
    from jactus.contracts import create_contract
    from jactus.core import ActusDateTime, ContractAttributes, ContractRole, ContractType, DayCountConvention
    from jactus.observers import ConstantRiskFactorObserver

    def run() -> None:
        for number in range(contracts):
            attributes = ContractAttributes(
                contract_id=str(number),
                contract_type=ContractType.ANN,
                contract_role=ContractRole.RPA,
                status_date=ActusDateTime(2022, 1, 19),
                initial_exchange_date=ActusDateTime(2022, 1, 20),
                maturity_date=ActusDateTime(2025, 1, 20),
                notional_principal=PRINCIPAL,
                nominal_interest_rate=RATE,
                day_count_convention=DayCountConvention.A360,
                principal_redemption_cycle="1M",
                principal_redemption_anchor=ActusDateTime(2022, 2, 20),
                interest_payment_cycle="1M",
                interest_payment_anchor=ActusDateTime(2022, 2, 20),
                currency="CNY",
            )
            create_contract(attributes, ConstantRiskFactorObserver(constant_value=RATE)).simulate()

    return run


PEERS: Final[dict[str, tuple[str, Callable[[int], Callable[[], object]], int]]] = {
    "numpy-financial": ("numpy_financial", of_numpy_financial, 50_000),
    "QuantLib": ("QuantLib", of_quantlib, 2_000),
    "pyloan": ("pyloan", of_pyloan, 100),
    "jactus": ("jactus", of_jactus, 5),
}
"""Name, module, what makes a run of some contracts, and how many."""


def measure() -> dict[str, dict[str, Any]]:
    """Contracts a second of each peer, the best of three runs; or that it is not installed or could not run."""
    return {name: _measured(*peer) for name, peer in PEERS.items()}


def _measured(module: str, make: Callable[[int], Callable[[], object]], contracts: int) -> dict[str, Any]:
    if importlib.util.find_spec(module) is None:
        return {"state": "not installed"}
    try:
        run = make(contracts)
        run()
        seconds = min(_seconds(run) for _ in range(3))
    except Exception as problem:  # a peer's failure is a figure too, and none of ours
        return {"state": f"could not run: {type(problem).__name__}: {problem}"[:160]}
    return {"state": "measured", "contracts_per_s": round(contracts / seconds, 1)}


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
