"""Check characters of identity numbers, by the standards' own arithmetic."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.exchange.identity import credit_codes_valid, damaged, resident_numbers_valid
from tests.shared_data import shared


def resident(first: str) -> str:
    """A resident number from its first 17 digits, by the table of weights of GB 11643-1999."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11]


def test_known_credit_codes() -> None:
    known = pl.read_csv(shared("facts/reference/uscc_test_values.csv"), infer_schema=False)
    expected = [said == "True" for said in known["valid_by_stdnum"]]
    assert credit_codes_valid(known["code"]).to_list() == expected


def test_null_and_foreign_letters() -> None:
    odd = pl.Series([None, "", "I1110000600037341L", "号1110000600037341L", "91110000600037341l"])
    assert credit_codes_valid(odd).to_list() == [None, False, False, False, False]


@given(st.lists(st.integers(10**16, 10**17 - 1), min_size=1, max_size=20))
def test_resident_numbers(numbers: list[int]) -> None:
    right = [resident(str(number)) for number in numbers]
    wrong = [number[:-1] + ("1" if number[-1] != "1" else "2") for number in right]
    assert all(resident_numbers_valid(pl.Series(right)))
    assert not any(resident_numbers_valid(pl.Series(wrong)))


def test_what_a_spreadsheet_does_to_identifiers() -> None:
    cells = ["9.1E+17", "9E17", "123456789012345000", "123456789012345678", "1234567890123450", "J000", None, "1E2X"]
    found = pl.DataFrame({"x": cells}).select(damaged(pl.col("x")))["x"]
    assert found.to_list() == [True, True, True, False, False, False, None, False]
