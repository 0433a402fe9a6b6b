"""Reading one decision table of a pack: `tables/NAME.yaml`, and the rows that an overlay gives to one left to the bank.

`id` (begins with the id of the pack), `slug`, `title`, `article`, `grade`, `source`, `status`, `effective_from`,
`effective_to`, `known_from`, and

- `hit_policy`; `inputs`: `{column, unit}` over `loan_facts`; `outputs`: `{name, kind, unit, title, values}`;
- `rules`: lists of cells, inputs first, then outputs (texts; `rules.tables.cells` says what a cell may be), or
  `setting: true` for a table whose rows the bank gives;
- `examples`: lists of values of the inputs and the expected results; `-` is a missing value, or no result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from steadyrest.errors import PackError, RuleError
from steadyrest.policy import fields
from steadyrest.policy.errors import RuleInPack
from steadyrest.policy.fields import Fields
from steadyrest.policy.model import Grade
from steadyrest.policy.reader import Entry
from steadyrest.policy.sources import GivenRows, TableSource, Texts
from steadyrest.rules.tables import Input, Output, Table, table
from steadyrest.rules.types import nearest
from steadyrest.schema import TABLES, closed
from steadyrest.schema.registry import Kind
from steadyrest.text import Text

_FACTS: Final = TABLES["loan_facts"].by_name()
_KINDS: Final = ("code", "count", "money", "rate", "day", "flag", "text")
_REQUIRED: Final = ("id", "slug", "title", "article", "grade", "source", "status", "effective_from", "known_from",
                    "hit_policy", "inputs", "outputs")  # fmt: skip


def table_source(entry: Entry, pack_id: str, document: Text) -> TableSource:
    """One table; `PackError` with file and line for a cell that is not understood."""
    found = Fields(entry, _REQUIRED, ("effective_to", "rules", "setting", "examples", "note"))
    id = fields.text(found["id"])
    if not id.startswith(f"{pack_id}."):
        raise PackError("pack.foreign_id", place=found["id"].place, id=id, pack=pack_id)
    is_setting = found.default("setting", fields.flag, False)
    if is_setting == found.given("rules"):
        raise PackError("pack.one_value", place=entry.place, name=id)
    source = TableSource(
        id=id,
        slug=fields.text(found["slug"]),
        title=fields.both(found["title"]),
        document=document,
        article=fields.both(found["article"]),
        grade=cast(Grade, fields.word(found["grade"], closed("grade"))),
        source=fields.text(found["source"]),
        status=fields.text(found["status"]),
        effective_from=fields.day(found["effective_from"]),
        effective_to=found.maybe("effective_to", fields.day),
        known_from=fields.day(found["known_from"]),
        hit_policy=fields.text(found["hit_policy"]),
        inputs=tuple(_input(item) for item in fields.items(found["inputs"])),
        outputs=tuple(_output(item) for item in fields.items(found["outputs"])),
        rows=found.several("rules", lines),
        examples=found.several("examples", lines),
        is_setting=is_setting,
        place=entry.place,
    )
    if source.rows:
        built(source, source.rows, found["rules"])
    return source


def given_rows(entry: Entry) -> GivenRows:
    """Rows of an overlay for a table that is left to the bank."""
    found = Fields(entry, ("table", "rules", "from", "known_from", "citation", "name"), ("examples",))
    return GivenRows(
        table=fields.text(found["table"]),
        rows=lines(found["rules"]),
        examples=found.several("examples", lines),
        from_on=fields.day(found["from"]),
        known_from=fields.day(found["known_from"]),
        citation=fields.text(found["citation"]),
        name=fields.text(found["name"]),
        place=entry.place,
        entry=found["rules"],
    )


def lines(entry: Entry) -> tuple[Texts, ...]:
    """A list of lists of cells."""
    return tuple(fields.texts(item) for item in fields.items(entry))


def built(source: TableSource, rows: Sequence[Texts], entry: Entry) -> Table:
    """The checked table; a complaint names the line of the row."""
    width = len(source.inputs)
    try:
        return table(source.hit_policy, source.inputs, source.outputs, [(row[:width], row[width:], "") for row in rows])
    except RuleError as error:
        at = getattr(error, "row", None) or error.values.get("row")
        items = fields.items(entry)
        place = items[at - 1].place if isinstance(at, int) and at <= len(items) else entry.place
        raise RuleInPack(place, error) from None


def _input(entry: Entry) -> Input:
    found = Fields(entry, ("column",), ("unit",))
    name = fields.text(found["column"])
    if name not in _FACTS:
        raise PackError("pack.unknown_key", place=found["column"].place, key=name, nearest=nearest(name, _FACTS))
    return Input(_FACTS[name], _FACTS[name].label, found.default("unit", fields.text, ""))


def _output(entry: Entry) -> Output:
    found = Fields(entry, ("name", "kind", "title"), ("unit", "values"))
    kind = Kind(fields.word(found["kind"], _KINDS))
    values = found.several("values", fields.texts)
    return Output(
        fields.text(found["name"]), kind, fields.both(found["title"]), found.default("unit", fields.text, ""), values
    )
