"""Owners and what they own: the business of an owner must be known where the owner is, or its industry is not."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steadyrest.exchange.partition import read_part, write_part
from steadyrest.exchange.result import LINKED


def link_owners(folder: Path, parts: int, owners_by_link: bool) -> None:
    """Put the businesses that borrowers own beside them as `linked_enterprise`, whatever part they belong to.

    With `owners_by_link` a borrower of kind `person` with an `owner_of` link becomes an `owner`.
    """
    links = [_owned(folder, part) for part in range(parts)]
    every = pl.concat(links)
    if not every.height:
        return
    gathered: list[pl.DataFrame] = []
    for part in range(parts):
        firms = read_part(folder, "enterprise", part)
        gathered.append(firms.join(every.select("to_borrower_id", "part"), left_on="borrower_id",
                                   right_on="to_borrower_id", how="inner"))  # fmt: skip
        if owners_by_link and firms.height:
            is_owner = (pl.col("borrower_kind") == "person") & pl.col("borrower_id").is_in(
                links[part]["from_borrower_id"].implode()
            )
            kind = firms.schema["borrower_kind"]
            owner = pl.when(is_owner).then(pl.lit("owner").cast(kind)).otherwise("borrower_kind").alias("borrower_kind")
            write_part(folder, "enterprise", part, firms.with_columns(owner))
    linked = pl.concat(gathered).unique(["part", "borrower_id"], keep="first").sort("part", "borrower_id")
    for key, rows in linked.partition_by("part", as_dict=True, include_key=False, maintain_order=True).items():
        write_part(folder, LINKED, int(key[0]), rows)


def _owned(folder: Path, part: int) -> pl.DataFrame:
    links = read_part(folder, "customer_link", part).filter(pl.col("link_kind") == "owner_of")
    return links.select("from_borrower_id", "to_borrower_id", pl.lit(part, pl.Int64).alias("part"))
