"""Section and division of a GB/T 4754 code as returns write it: `C`, `C34`, `C349`, or digits alone.

>>> pl.select(section(pl.lit("C349")), division(pl.lit("C349")).alias("division")).row(0)
('C', '34')
>>> pl.select(section(pl.lit("3491")), division(pl.lit("9")).alias("division")).row(0)
('C', None)
"""

from __future__ import annotations

from functools import cache

import polars as pl

from steadyrest import reference
from steadyrest.schema import TABLES

_SECTION = TABLES["loan_facts"]["borrower_section"].polars


@cache
def _section_of_division() -> dict[str, str]:
    industry = reference.table("industry").filter(pl.col("level") == 2)
    return dict(industry.select("code", pl.col("section").cast(pl.String)).iter_rows())


def section(code: pl.Expr) -> pl.Expr:
    """The section letter, through the division when no letter is written; null for a code outside the standard."""
    letter = code.str.slice(0, 1)
    by_division = code.str.slice(0, 2).replace_strict(_section_of_division(), default=None, return_dtype=pl.String)
    is_letter = letter.str.contains("^[A-T]$")
    return pl.when(is_letter).then(letter).otherwise(by_division).cast(_SECTION, strict=False)


def division(code: pl.Expr) -> pl.Expr:
    """The two-digit division; null when the code stops at the section."""
    digits = code.str.strip_prefix(code.str.slice(0, 1).str.extract("([A-T])").fill_null(""))
    return pl.when(digits.str.len_chars() >= 2).then(digits.str.slice(0, 2))


def full_code(code: pl.Expr) -> pl.Expr:
    """Letter and digits, a group of one class as that class; the form in which `size_thresholds` names industries.

    >>> pl.select(full_code(pl.Series(["3491", "K701", "C", "C34", "99"]))).to_series().to_list()
    ['C3491', 'K7010', 'C', 'C34', None]
    """
    has_letter = code.str.contains("^[A-T]")
    whole = pl.when(has_letter).then(code).otherwise(pl.concat_str(section(code).cast(pl.String), code))
    return pl.when(whole.str.len_chars() == 4).then(pl.concat_str(whole, pl.lit("0"))).otherwise(whole)
