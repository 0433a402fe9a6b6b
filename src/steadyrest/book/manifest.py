"""The manifest of a run: what went in, under which rules, what came out, and that two engines agree on the totals.

It is one canonical JSON text: sorted keys, no clock, no machine; paths stand as the caller gave them. The same run
gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar, get_type_hints

from steadyrest.errors import RunError


@dataclass(frozen=True, slots=True)
class Input:
    """One input as a whole: its role (`book`, `mapping`, `overlay 1`, `evidence`, `decisions`), path and SHA-256."""

    role: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file of the book and the table it feeds; rows read = rows accepted + rows quarantined."""

    name: str
    table: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One result table: its rows and the content hash, which does not depend on the order of rows."""

    rows: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """One total by both engines: `field` is `rows` or a money column, then in minor units of `currency`."""

    table: str
    field: str
    currency: str
    polars: int
    duckdb: int

    @property
    def ties(self) -> bool:
        """Both engines agree."""
        return self.polars == self.duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A finished run. Dates are days, hashes hexadecimal text, counts whole numbers; null means not given.

    `identity` is what must be equal for a run to be the same run; `lacks` names, by table, the registered columns
    that the tape does not carry.
    """

    code_version: str
    as_of: date
    valid_on: date
    known_on: date
    mapping: str
    inputs: tuple[Input, ...]
    overlays: tuple[str, ...]
    evidence: str | None = None
    decisions: str | None = None
    snapshot_hash: str
    files: tuple[FileFacts, ...]
    tables: Mapping[str, TableFacts]
    control_totals: tuple[ControlTotal, ...]
    is_synthetic: bool
    is_unmasked: bool
    parts: int
    part_rows: int
    identity: Mapping[str, str] = field(default_factory=dict)
    lacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names_borrowers(self) -> bool:
        """Whether the tape has ids of borrowers; where the receipt id stands in for them, no households are counted."""
        return "borrower_id" not in self.lacks.get("loan", ())

    def as_plain(self) -> dict[str, object]:
        """The manifest as JSON values."""
        body: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        body |= {name: body[name].isoformat() for name in _DAYS}
        body |= {name: [asdict(item) for item in body[name]] for name in _LISTS}
        body |= {"overlays": list(self.overlays), "identity": dict(self.identity)}
        body["tables"] = {name: asdict(facts) for name, facts in self.tables.items()}
        body["lacks"] = {name: list(columns) for name, columns in self.lacks.items()}
        return body

    def to_json(self) -> str:
        """The canonical text."""
        return json.dumps(self.as_plain(), ensure_ascii=False, sort_keys=True, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, path: str = "manifest.json") -> Manifest:
        """Read the canonical text; a field that is missing, unknown or of another type is a `RunError`."""
        try:
            body = _object(json.loads(text))
            body |= {name: date.fromisoformat(_text(body[name])) for name in _DAYS}
            body |= {name: tuple(_record(kind, item) for item in _array(body[name])) for name, kind in _LISTS.items()}
            body["overlays"] = _texts(body["overlays"])
            body["tables"] = {name: _record(TableFacts, item) for name, item in _object(body["tables"]).items()}
            body["identity"] = {name: _text(item) for name, item in _object(body["identity"]).items()}
            body["lacks"] = {name: _texts(item) for name, item in _object(body["lacks"]).items()}
            return _record(cls, body)
        except (KeyError, TypeError, ValueError) as error:
            raise RunError("run.manifest_damaged", path=path, detail=str(error)) from error

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest of a finished run; a folder without one is a `RunError`."""
        if not path.is_file():
            raise RunError("run.not_finished", path=path.parent.name)
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise RunError("run.manifest_damaged", path=path.name, detail=str(error)) from error
        return cls.from_json(text, path.name)

    def write(self, path: Path) -> None:
        """Write the file in one step: a run that is killed leaves none, not half of one."""
        half = path.with_suffix(".tmp")
        half.write_text(self.to_json(), "utf-8")
        half.rename(path)


_T = TypeVar("_T")
_PLAIN: Final[Mapping[object, tuple[type, ...]]] = {
    str: (str,),
    int: (int,),
    bool: (bool,),
    str | None: (str, type(None)),
}
_DAYS: Final = ("as_of", "valid_on", "known_on")
_LISTS: Final[Mapping[str, type]] = {"inputs": Input, "files": FileFacts, "control_totals": ControlTotal}


def _record(kind: type[_T], body: object) -> _T:
    found, hints = _object(body), get_type_hints(kind)
    if found.keys() != hints.keys():
        raise ValueError(", ".join(sorted(found.keys() ^ hints.keys())))
    for name, value in found.items():
        if type(value) not in _PLAIN.get(hints[name], (type(value),)):
            raise TypeError(name)
    return kind(**found)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r}"[:40])
    return dict(value)


def _array(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r}"[:40])
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r}"[:40])
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _array(value))
