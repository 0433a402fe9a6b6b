"""The general ledger of the made-up bank: balances and receipts by branch and currency, added up part by part."""

from __future__ import annotations

from typing import Final

import polars as pl

from steadyrest.schema import TABLES

SUBJECT: Final = "1303"
"""The loans subject of the chart of accounts."""
_BY: Final = ("branch_id", "currency")


class Ledger:
    """Running totals of receipts as they should be, whatever dirt comes into the files."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []

    def add(self, loan: pl.DataFrame) -> None:
        """Add the receipts of one part."""
        self._parts.append(
            loan.group_by(_BY).agg(pl.col("balance_fen").sum(), pl.len().cast(pl.Int64).alias("receipts"))
        )

    def table(self) -> pl.DataFrame:
        """The registered table `ledger_control`."""
        table = TABLES["ledger_control"]
        whole = pl.concat(self._parts).group_by(_BY).agg(pl.col("balance_fen", "receipts").sum()).sort(_BY)
        return whole.with_columns(pl.lit(SUBJECT).alias("subject_code")).select(
            pl.col(name).cast(kind) for name, kind in table.polars().items()
        )

    def by_currency(self) -> dict[str, int]:
        """Balances in minor units."""
        sums = self.table().group_by("currency").agg(pl.col("balance_fen").sum()).sort("currency")
        return dict(sums.iter_rows())
