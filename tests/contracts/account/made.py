"""Hand-made contracts for the tests of the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from steadyrest.contracts.account import (
    Event,
    Exact,
    Kind,
    Market,
    Observed,
    Real,
    Resolved,
    Terms,
    read_terms,
    resolve,
    run,
)

LOAN: Final[Mapping[str, Any]] = {
    "contractRole": "RPA",
    "contractID": "loan",
    "statusDate": "2021-12-31",
    "initialExchangeDate": "2022-01-01",
    "notionalPrincipal": "12000",
    "nominalInterestRate": "0.12",
    "dayCountConvention": "30E360",
}
MONTHLY: Final[Mapping[str, Any]] = {
    "cycleAnchorDateOfPrincipalRedemption": "2022-02-01",
    "cycleOfPrincipalRedemption": "P1ML1",
    "cycleAnchorDateOfInterestPayment": "2022-02-01",
    "cycleOfInterestPayment": "P1ML1",
}


def terms(contract_type: str, **given: Any) -> Terms:
    """The loan with other terms; a term given as None is left out."""
    return read_terms({"contractType": contract_type} | dict(LOAN) | given)


def amortising(contract_type: str, **given: Any) -> Terms:
    """The loan in monthly payments."""
    return terms(contract_type, **(dict(MONTHLY) | given))


def observed(on: str, kind: str, value: str = "0", **more: str) -> Observed:
    """An observed event."""
    return Observed(datetime.fromisoformat(on), kind, Fraction(value), **more)


def series(**values: Mapping[str, str]) -> Market:
    """Series by code, from text."""
    return Market.of(
        {
            code: [(datetime.fromisoformat(on), Fraction(value)) for on, value in found.items()]
            for code, found in values.items()
        }
    )


def exact(contract: Resolved | Terms) -> list[Event]:
    """The events in fen."""
    return run(contract if isinstance(contract, Resolved) else resolve(contract), Exact())


def real(contract: Resolved | Terms) -> list[Event]:
    """The events unrounded."""
    return run(contract if isinstance(contract, Resolved) else resolve(contract), Real())


def rows(events: Iterable[Event]) -> list[tuple[str, str, float]]:
    """Day, kind and payoff."""
    return [(event.time.date().isoformat(), str(event.kind), round(float(event.payoff), 6)) for event in events]


def paid(events: Iterable[Event], *kinds: Kind) -> list[float]:
    """The payoffs of some kinds."""
    return [round(float(event.payoff), 6) for event in events if event.kind in kinds]
