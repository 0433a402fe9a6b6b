"""Dirty rows: for each finding code a receipt of its own that is spoilt so that reading or running the book finds it.

What is spoilt stands in `dirt.toml`. Dirt is text that no typed file can hold, so only CSV layouts carry it. Codes of
decision sheets (`DECISION-*`) belong to no book, and those in `NOT_IN_LAYOUT` to other layouts.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

import polars as pl

from steadyrest.schema import TABLES
from steadyrest.synth.pboc import CORPORATE_LOANS, FIRMS, PbocLayout
from steadyrest.synth.places import HEAD_OFFICE
from steadyrest.synth.witness.case import Case, plain_case
from steadyrest.synth.witness.tables import tables_of

NOT_IN_LAYOUT: Final = ("VALUE-003", "VALUE-004")
"""Findings about word lists and reference tables of a mapping: the official layout has neither."""
NATURAL: Final = {"OPTIONAL-001": "", "LEDGER-001": f"{HEAD_OFFICE}/CNY", "LEDGER-002": f"{HEAD_OFFICE}/CNY"}
"""Findings that other dirt brings about: values that are left out, and set-aside rows that the ledger still counts."""
BEGUN: Final = ("guarantee",)
"""Tables of which a drawn book has no rows, so that the dirty ones stand alone under the header."""
_FILES: Final = {"enterprise": FIRMS, "loan": CORPORATE_LOANS}
_OF_BORROWERS: Final = (FIRMS, "customer_link", "credit_line")
_DAY: Final = re.compile(r"\{(-?\d+)\}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One spoilt receipt: the code it is for, the file the finding speaks of, added rows, and overwritten cells."""

    code: str
    file: str
    how: str
    added: tuple[str, ...]
    edits: dict[str, dict[str, str]]

    @property
    def loan_id(self) -> str:
        """A receipt id that says what is wrong."""
        return f"D-{self.code}"


@dataclass(frozen=True, slots=True)
class Dirt:
    """Lines to append to the files of the layout, the receipts as they would be clean, and where each code is found.

    `lines` holds (file, CSV text without header, rows); `marks` by code what the row id of its finding contains.
    """

    lines: tuple[tuple[str, str, int], ...]
    loan: pl.DataFrame
    marks: dict[str, str]


@cache
def recipes() -> tuple[Recipe, ...]:
    """All recipes of `dirt.toml`."""
    rows = tomllib.loads((resources.files("steadyrest.synth") / "dirt.toml").read_text("utf-8"))["row"]
    return tuple(
        Recipe(row["code"], row["file"], row.get("how", ""), tuple(row.get("with", ())), row.get("edit", {}))
        for row in rows
    )


def dirt(as_of: date, used: int) -> Dirt:
    """The dirty rows of the PBoC layout; borrowers take serial numbers after the first `used` from the end."""
    todo, case = recipes(), plain_case(as_of)
    tables = tables_of([case] * len(todo), [recipe.loan_id for recipe in todo], used)
    people = tables["enterprise"]["borrower_id"].to_list()
    layout = PbocLayout()
    lines = [_spoilt(_FILES.get(name, name), _text(layout, name, tables[name]), todo, as_of) for name in _OWN]
    for table in sorted({name for recipe in todo for name in recipe.added}):
        owners = [recipe for recipe in todo if table in recipe.added]
        rows = [_ADDED[table](case, recipe, people[todo.index(recipe)]) for recipe in owners]
        frame = pl.DataFrame(rows, schema=TABLES[table].polars())
        lines.append(_spoilt(table, _text(layout, table, frame), owners, as_of))
    known = [person for person, recipe in zip(people, todo, strict=True) if _ID not in recipe.edits.get(FIRMS, {})]
    evidence = _text(layout, "evidence", tables["evidence"].filter(pl.col("borrower_id").is_in(known)))
    lines.append(("evidence.csv", _csv(evidence.to_dicts(), evidence), evidence.height))
    return Dirt(tuple(lines), tables["loan"], _marks(todo, people) | NATURAL)


_OWN: Final = ("enterprise", "loan", "loan_terms", "application")
"""Tables in which each recipe has one row."""
_ID: Final = "客户证件代码"


