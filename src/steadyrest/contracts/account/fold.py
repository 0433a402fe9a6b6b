"""The fold: a state, an operation, the next state and its event. Written once for both arithmetics.

run(resolve(terms, market), Exact())     dues to the fen
run(resolve(terms, market), Real())      the same account unrounded
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from steadyrest.contracts.account.arithmetic import Arithmetic, Number
from steadyrest.contracts.account.handlers import HANDLERS, first_base, fraction, interest_due
from steadyrest.contracts.account.moments import day_of
from steadyrest.contracts.account.operations import Exposure, Operation, Resolved
from steadyrest.contracts.account.state import Event, State
from steadyrest.contracts.account.terms import ZERO, Terms


def start(contract: Resolved, arithmetic: Arithmetic) -> State:
    """The state on the status date: nothing before the initial exchange, else the terms as they stand."""
    terms = contract.terms
    state = State(
        terms,
        day_of(terms.status_date),
        maturity=day_of(contract.maturity) if contract.maturity else None,
        notional_scale=arithmetic.part(1, terms.notional_scaling_multiplier),
        interest_scale=arithmetic.part(1, terms.interest_scaling_multiplier),
        payment=terms.sign * arithmetic.money(contract.payment or ZERO, "next_principal_redemption_payment"),
        performance=terms.contract_performance,
        fee_span=contract.fee_span,
    )
    if contract.is_exchanged:
        state = _outstanding(state, contract, arithmetic)
    if terms.fee_accrued is not None:
        state = replace(state, fee_accrued=terms.sign * arithmetic.money(terms.fee_accrued, "fee_accrued"))
    elif len(contract.fee_span) == 2:
        state = replace(state, fee_accrued=_fee(state, contract.fee_span[0], state.day, arithmetic))
    return step(state, contract.opening, arithmetic)[0] if contract.opening else state


def _outstanding(state: State, contract: Resolved, arithmetic: Arithmetic) -> State:
    terms = state.terms
    notional = terms.sign * arithmetic.money(terms.notional_principal or ZERO, "notional_principal")
    rate = arithmetic.rate(terms.nominal_interest_rate or ZERO, "nominal_interest_rate")
    state = replace(state, notional=notional, rate=rate, base=first_base(state, notional, arithmetic))
    if terms.accrued_interest is not None:
        return replace(state, accrued=terms.sign * arithmetic.money(terms.accrued_interest, "accrued_interest"))
    if contract.runs_since is None or rate == 0:
        return state
    part = fraction(state, contract.runs_since, state.day)
    return replace(state, accrued=arithmetic.interest(state.interest_base, rate, part))


def step(state: State, operation: Operation, arithmetic: Arithmetic) -> tuple[State, Event]:
    """One operation: interest and fees run up to its day, then its handler acts."""
    state = advance(state, operation.day, arithmetic)
    if operation.exposure is not None:
        state = replace(state, notional=covered(operation.exposure, state.terms, arithmetic))
    before = state
    state, payoff = HANDLERS[operation.kind](before, operation, arithmetic)
    if (state.rate, state.interest_base) != (before.rate, before.interest_base) and state.accrued != state.closed:
        closed = state.closed + arithmetic.close(state.accrued - state.closed)
        state = replace(state, accrued=closed, closed=closed)
    return state, Event(
        operation.time,
        operation.kind,
        payoff,
        state.notional,
        state.rate,
        state.accrued,
        state.exercise_amount,
        state.exercise_time,
    )


def advance(state: State, day: int, arithmetic: Arithmetic) -> State:
    """Interest and fees run up to a day. A day that is past changes nothing."""
    if day <= state.day:
        return state
    accrued = state.accrued
    if state.rate != 0 and state.interest_base != 0:
        accrued = accrued + arithmetic.interest(state.interest_base, state.rate, fraction(state, state.day, day))
    fee = state.fee_accrued
    if state.exercise_time is None:
        fee = fee + _fee(state, state.day, day, arithmetic)
    return replace(state, accrued=accrued, fee_accrued=fee, day=day)


def _fee(state: State, since: int, until: int, arithmetic: Arithmetic) -> Number:
    """The fee of some days: a rate on the notional, or the part they are of a fee cycle, for which the amount is
    agreed.
    """
    terms = state.terms
    if terms.fee_rate is None:
        return 0
    if terms.fee_basis == "N":
        rate = arithmetic.rate(terms.fee_rate, "fee_rate")
        return arithmetic.interest(state.notional, rate, fraction(state, since, until)) if state.notional else 0
    if len(state.fee_span) < 2 or since >= state.fee_span[1]:
        return 0
    gone, whole = fraction(state, since, min(until, state.fee_span[1])), fraction(state, *state.fee_span)
    amount = terms.sign * arithmetic.money(terms.fee_rate, "fee_rate")
    return arithmetic.part(amount, Fraction(gone.numerator, whole.numerator))


def steps(contract: Resolved, arithmetic: Arithmetic) -> Iterator[tuple[State, Operation, Event]]:
    """State, operation and event after each operation. It ends with the last one, or when a contract that was
    shortened owes nothing at the end of a day.
    """
    state = start(contract, arithmetic)
    for operation in contract.operations:
        if state.ends_when_repaid and state.notional == 0 and operation.day > state.day:
            return
        state, event = step(state, operation, arithmetic)
        yield state, operation, event


def run(contract: Resolved, arithmetic: Arithmetic, until: datetime | None = None) -> list[Event]:
    """The events of a contract in order, up to a moment where one is given."""
    return [
        event
        for _, operation, event in steps(contract, arithmetic)
        if not operation.is_silent and (until is None or event.time <= until)
    ]


def state_on(contract: Resolved, day: int, arithmetic: Arithmetic) -> State:
    """The state at the end of a day, with interest run up to it."""
    state = start(contract, arithmetic)
    for after, operation, _ in steps(contract, arithmetic):
        if day_of(operation.time) > day:
            break
        state = after
    return advance(state, day, arithmetic)


def covered(exposure: Exposure, terms: Terms, arithmetic: Arithmetic) -> Number:
    """What a guarantee covers, with its sign: principal (NO), principal and interest (NI), or an amount as given."""
    whole: Number = 0
    if exposure.amount is not None:
        whole = arithmetic.money(exposure.amount, "notional_principal")
    for contract in exposure.contracts:
        state = state_on(contract, exposure.day, arithmetic)
        owed = state.notional
        if terms.guaranteed_exposure == "NI":
            owed = owed + interest_due(state, arithmetic)
        whole = whole + (owed if owed >= 0 else -owed)
    return terms.sign * arithmetic.settle(arithmetic.part(whole, terms.coverage_of_credit_enhancement))
