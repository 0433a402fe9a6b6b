"""The size standard: every measure must reach a class, else the next one down; what is unknown stays unknown."""

from __future__ import annotations

import polars as pl
import pytest

from steadyrest import reference
from steadyrest.desks.size import EDITION, MEASURES, SIZES, computed_size

WAN = 1_000_000  # fen in 10,000 yuan


def size(code: str | None, employees: int | None, revenue_wan: int | None, assets_wan: int | None = None) -> str | None:
    amounts = {"revenue_fen": revenue_wan, "total_assets_fen": assets_wan}
    firm = {"industry_code": code, "employees": employees}
    firm |= {name: None if value is None else value * WAN for name, value in amounts.items()}
    kinds = {name: pl.String() if name == "industry_code" else pl.Int64() for name in firm}
    found: str | None = computed_size(pl.DataFrame([firm], schema=kinds))[0]
    return found


def _rows_in_use() -> list[dict[str, str | int]]:
    return reference.table("size_thresholds").filter(pl.col("standard") == EDITION).to_dicts()


@pytest.mark.parametrize(
    ("employees", "revenue_wan", "expected"),
    [
        (1000, 40_000, "large"),
        (999, 40_000, "medium"),
        (1000, 39_999, "medium"),
        (300, 2_000, "medium"),
        (299, 2_000, "small"),
        (300, 1_999, "small"),
        (20, 300, "small"),
        (19, 300, "micro"),
        (20, 299, "micro"),
        (5000, 0, "micro"),
    ],
)
def test_industry_takes_the_lower_of_employees_and_revenue(employees: int, revenue_wan: int, expected: str) -> None:
    assert size("C34", employees, revenue_wan) == expected


def test_a_missing_measure_leaves_the_size_unknown_unless_the_other_is_micro_already() -> None:
    assert size("C", 500, None) is None
    assert size("C", None, None) is None
    assert size("C", 19, None) == "micro"
    assert size("A01", None, 500) == "medium"  # agriculture looks at revenue alone


def test_the_longest_start_of_the_code_decides() -> None:
    assert size("F5191", 20, 5_000) == "medium"  # wholesale
    assert size("F5211", 20, 5_000) == "small"  # retail
    assert size("K7010", None, 1_000, 5_000) == "medium"
    assert size("K701", None, 1_000, 5_000) == "medium"
    assert size("K7030", 100, None) == "medium"
    assert size("3491", 300, 2_000) == "medium"


def test_an_industry_without_thresholds_has_no_size() -> None:
    assert size("J66", 300, 40_000) is None
    assert size("K70", 300, 40_000, 40_000) is None
    assert size(None, 300, 40_000) is None
    assert size("99", 300, 40_000) is None


def test_the_edition_in_use_restates_every_row_of_2011() -> None:
    rows = reference.table("size_thresholds")
    old, new = (rows.filter(pl.col("standard") == year).drop("standard") for year in ("2011", EDITION))
    assert old.height > 0
    assert old.join(new, on=old.columns, how="anti", nulls_equal=True).is_empty()


@pytest.mark.parametrize("row", _rows_in_use(), ids=lambda row: f"{row['industries']}-{row['measure']}")
def test_every_threshold_decides_by_one_unit(row: dict[str, str | int]) -> None:
    """One unit below a threshold is the next class down, whatever the other measures say."""
    code = str(row["industries"]).split()[0]
    for name, below in (("small_min", "micro"), ("medium_min", "small"), ("large_min", "medium")):
        firm: dict[str, str | int] = {"industry_code": code} | dict.fromkeys(MEASURES, 10**17)
        at, under = (firm | {str(row["measure"]): int(row[name]) - step} for step in (0, 1))
        reached = SIZES[SIZES.index(below) + 1]
        assert computed_size(pl.DataFrame([at, under])).to_list() == [reached, below]
