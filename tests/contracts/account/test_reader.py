"""Reading terms: text, numbers, blanks, arrays, references, and what is refused."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from steadyrest.contracts.account import TermsError, read_terms
from steadyrest.contracts.account.reader import snake
from tests.contracts.account.made import LOAN, terms


def test_text_and_numbers_are_read_as_they_are_written() -> None:
    found = terms("PAM", nominalInterestRate=0.05, notionalPrincipal=" 5000 ", premiumDiscountAtIED="   0")
    assert found.nominal_interest_rate == Fraction(5, 100)
    assert found.notional_principal == 5000
    assert found.premium_discount_at_ied == 0
    assert found.initial_exchange_date == datetime(2022, 1, 1)


def test_blank_is_not_agreed_and_snake_case_is_known() -> None:
    assert terms("PAM", maturityDate="  ", lifeCap=None).maturity_date is None
    assert read_terms({"contract_type": "PAM", "contract_role": "RPL", "status_date": "2022-01-01"}).sign == -1


def test_a_single_value_is_an_array_of_one() -> None:
    one = terms("LAX", arrayNextPrincipalRedemptionPayment=20, arrayIncreaseDecrease="DEC")
    many = terms("LAX", arrayNextPrincipalRedemptionPayment=[20, "30"], arrayFixedVariable=["FIX", "V"])
    assert one.array_next_principal_redemption_payment == (Fraction(20),)
    assert many.array_next_principal_redemption_payment == (Fraction(20), Fraction(30))
    assert many.array_fixed_variable == ("F", "V")


def test_a_scaling_effect_may_be_spelled_with_the_letter_o() -> None:
    assert terms("LAM", scalingEffect="IOO").scaling_effect == "I00"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"notionalPrincipal": "ten"}, "notional_principal", "term_unreadable"),
        ({"nominalInterestRate": "NaN"}, "nominal_interest_rate", "term_unreadable"),
        ({"maturityDate": "2022-02-30"}, "maturity_date", "term_unreadable"),
        ({"cycleOfInterestPayment": "P0M"}, "cycle_of_interest_payment", "term_unreadable"),
        ({"dayCountConvention": "A/B"}, "day_count_convention", "term_value"),
        ({"contractRole": "XXX"}, "contract_role", "term_value"),
        ({"cyclePointOfInterestPayment": "B"}, "cycle_point_of_interest_payment", "term_value"),
        ({"notionalPrincipel": "10"}, "notional_principel", "term_unknown"),
        ({"statusDate": ""}, "status_date", "term_missing"),
    ],
)
def test_what_is_refused_names_its_field(given: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(TermsError) as caught:
        terms("PAM", **given)
    assert (caught.value.field, caught.value.code) == (field, f"contracts.{code}")
    assert field in caught.value.message("zh")


def test_terms_without_effect_are_kept() -> None:
    found = terms("PAM", seniority="S", fixingDays="P2D")
    assert found.other == {"seniority": "S", "fixing_days": "P2D"}
    assert read_terms(dict(LOAN) | {"contractType": "PAM", "bogus": 1}, strict=False).other == {"bogus": 1}


def test_references_are_contracts_names_or_market_objects() -> None:
    child = dict(LOAN) | {"contractType": "PAM"}
    given = [
        {"object": child, "referenceType": "CNT", "referenceRole": "COVE"},
        {"object": {"contractIdentifier": "other"}, "referenceType": "CID", "referenceRole": "COVE"},
        {"object": "PRICE", "referenceType": "MOC", "referenceRole": "UDL"},
    ]
    first, second, third = terms("CEG", contractRole="BUY", contractStructure=given).contract_structure
    assert first.contract is not None
    assert (first.contract_id, first.contract.notional_principal) == ("loan", Fraction(12000))
    assert (second.contract_id, second.contract) == ("other", None)
    assert (third.role, third.market_object_code) == ("UDL", "PRICE")


def test_names() -> None:
    assert snake("cycleAnchorDateOfPrincipalRedemption") == "cycle_anchor_date_of_principal_redemption"
