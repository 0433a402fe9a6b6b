"""From the terms of a book's loan to those of servicing: one loan, two engines, the same dues."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from steadyrest import reference
from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.amortisation import Bullet, EvenPrincipal, InterestOnly, Level, PaymentHoliday
from steadyrest.contracts.project import project
from steadyrest.contracts.rates import BENCHMARKS, FLOATING, segments
from steadyrest.contracts.schedule import resolve
from steadyrest.contracts.servicing.terms import ServicingTerms
from steadyrest.contracts.status import FAULTS
from steadyrest.contracts.terms import LoanTerms, terms_frame
from steadyrest.units import RATE_ONE, Rounding

_EPOCH: Final = date(1970, 1, 1)
_PROBE_FEN: Final = 10**12
_PROBE_RATE_E7: Final = 500_000


def serviced(loan: LoanTerms) -> ServicingTerms:
    """The terms under which a loan of a book is serviced. Its due days are those of the kernels.

    Raises `TermsError` with the field for terms that have no schedule, and for a balloon, a principal cycle of its own
    and holiday interest that is due at the end, which servicing does not lay.
    """
    periods, rates = _periods(loan), _rates(loan)
    plan, holiday, only = loan.plan, 0, 0
    if isinstance(plan, PaymentHoliday):
        if plan.interest != "first_resumed":
            raise TermsError("term_value", "holiday_interest", value=plan.interest, allowed="first_resumed")
        holiday, plan = plan.periods, plan.then
    if isinstance(plan, InterestOnly):
        only, plan = plan.periods, plan.then
    if isinstance(plan, Bullet):
        only = len(periods) - 1 - holiday
    elif not isinstance(plan, Level | EvenPrincipal):
        raise TermsError("term_value", "amortisation", value=type(plan).__name__, allowed="Level, EvenPrincipal")
    if isinstance(plan, EvenPrincipal) and plan.cycle_months not in (0, loan.interest_cycle_months):
        raise TermsError(
            "term_value", "repayment_cycle_months", value=plan.cycle_months, allowed=loan.interest_cycle_months
        )
    return ServicingTerms(
        principal_fen=loan.original_principal_fen,
        starts_on=loan.drawn_on,
        instalments=len(periods),
        every=Period(loan.interest_cycle_months),
        rate=rates[0][1],
        later_rates=tuple(rates[1:]),
        day_count=loan.day_count,
        interest="daily",
        amortisation="level" if isinstance(plan, Level) else "even_principal",
        agreed_periods=tuple(periods),
        grace_on_principal=holiday + only,
        grace_on_interest=holiday,
        level_from="twelfths" if loan.level_rate_basis == "twelfths" else "each_period",
        rounding=Rounding(loan.rounding),
        instalment_rounding=Rounding(loan.instalment_rounding),
        is_per_segment=loan.settlement_rounding == "per_segment",
    )


def _periods(loan: LoanTerms) -> list[tuple[date, date]]:
    """First day and due day of every interest period: those of a bullet loan of the same rhythm."""
    probe = LoanTerms(
        "probe",
        _PROBE_FEN,
        loan.drawn_on,
        loan.maturity_on,
        Bullet(),
        _PROBE_RATE_E7,
        loan.interest_cycle_months,
        loan.interest_day,
        loan.first_due_on,
    )
    flows = project(resolve(terms_frame([probe])))
    status = flows.loans["status"][0]
    if status != "ok":
        fault = next(fault for fault in FAULTS if fault.status == status)
        raise TermsError("term_value", fault.field, value=getattr(loan, fault.field, ""), allowed=fault.limit)
    return list(pairwise([loan.drawn_on, *flows.rows["due_on"]]))


def _rates(loan: LoanTerms) -> list[tuple[date, Fraction]]:
    _, rows = segments(terms_frame([loan]), reference.table("lpr"))
    found = [(_EPOCH + timedelta(days=int(day)), Fraction(int(rate), RATE_ONE)) for day, rate in rows.tolist()]
    if loan.rate_type == FLOATING and loan.benchmark not in BENCHMARKS:
        raise TermsError("term_value", "benchmark", value=loan.benchmark, allowed=", ".join(BENCHMARKS))
    if any(rate < 0 for _, rate in found):
        raise _bad_rate(loan)
    return found


def _bad_rate(loan: LoanTerms) -> TermsError:
    """Why a loan has no rate."""
    if loan.rate_type != FLOATING and loan.nominal_rate_e7 is None:
        return TermsError("term_missing", "nominal_rate_e7")
    if loan.rate_type != FLOATING:
        return TermsError("term_value", "nominal_rate_e7", value=loan.nominal_rate_e7, allowed=">= 0")
    if loan.floor_rate_e7 is not None and loan.cap_rate_e7 is not None and loan.floor_rate_e7 > loan.cap_rate_e7:
        return TermsError("term_value", "cap_rate_e7", value=loan.cap_rate_e7, allowed=f">= {loan.floor_rate_e7}")
    for name in ("spread_bp", "reset_cycle_months"):
        if getattr(loan, name) is None:
            return TermsError("term_missing", name)
    first = reference.table("lpr").sort("quote_on")["quote_on"].first()
    return TermsError("term_value", "drawn_on", value=loan.drawn_on, allowed=f">= {first!s}")
