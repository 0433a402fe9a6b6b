"""The return under relief, in the words of the rules D1 to D15."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from steadyrest.desks.relief.mechanisms.reporting import Standing, past_due_kept_days, reported, repricing_on

MATURITY, NEW = date(2022, 9, 15), date(2022, 12, 15)
PLAIN = Standing(MATURITY)
DEFERRED = Standing(MATURITY, "deferral_agreement", date(2022, 8, 16), NEW)
EXTENDED = replace(DEFERRED, legal_form="extension_contract")
END = date(2022, 8, 31)


def test_d1_a_deferral_agreement_replaces_the_maturity_from_its_signature() -> None:
    assert reported(DEFERRED, date(2022, 8, 15)).maturity_on == MATURITY
    found = reported(DEFERRED, date(2022, 8, 16))
    assert (found.maturity_on, found.extended_maturity_on, found.status) == (NEW, None, "LS01")


def test_d4_an_extension_fills_a_second_date_and_a_shorter_term_is_ls04() -> None:
    found = reported(EXTENDED, END)
    assert (found.maturity_on, found.extended_maturity_on, found.status) == (MATURITY, NEW, "LS02")
    shorter = replace(EXTENDED, new_maturity_on=date(2022, 9, 1))
    assert reported(shorter, END).status == "LS04"


def test_d2_first_overdue_then_extended_is_extended() -> None:
    late = replace(EXTENDED, overdue_from_on=date(2022, 8, 2), overdue_kind="01")
    assert reported(late, END).status == "LS02"


def test_d3_overdue_during_the_extension_until_cured() -> None:
    late = replace(EXTENDED, overdue_from_on=date(2022, 8, 20), overdue_kind="02")
    found = reported(late, END)
    assert (found.status, found.overdue_kind, found.past_due_days, found.rule) == ("LS03", "02", 12, "D3")
    assert reported(replace(late, cured_on=date(2022, 8, 31)), END).status == "LS02"
    assert reported(replace(late, cured_on=date(2022, 9, 1)), END).status == "LS03"


def test_d10_arrears_before_the_signature_are_what_the_agreement_re_dates() -> None:
    late = replace(DEFERRED, overdue_from_on=date(2022, 8, 10), overdue_kind="01")
    assert reported(late, END).status == "LS01"
    assert reported(late, date(2022, 8, 15)).status == "LS03"


def test_d12_older_arrears_outside_the_agreement_stay_overdue() -> None:
    late = replace(DEFERRED, overdue_from_on=date(2022, 8, 10), overdue_kind="01", covers_from_on=date(2022, 8, 9))
    assert reported(late, END).status == "LS01"
    found = reported(replace(late, covers_from_on=date(2022, 8, 10)), END)
    assert (found.status, found.maturity_on, found.rule) == ("LS03", NEW, "D12")


def test_an_overdue_receipt_without_relief() -> None:
    found = reported(replace(PLAIN, overdue_from_on=date(2022, 8, 21), overdue_kind="01"), END)
    assert (found.status, found.past_due_days, found.rule) == ("LS03", 11, "D12")


def test_days_past_due_are_kept_not_reset() -> None:
    assert past_due_kept_days(date(2020, 2, 10), date(2020, 3, 10)) == 29
    assert past_due_kept_days(date(2020, 3, 10), date(2020, 3, 10)) == 0
    assert past_due_kept_days(date(2020, 4, 10), date(2020, 3, 10)) == 0


def test_d5_and_d6_the_repricing_date() -> None:
    resets = (date(2022, 7, 1), date(2022, 10, 1), date(2023, 1, 1))
    assert repricing_on("RF01", PLAIN, NEW, resets, END) == NEW
    assert repricing_on("RF01", PLAIN, None, (), END) == MATURITY
    assert repricing_on("RF02", PLAIN, None, resets, END) == MATURITY
    assert repricing_on("RF02", PLAIN, NEW, resets, END) == date(2022, 10, 1)
    overdue = replace(PLAIN, overdue_from_on=date(2022, 8, 2))
    assert repricing_on("RF02", overdue, None, resets, END) == date(2022, 10, 1)
    assert repricing_on("RF02", PLAIN, None, (), END) == MATURITY
