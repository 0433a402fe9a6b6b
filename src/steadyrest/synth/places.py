"""The bank itself: one institution, its head office, a branch in every province and sub-branches under them."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from steadyrest.schema import TABLES
from steadyrest.synth.draw import Ints
from steadyrest.synth.identity import numbered, social_credit_codes
from steadyrest.synth.weights import places
from steadyrest.text import label

HEAD_OFFICE: Final = "B0000"
SUB_BRANCHES: Final = 3
_INSTITUTION_SERIAL: Final = 31**6 - 1


def institution_id() -> str:
    """The bank's credit code."""
    return str(social_credit_codes(*(np.array([n]) for n in (_INSTITUTION_SERIAL, 91, 110102)))[0])


def branch_ids(province: Ints, number: Ints) -> pl.Series:
    """The sub-branch `number` (1 to `SUB_BRANCHES`; 0 = the provincial branch) of a province position."""
    codes = np.array([int(code) for code in places().provinces], np.int64)
    return numbered("B", codes[province] * 100 + number, 4)


def branch_region(province: Ints, number: Ints) -> Ints:
    """The county a branch stands in."""
    region: Ints = places().areas[places().first[province] + number]
    return region


def institution() -> pl.DataFrame:
    """The registered table `institution`."""
    row = {
        "institution_id": institution_id(),
        "name": label("synth.name.institution").zh,
        "lender_type": "joint_stock_bank",
        "is_local_legal_person": False,
        "central_bank_rating": 3,
        "capital_tier": 1,
    }
    return pl.DataFrame([row], schema=TABLES["institution"].polars())


def branch() -> pl.DataFrame:
    """The registered table `branch`."""
    count = len(places().provinces)
    province = np.repeat(np.arange(count, dtype=np.int64), SUB_BRANCHES + 1)
    number = np.tile(np.arange(SUB_BRANCHES + 1, dtype=np.int64), count)
    ids = branch_ids(province, number)
    parents = branch_ids(province, np.zeros_like(number)).set(pl.Series(number == 0), HEAD_OFFICE)
    names = pl.DataFrame({"id": ids}).select(pl.lit(label("synth.name.branch").zh) + pl.col("id")).to_series()
    rows = pl.DataFrame(
        {
            "branch_id": ids,
            "parent_branch_id": parents,
            "name": names,
            "region_code": numbered("", branch_region(province, number), 6),
        }
    )
    head = pl.DataFrame(
        [{"branch_id": HEAD_OFFICE, "name": label("synth.name.head_office").zh, "region_code": "110102"}],
        schema=rows.schema,
    )
    whole = pl.concat([head, rows]).with_columns(pl.lit(institution_id()).alias("institution_id"))
    return whole.select(TABLES["branch"].names)
