"""The weights of the made-up book (`weights.toml`) and the reference tables as arrays a draw can index."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest import reference
from steadyrest.synth.draw import Ints

SIZES: Final = ("micro", "small", "medium", "large")
MEASURES: Final = ("employees", "revenue", "total_assets")
WAN_FEN: Final = 1_000_000
"""10,000 yuan in fen."""


@cache
def weights() -> dict[str, Any]:
    """The file as read."""
    return tomllib.loads((resources.files("steadyrest.synth") / "weights.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Industries:
    """Divisions with their weights, and for each measure the bounds of the sizes: [division, micro to beyond large].

    Employees are persons, the other measures 10,000 yuan. A measure the standard does not look at has plain bounds.
    """

    codes: tuple[str, ...]
    per_mille: tuple[int, ...]
    bounds: dict[str, Ints]


@cache
def industries() -> Industries:
    """The divisions of GB/T 4754 a business of the book may have, with the size standard beside them."""
    table = reference.table("industry").filter(pl.col("level") == 2).select("section", "code")
    shares: list[tuple[str, int]] = []
    for section, weight in weights()["sections"].items():
        divisions = table.filter(pl.col("section") == section)["code"].to_list()
        inner = weights()["manufacturing"] if section == "C" else dict.fromkeys(divisions, 1)
        total = sum(inner.values())
        shares += [(f"{section}{code}", max(1, weight * 10 * part // total)) for code, part in inner.items()]
    codes, per_mille = zip(*shares, strict=True)
    return Industries(codes, per_mille, {name: _bounds(codes, name) for name in MEASURES})


def _bounds(codes: tuple[str, ...], measure: str) -> Ints:
    """Lower bounds of micro, small, medium, large and beyond, one row a division."""
    column, unit = (measure, 1) if measure == "employees" else (f"{measure}_fen", WAN_FEN)
    rows = reference.table("size_thresholds").filter(pl.col("measure") == column)
    found: dict[str, list[int]] = {}
    for names, small, medium, large in rows.select("industries", "small_min", "medium_min", "large_min").iter_rows():
        floors = [int(small) // unit, int(medium) // unit, int(large) // unit]
        found |= {name: [0, *floors, 3 * floors[2]] for name in str(names).split()}
    plain = list(weights()["measures"][measure])
    return np.array([found.get(code) or found.get(code[0]) or plain for code in codes], np.int64)


@dataclass(frozen=True, slots=True)
class Places:
    """County divisions by province, and the provinces with their weights."""

    provinces: tuple[str, ...]
    per_mille: tuple[int, ...]
    areas: Ints
    first: Ints
    count: Ints


@cache
def places() -> Places:
    """The provinces of the book and their counties, as numbers."""
    chosen = weights()["provinces"]
    codes = tuple(sorted(chosen))
    table = reference.table("areas").sort("code")
    lists = [table.filter(pl.col("province_code") == code)["code"].cast(pl.Int64).to_numpy() for code in codes]
    count = np.array([part.size for part in lists], np.int64)
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
    return Places(codes, tuple(chosen[code] for code in codes), np.concatenate(lists), first, count)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The kinds of loans as columns: one entry a kind."""

    audience: tuple[str, ...]
    product: tuple[str, ...]
    method: tuple[str, ...]
    weight: Ints
    months: tuple[tuple[int, ...], ...]
    cycle: Ints
    principal: Ints
    day: Ints
    free: Ints
    holiday: Ints
    is_long: Ints


@cache
def shapes() -> Shapes:
    """The kinds of loans of `weights.toml`."""
    entries = weights()["loans"]

    def numbers(name: str) -> Ints:
        return np.array([int(entry.get(name, 0)) for entry in entries], np.int64)

    return Shapes(
        tuple(entry["for"] for entry in entries),
        tuple(entry["product"] for entry in entries),
        tuple(entry["method"] for entry in entries),
        numbers("weight"),
        tuple(tuple(entry["months"]) for entry in entries),
        numbers("cycle"),
        numbers("principal"),
        numbers("day"),
        numbers("free"),
        numbers("holiday"),
        numbers("long"),
    )
