"""Where a row belongs: the borrower it follows, and whether that borrower, loan or contract is known to the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from steadyrest.exchange.keys import Hashed, KeySet, Parts, parts_of, picked
from steadyrest.exchange.result import BOOK_WIDE
from steadyrest.schema import PARTICULARS, TABLES

ORDER: Final = ("institution", "branch", "enterprise", "customer_link", "loan", "contract", "guarantee", "collateral")
"""Tables that others follow are read first; the rest comes after, in the order of the registry."""

_FOLLOWS: Final = {"loan_id": "loan", "guarantee_id": "guarantee", "contract_id": "contract"}
_BORROWER: Final = ("borrower_id", "from_borrower_id")
_REFERENCES: Final = {
    "KEY-003": ("enterprise", ("borrower_id", "from_borrower_id", "to_borrower_id")),
    "KEY-002": ("loan", ("loan_id",)),
}
"""Finding -> the table that must know the identifier, and the columns that hold it."""


def reading_order(table: str) -> tuple[int, str]:
    """Sorts tables so that what is followed comes before what follows."""
    names = tuple(TABLES)
    return (ORDER.index(table) if table in ORDER else len(ORDER) + names.index(table), table)


def follows(table: str) -> str | None:
    """The column that says where the rows of a table belong; None for tables of the whole book."""
    if table in BOOK_WIDE:
        return None
    names = TABLES[table].names
    beside = PARTICULARS.get(table, table)
    if beside in ("guarantee", "contract"):
        return "contract_id"
    if beside == "collateral":
        return "guarantee_id"
    return next((name for name in (*_BORROWER, "loan_id") if name in names), None)


@dataclass(slots=True)
class Owners:
    """Keys seen so far, table by table, with the part of each."""

    parts: int
    expected: Mapping[str, int]
    sets: dict[str, KeySet] = field(default_factory=dict)
    contracts: KeySet = field(default_factory=KeySet)
    with_contracts: bool = False

    def keys(self, table: str) -> KeySet:
        """The set of a table's own keys."""
        if table not in self.sets:
            self.sets[table] = KeySet(self.expected.get(table, 0))
        return self.sets[table]

    def forget(self, table: str) -> None:
        """Free the set of a table that nothing refers to."""
        if table not in ("loan", "enterprise", "guarantee"):
            self.sets.pop(table, None)

    def place(self, table: str, hashed: Hashed) -> Parts:
        """The part of each row: its borrower's, through its loan or contract where it names no borrower.

        A row of an unknown loan or contract goes by the hash of what it names.
        """
        column = follows(table)
        if column is None:
            return np.zeros(hashed.rows.height, np.int32)
        own = parts_of(hashed.of(column), self.parts)
        known = self._known(column)
        if known is None or self.parts == 1:
            return own
        found = known.find(hashed.of(column))
        return np.where(found >= 0, found, own).astype(np.int32)

    def _known(self, column: str) -> KeySet | None:
        if column == "contract_id":
            return self.contracts
        if column == "guarantee_id":
            return self.sets.get("guarantee owner")
        return self.sets.get("loan") if column == "loan_id" else None

    def add(self, table: str, hashed: Hashed, parts: Parts) -> None:
        """Remember what contracts and guarantees the rows lead to; the first row of a contract decides."""
        if table in ("loan", "contract") and self.with_contracts:
            named = hashed.rows["contract_id"].is_not_null().to_numpy()
            self.contracts.add(picked(hashed.of("contract_id"), named), parts[named])
        if table == "guarantee":
            self.sets.setdefault("guarantee owner", KeySet()).add(hashed.of("guarantee_id"), parts)

    def unknown(self, table: str, hashed: Hashed) -> list[tuple[str, str, Any]]:
        """(code, column, rows) of identifiers that the book does not know. A table that is not there is not asked, and
        particulars say nothing that the row beside them has not said.
        """
        if table in PARTICULARS:
            return []
        found = []
        for code, (target, columns) in _REFERENCES.items():
            known = self.sets.get(target)
            if known is None or not known.count or table == target:
                continue
            for column in columns:
                if column in hashed.rows.columns:
                    there = hashed.rows[column].is_not_null().to_numpy()
                    found.append((code, column, there & (known.find(hashed.of(column)) < 0)))
        return found
