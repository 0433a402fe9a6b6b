"""The size of an enterprise by the statistical standard (工信部联企业〔2011〕300号).

A class is reached when every measure of the industry reaches it; otherwise the next one down counts. Thresholds come
from the reference table `size_thresholds`, whose 2017 edition restates those of 2011 on the industry codes in use.
Where the industry has no row the size is null; so it is where a measure is not known, unless the known one is micro
already: nothing is guessed.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from steadyrest import reference
from steadyrest.desks.industry import full_code
from steadyrest.schema import TABLES

EDITION: Final = "2017"
MEASURES: Final = ("employees", "revenue_fen", "total_assets_fen")
SIZES: Final = ("micro", "small", "medium", "large")
_CLASSES: Final = ("small_min", "medium_min", "large_min")
_SIZE = TABLES["loan_facts"]["enterprise_size"].polars


def computed_size(firms: pl.DataFrame) -> pl.Series:
    """The size of each firm, in the order given; reads `industry_code, employees, revenue_fen, total_assets_fen`.

    >>> firm = {"industry_code": "C34", "employees": 299, "revenue_fen": 2_000_000_000, "total_assets_fen": None}
    >>> computed_size(pl.DataFrame([firm])).to_list()
    ['small']
    """
    codes = firms.select(full_code(pl.col("industry_code")).alias("code"), *MEASURES)
    known = codes.join(_thresholds(codes["code"].unique().drop_nulls()), on="code", how="left", maintain_order="left")
    lacks = pl.any_horizontal(pl.col(name).is_null() & pl.col(f"{name}.small_min").is_not_null() for name in MEASURES)
    has_row = pl.any_horizontal(pl.col(f"{name}.small_min").is_not_null() for name in MEASURES)
    reached = pl.min_horizontal(_reached(name) for name in MEASURES)
    size = reached.replace_strict(dict(enumerate(SIZES)), return_dtype=_SIZE)
    return known.select(pl.when(has_row & (~lacks | (reached == 0))).then(size).alias("computed_size")).to_series()


def _reached(measure: str) -> pl.Expr:
    """How many classes above micro a measure reaches; null where it is not known or the industry does not use it."""
    steps = [(pl.col(measure) >= pl.col(f"{measure}.{name}")).cast(pl.Int8) for name in _CLASSES]
    counts = pl.col(measure).is_not_null() & pl.col(f"{measure}.small_min").is_not_null()
    return pl.when(counts).then(pl.sum_horizontal(steps))


def _thresholds(codes: pl.Series) -> pl.DataFrame:
    """The thresholds of each code: nine columns `measure.class`, null where the industry does not use the measure."""
    rows = [{"code": code} | _row(code) for code in codes.sort()]
    columns: dict[str, pl.DataType] = {f"{measure}.{name}": pl.Int64() for measure in MEASURES for name in _CLASSES}
    return pl.DataFrame(rows, schema={"code": pl.String(), **columns})


def _row(code: str) -> dict[str, int]:
    found = max((prefix for prefix in _by_prefix() if code.startswith(prefix)), key=len, default=None)
    return _by_prefix()[found] if found else {}


@cache
def _by_prefix() -> dict[str, dict[str, int]]:
    """Thresholds by the start of the industry code: a section, a division, a group or a class."""
    found: dict[str, dict[str, int]] = {}
    for row in reference.table("size_thresholds").filter(pl.col("standard") == EDITION).iter_rows(named=True):
        for prefix in row["industries"].split():
            found.setdefault(prefix, {}).update({f"{row['measure']}.{name}": row[name] for name in _CLASSES})
    return found
