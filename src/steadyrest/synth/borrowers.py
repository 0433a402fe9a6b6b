"""The customers of one part of the book: firms, individual businesses, owners with their links, and other persons.

A business reports a size that its employees, revenue and assets bear out under the size standard; a few report no
size, or not what it would be computed from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from steadyrest.schema import TABLES
from steadyrest.synth.draw import Draw, Flags, Ints
from steadyrest.synth.identity import numbered, resident_numbers, social_credit_codes
from steadyrest.synth.weights import MEASURES, SIZES, WAN_FEN, industries, places, weights
from steadyrest.text import label

KINDS: Final = ("enterprise", "individual_business", "owner", "other_organisation", "person")
ENTERPRISE, INDIVIDUAL, OWNER, OTHER, PERSON = range(5)
_CREDIT_KIND: Final = np.array([91, 92, 0, 52, 0])
_PERSON_LINE: Final = len(SIZES)


@dataclass(frozen=True, slots=True)
class Borrowers:
    """Borrowers as arrays for the draws that follow, and as the registered table `enterprise` (without credit used).

    `kind` indexes `KINDS`; `industry` the divisions, -1 = none; `size` indexes `SIZES`, -1 = none; `province` the
    provinces; `line_fen` is the credit line.
    """

    kind: Ints
    industry: Ints
    size: Ints
    province: Ints
    region: Ints
    line_fen: Ints
    table: pl.DataFrame

    @property
    def ids(self) -> pl.Series:
        """Borrower ids."""
        return self.table["borrower_id"]


def coded(positions: Ints, codes: tuple[str, ...], dtype: Any) -> pl.Series:
    """Positions in a list of codes as text or Enum; -1 is null."""
    known = pl.Series(codes, dtype=dtype)
    return known.gather(pl.Series(np.where(positions < 0, 0, positions))).set(pl.Series(positions < 0), None)


def blank(values: pl.Series, where: Flags) -> pl.Series:
    """The same values with nulls where asked."""
    return values.set(pl.Series(where), None)


def days(numbers: Ints) -> pl.Series:
    """Day numbers since 1970-01-01 as dates."""
    return pl.Series(numbers).cast(pl.Int32).cast(pl.Date)


def day(on: date) -> int:
    """The day number of a date."""
    return (on - date(1970, 1, 1)) // timedelta(days=1)


def borrowers(draw: Draw, first: int, count: int, as_of: date) -> Borrowers:
    """`count` borrowers whose serial numbers start at `first`."""
    kind = draw.pick([weights()["kinds"][name] for name in KINDS], count)
    is_business = (kind == ENTERPRISE) | (kind == INDIVIDUAL)
    industry = np.where(is_business, draw.pick(industries().per_mille, count), -1)
    size = _sizes(draw, kind)
    province = draw.pick(places().per_mille, count)
    inner = draw.whole(0, places().count[province], count)
    region = places().areas[places().first[province] + inner]
    line = _lines(draw, size, count)
    parts = (kind, industry, size, province, region, line)
    return Borrowers(*parts, _table(draw, first, parts, as_of))


def _sizes(draw: Draw, kind: Ints) -> Ints:
    firm = draw.pick(weights()["sizes"]["enterprise"]["weights"], kind.size)
    small = draw.pick(weights()["sizes"]["individual_business"]["weights"], kind.size)
    return np.where(kind == ENTERPRISE, firm, np.where(kind == INDIVIDUAL, small, -1))


def _lines(draw: Draw, size: Ints, count: int) -> Ints:
    ranges = np.array([weights()["lines"][name] for name in (*SIZES, "person")], np.int64)
    row = np.where(size < 0, _PERSON_LINE, size)
    return draw.skewed(ranges[row, 0], ranges[row, 1], count) * WAN_FEN


def _table(draw: Draw, first: int, parts: tuple[Ints, ...], as_of: date) -> pl.DataFrame:
    kind, industry, size, _, region, line = parts
    schema, count = TABLES["enterprise"].polars(), kind.size
    serial = first + np.arange(count, dtype=np.int64)
    is_person = (kind == OWNER) | (kind == PERSON)
    identity = social_credit_codes(serial, _CREDIT_KIND[kind], region)
    identity = identity.zip_with(pl.Series(~is_person), resident_numbers(serial, region))
    sized = np.where(kind == OTHER, len(SIZES), np.where(draw.chance(40, count), -1, size))
    established = day(as_of) - draw.whole(400, 9000, count)
    first_credit = np.maximum(established + 90, day(as_of) - draw.whole(30, 3000, count))
    data = {
        "borrower_id": identity,
        "borrower_kind": coded(kind, KINDS, schema["borrower_kind"]),
        "name": _names(kind, serial),
        "id_kind": coded(is_person.astype(np.int64), ("A01", "B01"), pl.String()),
        "id_number": identity,
        "industry_code": coded(np.where(draw.chance(15, count), -1, industry), industries().codes, pl.String()),
        "enterprise_size": coded(sized, (*SIZES, "not_enterprise"), schema["enterprise_size"]),
        **_measures(draw, industry, size),
        "region_code": numbered("", region, 6),
        "credit_line_fen": blank(pl.Series(line), draw.chance(20, count)),
        "credit_used_fen": pl.Series(np.zeros(count, np.int64)),
        "established_on": blank(days(established), is_person),
        "first_credit_on": days(first_credit),
        "is_listed": blank(pl.Series((size == 3) & draw.chance(300, count)), is_person),
        "is_related_party": pl.Series(draw.chance(4, count)),
    }
    return pl.DataFrame(data, schema=schema)


def _names(kind: Ints, serial: Ints) -> pl.Series:
    """Names that say themselves that they are made up."""
    numbers = numbered("", serial, 8)
    by_kind = [label(f"synth.name.{name}").zh for name in KINDS]
    frame = pl.DataFrame({"name": coded(kind, tuple(by_kind), pl.String()), "number": numbers})
    return frame.select(pl.concat_str("name", "number")).to_series()


def _measures(draw: Draw, industry: Ints, size: Ints) -> dict[str, pl.Series]:
    """Employees, revenue and assets inside the band of the size; 3 % lack each."""
    found: dict[str, pl.Series] = {}
    for name in MEASURES:
        bounds = industries().bounds[name]
        row, band = np.maximum(industry, 0), np.maximum(size, 0)
        low, high = bounds[row, band], bounds[row, band + 1]
        value = np.maximum(draw.skewed(low, high, size.size), 1 if name == "employees" else 0)
        lacking = (industry < 0) | draw.chance(30, size.size)
        if name == "employees":
            found[name] = blank(pl.Series(value), lacking)
        else:
            fen = value * WAN_FEN + draw.whole(0, WAN_FEN, size.size)
            found[f"{name}_fen"] = blank(pl.Series(fen), lacking)
    return found


def links(draw: Draw, people: Borrowers) -> pl.DataFrame:
    """Owners to the businesses they own (one in ten to none, one in twenty to two) and firms of one group."""
    owners = np.flatnonzero(people.kind == OWNER)
    businesses = np.flatnonzero(people.industry >= 0)
    owners = owners[~draw.chance(100, owners.size)] if businesses.size else owners[:0]
    second = owners[draw.chance(50, owners.size)]
    firms = np.flatnonzero(people.kind == ENTERPRISE)
    members = firms[draw.chance(20, firms.size)]
    start = np.concatenate([owners, second, members])
    target = businesses[draw.whole(0, businesses.size, owners.size + second.size)] if businesses.size else start[:0]
    end = np.concatenate([target, firms[draw.whole(0, firms.size, members.size)] if firms.size else members])
    kinds = np.repeat([0, 1], [owners.size + second.size, members.size]).astype(np.int64)
    schema = TABLES["customer_link"].polars()
    data = {
        "from_borrower_id": people.ids.gather(pl.Series(start)),
        "to_borrower_id": people.ids.gather(pl.Series(end)),
        "link_kind": coded(kinds, ("owner_of", "group_of"), schema["link_kind"]),
    }
    return pl.DataFrame(data, schema=schema).filter(pl.Series(start != end)).unique(maintain_order=True)


def credit_lines(draw: Draw, people: Borrowers, as_of: date) -> pl.DataFrame:
    """Lines in time for a third of the customers: an expired one, and one in force."""
    some = np.flatnonzero(draw.chance(300, people.kind.size))
    begin = day(as_of) - draw.whole(10, 360, some.size)
    schema = TABLES["credit_line"].polars()
    old = {
        "borrower_id": people.ids.gather(pl.Series(some)),
        "from_on": days(begin - 365),
        "to_on": days(begin - 1),
        "credit_line_fen": pl.Series(people.line_fen[some] // (2 * WAN_FEN) * WAN_FEN),
    }
    new = old | {
        "from_on": days(begin),
        "to_on": blank(days(begin + 364), draw.chance(200, some.size)),
        "credit_line_fen": pl.Series(people.line_fen[some]),
    }
    return pl.concat([pl.DataFrame(old, schema=schema), pl.DataFrame(new, schema=schema)])


_EVIDENCE: Final = (  # what, per mille of the businesses it is recorded of, per mille of which it holds
    ("temporary_difficulty", 350, 800),
    ("severely_hit", 120, 650),
    ("prior_credit_good", 250, 900),
    ("financial_difficulty", 150, 250),
    ("trade_chain_firm", 60, 500),
)


def evidence(draw: Draw, people: Borrowers, as_of: date) -> pl.DataFrame:
    """What was recorded about customers in the five months before the as-of date, and a little after it."""
    schema, parts = TABLES["evidence"].polars(), []
    for kind, recorded, holds in _EVIDENCE:
        some = np.flatnonzero((people.kind != PERSON) & draw.chance(recorded, people.kind.size))
        data = {
            "borrower_id": people.ids.gather(pl.Series(some)),
            "evidence_kind": pl.Series([kind]).cast(schema["evidence_kind"]).new_from_index(0, some.size),
            "holds": pl.Series(draw.chance(holds, some.size)),
            "as_of_on": days(day(as_of) + 5 - draw.skewed(0, 150, some.size)),
            "source": coded(draw.pick([5, 3, 2], some.size), _sources(), pl.String()),
            "recorded_by": numbered("U", draw.whole(1, 400, some.size), 4),
        }
        parts.append(pl.DataFrame(data, schema=schema))
    return pl.concat(parts)


def _sources() -> tuple[str, ...]:
    return tuple(label(f"synth.source.{name}").zh for name in ("visit", "tax", "power"))
