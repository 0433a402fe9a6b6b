"""What each kind of operation does to the state, and what it pays. One function a kind, all of one shape.

A handler gets the state with interest and fees run up to the day of the operation. It is pure and knows neither
arithmetic nor schedule. Sources: ACTUS technical specification, state transition and payoff functions; event types of
the ACTUS dictionary 1.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from steadyrest.contracts.account.arithmetic import Arithmetic, Number
from steadyrest.contracts.account.daycount import YearFraction, year_fraction
from steadyrest.contracts.account.operations import Kind, Operation
from steadyrest.contracts.account.state import State
from steadyrest.contracts.account.terms import ZERO

Handler = Callable[[State, Operation, Arithmetic], tuple[State, Number]]


def fraction(state: State, since: int, until: int) -> YearFraction:
    """The part of a year by the day count of the contract."""
    return year_fraction(state.terms.day_count_convention, since, until, state.maturity)


def _signed(state: State, arithmetic: Arithmetic, value: Fraction | None, field: str) -> Number:
    return state.terms.sign * arithmetic.money(value or ZERO, field)


def _within(amount: Number, owed: Number, sign: int) -> Number:
    """An amount, or what is owed when that is less."""
    return owed if sign * amount > sign * owed else amount


def interest_due(state: State, arithmetic: Arithmetic) -> Number:
    """The interest that has run, as it is settled: closed segments as they are, the open one rounded."""
    return state.closed + arithmetic.settle(state.accrued - state.closed)


def initial_exchange(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The principal is paid out at its price; interest begins to run, or has run since before."""
    terms = state.terms
    notional = _signed(state, arithmetic, terms.notional_principal, "notional_principal")
    rate = arithmetic.rate(terms.nominal_interest_rate or ZERO, "nominal_interest_rate")
    accrued: Number = 0
    if terms.accrued_interest is not None:
        accrued = _signed(state, arithmetic, terms.accrued_interest, "accrued_interest")
    elif operation.since is not None and rate != 0:
        accrued = arithmetic.interest(notional, rate, fraction(state, operation.since, operation.day))
    premium = _signed(state, arithmetic, terms.premium_discount_at_ied, "premium_discount_at_ied")
    after = replace(state, notional=notional, rate=rate, accrued=accrued, base=first_base(state, notional, arithmetic))
    return after, -(notional + premium)


def first_base(state: State, notional: Number, arithmetic: Arithmetic) -> Number:
    """What interest runs on at the start: an amount of its own where the base lags, else the notional."""
    amount = state.terms.interest_calculation_base_amount
    if state.terms.lags_interest_base and amount is not None:
        return _signed(state, arithmetic, amount, "interest_calculation_base_amount")
    return notional


