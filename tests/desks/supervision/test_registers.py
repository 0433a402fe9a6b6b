"""The credit-reporting view, its corrections, and change orders with their check against a later extract."""

from __future__ import annotations

from datetime import date

import pytest

from steadyrest.desks.supervision.credit import corrections, credit_view
from steadyrest.desks.supervision.orders import booked, change_orders
from tests.desks.supervision.tables import AGREEMENT, LOAN, ON, tables

LATE = {"loan_id": "J1", "due_on": date(2022, 6, 21), "principal_fen": 0, "interest_fen": 5}


@pytest.mark.parametrize(
    ("since", "status"),
    [(date(2022, 8, 30), "1"), (date(2022, 8, 1), "1"), (date(2022, 7, 31), "2"), (date(2022, 1, 1), "7")],
)
def test_the_status_follows_the_days(since: date, status: str) -> None:
    [row] = credit_view(tables(arrears=[LATE | {"due_on": since}]), ON).to_dicts()
    assert (row["repayment_status"], row["is_confirmed"], row["special_transaction"]) == (status, False, None)


def test_a_due_that_was_deferred_is_not_past_due_and_sent_months_are_corrected() -> None:
    part = tables(arrears=[LATE], agreement=[AGREEMENT])
    [row] = credit_view(part, ON).to_dicts()
    assert (row["repayment_status"], row["past_due_days"]) == ("N", 0)
    told = corrections(part, ON).select("month_on", "sent_days", "corrected_days").rows()
    assert told == [(date(2022, 6, 1), 9, 0), (date(2022, 7, 1), 40, 0)]
    assert corrections(tables(arrears=[LATE]), ON).height == 0


def test_an_extension_is_a_special_transaction() -> None:
    [row] = credit_view(tables(agreement=[AGREEMENT | {"legal_form": "extension_contract"}]), ON).to_dicts()
    assert (row["special_transaction"], row["transaction_on"]) == ("1", date(2022, 8, 16))


def test_a_change_order_and_what_the_next_extract_shows() -> None:
    order = change_orders(tables(agreement=[AGREEMENT]), ON)
    assert order.select("changed_field", "before_value", "after_value").rows() == [
        ("dues", "2022-06-01..2022-09-15", "2022-12-15"),
        ("maturity_on", "2022-09-15", "2022-12-15"),
    ]
    plan = {"loan_id": "J1", "due_on": date(2022, 12, 15)}
    for maturity, due, states in (
        (date(2022, 12, 15), plan["due_on"], ["as_agreed", "as_agreed"]),
        (date(2022, 9, 15), date(2022, 9, 15), ["not_booked", "not_booked"]),
        (date(2022, 11, 15), plan["due_on"], ["as_agreed", "differently"]),
    ):
        later = tables(loan=[LOAN | {"maturity_on": maturity}], core_plan=[plan | {"due_on": due}])
        assert booked(order, later)["booking_state"].cast(str).to_list() == states
    assert booked(order, tables(loan=[LOAN | {"loan_id": "J9"}]))["booking_state"].cast(str).to_list() == ["gone"] * 2
    assert booked(order, tables())["booking_state"].cast(str).to_list() == [None, "not_booked"]


def test_what_is_booked_or_not_signed_is_no_order() -> None:
    for change in ({"booked_on": ON}, {"signed_on": None}, {"broken_on": ON}):
        assert change_orders(tables(agreement=[AGREEMENT | change]), ON).height == 0
