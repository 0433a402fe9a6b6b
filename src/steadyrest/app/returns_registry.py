"""Official tables written from the registry: what a mapping reads, read backwards table by table.

Fields that desks read more coarsely than they were filed are taken from the particulars where the book has them; what
an agreement changes goes before both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest import exchange
from steadyrest.desks.supervision.layout import OF_CUSTOMER
from steadyrest.desks.supervision.reported import REPORTED
from steadyrest.exchange.export import as_text, official_rows
from steadyrest.exchange.mapping import Source, load_mapping
from steadyrest.schema import TABLES

_STOCKS: Final = {"JS_201_CLDWDK": "corporate", "JS_201_CLGRDK": "personal"}
_FLOWS: Final = {"JS_201_DWDKFS": "JS_201_CLDWDK", "JS_201_GRDKFS": "JS_201_CLGRDK"}
"""Flow table -> the stock table whose fields it shares."""
_FIRMS: Final = "JS_102_FTYKHX"
_OF_PERSON: Final = pl.coalesce(
    pl.col("id_kind").str.starts_with("B"), pl.col("borrower_kind").is_in(["person", "owner"])
)
_LEDGER: Final = {**_STOCKS, "IE_005_504": "corporate", "JS_201_DWDKFS": "corporate", "JS_201_GRDKFS": "personal"}
_ROWS: Final[Mapping[str, pl.Expr]] = {
    **{name: pl.col("ledger") == ledger for name, ledger in _LEDGER.items()},
    _FIRMS: ~_OF_PERSON,
    "JS_102_GRKHXX": _OF_PERSON,
}
"""Official table -> the rows of its registered table that stand in it; all of them where none is named."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A book read into `into`; `changes` are the fields that its returns tell differently (`loan_id`, `REPORTED`)."""

    into: Path
    parts: int
    changes: pl.DataFrame
    report_on: date

    def write(self, name: str) -> Iterator[pl.DataFrame]:
        """The rows of one official table, part by part. A book without flows has those of the month's payouts."""
        source = _known()[name]
        for part in range(self.parts):
            rows = self._rows(source, part)
            if name in _FLOWS and not rows.height:
                rows = self._payouts(source, part)
            yield rows

    def _rows(self, source: Source, part: int) -> pl.DataFrame:
        base = "loan" if "loan" in source.tables else source.table
        rows = self._load(base, part).filter(_ROWS.get(source.name, pl.lit(True)))
        for name in self._beside(source, base):
            key = list(TABLES[name].key)
            rows = rows.join(self._led(name, part), on=key, how="left", maintain_order="left")
        rows = _led_by(base, rows, TABLES[base].key)
        if base != "loan":
            return official_rows(source, rows)
        return official_rows(source, self._with_customers(self._told(rows), part), _repeated(source))

    def _beside(self, source: Source, base: str) -> list[str]:
        """The other tables of a source whose rows are found by the key of the base; customers are joined apart."""
        return [name for name in source.tables if name != base and set(TABLES[name].key) <= set(TABLES[base].key)]

    def _load(self, name: str, part: int) -> pl.DataFrame:
        return exchange.load_part(self.into, name, part)

    def _led(self, name: str, part: int) -> pl.DataFrame:
        """A table with each column led by its name, but for the key."""
        return _led_by(name, self._load(name, part), TABLES[name].key)

    def _told(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Loans with what agreements change; words as filed of these fields are dropped where one has."""
        both = rows.join(self.changes.with_columns(is_told=True), on="loan_id", how="left", maintain_order="left")
        named = [pl.when("is_told").then(name).otherwise(f"loan.{name}").alias(f"loan.{name}") for name in REPORTED]
        stale = [name for name in rows.columns if name.endswith(".state_filed")]
        return both.with_columns(
            *named, *(pl.when(pl.col("is_told").is_null()).then(name).alias(name) for name in stale)
        )

    def _with_customers(self, loans: pl.DataFrame, part: int) -> pl.DataFrame:
        firms = self._led("enterprise", part).rename({"borrower_id": "loan.borrower_id"})
        return loans.join(firms, on="loan.borrower_id", how="left", maintain_order="left")

    def _payouts(self, flow: Source, part: int) -> pl.DataFrame:
        """The receipts paid out in the month of the report as rows of a flow table. A deferral or an extension is no
        payout (D7); collections need the bank's own flows.
        """
        stock = _known()[_FLOWS[flow.name]]
        is_new = pl.col("drawn_on").is_between(self.report_on.replace(day=1), self.report_on)
        loans = self._load("loan", part).filter(is_new & _ROWS[stock.name])
        core = self._load("core_receipt", part).select("loan_id", "original_principal_fen")
        paid = pl.coalesce("original_principal_fen", "balance_fen")
        rows = loans.join(core, on="loan_id", how="left", maintain_order="left").with_columns(
            paid.alias("loan_flow.amount_fen"),
            pl.when(pl.col("currency") == "CNY")
            .then(paid)
            .otherwise("balance_cny_fen")
            .alias("loan_flow.amount_cny_fen"),
            pl.concat_str(pl.lit("FF-"), "loan_id").alias("flow_id"),
            pl.lit("1").alias("loan_flow.flow_kind"),
            pl.lit("LF01").alias("loan_flow.flow_state"),
        )  # fmt: skip
        whole = self._with_customers(_led_by("loan", rows, ("loan_id", "flow_id")), part)
        told, shared = official_rows(flow, whole, _repeated(flow)), official_rows(stock, whole)
        named = [
            shared[name] for name in flow.order if name in shared.columns and told[name].null_count() == rows.height
        ]
        return told.with_columns(named)


def writable() -> tuple[str, ...]:
    """The official tables that can be written from the registry: those whose field list is known."""
    return tuple(name for name, source in _known().items() if source.order)


def _known() -> dict[str, Source]:
    return {source.name: source for source in load_mapping("extracts").sources}


def _led_by(table: str, rows: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Columns led by the name of their table, but for the key and those that are led already."""
    return rows.rename({name: f"{table}.{name}" for name in rows.columns if name not in key and "." not in name})


def _repeated(source: Source) -> dict[str, pl.Expr]:
    """Fields that a loan table repeats of the borrower, where no particulars have them."""
    specs = {spec.sources[0]: spec for spec in _known()[_FIRMS].tables["enterprise"] if spec.sources}
    fields = [field for field in OF_CUSTOMER if field in source.order]
    own = {field: specs[OF_CUSTOMER[field]] for field in fields}
    return {field: as_text(spec, name=f"enterprise.{spec.column.name}") for field, spec in own.items()}
