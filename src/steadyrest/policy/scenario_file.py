"""Reading scenario files: tests that a lawyer can read, beside the rules they test.

A file is a mapping with `base` (facts that all its scenarios share), and `scenarios`, a list of: `name`, `valid_on`,
`known_on` (the same day unless said), `given` (facts, laid over the base), `expect` (by slug: the word `eligible`, or
the conditions that `fail` and those that stay `unknown`, values of `relief` and `parameters`), `active` and `inactive`
(slugs), `confirmed` (recalled clauses taken as confirmed).
"""

from __future__ import annotations

from collections.abc import Mapping

from steadyrest.errors import PackError
from steadyrest.policy import fields
from steadyrest.policy.fields import Fields
from steadyrest.policy.reader import Entry, Scalar
from steadyrest.policy.sources import Expectation, Expected, Scenario
from steadyrest.rules.types import Value, has_type, nearest
from steadyrest.schema import TABLES

_FACTS = TABLES["loan_facts"].by_name()
_RELIEF = ("programme", "window_from", "window_to", "parts", "cap_on", "cap_strength", "legal_form")
_NO = Entry({}, "", 0)


def scenarios(entry: Entry) -> tuple[Scenario, ...]:
    """All scenarios of one file."""
    found = Fields(entry, ("scenarios",), ("base",))
    base = found.maybe("base", facts) or {}
    return tuple(_scenario(item, base) for item in fields.items(found["scenarios"]))


def facts(entry: Entry) -> Mapping[str, Value | None]:
    """A row of facts: registered columns of `loan_facts`, each value of the column's type or null."""
    return {name: _fact(name, child) for name, child in fields.mapping(entry).items()}


def _fact(name: str, entry: Entry) -> Value | None:
    if name not in _FACTS:
        raise PackError("pack.unknown_key", place=entry.place, key=name, nearest=nearest(name, _FACTS))
    column, value = _FACTS[name], _scalar(entry)
    if value is None:
        return None
    if column.codes:
        return fields.word(entry, column.codes)
    if not has_type(value, column):
        raise PackError("pack.not_of_column", place=entry.place, name=name, kind=column.kind.value)
    return value


def _scalar(entry: Entry) -> Scalar:
    if isinstance(entry.value, dict | tuple):
        raise PackError("pack.not_text", place=entry.place)
    return entry.value


def _scalar_or_list(entry: Entry) -> Expected:
    return tuple(_scalar(item) for item in entry.value) if isinstance(entry.value, tuple) else _scalar(entry)


def _scenario(entry: Entry, base: Mapping[str, Value | None]) -> Scenario:
    found = Fields(entry, ("name", "valid_on"), ("known_on", "given", "expect", "active", "inactive", "confirmed"))
    valid_on = fields.day(found["valid_on"])
    expect = found.maybe("expect", _expectations) or {}
    active, inactive = found.several("active", fields.texts), found.several("inactive", fields.texts)
    if not (expect or active or inactive):
        raise PackError("pack.expects_nothing", place=entry.place)
    return Scenario(
        name=fields.both(found["name"]),
        valid_on=valid_on,
        known_on=found.default("known_on", fields.day, valid_on),
        confirmed=found.several("confirmed", fields.texts),
        given={**base, **facts(found["given"])} if "given" in found.entries else None,
        expect=expect,
        active=active,
        inactive=inactive,
        place=entry.place,
    )


def _expectations(entry: Entry) -> Mapping[str, Expectation]:
    return {slug: _expectation(child) for slug, child in fields.mapping(entry).items()}


def _expectation(entry: Entry) -> Expectation:
    if isinstance(entry.value, str):
        fields.word(entry, ("eligible",))
        entry = Entry({}, entry.file, entry.line)
    found = Fields(entry, (), ("fail", "unknown", "relief", "parameters"))
    relief = Fields(found.entries.get("relief", _NO), (), _RELIEF)
    parameters = fields.mapping(found.entries.get("parameters", _NO))
    return Expectation(
        fail=frozenset(found.several("fail", fields.texts)),
        unknown=frozenset(found.several("unknown", fields.texts)),
        relief={name: _scalar(child) for name, child in relief.entries.items()},
        parameters={name: _scalar_or_list(child) for name, child in parameters.items()},
    )
