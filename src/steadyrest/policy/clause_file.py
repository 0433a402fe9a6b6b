"""Reading one clause file: `clauses/NAME.yaml` of a pack.

`id` (begins with the id of the pack), `slug` (the name its columns begin with), `kind` (screen, definition, norm),
`title`, `article`, `quote`, `strength`, `grade` and `source`, `status`, `effective_from`, `effective_to`, `known_from`;
where they apply also `document` and `binds` (else those of the pack), `supersedes`, `corrects` (the `known_from` of the
version of the same id that is withdrawn once this one is known), `open_readings`, `mechanism`, `defines` (for a
definition), `relief` (for a screen), `retired_bits`, and

- `parameters`: by name `{unit, value}`, `{unit, values: [{from, value, known_from}]}` for dated ones, `{unit, setting:
  true}` for one left to the bank, `{of: ID}` for the one of the same name in another clause;
- `conditions`: `{bit, id, title, test, soft}`; a test is a predicate over `loan_facts`, with parameters as `$name`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Final, cast

from steadyrest.errors import PackError
from steadyrest.policy import fields
from steadyrest.policy.fields import Fields
from steadyrest.policy.model import ClauseKind, Grade, Parts, Strength
from steadyrest.policy.reader import Entry
from steadyrest.policy.sources import ClauseSource, ConditionSource, DatedValue, ParameterSource, ReliefSource
from steadyrest.rules.types import PARAMETER_KINDS, Value
from steadyrest.schema import closed
from steadyrest.schema.registry import Kind
from steadyrest.text import Text

REQUIRED: Final = ("id", "slug", "title", "article", "quote", "strength", "kind", "grade", "source", "status")
DAYS: Final = ("effective_from", "known_from")
OPTIONAL: Final = (
    "document",
    "binds",
    "effective_to",
    "supersedes",
    "corrects",
    "open_readings",
    "parameters",
    "conditions",
    "retired_bits",
    "relief",
    "defines",
    "mechanism",
)

# A ratio has no place here: the files know whole numbers only, and a rate is written in units of 1e-7.
_READ: Final[Mapping[Kind, Callable[[Entry], Value]]] = {
    Kind.COUNT: fields.integer,
    Kind.MONEY: fields.integer,
    Kind.RATE: fields.integer,
    Kind.DAY: fields.day,
    Kind.FLAG: fields.flag,
    Kind.CODE: fields.text,
    Kind.TEXT: fields.text,
}
UNITS: Final = tuple(unit for unit, kind in PARAMETER_KINDS.items() if kind in _READ)


def clause_source(entry: Entry, pack_id: str, document: Text, binds: tuple[str, ...]) -> ClauseSource:
    """One clause; document and who is bound come from the pack where the clause does not say otherwise."""
    found = Fields(entry, (*REQUIRED, *DAYS), OPTIONAL)
    id = fields.text(found["id"])
    if not id.startswith(f"{pack_id}."):
        raise PackError("pack.foreign_id", place=found["id"].place, id=id, pack=pack_id)
    known_from, effective_from = fields.day(found["known_from"]), fields.day(found["effective_from"])
    effective_to = found.maybe("effective_to", fields.day)
    if effective_to is not None and effective_to < effective_from:
        raise PackError("pack.days_reversed", place=found["effective_to"].place)
    return ClauseSource(
        id=id,
        slug=_slug(found["slug"]),
        kind=cast(ClauseKind, fields.word(found["kind"], closed("clause_kind"))),
        title=fields.both(found["title"]),
        document=found.default("document", fields.both, document),
        article=fields.both(found["article"]),
        quote=fields.quote(found["quote"]),
        strength=_strength(found["strength"]),
        binds=found.default("binds", fields.texts, binds),
        grade=cast(Grade, fields.word(found["grade"], closed("grade"))),
        source=fields.text(found["source"]),
        effective_from=effective_from,
        effective_to=effective_to,
        known_from=known_from,
        supersedes=found.several("supersedes", fields.texts),
        status=fields.text(found["status"]),
        open_readings=found.several("open_readings", _sentences),
        conditions=found.several("conditions", _conditions),
        retired_bits=found.several("retired_bits", _bits),
        parameters=_parameters(found, effective_from, known_from),
        relief=found.maybe("relief", _relief),
        defines=found.maybe("defines", fields.text),
        mechanism=found.maybe("mechanism", lambda entry: fields.word(entry, closed("mechanism"))),
        place=entry.place,
        corrects=found.maybe("corrects", fields.day),
    )


def _slug(entry: Entry) -> str:
    slug = fields.text(entry)
    if not (slug.isascii() and slug.isidentifier() and slug == slug.lower()):
        raise PackError("pack.slug", place=entry.place, slug=slug)
    return slug


def _strength(entry: Entry) -> Strength:
    return cast(Strength, fields.word(entry, closed("strength")))


def _sentences(entry: Entry) -> tuple[Text, ...]:
    return tuple(fields.both(item) for item in fields.items(entry))


def _bits(entry: Entry) -> tuple[int, ...]:
    return tuple(fields.integer(item) for item in fields.items(entry))


def _conditions(entry: Entry) -> tuple[ConditionSource, ...]:
    return tuple(_condition(item) for item in fields.items(entry))


def _condition(entry: Entry) -> ConditionSource:
    found = Fields(entry, ("bit", "id", "title", "test"), ("soft",))
    return ConditionSource(
        bit=fields.integer(found["bit"]),
        id=fields.text(found["id"]),
        title=fields.both(found["title"]),
        test=fields.text(found["test"]),
        is_soft=found.default("soft", fields.flag, False),
        place=found["test"].place,
    )


def _parameters(found: Fields, from_on: date, known_from: date) -> tuple[ParameterSource, ...]:
    if not found.given("parameters"):
        return ()
    entries = fields.mapping(found["parameters"])
    return tuple(_parameter(name, entry, from_on, known_from) for name, entry in entries.items())


def _parameter(name: str, entry: Entry, from_on: date, known_from: date) -> ParameterSource:
    if "of" in fields.mapping(entry):
        other = fields.text(Fields(entry, ("of",))["of"])
        return ParameterSource(name, "", (), is_setting=False, of=other, place=entry.place)
    found = Fields(entry, ("unit",), ("value", "values", "setting"))
    unit = fields.word(found["unit"], UNITS)
    is_setting = found.default("setting", fields.flag, False)
    values: tuple[DatedValue, ...] = ()
    if found.given("value"):
        values = (DatedValue(value_of(found["value"], unit), from_on, known_from, found["value"].place),)
    elif found.given("values"):
        values = tuple(_dated(item, unit, known_from) for item in fields.items(found["values"]))
    if not (values or is_setting) or (values and is_setting) or (found.given("value") and found.given("values")):
        raise PackError("pack.one_value", place=entry.place, name=name)
    return ParameterSource(name, unit, in_order(values), is_setting, of=None, place=entry.place)


def _dated(entry: Entry, unit: str, known_from: date) -> DatedValue:
    found = Fields(entry, ("from", "value"), ("known_from",))
    known = found.default("known_from", fields.day, known_from)
    return DatedValue(value_of(found["value"], unit), fields.day(found["from"]), known, entry.place)


def in_order(values: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
    """By day in force, then by day known; two values for the same pair contradict each other."""
    ordered = sorted(values, key=lambda item: (item.from_on, item.known_from))
    for before, after in pairwise(ordered):
        if (before.from_on, before.known_from) == (after.from_on, after.known_from):
            raise PackError("pack.value_twice", place=after.place)
    return tuple(ordered)


def value_of(entry: Entry, unit: str) -> Value | tuple[Value, ...]:
    """A value, or a list of values, of the type of a unit."""
    read = _READ[PARAMETER_KINDS[unit]]
    if isinstance(entry.value, tuple):
        return tuple(read(item) for item in entry.value)
    return read(entry)


def _relief(entry: Entry) -> ReliefSource:
    found = Fields(entry, ("programme", "legal_forms", "parts", "cap_strength"), ("window_from", "window_to", "cap_on"))
    forms = tuple(fields.word(item, closed("legal_form")) for item in fields.items(found["legal_forms"]))
    if not forms:
        raise PackError("pack.blank", place=found["legal_forms"].place)
    return ReliefSource(
        programme=fields.word(found["programme"], closed("programme")),
        legal_forms=forms,
        window_from=found.maybe("window_from", _day_or_name),
        window_to=found.maybe("window_to", _day_or_name),
        parts=cast(Parts, fields.word(found["parts"], ("principal", "both"))),
        cap_on=found.maybe("cap_on", _day_or_name),
        cap_strength=_strength(found["cap_strength"]),
        place=entry.place,
    )


def _day_or_name(entry: Entry) -> date | str:
    """A day, or the name of a parameter of days."""
    if isinstance(entry.value, str) and entry.value.startswith("$"):
        return entry.value
    return fields.day(entry)
