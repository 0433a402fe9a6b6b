"""Hashes of keys: the same everywhere, and a set that grows without forgetting."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.exchange.keys import KeySet, hashes, parts_of


def test_hashes_do_not_change_between_versions() -> None:
    high, low = hashes([pl.Series(["J1", None, "借据"]), pl.Series([date(2022, 7, 31)] * 3)])
    assert [f"{a:016x}{b:08x}" for a, b in zip(high.tolist(), low.tolist(), strict=True)] == PINNED


PINNED = ["c01b8eefab0ee4bce37665be", "2bba465334f49cf57e5f8e12", "e2c988aa2321e14c9e4d6fa7"]


@given(st.lists(st.text(max_size=12), max_size=300))
def test_a_set_knows_what_it_was_given(texts: list[str]) -> None:
    known = KeySet()
    seen: set[str] = set()
    for start in range(0, len(texts), 50):
        batch = texts[start : start + 50]
        hashed = hashes([pl.Series(batch, dtype=pl.String)])
        expected = []
        for text in batch:
            expected.append(text not in seen)
            seen.add(text)
        assert known.add(hashed, parts_of(hashed, 7)).tolist() == expected
    every = hashes([pl.Series([*texts, "never there"], dtype=pl.String)])
    assert known.find(every).tolist() == [*parts_of(every, 7)[:-1].tolist(), -1 if "never there" not in seen else 0]


def test_a_set_grows() -> None:
    known = KeySet()
    for start in range(0, 50_000, 5_000):
        hashed = hashes([pl.Series(np.arange(start, start + 5_000))])
        assert known.add(hashed, parts_of(hashed, 3)).all()
        assert not known.add(hashed, parts_of(hashed, 3)).any()
    assert known.count == 50_000
