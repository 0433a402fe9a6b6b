"""What the letters of a column of text rule out: looked at once, so that plain columns are read by the quick road."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from steadyrest.exchange.kernels import (
    LIKE_NUMBER,
    NOT_DAY,
    NOT_NUMBER,
    TRIM,
    WIDE,
    look_at_block,
    look_at_column,
)
from steadyrest.exchange.keys import text_buffers


@dataclass(frozen=True, slots=True)
class Look:
    """The marks that the cells of a column have together, and the most decimals of a cell."""

    marks: int
    places: int

    @property
    def is_trimmed(self) -> bool:
        """No cell is blank, `\\N`, or has blanks around it."""
        return not self.marks & TRIM

    @property
    def is_narrow(self) -> bool:
        """No cell holds a full-width letter."""
        return not self.marks & WIDE

    @property
    def are_days(self) -> bool:
        """All cells are written YYYY-MM-DD, and none is a day that stands for no day."""
        return not self.marks & NOT_DAY

    @property
    def may_be_damaged(self) -> bool:
        """Some cell looks like a number that a spreadsheet has made of an identifier."""
        return bool(self.marks & LIKE_NUMBER)

    def are_numbers(self, places: int) -> bool:
        """All cells are plain decimals of at most so many places."""
        return not self.marks & NOT_NUMBER and self.places <= places


def look(column: pl.Series) -> Look:
    """Look at a column of text; nulls are no cells."""
    marks, places = np.zeros(1, np.uint8), np.zeros(1, np.int32)
    look_at_column(*text_buffers(column), column.is_not_null().to_numpy(), marks, places)
    return Look(int(marks[0]), int(places[0]))


def look_over(block: bytes, separator: bytes, names: Sequence[str]) -> Mapping[str, Look] | None:
    """Look at all columns of a block of UTF-8 records without quotes; None when its records are not even."""
    marks, places = np.zeros(len(names), np.uint8), np.zeros(len(names), np.int32)
    if not look_at_block(np.frombuffer(block, np.uint8), ord(separator), marks, places):
        return None
    return {name: Look(int(mark), int(most)) for name, mark, most in zip(names, marks, places, strict=True)}
