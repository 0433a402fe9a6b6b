"""One scenario: its steps become events, its expected tables are compared with the loan as it then stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from steadyrest.contracts.servicing import PAYMENTS, Event, Kind, ServicingTerms, State, appended, planned, replay
from validation.fineract.words import Facts, every, fen, loan_terms, percent

Step = Mapping[str, Any]

SCOPE: Final = frozenset(
    {
        *("business_date", "create_loan", "approve", "disburse", "undo_disbursal", "undo_last_disbursal"),
        *("repay", "undo_repayment", "reschedule", "re_age", "undo_re_age", "re_amortize", "undo_re_amortize"),
        *("charge_off", "undo_charge_off", "set_product_rule", "repayment_start_date_type", "inline_cob", "cob"),
    }
)


def is_in_scope(steps: Sequence[Step]) -> bool:
    """Whether a scenario has nothing but steps of the loan's schedule and payments."""
    return all(_is_known(step) for step in steps)


def _is_known(step: Step) -> bool:
    name = step["op"]
    if name == "transaction":
        return str(step.get("type", "")).upper() == "REPAYMENT"
    if name == "undo":
        return str(step.get("type") or "Repayment").upper() == "REPAYMENT"
    return name in SCOPE or (name.startswith("expect") and name != "expect_journal")


