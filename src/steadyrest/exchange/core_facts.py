"""What the core system says of receipts, as the tables that desks read: arrears, its next instalment, and terms.

Terms that no file carries are told by the next instalment (`contracts.inference`); a receipt whose instalment no form
gives to the fen, or several forms with different rests, has a finding and no terms.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.contracts.inference import GAPS, TERMS, infer
from steadyrest.exchange.partition import read_part, write_part
from steadyrest.exchange.sink import FindingSink
from steadyrest.schema import TABLES

_SOURCE: Final = "core_receipt"
_CODES: Final = {"not_reproduced": "TERMS-006", "ambiguous": "TERMS-007"}
FIXED: Final = "RF01"
LPR: Final = "TR05"
_OF_LOAN: Final = (
    "loan_id",
    "drawn_on",
    "maturity_on",
    "balance_fen",
    "nominal_rate_e7",
    "rate_type",
    "benchmark_kind",
    "benchmark_rate_e7",
    "repricing_on",
)


def settle(folder: Path, parts: int, number: int) -> int:
    """Add to each part what its receipts have in the extracts of the core system and nowhere else: arrears, plans and
    terms, the industry of use of a loan and that of a firm, and whether a person borrows as owner or business.

    Findings are written as file `number`. Returns the receipts whose terms were told.
    """
    sink, told = FindingSink(_SOURCE), 0
    for part in range(parts):
        _industries(folder, part)
        _marks(folder, part)
        core = read_part(folder, _SOURCE, part)
        if core.height:
            _append(folder, "arrears", part, _arrears(core))
            _append(folder, "core_plan", part, _plans(core))
            told += _terms(folder, part, core, sink)
    sink.write(folder, number)
    return told


def _industries(folder: Path, part: int) -> None:
    """Industries of use of loans, and of firms, that the returns leave open. A person's own stays open: table 6.27 puts
    the use in its place.
    """
    core, extra = read_part(folder, _SOURCE, part), read_part(folder, "agreement_extra", part)
    loans, firms = read_part(folder, "loan", part), read_part(folder, "enterprise", part)
    uses = pl.concat([core.select("loan_id", "use_industry_code"), extra.select("loan_id", "use_industry_code")])
    uses = uses.drop_nulls().unique("loan_id", keep="first", maintain_order=True)
    _fill(folder, "loan", part, loans, uses, "use_industry_code")
    own = extra.select("loan_id", pl.col("borrower_industry_code").alias("industry_code")).drop_nulls()
    own = loans.select("loan_id", "borrower_id").join(own, on="loan_id").drop("loan_id")
    is_firm = ~pl.col("borrower_kind").is_in(["person", "owner"])
    own = own.join(firms.filter(is_firm).select("borrower_id"), on="borrower_id", how="semi")
    own = own.sort("borrower_id", "industry_code").unique("borrower_id", keep="first", maintain_order=True)
    _fill(folder, "enterprise", part, firms, own, "industry_code")


def _fill(folder: Path, table: str, part: int, rows: pl.DataFrame, known: pl.DataFrame, name: str) -> None:
    """Write the rows of a part with the blanks of a column filled; `known` has its key and the column."""
    key = TABLES[table].key[0]
    both = rows.join(known, on=key, how="left", suffix="_known", maintain_order="left")
    filled = both.with_columns(pl.coalesce(name, f"{name}_known").alias(name)).select(rows.columns)
    if filled[name].null_count() < rows[name].null_count():
        write_part(folder, table, part, filled)


def _marks(folder: Path, part: int) -> None:
    """A person whose loan is marked as that of an owner or of an individual business borrows as one."""
    marks = read_part(folder, "owner_mark", part)
    if not marks.height:
        return
    loans, firms = read_part(folder, "loan", part), read_part(folder, "enterprise", part)
    kind = pl.when("is_individual_business").then(pl.lit("individual_business")).when("is_owner").then(pl.lit("owner"))
    told = marks.select("loan_id", kind.alias("kind")).drop_nulls()
    told = told.join(loans.select("loan_id", "borrower_id"), on="loan_id").sort("borrower_id", "kind")
    told = told.unique("borrower_id", keep="first", maintain_order=True).select("borrower_id", "kind")
    both = firms.join(told, on="borrower_id", how="left", maintain_order="left")
    is_told = (pl.col("borrower_kind") == "person") & pl.col("kind").is_not_null()
    kinds = firms.schema["borrower_kind"]
    named = pl.when(is_told).then(pl.col("kind").cast(kinds)).otherwise("borrower_kind").alias("borrower_kind")
    write_part(folder, "enterprise", part, both.with_columns(named).select(firms.columns))


def _append(folder: Path, table: str, part: int, rows: pl.DataFrame) -> None:
    """Rows of receipts that a file of the table has not spoken of."""
    held = read_part(folder, table, part)
    new = rows.join(held.select("loan_id"), on="loan_id", how="anti", maintain_order="left")
    if new.height:
        whole = pl.concat([held, new.select(held.columns).cast(held.schema)])
        write_part(folder, table, part, whole)


def _arrears(core: pl.DataFrame) -> pl.DataFrame:
    """Unpaid principal since its day and unpaid interest since its own; one row where both have the same day."""
    interest = pl.col("arrears_interest_fen").fill_null(0) + pl.col("arrears_interest_off_fen").fill_null(0)
    sides = [
        core.select("loan_id", pl.col("arrears_principal_on").alias("due_on"),
                    pl.col("arrears_principal_fen").alias("principal_fen"), pl.lit(0, pl.Int64).alias("interest_fen")),
        core.select("loan_id", pl.col("arrears_interest_on").alias("due_on"),
                    pl.lit(0, pl.Int64).alias("principal_fen"), interest.alias("interest_fen")),
    ]  # fmt: skip
    is_owed = pl.col("due_on").is_not_null() & (pl.sum_horizontal("principal_fen", "interest_fen") > 0)
    amounts = pl.col("principal_fen", "interest_fen")
    owed = pl.concat(sides).filter(is_owed)
    return owed.group_by("loan_id", "due_on", maintain_order=True).agg(amounts.sum())


def _plans(core: pl.DataFrame) -> pl.DataFrame:
    return core.filter(pl.col("next_due_on").is_not_null()).select(
        "loan_id",
        pl.col("next_due_on").alias("due_on"),
        pl.col("next_principal_fen").alias("principal_due_fen"),
        pl.col("next_interest_fen").alias("interest_due_fen"),
    )


def plans_of(core: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """Receipts as `infer` asks for them. Principal in arrears is no part of what goes on by plan."""
    late = pl.col("arrears_principal_fen").fill_null(0)
    both = core.join(loans.select(_OF_LOAN), on="loan_id")
    return both.with_columns(
        pl.col("repayment_method", "interest_method", "rate_type").cast(pl.String),
        (pl.col("balance_fen") - late).clip(0).alias("performing_fen"),
        (pl.col("benchmark_kind") == LPR).fill_null(False).alias("is_lpr"),
        pl.col("collected_on").alias("as_of_on"),
    )


def _terms(folder: Path, part: int, core: pl.DataFrame, sink: FindingSink) -> int:
    terms, loans = read_part(folder, "loan_terms", part), read_part(folder, "loan", part)
    asked = core.filter(pl.col("original_principal_fen").is_not_null())
    asked = plans_of(asked.join(terms.select("loan_id"), on="loan_id", how="anti", maintain_order="left"), loans)
    found = infer(asked)
    known = found.filter(state="reproduced").select("loan_id", *TERMS, pl.lit("told").alias("terms_basis"))
    _append(folder, "loan_terms", part, _blank("loan_terms", known))
    _fix_rates(folder, part, loans, known)
    for state, code in _CODES.items():
        rows = found.filter(state=state)
        args = pl.struct("amortisation", "day_count", *GAPS).struct.json_encode().alias("args")
        named = rows.select(pl.lit(0).alias("row_number"), pl.col("loan_id").alias("row_id"), args)
        sink.add(code, "warning", _SOURCE, "next_interest_fen", named)
    return known.height


def _blank(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with every column of a table; what they do not have is null."""
    kinds = TABLES[table].polars()
    empty = [pl.lit(None, kind).alias(name) for name, kind in kinds.items() if name not in rows.columns]
    return rows.with_columns(empty).select(list(kinds))


def _fix_rates(folder: Path, part: int, loans: pl.DataFrame, known: pl.DataFrame) -> None:
    """A receipt whose instalment its rate gives, and of which nothing says that it floats, is laid as fixed."""
    is_told = pl.col("loan_id").is_in(known["loan_id"].implode()) & pl.col("rate_type").is_null()
    if loans.select(is_told.any()).item():
        kind = pl.lit(FIXED).cast(TABLES["loan"]["rate_type"].polars)
        fixed = pl.when(is_told).then(kind).otherwise("rate_type").alias("rate_type")
        write_part(folder, "loan", part, loans.with_columns(fixed))
