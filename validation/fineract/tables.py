"""Cases that are no scenarios: the instalment calculator, moratoria, interest pauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from steadyrest.contracts.servicing import Basis, Event, Kind, ServicingTerms, State, balance_on, replay, segments
from validation.fineract.words import days, every, fen, percent

Case = Mapping[str, Any]
ONE_DAY = timedelta(days=1)


def calculator(case: Case) -> Iterator[str]:
    """Periods, disbursements and rates; expected are instalment, rate factor, interest, principal and balance."""
    periods = tuple((date.fromisoformat(since), date.fromisoformat(until)) for since, until in case["periods"])
    multiple = case.get("installment_multiple")
    terms = ServicingTerms(
        principal_fen=1,
        starts_on=periods[0][0],
        instalments=len(periods),
        every=every(case["repay_every"], case["freq"]),
        agreed_periods=periods,
        rate=percent(case["annual_rate_pct"]),
        interest="daily",
        basis=Basis(days(case["days_in_year"]), days(case["days_in_month"])),
        instalment_multiple_fen=fen(multiple) if multiple else 1,
        evens_last=True,
        recalculates=True,
    )
    events: list[Event] = []
    for number, step in enumerate(case["steps"], 1):
        if step["op"] == "expect":
            if isinstance(step["period"], int):
                yield from (f"step {number}: {found}" for found in _period(replay(terms, events, today=date.min), step))
        elif step["op"] != "getPayableDetails" and not is_nothing(step):
            events.append(_event(step, len(events) + 1))


def is_nothing(step: Case) -> bool:
    """A correction by an amount of zero."""
    return bool(step["op"] == "addBalanceCorrection" and str(step["args"][-1]).rstrip(")").endswith("ZERO"))


def _event(step: Case, sequence: int) -> Event:
    on, *rest = step["args"]
    if step["op"] == "addDisbursement":
        return Event(
            kind=Kind.DISBURSEMENT, effective_on=date.fromisoformat(on), sequence=sequence, amount_fen=fen(rest[0])
        )
    if step["op"] == "changeInterestRate":
        # The new rate counts from the day before the one that is named.
        since = date.fromisoformat(on) - ONE_DAY
        return Event(kind=Kind.RATE_CHANGE, effective_on=since, sequence=sequence, rate=percent(rest[0]))
    if step["op"] in ("payPrincipal", "payInterest"):
        return Event(
            kind=Kind.REPAYMENT,
            effective_on=date.fromisoformat(rest[0]),
            sequence=sequence,
            from_on=date.fromisoformat(on),
            amount_fen=fen(rest[1]),
            part="principal" if step["op"] == "payPrincipal" else "interest",
        )
    raise ValueError(f"no event for {step['op']}")


def _period(loan: State, step: Case) -> Iterator[str]:
    item = loan.instalments[step["period"]]
    parts = segments(loan, item)
    if step["sub"] == 0 and step.get("rate_factor"):
        parts = [part for part in parts if part.factor]  # a first part without days is not listed
    part = parts[step["sub"]]
    ours = {
        "emi": item.due_fen,
        "interest_due": item.interest_fen,
        "principal_due": item.principal_fen,
        "balance": balance_on(loan, item.due_on),
        "interest_sub": loan.terms.whole(part.exact_fen),
    }
    at = f"period {step['period']}.{step['sub']}"
    for name, value in ours.items():
        if step.get(name) is not None and value != fen(step[name]):
            yield f"{at}: {name} is {value}, expected {fen(step[name])}"
    wanted = step.get("rate_factor")
    if wanted is not None and round(float(part.factor), 12) != wanted:
        yield f"{at}: rate_factor is {round(float(part.factor), 12)}, expected {wanted}"


def schedule(case: Case, common: Case, columns: Sequence[str]) -> Iterator[str]:
    """A loan with grace, a pause or a payment, and its expected rows."""
    product = common.get("product") or {}
    count, unit = str(common["repay_every"]).split()
    terms = ServicingTerms(
        principal_fen=fen(common["principal"]),
        starts_on=date.fromisoformat(common["disbursed"]),
        instalments=common["repayments"],
        every=every(int(count), f"{unit.rstrip('s')}s"),
        rate=percent(common["annual_rate_pct"]),
        interest="daily",
        basis=Basis(
            days(common.get("days_in_year") or product["daysInYearType"]),
            days(common.get("days_in_month") or product["daysInMonthType"]),
        ),
        grace_on_principal=case.get("grace_principal") or 0,
        grace_on_interest=case.get("grace_interest") or 0,
        evens_last=True,
    )
    events = [Event(kind=Kind.DISBURSEMENT, effective_on=terms.starts_on, sequence=1, amount_fen=terms.principal_fen)]
    for on, amount in common.get("paid") or ():
        events.append(
            Event(kind=Kind.REPAYMENT, effective_on=date.fromisoformat(on), sequence=2, amount_fen=fen(amount))
        )
    if case.get("pause"):
        first, last = (date.fromisoformat(text) for text in case["pause"])
        # The days count from the one before the first that is named.
        pause = Event(kind=Kind.INTEREST_PAUSE, effective_on=first - ONE_DAY, sequence=9, until_on=last)
        events.append(replace(pause, sequence=len(events) + 1))
    yield from _rows(replay(terms, events), case["rows"], columns)


def _rows(loan: State, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> Iterator[str]:
    if len(rows) != len(loan.instalments):
        yield f"{len(loan.instalments)} instalments, expected {len(rows)}"
        return
    for item, balance, row in zip(loan.instalments, loan.balances_fen, rows, strict=True):
        ours = {
            "due": item.due_on.isoformat(),
            "days": (item.due_on - item.since).days,
            "balance": balance,
            "principal": item.principal_fen,
            "interest": item.interest_fen,
            "total": item.due_fen,
        }
        for name, value in zip(columns, row, strict=True):
            wanted = value if name in ("due", "days") else fen(value)
            if ours[name] != wanted:
                yield f"{item.due_on}: {name} is {ours[name]}, expected {wanted}"