class Scenario:
    """A loan on its way through the steps."""

    def __init__(self, products: Facts) -> None:
        self.products = products
        self.rules: dict[str, dict[str, str]] = {}
        self.today = date.min
        self.terms: ServicingTerms | None = None
        self.signed_on = date.min
        self.events: list[Event] = []

    def run(self, steps: Sequence[Step]) -> Iterator[str]:
        """Carry out the steps; yields what differs from an expected table."""
        for number, step in enumerate(steps, 1):
            found = getattr(self, step["op"], None)
            if found is not None:
                for mistake in found(step) or ():
                    yield f"step {number}: {mistake}"

    @property
    def loan(self) -> State:
        """The loan as it stands."""
        assert self.terms is not None, "the scenario creates its loan first"
        if any(event.kind is Kind.DISBURSEMENT for event in self._standing()):
            return replay(self.terms, self.events, today=self.today)
        expected = replace(self.terms, starts_on=self.signed_on) if not self.terms.counts_from_start else self.terms
        return planned(expected)

    def _standing(self) -> list[Event]:
        gone = {event.reverses for event in self.events if event.kind is Kind.REVERSAL}
        return [event for event in self.events if event.kind is not Kind.REVERSAL and event.sequence not in gone]

    def _add(self, kind: Kind, on: date, **parameters: Any) -> None:
        assert self.terms is not None, "the scenario creates its loan first"
        event = Event(kind=kind, effective_on=on, known_on=self.today, sequence=len(self.events) + 1, **parameters)
        self.events = appended(self.terms, self.events, event)

    def _reverse(self, event: Event) -> None:
        self._add(Kind.REVERSAL, event.effective_on, reverses=event.sequence)

    def _reverse_last(self, *kinds: Kind) -> None:
        self._reverse([event for event in self._standing() if event.kind in kinds][-1])

    # --- steps -----------------------------------------------------------------------------------------------------

    def business_date(self, step: Step) -> None:
        self.today = date.fromisoformat(step["date"])

    def set_product_rule(self, step: Step) -> None:
        if step["txn"] == "DEFAULT":
            self.rules.setdefault(step["product"], {})["future"] = step["rule"]

    def repayment_start_date_type(self, step: Step) -> None:
        self.rules.setdefault(step["product"], {})["start"] = step["value"]

    def create_loan(self, step: Step) -> None:
        said = step["terms"]
        self.signed_on = date.fromisoformat(said["submitted_on"])
        self.terms = loan_terms(
            self.products[said["product"]],
            said,
            starts_on=self.signed_on,
            rules=self.rules.get(said["product"], {}),
            principal=said["principal"],
        )

    def approve(self, step: Step) -> None:
        self.signed_on = date.fromisoformat(step["date"])

    def disburse(self, step: Step) -> None:
        self._add(Kind.DISBURSEMENT, date.fromisoformat(step["date"]), amount_fen=fen(step["amount"]))

    def undo_disbursal(self, step: Step) -> None:
        for event in self._standing():
            if event.kind in (Kind.DISBURSEMENT, *PAYMENTS):
                self._reverse(event)

    def undo_last_disbursal(self, step: Step) -> None:
        last = [event for event in self._standing() if event.kind is Kind.DISBURSEMENT][-1]
        brought = [
            event
            for event in self._standing()
            if event.kind is Kind.DOWN_PAYMENT and event.sequence == last.sequence + 1
        ]
        for event in (*brought, last):
            self._reverse(event)

    def repay(self, step: Step) -> None:
        self._add(Kind.REPAYMENT, date.fromisoformat(step["date"]), amount_fen=fen(step["amount"]))

    transaction = repay

    def undo_repayment(self, step: Step) -> None:
        on = date.fromisoformat(step["date"])
        found = [event for event in self._standing() if event.kind is Kind.REPAYMENT and event.effective_on == on]
        self._reverse(found[int(step.get("nth") or 1) - 1])

    undo = undo_repayment

    def reschedule(self, step: Step) -> None:
        for request in step["requests"]:
            new, rate = request.get("adjusted_due"), request.get("new_rate_pct")
            from_on = date.fromisoformat(request["from"])
            self._add(
                Kind.RESCHEDULE,
                from_on,
                from_on=from_on,
                new_due_on=date.fromisoformat(new) if new else None,
                instalments=int(request.get("extra_terms") or 0),
                grace_on_principal=int(request.get("grace_principal") or 0),
                rate=percent(rate) if rate is not None else None,
            )

    def re_age(self, step: Step) -> None:
        for request in step["params"]:
            self._add(
                Kind.RE_AGE,
                self.today,
                from_on=date.fromisoformat(request["startDate"]),
                every=every(float(request["frequencyNumber"]), request["frequencyType"]),
                instalments=int(request["numberOfInstallments"]),
            )

    def undo_re_age(self, step: Step) -> None:
        self._reverse_last(Kind.RE_AGE)

    def re_amortize(self, step: Step) -> None:
        self._add(Kind.RE_AMORTISE, self.today)

    def undo_re_amortize(self, step: Step) -> None:
        self._reverse_last(Kind.RE_AMORTISE)

    def charge_off(self, step: Step) -> None:
        self._add(Kind.CHARGE_OFF, date.fromisoformat(step["date"]))

    def undo_charge_off(self, step: Step) -> None:
        self._reverse_last(Kind.CHARGE_OFF)

    # --- comparison ------------------------------------------------------------------------------------------------

    def expect_schedule(self, step: Step) -> Iterator[str]:
        loan = self.loan
        drawn = [row for row in step["rows"] if row.get("nr") is None]
        rows = [row for row in step["rows"] if row.get("nr") is not None]
        paid_out = [{"due": on.isoformat(), "balance": amount} for on, amount in loan.drawn]
        yield from _rows("disbursement", paid_out, drawn, ("due", "balance"))
        due = [
            {
                "due": item.due_on.isoformat(),
                "principal": item.principal_fen,
                "interest": item.interest_fen,
                "balance": balance,
                "paid": item.paid_fen,
            }
            for item, balance in zip(loan.instalments, loan.balances_fen, strict=True)
        ]
        yield from _rows("instalment", due, rows, ("due", "principal", "interest", "balance", "paid"))

    def expect_totals(self, step: Step) -> Iterator[str]:
        items = self.loan.instalments
        totals = {
            "principal": sum(item.principal_fen for item in items),
            "interest": sum(item.interest_fen for item in items),
            "paid": sum(item.paid_fen for item in items),
            "outstanding": sum(item.owed_fen for item in items),
        }
        yield from _rows("totals", [totals], [step], tuple(totals))


def _rows(what: str, ours: Sequence[Mapping[str, Any]], theirs: Sequence[Step], names: Sequence[str]) -> Iterator[str]:
    """Where rows differ in a field that is stated."""
    for number, (our, their) in enumerate(zip_longest(ours, theirs), 1):
        if our is None or their is None:
            yield f"{what} {number} is {'missing' if our is None else 'not expected'}"
            return
        for name in names:
            wanted = their.get(name)
            if wanted is None:
                continue
            wanted = wanted if name == "due" else fen(wanted)
            if our[name] != wanted:
                yield f"{what} {number} {our.get('due', '')}: {name} is {our[name]}, expected {wanted}"


Compare = Callable[[Mapping[str, Any], Facts], Iterator[str]]


def mistakes(case: Mapping[str, Any], products: Facts) -> Iterator[str]:
    """What differs in one scenario."""
    return Scenario(products).run(case["steps"])