def _marks(todo: Sequence[Recipe], people: Sequence[str]) -> dict[str, str]:
    marks = {}
    for recipe, person in zip(todo, people, strict=True):
        own = recipe.edits.get(FIRMS, {}).get(_ID, person)
        marks[recipe.code] = own if recipe.file in _OF_BORROWERS else recipe.loan_id
    return marks


def _text(layout: PbocLayout, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows as the layout writes them, all cells as text; the receipts are all of firms."""
    _, rows = next(iter(layout(table, frame)))
    return rows.with_columns(pl.all().cast(pl.String))


def _spoilt(file: str, frame: pl.DataFrame, owners: Sequence[Recipe], as_of: date) -> tuple[str, str, int]:
    """The rows, one a recipe, with the cells overwritten that their recipe names: file, lines and their number."""
    parts: list[str] = []
    for row, recipe in zip(frame.to_dicts(), owners, strict=True):
        row |= {name: _cell(value, as_of) for name, value in recipe.edits.get(file, {}).items()}
        line = _csv([row], frame)
        how = recipe.how if recipe.file == file else ""
        parts += [line.replace("\n", ",?\n")] if how == "ragged" else [line] * (2 if how == "twice" else 1)
    return f"{file}.csv", "".join(parts), len(parts)


def _csv(rows: list[dict[str, Any]], like: pl.DataFrame) -> str:
    buffer = io.BytesIO()
    pl.DataFrame(rows, schema=like.schema).write_csv(buffer, include_header=False)
    return buffer.getvalue().decode()


def _cell(value: str, as_of: date) -> str | None:
    """The text of a cell: a number in braces is a day from as of; an empty text is an empty cell."""
    found = _DAY.fullmatch(value)
    if found:
        return (as_of + timedelta(days=int(found[1]))).isoformat()
    return value or None


def _arrears(case: Case, recipe: Recipe, person: str) -> dict[str, Any]:
    due_on = case.as_of - timedelta(days=20)
    return {"loan_id": recipe.loan_id, "due_on": due_on, "principal_fen": 1_000_000, "interest_fen": 120_000}


def _agreement(case: Case, recipe: Recipe, person: str) -> dict[str, Any]:
    return {
        "agreement_id": f"XY-{recipe.loan_id}",
        "loan_id": recipe.loan_id,
        "legal_form": recipe.edits.get("agreement", {}).get("legal_form", "deferral_agreement"),
        "programme": "notice_2022",
        "risk_effect": "not_restructured",
        "deferred_part": "principal",
        "from_on": case.due_on,
        "to_on": case.due_on,
        "new_due_on": case.due_on + timedelta(days=60),
        "signed_by": "U0001",
    }


def _consent(case: Case, recipe: Recipe, person: str) -> dict[str, Any]:
    return {
        "loan_id": recipe.loan_id,
        "party_id": f"P-{recipe.loan_id}",
        "party_kind": "guarantor",
        "consent_state": "given",
        "given_on": case.as_of,
    }


def _guarantee(case: Case, recipe: Recipe, person: str) -> dict[str, Any]:
    """A guarantee of the receipt's contract that ends with the old due date."""
    return {
        "guarantee_id": f"DB-{recipe.loan_id}",
        "contract_id": f"HT-{recipe.loan_id}",
        "guarantor_id": f"P-{recipe.loan_id}",
        "is_maximum_amount": True,
        "from_on": case.drawn_on,
        "to_on": case.due_on,
        "amount_fen": case.balance_fen,
    }


def _credit_line(case: Case, recipe: Recipe, person: str) -> dict[str, Any]:
    return {"borrower_id": person, "from_on": case.drawn_on, "credit_line_fen": case.line_fen}


def _customer_link(case: Case, recipe: Recipe, person: str) -> dict[str, Any]:
    """A firm linked with itself: that is what is wrong."""
    return {"from_borrower_id": person, "to_borrower_id": person, "link_kind": "group_of"}


_ADDED: Final = {
    "arrears": _arrears,
    "agreement": _agreement,
    "consent": _consent,
    "guarantee": _guarantee,
    "credit_line": _credit_line,
    "customer_link": _customer_link,
}
