"""Identity numbers: the check character of the unified social credit code (GB 32100-2015) and of the resident
identity number (GB 11643-1999), and identifiers that a spreadsheet has turned into numbers.

>>> credit_codes_valid(pl.Series(["91110000600037341L", "92330106H11GDA0D83", "9133"])).to_list()
[True, False, False]
>>> resident_numbers_valid(pl.Series(["11010519491231002X", "110105194912310021"])).to_list()
[True, False]
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.exchange.kernels import weighted_sums
from steadyrest.exchange.keys import text_buffers

_CREDIT_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = np.array([pow(3, k, 31) for k in range(17)], np.int64)
_RESIDENT_WEIGHTS: Final = np.array([pow(2, 17 - k, 11) for k in range(17)], np.int64)
_RESIDENT_CHECKS: Final = "10X98765432"


def credit_codes_valid(codes: pl.Series) -> pl.Series:
    """Which codes are 18 letters of the alphabet with the right check character; null stays null."""
    values = _values(_CREDIT_LETTERS)
    return _checked(codes, values, _CREDIT_WEIGHTS, lambda sums: (31 - sums % 31) % 31, values)


def resident_numbers_valid(numbers: pl.Series) -> pl.Series:
    """Which numbers are 17 digits with the right check character; null stays null."""
    last = _values("0123456789X")
    order = np.array([last[ord(letter)] for letter in _RESIDENT_CHECKS])
    return _checked(numbers, _values("0123456789"), _RESIDENT_WEIGHTS, lambda sums: order[sums % 11], last)


def _values(letters: str) -> Any:
    table = np.full(256, -1, np.int64)
    table[np.frombuffer(letters.encode(), np.uint8)] = np.arange(len(letters))
    return table


def _checked(texts: pl.Series, values: Any, weights: Any, expected: Any, last: Any) -> pl.Series:
    has_length = (texts.str.len_bytes() == 18).fill_null(False)
    whole = texts.filter(has_length)
    out = np.zeros(len(texts), np.bool_)
    if len(whole):
        data, offsets = text_buffers(whole)
        letters = data[offsets[0] : offsets[-1]].reshape(-1, 18)
        sums = np.empty(len(whole), np.int64)
        weighted_sums(letters, values, weights, sums)
        out[has_length.to_numpy()] = (sums >= 0) & (last[letters[:, 17]] == expected(np.maximum(sums, 0)))
    result = pl.Series(texts.name, out)
    return result.set(texts.is_null(), None)


def damaged(identifier: pl.Expr) -> pl.Expr:
    """Identifiers that went through a spreadsheet as numbers: `9.1E+17`, or nothing but zeros after 15 digits.

    The second is told from 18 digits on: three or more zeros in the places that a spreadsheet cannot hold. A resident
    number with a right check character keeps its zeros (see `convert`).
    """
    scientific = identifier.str.contains(r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$")
    return scientific | (identifier.str.ends_with("000") & identifier.str.contains(r"^[1-9][0-9]{14}0{3,}$"))
