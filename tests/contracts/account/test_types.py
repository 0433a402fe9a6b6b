"""Each contract type, by hand."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest

from steadyrest.contracts.account import Exact, Kind, Real, TermsError, resolve, run, state_on
from steadyrest.contracts.account.moments import day_of
from tests.contracts.account.made import LOAN, amortising, exact, observed, paid, real, rows, series, terms


def test_bullet_with_discount() -> None:
    loan = terms("PAM", maturityDate="2022-07-01", cycleOfInterestPayment="P3ML1", premiumDiscountAtIED="-200")
    assert rows(exact(loan)) == [
        ("2022-01-01", "IED", -1_180_000),
        ("2022-04-01", "IP", 36_000),
        ("2022-07-01", "IP", 36_000),
        ("2022-07-01", "MD", 1_200_000),
    ]


def test_the_role_turns_every_sign() -> None:
    asset, debt = (terms("PAM", maturityDate="2022-07-01", contractRole=role) for role in ("RPA", "RPL"))
    assert [event.payoff for event in exact(asset)] == [-event.payoff for event in exact(debt)]


def test_interest_joins_the_principal_until_the_end_of_capitalisation() -> None:
    loan = terms("PAM", maturityDate="2022-04-01", cycleOfInterestPayment="P1ML1", capitalizationEndDate="2022-02-15")
    found = exact(loan)
    assert [event.kind for event in found[:4]] == [Kind.IED, Kind.IPCI, Kind.IPCI, Kind.IP]
    assert found[2].time == datetime(2022, 2, 15)
    # 12,120.00 runs half a month at 1 % a month.
    assert [event.notional for event in found[1:3]] == [1_212_000, 1_217_656]


def test_shift_then_calculate_or_calculate_then_shift() -> None:
    given = {"maturityDate": "2022-06-01", "cycleOfInterestPayment": "P1ML1", "calendar": "MF"}
    given |= {"cycleAnchorDateOfInterestPayment": "2022-05-01", "dayCountConvention": "A360"}
    after = rows(exact(terms("PAM", businessDayConvention="SCF", **given)))
    before = rows(exact(terms("PAM", businessDayConvention="CSF", **given)))
    assert [after[1], before[1]] == [("2022-05-02", "IP", 48_400), ("2022-05-02", "IP", 48_000)]
    assert [sum(row[2] for row in found[1:3]) for found in (after, before)] == [60_400, 60_400]


def test_linear_parts_end_where_the_payment_has_repaid_all() -> None:
    loan = amortising("LAM", nextPrincipalRedemptionPayment="5000")
    assert resolve(loan).maturity == datetime(2022, 4, 1)
    assert paid(exact(loan), Kind.PR, Kind.MD) == [500_000, 500_000, 200_000]
    assert paid(exact(loan), Kind.IP) == [12_000, 7_000, 2_000]


def test_linear_parts_without_an_amount_are_equal_and_the_last_clears() -> None:
    found = exact(amortising("LAM", maturityDate="2022-08-01", notionalPrincipal="100"))
    assert paid(found, Kind.PR, Kind.MD) == [1_429] * 6 + [1_426]


def test_a_lagging_interest_base() -> None:
    loan = amortising(
        "LAM",
        maturityDate="2022-06-01",
        nextPrincipalRedemptionPayment="3000",
        interestCalculationBase="NTL",
        interestCalculationBaseAmount="12000",
        cycleAnchorDateOfInterestCalculationBase="2022-03-01",
        cycleOfInterestCalculationBase="P2ML1",
    )
    assert paid(exact(loan), Kind.IP) == [12_000, 12_000, 6_000, 6_000, 0]


def test_negative_amortisation_adds_to_the_principal() -> None:
    found = exact(amortising("NAM", maturityDate="2022-04-01", nextPrincipalRedemptionPayment="100"))
    assert paid(found, Kind.PR, Kind.MD) == [-2_000, -2_020, 1_204_020]
    assert paid(found, Kind.IP) == [12_000, 12_020, 12_040]


def test_a_payment_below_its_interest_needs_a_maturity() -> None:
    with pytest.raises(TermsError) as caught:
        resolve(amortising("NAM", nextPrincipalRedemptionPayment="100"))
    assert caught.value.field == "next_principal_redemption_payment"


def test_level_payments_are_level_and_the_last_clears() -> None:
    found = exact(amortising("ANN", maturityDate="2023-01-01"))
    dues = {event.time: 0 for event in found if event.kind in (Kind.PR, Kind.MD)}
    for event in found:
        if event.time in dues:
            dues[event.time] += int(event.payoff)
    *level, last = dues.values()
    assert set(level) == {106_619}
    assert abs(last - 106_619) <= 12
    assert found[-1].notional == 0
    assert sum(paid(found, Kind.PR, Kind.MD)) == 1_200_000


def test_a_later_amortisation_date_leaves_a_balloon() -> None:
    short = exact(amortising("ANN", maturityDate="2022-07-01", amortizationDate="2023-01-01"))
    whole = exact(amortising("ANN", maturityDate="2023-01-01"))
    assert paid(short, Kind.PR) == paid(whole, Kind.PR)[:5]
    assert paid(short, Kind.MD)[0] > 600_000


def test_a_reset_fixes_the_level_payment_again() -> None:
    loan = amortising(
        "ANN",
        maturityDate="2023-01-01",
        cycleAnchorDateOfRateReset="2022-07-01",
        marketObjectCodeOfRateReset="LPR",
        rateSpread="0.01",
    )
    found = exact(resolve(loan, series(LPR={"2022-06-20": "0.0365"})))
    reset = next(event for event in found if event.kind is Kind.RR)
    assert (reset.rate, reset.payoff) == (465_000, 0)
    later = [event for event in found if event.time > datetime(2022, 7, 1)]
    assert len({float(event.payoff) for event in later if event.kind is Kind.PR}) == 5
    assert found[-1].notional == 0


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({}, 0.05),
        ({"rateMultiplier": "1.5"}, 0.065),
        ({"lifeFloor": "0.06"}, 0.06),
        ({"lifeCap": "0.04"}, 0.04),
        ({"periodFloor": "0.02"}, 0.10),
        ({"periodFloor": "-0.02"}, 0.10),
        ({"periodCap": "0.01", "marketObjectCodeOfRateReset": "HIGH"}, 0.13),
        ({"nextResetRate": "0.07"}, 0.07),
    ],
)
def test_resets_with_caps_and_floors(given: dict[str, str], rate: float) -> None:
    usual = {"maturityDate": "2023-01-01", "cycleAnchorDateOfRateReset": "2022-07-01", "rateSpread": "0.02"}
    loan = terms("PAM", **(usual | {"marketObjectCodeOfRateReset": "LPR"} | given))
    found = real(resolve(loan, series(LPR={"2022-01-01": "0.03"}, HIGH={"2022-01-01": "0.5"})))
    assert [round(float(event.rate), 12) for event in found if event.kind in (Kind.RR, Kind.RRF)] == [rate]


def test_a_reset_without_an_observation_is_refused() -> None:
    given = {"cycleAnchorDateOfRateReset": "2022-07-01", "marketObjectCodeOfRateReset": "LPR"}
    loan = terms("PAM", maturityDate="2023-01-01", **given)
    with pytest.raises(TermsError, match="no value on or before 2022-07-01"):
        resolve(loan, series(LPR={"2022-08-01": "0.03"}))


def test_scaling_of_interest_and_principal() -> None:
    loan = amortising(
        "LAM",
        maturityDate="2022-04-01",
        nextPrincipalRedemptionPayment="4000",
        scalingEffect="IN0",
        marketObjectCodeOfScalingIndex="CPI",
        scalingIndexAtContractDealDate="100",
        cycleAnchorDateOfScalingIndex="2022-02-15",
    )
    found = exact(resolve(loan, series(CPI={"2022-02-01": "150"})))
    assert paid(found, Kind.PR, Kind.MD) == [400_000, 600_000, 600_000]
    assert paid(found, Kind.IP) == [12_000, 12_000, 6_000]


def test_fees_by_amount_and_on_the_notional() -> None:
    given = {"maturityDate": "2022-07-01", "cycleOfFee": "P3ML1", "cycleAnchorDateOfFee": "2022-04-01"}
    by_amount = exact(terms("PAM", feeBasis="A", feeRate="25", **given))
    by_rate = exact(terms("PAM", feeBasis="N", feeRate="0.01", **given))
    assert paid(by_amount, Kind.FP) == [2_500, 2_500]
    assert paid(by_rate, Kind.FP) == [3_000, 3_000]


def test_a_buyer_pays_the_accrued_interest_and_sees_nothing_before() -> None:
    given = {"cycleOfInterestPayment": "P1ML1", "purchaseDate": "2022-02-16", "priceAtPurchaseDate": "11900"}
    loan = terms("PAM", maturityDate="2022-04-01", **given)
    assert rows(exact(loan))[:2] == [("2022-02-16", "PRD", -1_196_000), ("2022-03-01", "IP", 12_000)]


def test_a_termination_is_the_end() -> None:
    given = {"cycleOfInterestPayment": "P1ML1", "terminationDate": "2022-02-16", "priceAtTerminationDate": "11900"}
    found = exact(terms("PAM", maturityDate="2022-04-01", **given))
    assert rows(found)[-1] == ("2022-02-16", "TD", 1_196_000)
    assert found[-1].notional == 0


def test_a_status_date_inside_the_contract() -> None:
    given = {"statusDate": "2022-02-16", "maturityDate": "2022-04-01", "cycleOfInterestPayment": "P1ML1"}
    assert rows(exact(terms("PAM", **given)))[0] == ("2022-03-01", "IP", 12_000)
    assert rows(exact(terms("PAM", accruedInterest="10", **given)))[0] == ("2022-03-01", "IP", 7_000)


def test_a_plan_of_segments() -> None:
    loan = terms(
        "LAX",
        arrayCycleAnchorDateOfPrincipalRedemption=["2022-02-01", "2022-04-01"],
        arrayCycleOfPrincipalRedemption=["P1ML1", "P1ML1"],
        arrayNextPrincipalRedemptionPayment=["1000", "7000"],
        arrayIncreaseDecrease=["INC", "DEC"],
        arrayCycleAnchorDateOfInterestPayment="2022-02-01",
        arrayCycleOfInterestPayment="P1ML1",
        arrayCycleAnchorDateOfRateReset=["2022-03-01", "2022-04-01"],
        arrayRate=["0.06", "0.01"],
        arrayFixedVariable=["F", "V"],
        marketObjectCodeOfRateReset="LPR",
    )
    found = exact(resolve(loan, series(LPR={"2022-01-01": "0.035"})))
    assert rows(event for event in found if event.kind in (Kind.PI, Kind.PR, Kind.MD)) == [
        ("2022-02-01", "PI", -100_000),
        ("2022-03-01", "PI", -100_000),
        ("2022-04-01", "PR", 700_000),
        ("2022-05-01", "MD", 700_000),
    ]
    assert [event.rate for event in found if event.kind in (Kind.RR, Kind.RRF)] == [600_000, 450_000]


def test_arrays_of_a_plan_have_one_length() -> None:
    loan = terms(
        "LAX",
        arrayCycleAnchorDateOfPrincipalRedemption=["2022-02-01", "2022-04-01"],
        arrayNextPrincipalRedemptionPayment=["1000"],
        arrayIncreaseDecrease=["INC", "DEC"],
    )
    with pytest.raises(TermsError, match="1 entries, 2 are needed"):
        resolve(loan)


def test_call_money_ends_after_its_notice() -> None:
    loan = terms("CLM", cycleOfInterestPayment="P1ML1", xDayNotice="P15D")
    calls = (observed("2022-02-16", "XD"),)
    found = exact(resolve(loan, observed=calls, horizon=datetime(2023, 1, 1)))
    assert rows(found)[-4:] == [
        ("2022-02-16", "XD", 0),
        ("2022-03-01", "IPCI", 0),
        ("2022-03-03", "IP", 816),
        ("2022-03-03", "STD", 1_224_120),
    ]


def test_call_money_without_an_end_needs_a_horizon() -> None:
    with pytest.raises(TermsError) as caught:
        resolve(terms("CLM", cycleOfInterestPayment="P1ML1"))
    assert caught.value.field == "maturity_date"


def test_undefined_maturity_moves_as_observed() -> None:
    moves = (observed("2022-01-16", "PD", "6000"), observed("2022-02-16", "PR", "1000"))
    loan = terms("UMP", cycleOfInterestPayment="P1ML1", cycleAnchorDateOfInterestPayment="2022-02-01")
    found = exact(resolve(loan, observed=moves, horizon=datetime(2022, 3, 1)))
    assert rows(found) == [
        ("2022-01-01", "IED", -1_200_000),
        ("2022-01-16", "PD", -600_000),
        ("2022-02-01", "IPCI", 0),
        ("2022-02-16", "PR", 100_000),
    ]
    assert found[2].notional == 1_815_000


@pytest.mark.parametrize(("effect", "last"), [("A", "2023-01-01"), ("M", "2022-08-01")])
def test_early_repayment_lowers_the_payment_or_the_term(effect: str, last: str) -> None:
    loan = amortising("ANN", maturityDate="2023-01-01", prepaymentEffect=effect, penaltyType="R", penaltyRate="0.01")
    found = exact(resolve(loan, observed=(observed("2022-02-01", "PP", "5000"),)))
    assert found[-1].time == datetime.fromisoformat(last)
    assert found[-1].notional == 0
    assert paid(found, Kind.PY) == [pytest.approx(11_053, abs=1)]
    assert sum(paid(found, Kind.PR, Kind.PP, Kind.MD)) == 1_200_000


def test_without_the_right_to_prepay_there_is_no_prepayment() -> None:
    loan = terms("PAM", maturityDate="2022-07-01")
    found = exact(resolve(loan, observed=(observed("2022-02-01", "PP", "5000"),)))
    assert paid(found, Kind.PP) == []


COVERED = {
    "object": dict(LOAN) | {"contractType": "PAM", "maturityDate": "2022-07-01", "cycleOfInterestPayment": "P3ML1"},
    "referenceType": "CNT",
    "referenceRole": "COVE",
}
GUARANTEE = {
    "contractRole": "BUY",
    "contractID": "guarantee",
    "initialExchangeDate": None,
    "notionalPrincipal": None,
    "nominalInterestRate": None,
    "contractStructure": [COVERED],
    "coverageOfCreditEnhancement": "0.5",
}


@pytest.mark.parametrize(("exposure", "amount"), [("NO", 600_000), ("NI", 603_000), ("MV", 600_000)])
def test_a_claim_on_a_guarantee(exposure: str, amount: int) -> None:
    default = observed("2022-04-16", "CE", contract_id="loan", performance="DF")
    contract = terms("CEG", **(GUARANTEE | {"guaranteedExposure": exposure, "settlementPeriod": "P5D"}))
    found = exact(resolve(contract, observed=(default,)))
    assert rows(found) == [("2022-04-16", "XD", 0), ("2022-04-21", "STD", amount)]
    assert found[0].exercise_amount == amount
    assert found[1].exercise_time == datetime(2022, 4, 16)


def test_a_guarantee_by_market_value_takes_the_quote() -> None:
    quoted = COVERED | {
        "object": dict(LOAN) | {"contractType": "PAM", "maturityDate": "2022-07-01", "marketObjectCode": "Q"}
    }
    contract = terms("CEG", **(GUARANTEE | {"guaranteedExposure": "MV", "contractStructure": [quoted]}))
    default = observed("2022-04-16", "CE", contract_id="loan", performance="DF")
    found = exact(resolve(contract, series(Q={"2022-04-01": "11000"}), (default,)))
    assert found[-1].payoff == 550_000


def test_a_guarantee_lapses_with_what_it_covers() -> None:
    delayed = observed("2022-04-16", "CE", contract_id="loan", performance="DQ")
    fee = {"feeRate": "100", "cycleOfFee": "P3ML1", "cycleAnchorDateOfFee": "2022-01-01"}
    found = exact(resolve(terms("CEG", **(GUARANTEE | fee)), observed=(delayed,)))
    assert rows(found) == [
        ("2022-01-01", "FP", 10_000),
        ("2022-04-01", "FP", 10_000),
        ("2022-07-01", "FP", 10_000),
        ("2022-07-01", "MD", 0),
    ]


def test_credit_events_show_in_the_state() -> None:
    loan = resolve(terms("PAM", maturityDate="2022-07-01"), observed=(observed("2022-03-01", "CE", performance="DQ"),))
    assert state_on(loan, day_of(datetime(2022, 2, 28)), Exact()).performance == "PF"
    assert state_on(loan, day_of(datetime(2022, 3, 1)), Exact()).performance == "DQ"


def test_a_type_without_an_engine_is_refused() -> None:
    with pytest.raises(TermsError, match="has no engine"):
        resolve(terms("SWAPS"))


def test_both_arithmetics_walk_the_same_operations() -> None:
    contract = resolve(amortising("ANN", maturityDate="2032-01-01", dayCountConvention="A365"))
    pairs = list(zip(run(contract, Exact()), run(contract, Real()), strict=True))
    for number, (fen, yuan) in enumerate(pairs, 1):
        assert (fen.time, fen.kind) == (yuan.time, yuan.kind)
        assert abs(float(fen.notional) - 100 * float(yuan.notional)) <= 0.5 * number
        assert abs(float(fen.payoff) - 100 * float(yuan.payoff)) <= 0.5 * number
    assert Fraction(pairs[0][0].notional) == 1_200_000
