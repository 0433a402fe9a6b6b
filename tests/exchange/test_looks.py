"""What is ruled out by a look at the letters: a block and its columns say the same, and nothing odd passes as plain."""

from __future__ import annotations

import io
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.exchange.looks import look, look_over

BLANKS = (" ", "\t", "\n", "\u00a0", "\u0085", "\u1680", "\u2003", "\u205f", "\u3000")
LETTERS = st.text(st.sampled_from("0129.-Ee\\\\N A\u00a0\u3000\uff10\uff21借é"), max_size=11)
DAYS = st.dates().map(str)
CELLS = st.one_of(LETTERS, DAYS, st.decimals(-9999, 9999, places=2).map(str))


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_a_block_looks_as_its_columns_do(records: list[list[str]], end: str) -> None:
    block = "".join("|".join(record) + end for record in records).encode()
    names = ["0", "1", "2"]
    columns = pl.DataFrame([[cell or None for cell in record] for record in records], dict.fromkeys(names, pl.String),
                           orient="row")  # fmt: skip
    assert look_over(block, b"|", names) == {name: look(columns[name]) for name in names}


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_what_is_called_plain_is_plain(texts: list[str]) -> None:
    cells = pl.Series(texts)
    seen = look(cells)
    stripped = cells.str.strip_chars()
    if (stripped != cells).any() or (cells == "").any() or (cells == "\\N").any():
        assert not seen.is_trimmed
    assert seen.are_days == all(re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", text, re.ASCII) for text in texts)
    for places in (0, 2, 5):
        tail = rf"(\.\d{{1,{places}}})?" if places else ""
        plain = all(re.fullmatch(rf"-?\d{{1,18}}{tail}", text, re.ASCII) for text in texts)
        assert seen.are_numbers(places) == plain
    assert seen.is_narrow == (not any("\uff01" <= letter <= "\uff7f" for text in texts for letter in text))


@pytest.mark.parametrize("block", [b"1|2\n3\n", b"1|2|3\n", b"1|2\n3|4", b"1\n2|3\n"])
def test_records_that_are_not_even_are_told(block: bytes) -> None:
    assert look_over(block, b"|", ["a", "b"]) is None


def test_every_blank_is_known() -> None:
    assert not any(look(pl.Series([f"a{blank}"])).is_trimmed for blank in BLANKS)
    assert not any(look(pl.Series([f"{blank}号"])).is_trimmed for blank in BLANKS)
    assert look(pl.Series(["J1", "借据一", None, "é"])).is_trimmed
    assert look(pl.Series([None], dtype=pl.String)).is_trimmed


def test_numbers_are_looked_for_where_a_spreadsheet_writes_them() -> None:
    assert all(look(pl.Series(["J1", text])).may_be_damaged for text in ("9.1E+17", "9E17", "1" * 15 + "000"))
    assert not look(pl.Series(["J1", None, "123", "91110000600037341L"])).may_be_damaged


def test_a_block_is_read_as_polars_reads_it() -> None:
    """A cell without letters is none for both."""
    block = b"1||3\n||\n"
    frame = pl.read_csv(io.BytesIO(block), has_header=False, separator="|", infer_schema=False)
    seen = look_over(block, b"|", frame.columns)
    assert seen == {name: look(frame[name]) for name in frame.columns}
