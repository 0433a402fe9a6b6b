"""At the edges of amounts, rates and days nothing overflows, and what is beyond them has a status."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyrest.contracts import FAULTS, STATUS, level_instalment, resolve, totals
from steadyrest.contracts.kernels import layout, money
from steadyrest.contracts.kernels.civil import FIRST_DAY, LAST_DAY
from steadyrest.errors import UsageError
from steadyrest.text import label
from steadyrest.units import Rounding, round_fraction
from tests.contracts.cases import QUOTES, Case, Terms, by_engine, by_twin, frames
from tests.reference.contract_twin import round_to_fen

RULES = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.UP, Rounding.DOWN)
NAMES = ("half_up", "half_even", "up", "down")
MAX_FACTOR = layout.RATE_LIMIT * (LAST_DAY - FIRST_DAY)
PLAIN: Terms = {
    "original_principal_fen": 1_000_000,
    "drawn_on": date(2022, 1, 20),
    "maturity_on": date(2023, 1, 20),
    "amortisation": "level",
    "interest_cycle_months": 1,
    "rate_type": "RF01",
    "nominal_rate_e7": 435_000,
}
LARGEST = 2**63 - 1


@given(
    st.integers(0, layout.AMOUNT_LIMIT),
    st.integers(0, MAX_FACTOR) | st.integers(MAX_FACTOR - 1000, MAX_FACTOR),
    st.sampled_from([360, 365]),
)
@settings(max_examples=400)
def test_interest_is_exact_at_every_size(balance: int, factor: int, basis: int) -> None:
    divisor = basis * layout.RATE_ONE
    assert money.simple_interest(balance, factor, divisor) == divmod(balance * factor, divisor)


@given(st.integers(0, 10**15), st.integers(1, 10**10), st.integers(0, 3), st.data())
@settings(max_examples=200)
def test_rounding_rules(whole: int, divisor: int, rule: int, data: st.DataObject) -> None:
    rest = data.draw(st.integers(0, divisor - 1) | st.sampled_from([0, divisor // 2, (divisor - 1) // 2]))
    exact = whole + Fraction(rest, divisor)
    assert (
        money.rounded(whole, rest, divisor, rule)
        == round_to_fen(exact, NAMES[rule])
        == round_fraction(exact, RULES[rule])
    )


@given(st.integers(0, 3 * 10**18), st.integers(1, layout.MAX_PERIODS))
def test_parts_differ_by_a_fen_and_add_up(total: int, parts: int) -> None:
    shares = [money.share_of(total, part, parts) for part in range(parts)]
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@given(st.integers(1, 10**15), st.integers(1, layout.RATE_LIMIT), st.integers(1, 360), st.integers(0, 3))
@settings(max_examples=200)
def test_an_instalment_is_exact_or_says_that_it_lies_near_a_tie(
    balance: int, rate_e7: int, periods: int, rule: int
) -> None:
    estimate, is_near = money.level_instalment(balance, rate_e7, 1, periods, rule)
    assert is_near or estimate == level_instalment(balance, rate_e7, periods, rounding=RULES[rule])


@pytest.mark.parametrize("rounding", NAMES)
@pytest.mark.parametrize("method", ["level", "even_principal", "bullet"])
@pytest.mark.parametrize("day_count", ["A360", "A365F", "30E360", "30E360ISDA", "AA", "M12D360"])
def test_the_largest_loan_at_the_highest_rate(method: str, day_count: str, rounding: str) -> None:
    terms = PLAIN | {
        "original_principal_fen": layout.AMOUNT_LIMIT,
        "nominal_rate_e7": layout.RATE_LIMIT,
        "maturity_on": date(2062, 1, 20),
        "interest_cycle_months": 12,
        "amortisation": method,
        "day_count": day_count,
        "rounding": rounding,
        "instalment_rounding": rounding,
    }
    park = {
        "shape": "park",
        "from_on": date(2030, 1, 20),
        "to_on": date(2040, 1, 20),
        "new_due_on": date(2061, 5, 5),
        "interest_treatment": "spread",
        "spread_periods": 20,
    }
    for case in (Case(terms), Case(terms, [park])):
        assert by_engine([case])[0] == by_twin(case)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"original_principal_fen": None}, "missing"),
        ({"amortisation": "custom"}, "missing"),
        ({"maturity_on": date(2022, 1, 20)}, "bad_dates"),
        ({"maturity_on": date(2200, 1, 1)}, "bad_dates"),
        ({"drawn_on": date(1900, 1, 31)}, "bad_dates"),
        ({"first_due_on": date(2022, 1, 20)}, "bad_first_due"),
        ({"interest_cycle_months": LARGEST}, "bad_cycle"),
        ({"repayment_cycle_months": 2}, "bad_cycle"),
        ({"interest_cycle_months": 5, "interest_day": 20}, "bad_cycle"),
        ({"interest_day": 32}, "bad_interest_day"),
        ({"balloon_fen": 1_000_000}, "bad_amount"),
        ({"original_principal_fen": layout.AMOUNT_LIMIT + 1}, "over_limit"),
        ({"original_principal_fen": LARGEST}, "over_limit"),
        ({"nominal_rate_e7": layout.RATE_LIMIT + 1}, "bad_rate"),
        ({"nominal_rate_e7": -1}, "bad_rate"),
        ({"rate_type": "RF02", "benchmark": "LPR1Y", "spread_bp": LARGEST, "reset_cycle_months": 12}, "bad_rate"),
        ({"rate_type": "RF02", "benchmark": "LPR1Y", "spread_bp": 0, "reset_cycle_months": 0}, "bad_rate"),
        ({"interest_only_periods": 12}, "bad_prefix"),
        ({"interest_only_periods": LARGEST, "holiday_periods": LARGEST}, "bad_prefix"),
        ({"maturity_on": date(2110, 1, 20)}, "too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_every_fault_of_terms_has_its_status(changed: dict[str, Any], status: str) -> None:
    assert by_engine([Case(PLAIN | changed)]) == [status]


@pytest.mark.parametrize(
    "event",
    [
        {"shape": "forgiveness"},
        {"shape": "park", "from_on": date(2022, 5, 20)},
        {"shape": "park", "from_on": date(2022, 5, 20), "to_on": date(2022, 5, 19), "new_due_on": date(2022, 9, 1)},
        {"shape": "park", "from_on": date(2022, 5, 20), "to_on": date(2022, 5, 20), "spread_periods": LARGEST},
        {"shape": "park", "from_on": date(2022, 5, 20), "to_on": date(2022, 5, 20), "new_due_on": date(2200, 1, 1)},
        {"shape": "shift", "from_on": date(2022, 5, 20), "shift_months": 0},
        {"shape": "shift", "from_on": date(2022, 5, 20), "shift_months": LARGEST},
        {"shape": "extension", "new_due_on": date(2023, 1, 20)},
        {"shape": "extension", "new_due_on": None},
    ],
    ids=str,
)
def test_an_agreement_that_cannot_be_carried_out(event: dict[str, Any]) -> None:
    assert by_engine([Case(PLAIN, [event])]) == ["bad_event"]


def test_shifts_beyond_the_last_year() -> None:
    shift = {"shape": "shift", "from_on": date(2022, 1, 20), "shift_months": 1200, "deferred_part": "principal"}
    assert by_engine([Case(PLAIN | {"interest_cycle_months": 12}, [shift] * 2)]) == ["too_long"]


@pytest.mark.parametrize("book", [-1, -(2**62), layout.AMOUNT_LIMIT + 1, LARGEST])
def test_a_balance_outside_its_limits_is_no_balance(book: int) -> None:
    assert by_engine([Case(PLAIN)], [book], date(2022, 6, 30)) == ["bad_book"]


def test_a_balance_after_the_last_due_day() -> None:
    day = date(2023, 1, 21)
    assert by_engine([Case(PLAIN)] * 2, [1, 0], day) == ["past_maturity", []]


def test_totals_that_could_overflow_are_refused() -> None:
    terms, events = frames([Case(PLAIN | {"original_principal_fen": layout.AMOUNT_LIMIT})] * 1200)
    with pytest.raises(UsageError, match=r"contracts\.totals_over_limit"):
        totals(resolve(terms, events, quotes=QUOTES))


def test_every_status_has_a_code_of_its_own_and_sentences() -> None:
    assert len(STATUS) == len(FAULTS) + 1 == layout.NEAR_TIE
    assert len({fault.code for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        for part in ("what", "todo"):
            text = label(f"finding.{fault.code}.{part}")
            assert text.zh
            assert text.en
