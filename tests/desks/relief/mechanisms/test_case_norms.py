"""Norms on one agreement: extension limits, the guarantee period, renewal, the cap, and the class."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from steadyrest.desks.relief.mechanisms import cap, extension, guarantee, renewal
from steadyrest.desks.relief.mechanisms.cap import Moved
from steadyrest.desks.relief.mechanisms.classification import Relieved, class_effect
from steadyrest.desks.relief.mechanisms.months import later_by, months_to_reach
from steadyrest.desks.relief.mechanisms.verdict import Check, both, either, word_of
from steadyrest.policy import Clause, Relief, load_library, resolve
from steadyrest.rules.interpreter import Row

NOTICE = Relief("notice_2022", ("deferral_agreement",), None, None, "both", date(2022, 12, 31), "in_principle")


@cache
def clause(clause_id: str, on: date) -> Clause:
    """A shipped clause on one day."""
    return resolve(load_library(), on, on).clause(clause_id)


def test_a_check_that_fails_decides_and_one_that_is_unknown_stays_open() -> None:
    assert word_of([Check("a", None), Check("b", False)]) == "fail"
    assert word_of([Check("a", None), Check("b", True)]) == "unknown"
    assert word_of([]) == "pass"
    assert both(True, True) is True
    assert either(False, False) is False


def test_months_end_with_the_month_and_a_started_month_counts() -> None:
    assert later_by(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert months_to_reach(date(2022, 1, 31), date(2022, 2, 28)) == 1
    assert months_to_reach(date(2022, 5, 10), date(2022, 5, 10)) == 0


@pytest.mark.parametrize(
    ("original", "longest"),
    [(3, 3), (12, 12), (13, 6.5), (60, 30), (61, 36), (240, 36)],
)
def test_an_extension_is_limited_by_the_original_term(original: int, longest: float) -> None:
    rule = clause("cn.pbc.1996-2.art12", date(2022, 8, 1))
    assert extension.limit_months(original, rule) == longest


def asked(**changes: object) -> extension.Extension:
    plain = extension.Extension(date(2022, 8, 10), date(2022, 8, 1), 3, 3, True)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "pass"),
        ({"extension_months": 4}, "fail"),
        ({"applied_on": date(2022, 8, 10)}, "fail"),
        ({"applied_on": None}, "unknown"),
        ({"original_months": None}, "unknown"),
        ({"has_consents": False}, "fail"),
    ],
)
def test_an_extension_is_asked_before_maturity_within_the_limit_with_consents(
    changes: dict[str, object], word: str
) -> None:
    rule = clause("cn.pbc.1996-2.art12", date(2022, 8, 1))
    assert word_of(extension.checks(asked(**changes), rule)) == word


def test_without_consent_the_guarantee_period_runs_from_the_old_due_date() -> None:
    rule = clause("cn.npc.civil-code.art695", date(2022, 8, 5))
    old, new = date(2022, 9, 15), date(2022, 12, 15)
    without = guarantee.guarantee_period(old, new, has_consent=False, clause=rule)
    assert (without.claim_by_on, without.days_after_new_due) == (date(2023, 3, 15), 90)
    assert guarantee.guarantee_period(old, new, has_consent=None, clause=rule) == without
    assert guarantee.guarantee_period(old, new, has_consent=True, clause=rule).claim_by_on == date(2023, 6, 15)
    agreed = guarantee.guarantee_period(old, new, has_consent=False, clause=rule, agreed_months=2)
    assert agreed.days_after_new_due == -30


def renewed(**changes: object) -> renewal.Renewal:
    facts: Row = {
        "enterprise_size": "small",
        "borrower_kind": "enterprise",
        "product": "F022",
        "quality": "FQ01",
        "applied_on": date(2022, 7, 4),
        "maturity_on": date(2022, 7, 28),
    }
    plain = renewal.Renewal(date(2022, 7, 28), date(2023, 7, 21), date(2022, 7, 22), facts, True)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "pass"),
        ({"signed_on": date(2022, 7, 28)}, "fail"),
        ({"signed_on": None}, "unknown"),
        ({"meets_conditions": False}, "fail"),
        ({"meets_conditions": None}, "unknown"),
    ],
)
def test_a_renewal_of_2014_is_signed_before_maturity_and_meets_the_conditions(
    changes: dict[str, object], word: str
) -> None:
    rule = clause("cn.cbrc.2014-36.renewal", date(2022, 7, 22))
    assert word_of(renewal.checks(renewed(**changes), rule)) == word


def test_the_conditions_of_2024_bind_the_class_and_not_the_renewal() -> None:
    on = date(2024, 10, 1)
    rule, keeps = clause("cn.nfra.2024-13.renewal", on), clause("cn.nfra.2024-13.class", on)
    assert word_of(renewal.checks(renewed(meets_conditions=False), rule)) == "pass"
    assert renewal.keeps_normal(renewed(meets_conditions=False), keeps) is False
    assert renewal.keeps_normal(renewed(), keeps) is True
    assert renewal.keeps_normal(renewed(), None) is False


def test_the_returns_show_the_old_receipt_until_the_new_one_has_repaid_it() -> None:
    late = renewed(signed_on=date(2022, 8, 2))
    old = renewal.old_receipt(late, date(2022, 7, 31))
    assert old is not None
    assert (old.status, old.overdue_kind, old.past_due_days) == ("LS03", "01", 3)
    assert renewal.new_receipt(late, date(2022, 7, 31)) is None
    assert renewal.old_receipt(late, date(2022, 8, 31)) is None
    new = renewal.new_receipt(late, date(2022, 8, 31))
    assert new is not None
    assert (new.maturity_on, new.status) == (date(2023, 7, 21), "LS01")
    assert renewal.replaces_bad_debt(late, is_renewal=False)
    assert not renewal.replaces_bad_debt(renewed(), is_renewal=False)


def test_the_cap_is_tested_on_every_new_due_date() -> None:
    moved = [
        Moved(date(2022, 8, 20), date(2022, 12, 31), 7),
        Moved(date(2022, 12, 20), date(2023, 1, 1), 11),
        Moved(date(2023, 1, 20), date(2023, 4, 20), 12),
    ]
    found = cap.tested(moved, NOTICE)
    assert [item.verdict for item in found] == ["pass", "in_principle_breach", "in_principle_breach"]
    assert [item.is_old_due_inside for item in found] == [True, True, False]
    assert cap.worst(found) == "in_principle_breach"
    assert cap.verdict(date(2023, 1, 1), replace(NOTICE, cap_strength="shall")) == "breach"
    assert cap.verdict(date(2030, 1, 1), replace(NOTICE, cap_on=None)) == "no_cap"


SIGNED = Relieved("deferral_agreement", date(2022, 8, 16))


@pytest.mark.parametrize(
    ("loan", "effect", "floor", "is_tested"),
    [
        (SIGNED, "unchanged", None, False),
        (replace(SIGNED, signed_on=None), "none", None, False),
        (replace(SIGNED, signed_on=None, overdue_on=date(2022, 8, 31)), "special_mention_trigger", None, False),
        (replace(SIGNED, overdue_on=date(2022, 8, 31), is_late=True), "special_mention_trigger", None, False),
        (
            replace(SIGNED, legal_form="extension_contract", overdue_on=date(2022, 8, 31), is_late=True),
            "special_mention_trigger",
            None,
            True,
        ),
        (replace(SIGNED, keeps_class=True, has_financial_difficulty=True), "not_lowered", None, False),
        (replace(SIGNED, has_financial_difficulty=True), "restructured", "FQ03", False),
        (replace(SIGNED, is_renewal=True, keeps_normal=True), "may_stay_normal", None, False),
        (replace(SIGNED, is_renewal=True), "by_ability_to_pay", None, False),
        (replace(SIGNED, is_renewal=False), "at_least_special_mention", "FQ02", False),
        (
            replace(SIGNED, legal_form="new_for_old", is_renewal=False, is_late=True),
            "at_least_special_mention",
            "FQ02",
            True,
        ),
    ],
)
def test_the_effect_on_the_class(loan: Relieved, effect: str, floor: str | None, is_tested: bool) -> None:
    found = class_effect(loan, "FQ03")
    assert (found.effect, found.floor, found.is_tested) == (effect, floor, is_tested)
