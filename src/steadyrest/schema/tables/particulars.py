"""What official returns say beyond what desks read: a table beside each that desks use, from `particulars.toml`.

They are read on request only (`read_book(particulars=True)`): no desk needs them, returns written from the registry do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from steadyrest.schema.registry import Column, Kind, Table, column, personal
from steadyrest.text import Text

_FAMILIES: Final = {"JS": "pboc", "五篇": "pboc", "IE": "east", "T_": "ybt"}
_BLANK: Final = Text(zh="报表中为空", en="blank in the return")
_DATA: Final = tomllib.loads((resources.files("steadyrest.schema") / "particulars.toml").read_text("utf-8"))


def _column(name: str, said: list[str]) -> Column:
    kind, field, en, returns = said
    official = tuple(f"{_FAMILIES[table[:2]]}:{table}.{field}" for table in returns.split())
    made = column(name, Kind("text" if kind == "personal" else kind), field, en, null=_BLANK, official=official)
    return personal(made) if kind == "personal" else made


def _table(name: str, said: Mapping[str, Any], known: Mapping[str, Table]) -> Table:
    base = known[said["of"]]
    keys = tuple(base[key] for key in base.key)
    columns = tuple(_column(*item) for item in said["fields"].items())
    return Table(name, Text(said["zh"], said["en"]), Text(**said["row"]), base.key, (*keys, *columns))


def particulars(known: Mapping[str, Table]) -> Mapping[str, Table]:
    """The tables of particulars by name; `known` are the tables they stand beside."""
    return MappingProxyType({name: _table(name, said, known) for name, said in _DATA.items()})


BESIDE: Final[Mapping[str, str]] = MappingProxyType({name: said["of"] for name, said in _DATA.items()})
"""Table of particulars -> the table it stands beside."""
