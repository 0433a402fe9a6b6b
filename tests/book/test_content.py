"""The content hash: the same rows, the same hash, however they are ordered or cut; any other cell, another hash."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from steadyrest.book.content import add_hashes, file_content_hash, file_sha256, frame_hash

ROW = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.text(st.characters(codec="utf-8"), max_size=20),
    st.none() | st.dates(),
    st.none() | st.booleans(),
    st.none() | st.sampled_from(["a", "b"]),
)
SCHEMA = {"n": pl.Int64(), "t": pl.String(), "d": pl.Date(), "f": pl.Boolean(), "e": pl.Enum(["a", "b"])}
ROWS = st.lists(ROW, max_size=12)


def _frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(ROWS, st.randoms(use_true_random=False), st.integers(0, 12))
def test_order_and_parts_do_not_matter(rows: list[tuple[object, ...]], random: object, cut: int) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    whole = frame_hash(_frame(rows))
    assert frame_hash(_frame(shuffled)) == whole
    assert add_hashes([frame_hash(_frame(rows[:cut])), frame_hash(_frame(rows[cut:]))]) == whole
    assert frame_hash(_frame(rows).select("e", "f", "d", "t", "n")) == whole


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(left: list[tuple[object, ...]], right: list[tuple[object, ...]]) -> None:
    same = sorted(map(repr, left)) == sorted(map(repr, right))
    assert (frame_hash(_frame(left)) == frame_hash(_frame(right))) is same


def test_codes_hash_as_their_text() -> None:
    text = pl.DataFrame({"e": ["a", None, "b"]})
    assert frame_hash(text) == frame_hash(text.with_columns(pl.col("e").cast(SCHEMA["e"])))
    assert frame_hash(text) == frame_hash(text.with_columns(pl.col("e").cast(pl.Enum(["b", "x", "a"]))))


def test_the_value_is_pinned_so_that_no_library_can_change_it() -> None:
    frame = pl.DataFrame({"n": [1, None], "t": ["延期", ""], "d": [date(2022, 12, 30), None]})
    assert f"{frame_hash(frame):032x}" == PINNED


def test_a_file_hashes_as_its_frame(tmp_path: Path) -> None:
    frame = _frame([(1, "x", date(2022, 1, 1), True, "a"), (2, None, None, None, None)])
    frame.write_parquet(tmp_path / "t.parquet")
    assert file_content_hash(tmp_path / "t.parquet") == f"{frame_hash(frame):032x}"
    (tmp_path / "again").mkdir()
    before = file_sha256(tmp_path)
    (tmp_path / "again" / "x").write_text("x")
    assert file_sha256(tmp_path) != before


PINNED = "39083d695b69d250d5f0ced334809191"