def redemption(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """Principal is repaid, never more than is owed. Where the payment covers interest, principal gets the rest, which
    may be negative.
    """
    amount = state.payment
    if operation.amount is not None:
        amount = _signed(state, arithmetic, operation.amount, "array_next_principal_redemption_payment")
    if operation.covers_interest:
        amount = amount - interest_due(state, arithmetic)
    amount = _within(amount, state.notional, state.terms.sign)
    return replace(state, notional=state.notional - amount), arithmetic.settle(amount * state.notional_scale)


def drawing(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """Principal grows by what is paid out."""
    amount = _signed(state, arithmetic, operation.amount, "array_next_principal_redemption_payment")
    return replace(state, notional=state.notional + amount), arithmetic.settle(-amount * state.notional_scale)


def prepayment(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """Principal is repaid early. It lowers later payments (a fixing follows) or ends the contract sooner."""
    amount = _signed(state, arithmetic, operation.amount, "prepayment")
    amount = _within(amount, state.notional, state.terms.sign)
    shortens = state.terms.prepayment_effect == "M"
    return replace(state, notional=state.notional - amount, ends_when_repaid=shortens), amount


def penalty(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The price of repaying early: an amount, a share of the notional, or what the market pays less."""
    terms = state.terms
    if terms.penalty_type == "A":
        return state, _signed(state, arithmetic, terms.penalty_rate, "penalty_rate")
    if terms.penalty_type == "R":
        return state, arithmetic.settle(arithmetic.part(state.notional, terms.penalty_rate))
    lost = max(state.rate - arithmetic.computed_rate(operation.rate or ZERO), 0)
    since, until = operation.days
    return state, arithmetic.settle(arithmetic.interest(state.notional, lost, fraction(state, since, until)))


def interest_payment(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The interest that has run is paid."""
    paid = arithmetic.settle(interest_due(state, arithmetic) * state.interest_scale)
    return replace(state, accrued=0, closed=0), paid


def capitalisation(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The interest that has run joins the principal."""
    notional = state.notional + interest_due(state, arithmetic)
    return replace(state, notional=notional, accrued=0, closed=0), 0


def fee_payment(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """A fixed amount, or the fee that has run on the notional."""
    terms = state.terms
    paid = arithmetic.settle(state.fee_accrued)
    if terms.fee_basis == "A":
        paid = _signed(state, arithmetic, terms.fee_rate, "fee_rate")
    return replace(state, fee_accrued=0, fee_span=operation.days), paid


def rate_reset(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The new rate, its step within the periodic cap and floor, itself within those of the whole life."""
    terms = state.terms
    rate = arithmetic.computed_rate(operation.rate or ZERO)
    if terms.period_floor is not None:
        rate = max(rate, state.rate - arithmetic.rate(abs(terms.period_floor), "period_floor"))
    if terms.period_cap is not None:
        rate = min(rate, state.rate + arithmetic.rate(terms.period_cap, "period_cap"))
    if terms.life_floor is not None:
        rate = max(rate, arithmetic.rate(terms.life_floor, "life_floor"))
    if terms.life_cap is not None:
        rate = min(rate, arithmetic.rate(terms.life_cap, "life_cap"))
    return replace(state, rate=rate), 0


def known_reset(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """A rate that was fixed before begins to apply."""
    return replace(state, rate=arithmetic.rate(operation.rate or ZERO, "next_reset_rate")), 0


def payment_fixing(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The level payment that clears the balance on the days to come, or equal parts of principal. A level payment meets
    the interest that runs, to the day; or it is that of whole months, as if all were equal.
    """
    if not operation.days:
        return state, 0
    if operation.covers_interest:
        if operation.months:
            parts, due = [YearFraction(operation.months, 12)] * len(operation.days), arithmetic.settle(0)
        else:
            days = (operation.day, *operation.days)
            parts, due = [fraction(state, since, until) for since, until in pairwise(days)], state.accrued
        return replace(state, payment=arithmetic.level(state.notional, due, state.rate, parts)), 0
    share = Fraction(1, len(operation.days))
    return replace(state, payment=arithmetic.instalment(arithmetic.part(state.notional, share))), 0


def base_fixing(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """From here on interest runs on the balance of today."""
    return replace(state, base=state.notional), 0


def scaling(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """Principal, interest or both are paid times an index."""
    scale = arithmetic.part(1, operation.amount or ZERO)
    effect = state.terms.scaling_effect
    return replace(
        state,
        interest_scale=scale if effect[0] == "I" else state.interest_scale,
        notional_scale=scale if effect[1] == "N" else state.notional_scale,
    ), 0


def credit_event(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """Performance changes; what follows from it is other operations."""
    return replace(state, performance=operation.performance), 0


def purchase(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The price without interest is paid, and the interest that has run with it."""
    price = arithmetic.money(state.terms.price_at_purchase_date, "price_at_purchase_date")
    return state, -state.terms.sign * (price + interest_due(state, arithmetic))


def termination(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """The contract is sold: price and interest that has run are received, nothing is left."""
    price = arithmetic.money(state.terms.price_at_termination_date, "price_at_termination_date")
    payoff = state.terms.sign * (price + interest_due(state, arithmetic))
    return _over(state), payoff


def maturity(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """What is still owed is repaid; a guarantee lapses."""
    if operation.exposure is not None:
        return _over(state), 0
    return _over(state), arithmetic.settle(state.notional * state.notional_scale)


def exercise(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """A loan is called, or a guarantee is claimed: then the amount is fixed."""
    if operation.exposure is None:
        return state, 0
    return replace(state, exercise_amount=state.notional, exercise_time=operation.time), 0


def settlement(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Number]:
    """A claim is paid with the fee that has run until it arose; a called loan is repaid."""
    if state.exercise_amount is None:
        return maturity(state, operation, arithmetic)
    return _over(state), arithmetic.settle(state.exercise_amount + state.fee_accrued)


def _over(state: State) -> State:
    return replace(state, notional=0, base=0, accrued=0, closed=0, fee_accrued=0)


HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.IED: initial_exchange,
    Kind.FP: fee_payment,
    Kind.PR: redemption,
    Kind.PD: drawing,
    Kind.PI: drawing,
    Kind.PY: penalty,
    Kind.PP: prepayment,
    Kind.XD: exercise,
    Kind.IP: interest_payment,
    Kind.IPCI: capitalisation,
    Kind.CE: credit_event,
    Kind.RRF: known_reset,
    Kind.RR: rate_reset,
    Kind.PRF: payment_fixing,
    Kind.PRD: purchase,
    Kind.TD: termination,
    Kind.SC: scaling,
    Kind.IPCB: base_fixing,
    Kind.MD: maturity,
    Kind.STD: settlement,
}
