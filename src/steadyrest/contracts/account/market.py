"""What is observed from outside: rates and indices by code, and events that nobody could schedule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from steadyrest.contracts.account.faults import TermsError


@dataclass(frozen=True, slots=True)
class Market:
    """Series by market object code. A value holds from its time until the next one."""

    series: Mapping[str, tuple[tuple[datetime, Fraction], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, series: Mapping[str, Iterable[tuple[datetime, Fraction]]]) -> Market:
        """Sort the observations of each series."""
        return cls({code: tuple(sorted(values)) for code, values in series.items()})

    def at(self, code: str | None, when: datetime, term: str) -> Fraction:
        """The value that holds. `term` is the ACTUS term that names the series; without a value it is a `TermsError`.

        >>> market = Market.of({"LPR1Y": [(datetime(2022, 8, 22), Fraction(365, 10_000))]})
        >>> float(market.at("LPR1Y", datetime(2022, 9, 1), "market_object_code_of_rate_reset"))
        0.0365
        """
        if code is None:
            raise TermsError("term_missing", term)
        values = self.series.get(code, ())
        position = bisect_right(values, when, key=lambda item: item[0])
        if position == 0:
            raise TermsError("not_observed", term, series=code, on=when.date().isoformat())
        return values[position - 1][1]


@dataclass(frozen=True, slots=True)
class Observed:
    """An event that was observed: a drawing, a repayment, a call, a credit event.

    `kind` is an ACTUS event code; `value` an amount where the kind has one; `contract_id` the contract it befell, where
    that is not the contract itself; `performance` the new state of a credit event.
    """

    time: datetime
    kind: str
    value: Fraction = Fraction(0)
    contract_id: str = ""
    performance: str = ""
