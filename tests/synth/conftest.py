"""One part of a made-up book, drawn once."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steadyrest.synth.part import Place, part

AS_OF = date(2022, 7, 31)


@pytest.fixture(scope="session")
def tables() -> dict[str, pl.DataFrame]:
    return part(20220731, Place(0, 0, 4000, 0, 10_000), AS_OF)
