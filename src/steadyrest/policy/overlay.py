"""A bank's overlay: a folder of the same shape, with `overlay.yaml` at its top.

It may confirm a recalled clause or table with a citation and a name of its own, give a value to a parameter or rows to
a table that the rule leaves to the bank, and add packs. It cannot change what a rule says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast

from steadyrest.errors import PackError
from steadyrest.policy import fields
from steadyrest.policy.clause_file import UNITS, in_order, value_of
from steadyrest.policy.fields import Fields
from steadyrest.policy.model import Grade
from steadyrest.policy.reader import Entry, read
from steadyrest.policy.scenario_file import scenarios
from steadyrest.policy.sources import (
    ClauseSource,
    Confirmation,
    DatedValue,
    Overlay,
    Pack,
    ParameterSource,
    Setting,
    TableSource,
)
from steadyrest.policy.table_file import built, given_rows
from steadyrest.rules.types import nearest

FILE = "overlay.yaml"


def read_overlay(folder: Path, read_packs: Callable[[Path], tuple[Pack, ...]]) -> Overlay:
    """One overlay folder. `PackError` with file and line for what is wrong in it."""
    name = f"{folder.name}/{FILE}"
    if not (folder / FILE).is_file():
        raise PackError("pack.no_overlay", place=f"{name}:1")
    found = Fields(
        read(folder / FILE, name), ("id", "title", "bank", "demonstration"), ("confirmations", "settings", "tables")
    )
    return Overlay(
        id=fields.text(found["id"]),
        title=fields.both(found["title"]),
        bank=fields.text(found["bank"]),
        is_demonstration=fields.flag(found["demonstration"]),
        confirmations=dict(_confirmation(item) for item in found.several("confirmations", fields.items)),
        settings=tuple(_setting(item) for item in found.several("settings", fields.items)),
        packs=read_packs(folder),
        scenarios=tuple(
            scenario
            for path in sorted((folder / "scenarios").glob("*.yaml"))
            for scenario in scenarios(read(path, f"{folder.name}/scenarios/{path.name}"))
        ),
        hash=_content_hash(folder),
        tables=tuple(given_rows(item) for item in found.several("tables", fields.items)),
    )


def laid_over(
    clauses: tuple[ClauseSource, ...], tables: tuple[TableSource, ...], overlay: Overlay
) -> tuple[tuple[ClauseSource, ...], tuple[TableSource, ...]]:
    """Clauses and tables with an overlay's words; `PackError` where it speaks of what is not there."""
    for id, (_, place) in overlay.confirmations.items():
        _need_clause(id, place, (*clauses, *tables))
        known: tuple[ClauseSource | TableSource, ...] = (*clauses, *tables)
        if all(item.grade != "D" for item in known if item.id == id):
            raise PackError("pack.not_recalled", place=place, id=id)
    for setting in overlay.settings:
        _need_setting(setting, clauses)
    for given in overlay.tables:
        _need_clause(given.table, given.place, tables)
    return tuple(_changed(clause, overlay) for clause in clauses), tuple(_filled(item, overlay) for item in tables)


def _filled(source: TableSource, overlay: Overlay) -> TableSource:
    """A table with the rows and the word of the bank."""
    given = tuple(item for item in overlay.tables if item.table == source.id)
    for item in given:
        if not source.is_setting:
            raise PackError("pack.not_a_setting", place=item.place, name=source.id)
        built(source, item.rows, item.entry)
    word = overlay.confirmations.get(source.id)
    confirmation = word[0] if word and source.grade == "D" else source.confirmation
    return replace(source, given=(*source.given, *given), confirmation=confirmation)


def _changed(clause: ClauseSource, overlay: Overlay) -> ClauseSource:
    word = overlay.confirmations.get(clause.id)
    confirmation = word[0] if word and clause.grade == "D" else clause.confirmation
    settings = tuple(setting for setting in overlay.settings if setting.clause == clause.id)
    parameters = tuple(_set(parameter, settings) for parameter in clause.parameters)
    return replace(clause, confirmation=confirmation, parameters=parameters)


def _set(parameter: ParameterSource, settings: Iterable[Setting]) -> ParameterSource:
    values = tuple(setting.value for setting in settings if setting.parameter == parameter.name)
    return replace(parameter, values=in_order((*parameter.values, *values)))


def _need_clause(id: str, place: str, clauses: Iterable[ClauseSource | TableSource]) -> None:
    ids = [clause.id for clause in clauses]
    if id not in ids:
        raise PackError("pack.unknown_clause", place=place, id=id, nearest=nearest(id, ids))


def _need_setting(setting: Setting, clauses: tuple[ClauseSource, ...]) -> None:
    place = setting.value.place
    _need_clause(setting.clause, place, clauses)
    own = {item.name: item for clause in clauses if clause.id == setting.clause for item in clause.parameters}
    if setting.parameter not in own:
        near = nearest(setting.parameter, own)
        raise PackError("pack.unknown_parameter", place=place, name=setting.parameter, nearest=near)
    parameter = own[setting.parameter]
    if not parameter.is_setting:
        raise PackError("pack.not_a_setting", place=place, name=setting.parameter)
    if setting.unit != parameter.unit:
        raise PackError("pack.other_unit", place=place, name=setting.parameter, unit=parameter.unit)


def _confirmation(entry: Entry) -> tuple[str, tuple[Confirmation, str]]:
    found = Fields(entry, ("clause", "citation", "grade", "name", "since"))
    word = Confirmation(
        citation=fields.text(found["citation"]),
        grade=cast(Grade, fields.word(found["grade"], ("A", "B", "C"))),
        name=fields.text(found["name"]),
        on=fields.day(found["since"]),
    )
    return fields.text(found["clause"]), (word, entry.place)


def _setting(entry: Entry) -> Setting:
    found = Fields(entry, ("clause", "parameter", "unit", "value", "from", "known_from", "citation", "name"))
    unit = fields.word(found["unit"], UNITS)
    return Setting(
        clause=fields.text(found["clause"]),
        parameter=fields.text(found["parameter"]),
        unit=unit,
        value=DatedValue(
            value_of(found["value"], unit), fields.day(found["from"]), fields.day(found["known_from"]), entry.place
        ),
        citation=fields.text(found["citation"]),
        name=fields.text(found["name"]),
    )


def _content_hash(folder: Path) -> str:
    """Of the names and bytes of all its files, in order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
