"""Check digits against published values and an independent scalar reading of the standards."""

from __future__ import annotations

import numpy as np
import pytest

from steadyrest.synth.identity import _credit_check, _organisation_check, resident_numbers, social_credit_codes

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def letters(text: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer(text.encode(), np.uint8)[None, :]


@pytest.mark.parametrize("code", ["91110000600037341L", "92330106H91GDA0D83", "92330106HG181B9C2N"])
def test_credit_codes_of_the_standard_check(code: str) -> None:
    assert chr(_credit_check(letters(code[:17]))[0]) == code[17]


@pytest.mark.parametrize("code", ["91110000600037341L", "92330106H91GDA0D83"])
def test_the_organisation_code_inside_checks(code: str) -> None:
    assert chr(_organisation_check(letters(code[8:16]))[0]) == code[16]


def test_written_credit_codes_check_and_differ() -> None:
    serials = np.arange(5000)
    codes = social_credit_codes(serials, np.full(5000, 91), np.full(5000, 330106)).to_list()
    assert len(set(codes)) == 5000
    for code in codes:
        total = sum(_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
        assert code[17] == _ALPHABET[(31 - total % 31) % 31]
        assert code[8:10] == "XX"


def test_written_resident_numbers_check_and_differ() -> None:
    serials = np.arange(0, 14_600_000, 3001)
    numbers = resident_numbers(serials, np.full(serials.size, 110105)).to_list()
    assert len(set(numbers)) == serials.size
    for number in numbers:
        total = sum(int(digit) * (pow(2, 17 - place) % 11) for place, digit in enumerate(number[:17]))
        assert (total + (10 if number[17] == "X" else int(number[17]))) % 11 == 1


def test_a_published_resident_number_checks() -> None:
    # The example printed in GB 11643-1999.
    total = sum(int(digit) * (pow(2, 17 - place) % 11) for place, digit in enumerate("11010519491231002"))
    assert (12 - total % 11) % 11 == 10
