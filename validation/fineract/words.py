"""Terms of a loan from the product facts and the words of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from steadyrest.contracts.account.cycles import Period
from steadyrest.contracts.servicing import Basis, ServicingTerms
from steadyrest.units import Rounding

Facts = Mapping[str, Any]

FUTURE = {"NEXT_INSTALLMENT": "next", "LAST_INSTALLMENT": "last", "REAMORTIZATION": "even"}
PREPAYMENT = {
    "REDUCE_EMI_AMOUNT": "reduces_instalment",
    "REDUCE_NUMBER_OF_INSTALLMENTS": "reduces_term",
    "RESCHEDULE_NEXT_REPAYMENTS": "next_instalments",
}
UNITS = {"DAYS": Period(days=1), "WEEKS": Period(days=7), "MONTHS": Period(1), "YEARS": Period(12)}


def fen(amount: float | str) -> int:
    """An amount in minor units; more than two decimals cannot be read."""
    minor = Decimal(str(amount)) * 100
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} has more than two decimals")
    return int(minor)


def percent(rate: float | str) -> Fraction:
    """A yearly rate in percent as a part of one."""
    return Fraction(str(rate)) / 100


def every(count: float, unit: str) -> Period:
    """A repayment cycle."""
    return UNITS[unit.upper()].times(int(count))


def days(word: int | str) -> int:
    """Days of a year or a month: a number, or 0 for those of the calendar."""
    tail = str(word).rpartition("_")[2]
    return int(tail) if tail.isdigit() else 0


def loan_terms(product: Facts, said: Facts, *, starts_on: date, rules: Facts, principal: float) -> ServicingTerms:
    """What the terms of a scenario say, and the product where they are silent. `rules`: facts that were set since."""
    is_progressive = product["loanScheduleType"] == "PROGRESSIVE"
    kind = said.get("interest_type") or product["interestType"]
    period = said.get("interest_calc_period") or product["interestCalculationPeriodType"]
    interest = "flat" if kind == "FLAT" else "daily" if period == "DAILY" else "period"
    order = (said.get("allocation") or product["transactionProcessingStrategyCode"]).removesuffix("_ORDER")
    multiple = product.get("installmentAmountInMultiplesOf")
    facts: dict[str, Any] = {
        "principal_fen": fen(principal),
        "starts_on": starts_on,
        "instalments": int(said.get("repayments") or product["numberOfRepayments"]),
        "every": every(
            said.get("repay_every") or product["repaymentEvery"],
            said.get("repay_unit") or product["repaymentFrequencyType"],
        ),
        "rate": percent(rate_of(product, said)),
        "interest": interest,
        "amortisation": (
            "even_principal"
            if (said.get("amortization") or product["amortizationType"]) == "EQUAL_PRINCIPAL_PAYMENTS"
            else "level"
        ),
        "basis": Basis(days(product["daysInYearType"]), days(product["daysInMonthType"])),
        "counts_from_start": rules.get("start") == "SUBMITTED_ON_DATE",
        "grace_on_principal": int(said.get("grace_principal") or 0),
        "grace_on_interest": int(said.get("grace_interest") or 0),
        "spreads": "remaining" if is_progressive else "original",
        "level_from": "each_period" if is_progressive else "first_period",
        "is_per_segment": not is_progressive,
        "allocates_anew": not is_progressive,
        "prepays": "coming" if is_progressive else "current",
        "evens_last": is_progressive,
        "rests": "due_days" if product.get("recalculationRestFrequencyType") == "SAME_AS_REPAYMENT" else "daily",
        "recalculates": bool(product.get("isInterestRecalculationEnabled")),
        "prepayment": PREPAYMENT.get(product.get("rescheduleStrategyMethod", ""), "next_due"),
        "instalment_multiple_fen": fen(multiple) if multiple else 1,
        "rounding": Rounding.HALF_EVEN,
    }
    if product.get("enableDownPayment"):
        facts["down_payment"] = percent(product["disbursedAmountPercentageForDownPayment"])
        facts["pays_down_payment"] = bool(product.get("enableAutoRepaymentForDownPayment"))
    if order == "ADVANCED_PAYMENT_ALLOCATION":
        rule = rules.get("future") or product["paymentAllocation"]["DEFAULT"]["future_installment"]
        facts |= {"allocates": "due_then_advance", "components": ("principal", "interest"), "future": FUTURE[rule]}
    return ServicingTerms(**facts)


def rate_of(product: Facts, said: Facts) -> float:
    """The yearly rate in percent; the product's may be monthly."""
    if said.get("annual_rate_pct") is not None:
        return float(said["annual_rate_pct"])
    times = 12 if product["interestRateFrequencyType"] == "MONTH" else 1
    return float(product["interestRatePerPeriod"]) * times
