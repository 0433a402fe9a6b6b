"""Identifiers with right check digits: the unified social credit code and the resident identity number.

An organisation code of this module starts with `XX`, which no registrar issues: no code is that of a real firm.

>>> social_credit_codes(np.array([0]), np.array([91]), np.array([330106])).to_list()
['91330106XX00000005']
>>> resident_numbers(np.array([0]), np.array([110105])).to_list()
['110105196001010009']
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from steadyrest.synth.draw import Ints

Letters = np.ndarray[Any, np.dtype[np.uint8]]

_ALPHABET: Final = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)  # GB 32100: no I, O, S, V, Z
_PLAIN: Final = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)  # GB 11714
_ORGANISATION_WEIGHTS: Final = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_CREDIT_WEIGHTS: Final = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_RESIDENT_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_RESIDENT_CHECK: Final = np.frombuffer(b"10X98765432", np.uint8)
_BIRTHDAYS: Final = 14_600  # forty years from 1960-01-01 on


def texts(letters: Letters) -> pl.Series:
    """Rows of ASCII letters, all of one length, as text."""
    rows, width = letters.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int64)
    data = pa.py_buffer(np.ascontiguousarray(letters).tobytes())
    series = pl.from_arrow(pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets.tobytes()), data))
    assert isinstance(series, pl.Series)
    return series


def digits(values: Ints, width: int, base: int = 10) -> Letters:
    """Numbers as rows of digits with leading zeros; a base above 10 uses the alphabet of credit codes."""
    out = np.empty((values.size, width), np.uint8)
    left = np.asarray(values, np.int64).copy()
    for place in range(width - 1, -1, -1):
        out[:, place] = _ALPHABET[left % base]
        left //= base
    return out


def numbered(prefix: str, values: Ints, width: int) -> pl.Series:
    """A prefix and a number with leading zeros, as text."""
    head = np.broadcast_to(np.frombuffer(prefix.encode(), np.uint8), (values.size, len(prefix)))
    return texts(np.hstack([head, digits(values, width)]))


def social_credit_codes(serials: Ints, kinds: Ints, regions: Ints) -> pl.Series:
    """18 characters by GB 32100: kind (91 firm, 92 individual business, 52 association), region, organisation, check.

    Serials below 31^6 give different codes.
    """
    head = np.hstack([digits(kinds, 2), digits(regions, 6)])
    mark = np.full((serials.size, 2), ord("X"), np.uint8)
    organisation = np.hstack([mark, digits(serials, 6, base=_ALPHABET.size)])
    body = np.hstack([head, organisation, _organisation_check(organisation)[:, None]])
    return texts(np.hstack([body, _credit_check(body)[:, None]]))


def _organisation_check(letters: Letters) -> Letters:
    rest = 11 - _values(letters, _PLAIN) @ _ORGANISATION_WEIGHTS % 11
    return np.where(rest == 10, ord("X"), ord("0") + rest % 11).astype(np.uint8)


def _credit_check(letters: Letters) -> Letters:
    checked: Letters = _ALPHABET[-(_values(letters, _ALPHABET) @ _CREDIT_WEIGHTS) % 31]
    return checked


def resident_numbers(serials: Ints, regions: Ints) -> pl.Series:
    """18 characters by GB 11643: region, birthday, sequence, check. Serials below 14,600,000 give different numbers."""
    birthday = np.datetime64("1960-01-01", "D") + serials % _BIRTHDAYS
    month = birthday.astype("M8[M]")
    year = month.astype("M8[Y]")
    day = (birthday - month.astype("M8[D]")).astype(np.int64) + 1
    ymd = (year.astype(np.int64) + 1970) * 10_000 + ((month - year.astype("M8[M]")).astype(np.int64) + 1) * 100 + day
    body = np.hstack([digits(regions, 6), digits(ymd, 8), digits(serials // _BIRTHDAYS, 3)])
    check = _RESIDENT_CHECK[(body.astype(np.int64) - ord("0")) @ _RESIDENT_WEIGHTS % 11]
    return texts(np.hstack([body, check[:, None]]))


def _values(letters: Letters, alphabet: Letters) -> Ints:
    place = np.zeros(256, np.int64)
    place[alphabet] = np.arange(alphabet.size)
    return place[letters]
