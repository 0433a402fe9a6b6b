"""The product's word on one case: clauses, reported dates, class effect, and what needs an override.

Everything comes from the policy snapshot of the day and the mechanisms of the relief desk; this module only asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from steadyrest.desks.relief.mechanisms import extension, guarantee, programme, renewal
from steadyrest.desks.relief.mechanisms.cap import Moved, Tested
from steadyrest.desks.relief.mechanisms.classification import ClassEffect, Relieved, class_effect
from steadyrest.desks.relief.mechanisms.reporting import Reported, Standing, past_due_kept_days, reported
from steadyrest.desks.relief.mechanisms.verdict import Check, word_of
from steadyrest.policy import Clause, Library, PolicySnapshot, resolve
from steadyrest.rules import evaluate
from validation.relief.facts import facts_of
from validation.relief.vector import Case, extension_months, meets_conditions, original_months

SCREENS = {
    "N2": "cn.cbirc.2022-70.n2",
    "N4": "cn.cbirc.2022-70.n4",
    "252S": "cn.pbc.2022-252.d252s",
    "6S": "cn.cbirc.2020-6.d6s",
}
CAPS = {"N3": "cn.cbirc.2022-70.n2", "252C": "cn.pbc.2022-252.d252s", "6C": "cn.cbirc.2020-6.d6s"}
CAPPED_SCREENS = {"GF12": "cn.statecouncil.2022-12.gf12"}
TREATMENTS = {"252P": "cn.pbc.2022-252.d252s"}
RENEWALS = {"R36": "cn.cbrc.2014-36", "R13": "cn.nfra.2024-13"}
"""The keys of the vectors and the clauses they stand for. A capped screen is one key for scope and cap together."""


@dataclass
class Judge:
    """One case under the packs of its day."""

    library: Library
    case: Case

    @cached_property
    def snapshot(self) -> PolicySnapshot:
        """The packs in force and known on the day of the decision."""
        return resolve(self.library, self.case.decided_on, self.case.decided_on)

    @cached_property
    def asked(self) -> programme.Case:
        """The case as the mechanisms see it."""
        return self.asked_of(None)

    def asked_of(self, receipt: Mapping[str, Any] | None) -> programme.Case:
        """The case of one of several receipts."""
        keys = {**SCREENS, **CAPPED_SCREENS}
        facts = programme.with_definitions(self.snapshot, facts_of(self.case, receipt))
        claimed = keys.get(str(self.case.input.get("programme")))
        return programme.Case(claimed, self.case.moved, self.case.is_renewal, facts)

    # --- clauses ---

    def verdict(self, key: str) -> dict[str, Any]:
        """The verdict under one key of the vectors, with what belongs to it; `KeyError` for a key nobody knows."""
        if key in SCREENS:
            return self._screen(SCREENS[key])
        if key in CAPS:
            return self._cap(key, CAPS[key])
        if key in CAPPED_SCREENS:
            screen = self._screen(CAPPED_SCREENS[key])
            return self._cap(key, CAPPED_SCREENS[key]) if screen["verdict"] == "pass" else screen
        if key in TREATMENTS:
            return self._treatment(TREATMENTS[key])
        if key in RENEWALS:
            return self._renewal(RENEWALS[key])
        others: dict[str, Callable[[], dict[str, Any]]] = {
            "LGR12": self._extension,
            "CC695": self._guarantee,
            "RC2007": lambda: self._restructured("cn.cbrc.2007-54.restructured"),
            "RC2023": lambda: self._restructured("cn.cbirc.2023-1.restructured"),
        }
        return others[key]()

    def _screen(self, clause_id: str) -> dict[str, Any]:
        found: dict[str, Any] = {"verdict": programme.screen_word(self.snapshot, clause_id, self.asked)}
        receipts = self.case.input.get("receipts")
        if receipts:
            found["receipts"] = {
                receipt["id"]: programme.screen_word(self.snapshot, clause_id, self.asked_of(receipt))
                for receipt in receipts
            }
        return found

    def _cap(self, key: str, clause_id: str) -> dict[str, Any]:
        clause = programme.found(self.snapshot, clause_id)
        is_active = clause is not None and programme.state_of(self.snapshot, clause) == "active"
        tests = programme.cap_tests(self.snapshot, clause_id, self.asked)
        return {
            "verdict": _in_words(programme.cap_word(self.snapshot, clause_id, self.asked)),
            "in_force_on_signing": is_active,
            "instalments": [_instalment(key, item) for item in tests],
        }

    def _treatment(self, clause_id: str) -> dict[str, Any]:
        """The treatment a clause orders: normal interest and no penalty is what an agreed event charges."""
        is_open = programme.screen_word(self.snapshot, clause_id, self.asked) in ("pass", "unknown")
        kept = is_open and programme.promises(self.snapshot, self.asked, "accrual")
        return {"verdict": "pass" if kept else "not_applicable"}

    def _active(self, clause_id: str) -> Clause | None:
        return next((clause for clause in self.snapshot.clauses if clause.id == clause_id), None)

    def _checked(self, clause_id: str, checks: Callable[[Clause], tuple[Check, ...]]) -> dict[str, Any]:
        clause = self._active(clause_id)
        return {"verdict": word_of(checks(clause)) if clause else "not_applicable"}

    def _renewal(self, pack_id: str) -> dict[str, Any]:
        if not self.case.is_renewal:
            return {"verdict": "not_applicable"}
        found = self._checked(f"{pack_id}.renewal", lambda clause: renewal.checks(self.renewal, clause))
        keeps = renewal.keeps_normal(self.renewal, self._active(f"{pack_id}.class"))
        found["class_stays_normal"] = {True: "pass", False: "fail", None: "unknown"}[keeps]
        return found

    def _extension(self) -> dict[str, Any]:
        item = self.case.input
        if item["legal_form"] != "extension_contract":
            return {"verdict": "not_applicable"}
        asked = extension.Extension(
            self.case.maturity_on,
            self.asked.facts["applied_on"],  # type: ignore[arg-type]
            original_months(self.case),
            extension_months(self.case),
            item["guarantor_consent_written"],
        )
        return self._checked("cn.pbc.1996-2.art12", lambda clause: extension.checks(asked, clause))

    def _guarantee(self) -> dict[str, Any]:
        has_consent = self.case.input["guarantor_consent_written"]
        found = self._checked("cn.npc.civil-code.art695", lambda _: guarantee.checks(has_consent))
        clause = self._active("cn.npc.civil-code.art695")
        if clause:
            period = guarantee.guarantee_period(self.case.maturity_on, self.case.new_maturity_on, has_consent, clause)
            found["claim_by"] = period.claim_by_on.isoformat()
        return found

    def _restructured(self, clause_id: str) -> dict[str, Any]:
        """The definition of a restructured asset: the clause's conditions, and an adjusted contract."""

        def checks(clause: Clause) -> tuple[Check, ...]:
            met = [Check(item.id, evaluate(item.node, self.asked.facts)) for item in clause.conditions]
            return (*met, Check("adjusted", self.case.signed_on is not None))

        return self._checked(clause_id, checks)

    # --- reports ---

    @cached_property
    def renewal(self) -> renewal.Renewal:
        """The case as a renewal."""
        return renewal.Renewal(
            old_due_on=self.case.maturity_on,
            new_maturity_on=self.case.new_maturity_on,
            signed_on=self.case.signed_on,
            facts=self.asked.facts,
            meets_conditions=meets_conditions(self.case.input),
        )

    @cached_property
    def is_qualified_renewal(self) -> bool:
        """Whether one of the renewal rules in force is met."""
        return any(self._renewal(pack)["verdict"] == "pass" for pack in RENEWALS.values())

    def standing(self) -> Standing:
        """The receipt for the return; a due that moves was not paid when it fell due before the signature."""
        first, signed = self.case.first_old_due_on, self.case.signed_on
        was_open = signed is None or signed > first
        return Standing(
            self.case.maturity_on,
            str(self.case.input["legal_form"]),
            signed,
            self.case.new_maturity_on,
            first + timedelta(days=1) if was_open else None,
            overdue_kind=self.case.overdue_kind,
        )

    def report(self, on: date, receipt: str | None = None) -> dict[str, Any]:
        """The return of the receipt on one day, or of the old or new receipt of a renewal."""
        if not self.case.is_renewal:
            return _as_expected(reported(self.standing(), on))
        is_signed = self.case.signed_on is not None and self.case.signed_on <= on
        if receipt == "old" or (receipt is None and not is_signed):
            return _as_expected(renewal.old_receipt(self.renewal, on))
        form = renewal.drawdown_kind(self.is_qualified_renewal)
        return _as_expected(renewal.new_receipt(self.renewal, on)) | {"drawdown_kind": form}

    # --- effects ---

    def kept_days(self) -> int:
        """Days past due that the signature does not erase."""
        signed = self.case.signed_on
        return past_due_kept_days(self.case.first_old_due_on, signed) if signed else 0

    def overdue_on(self, dates: list[date]) -> date | None:
        """The first of some report dates on which the receipt was overdue before any signature."""
        signed = self.case.signed_on or date.max
        return next((on for on in sorted(dates) if on < signed and self._is_overdue(on)), None)

    def _is_overdue(self, on: date) -> bool:
        loan = renewal.old_receipt(self.renewal, on) if self.case.is_renewal else reported(self.standing(), on)
        return loan is not None and loan.status == "LS03"

    def effect(self, dates: list[date]) -> ClassEffect:
        """The effect on the class under the regime of the last report date."""
        last = max([*dates, self.case.decided_on])
        regime = resolve(self.library, last, last)
        floors = [
            item.parameters["restructured_floor"].value
            for item in regime.clauses
            if item.mechanism == "restructured_floor"
        ]
        classes = [item for item in self.snapshot.clauses if item.mechanism == "renewal_class"]
        keeps = any(renewal.keeps_normal(self.renewal, clause) for clause in classes) if self.case.is_renewal else False
        return class_effect(
            Relieved(
                legal_form=str(self.case.input["legal_form"]),
                signed_on=self.case.signed_on,
                overdue_on=self.overdue_on(dates),
                is_late=self.case.is_late,
                keeps_class=programme.promises(self.snapshot, self.asked, "class_kept"),
                has_financial_difficulty=self.case.input["financial_difficulty"],
                is_renewal=self.is_qualified_renewal if self.case.is_renewal else None,
                keeps_normal=keeps,
            ),
            str(floors[0]) if floors else None,
        )

    def alternative(self, new_due_on: date, key: str) -> str:
        """The cap's verdict had the amounts been moved to another day."""
        moved = tuple(Moved(item.old_due_on, new_due_on, item.instalment) for item in self.case.moved)
        other = programme.Case(self.asked.programme, moved, self.asked.is_renewal, self.asked.facts)
        return programme.cap_word(self.snapshot, CAPS[key], other)


def _in_words(verdict: str) -> str:
    """A verdict in the words of the vectors, which know no other name for a cap that binds strictly."""
    return {"breach": "fail", "no_cap": "pass"}.get(verdict, verdict)


def _instalment(key: str, item: Tested) -> dict[str, Any]:
    found: dict[str, Any] = {
        "old_due": item.moved.old_due_on.isoformat(),
        "new_due": item.moved.new_due_on.isoformat(),
        key: _in_words(item.verdict),
        "old_due_inside_window": item.is_old_due_inside,
    }
    return found if item.moved.instalment is None else found | {"instalment": item.moved.instalment}


def _as_expected(loan: Reported | None) -> dict[str, Any]:
    if loan is None:
        return {"maturity": None, "extended_maturity": None, "status": None}
    return {
        "maturity": loan.maturity_on.isoformat(),
        "extended_maturity": loan.extended_maturity_on.isoformat() if loan.extended_maturity_on else None,
        "status": loan.status,
        "overdue_type": loan.overdue_kind,
        "days_past_due": loan.past_due_days,
        "rule": loan.rule,
    }
