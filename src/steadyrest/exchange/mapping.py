"""Mappings: how the columns of any tape become registered columns. Data only, strictly validated.

    name, title, readings        what it is, and what it takes for granted (said to the reader, never silent)
    registry: [table, ...]       tables accepted under the registry's names and units, or as sheets of the template
    owners_by_link: true         a person with an `owner_of` link is an `owner`
    dialect: {separator, encoding, quoted}   how its text files are written; what is left out is guessed
    missing: [WORD, ...]         words that stand for no value in every column
    includes: [MAPPING, ...]     shipped mappings whose tables may stand beside these
    sources:
      NAME:
        header: [COLUMN, ...]    a file with all of these columns is this source
        particulars: TABLE       what the official table says further, read on request (the registry names the fields)
        layout: TABLE            the official table: its fields in order (for files without a header), and their codes,
                                 which may stand for the names
        columns: [COLUMN, ...]   the same for a table that is not official
        with_new: {TABLE: OTHER} rows of a table count only where the row of the other one is new to the book
        lists: {COLUMN: [...]}   words a column may hold; another word is a finding
        tables:                  the first table is the one that is counted; in the others the first row of a key
          TABLE:
            COLUMN: {from, ...}

A column takes its cell through these steps, in this order: `from` (the first of these names that the file has) or
`constant`; blanks and `missing` words are no value; `slice: [start, length]`; `codes` (with `otherwise` for a word
that is not among them); `lookup: {table, key, value}` in a packaged reference table; then the reader of its kind:
`unit` (yuan wan fen | percent fraction e7), `dates` with `pivot` (a two-digit year means the latest year not after
this day), `is_true` / `is_false` words, `months_after` (a number of months after another column of the same table).
`stand_in: true` says that the tape has no such thing and something else stands in for it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Set
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest import reference
from steadyrest.errors import InputError, SteadyrestError, UsageError
from steadyrest.exchange.dialect import GUESS, Settings
from steadyrest.exchange.yaml_text import Node, nearest, read_yaml
from steadyrest.schema import PARTICULARS, TABLES, Column, Kind, Table
from steadyrest.text import Text

MAPPINGS: Final = ("steadyrest", "pboc", "extracts", "sba_7a", "lendingclub")
"""The shipped mappings, in the order in which they are tried."""

INPUT_TABLES: Final = tuple(name for name, table in TABLES.items() if table.is_input)
DATE_STYLES: Final = ("YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "M/D/YYYY", "D-Mon-YY", "Mon-YYYY", "serial")
PLACES: Final[Map[str, int]] = {"yuan": 2, "wan": 6, "fen": 0, "percent": 5, "fraction": 7, "e7": 0}
_UNITS: Final = {Kind.MONEY: ("yuan", "wan", "fen"), Kind.RATE: ("percent", "fraction", "e7")}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A packaged reference table that turns a word into another."""

    table: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """How one registered column is read; see the module for the meaning of each step."""

    column: Column
    sources: tuple[str, ...] = ()
    constant: str | None = None
    missing: tuple[str, ...] = ()
    cut: tuple[int, int] | None = None
    codes: Map[str, str] | None = None
    otherwise: str | None = None
    lookup: Lookup | None = None
    unit: str = ""
    dates: tuple[str, ...] = ("YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "serial")
    pivot: date | None = None
    is_true: tuple[str, ...] = ("1", "true", "TRUE", "True", "Y", "y", "是")
    is_false: tuple[str, ...] = ("0", "false", "FALSE", "False", "N", "n", "否")
    months_after: str | None = None
    stand_in: bool = False
    is_guarded: bool = False

    @property
    def has_steps(self) -> bool:
        """Whether anything comes between the cell and the reader of its kind."""
        steps = (self.missing, self.cut, self.codes, self.otherwise, self.lookup, self.months_after, self.is_guarded)
        return any(steps)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of file of a tape: how it is recognised, and the tables it feeds (the first is the counted one).

    `order` names the columns of a file without a header; `other_names` are names that may stand for those of `header`.
    Rows of a table in `with_new` are kept only where the row of the table it names is new to the book.
    """

    name: str
    header: tuple[str, ...]
    tables: Map[str, tuple[ColumnSpec, ...]]
    lists: Map[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    other_names: Map[str, str] = field(default_factory=dict)
    with_new: Map[str, str] = field(default_factory=dict)
    skip_blank: str | None = None
    has_notes: bool = False

    @property
    def table(self) -> str:
        """The table whose rows are counted."""
        return next(iter(self.tables))

    def lacking(self, header: Set[str]) -> list[str]:
        """Columns by which the source is recognised and which a header does not have under either name."""
        return [name for name in self.header if name not in header and self.other_names.get(name) not in header]

    def without(self, tables: Set[str]) -> Source:
        """The source with some of its tables left unread."""
        return replace(self, tables={name: specs for name, specs in self.tables.items() if name not in tables})

    @property
    def names(self) -> frozenset[str]:
        """Every column name the source knows."""
        specs = (spec for table in self.tables.values() for spec in table)
        return frozenset(name for spec in specs for name in spec.sources) | self.lists.keys()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping; `readings` are the assumptions it makes, in both languages."""

    name: str
    title: Text
    sources: tuple[Source, ...]
    readings: tuple[Text, ...] = ()
    owners_by_link: bool = False
    dialect: Settings = GUESS


def load_mapping(name: str | Path) -> Mapping:
    """A shipped mapping by name, or a YAML file; `UsageError` for an unknown name, `InputError` with file and line."""
    if str(name) in MAPPINGS:
        return _shipped(str(name))
    path = Path(name)
    if not path.is_file():
        raise UsageError("call.unknown_name", name=name, nearest=nearest(str(name), MAPPINGS))
    try:
        return parse_mapping(path.read_text("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise InputError("input.encoding", path=path.name, position=error.start) from None


@cache
def _shipped(name: str) -> Mapping:
    return parse_mapping(
        (resources.files("steadyrest.exchange") / "mappings" / f"{name}.yaml").read_text("utf-8"), name
    )


def parse_mapping(text: str, file: str) -> Mapping:
    """Read and check one mapping."""
    known = ("name", "title", "readings", "registry", "owners_by_link", "dialect", "missing", "includes", "sources")
    top = read_yaml(text, file).mapping(known, ("name", "title"))
    missing = top["missing"].texts() if "missing" in top else ()
    sources = (
        [_source(name, node, missing) for name, node in top["sources"].mapping().items()] if "sources" in top else []
    )
    included = [_shipped(_one_of(node, MAPPINGS)) for node in (top["includes"].items() if "includes" in top else ())]
    for node in top["registry"].items() if "registry" in top else ():
        sources += registry_sources(_table(node.text(), node).name)
    readings = tuple(_text(node) for node in top["readings"].items()) if "readings" in top else ()
    owners = top["owners_by_link"].flag() if "owners_by_link" in top else any(item.owners_by_link for item in included)
    for other in included:
        taken = {source.name for source in sources}
        sources += [source for source in other.sources if source.name not in taken]
        readings += other.readings
    dialect = _dialect(top["dialect"]) if "dialect" in top else GUESS
    return Mapping(top["name"].text(), _text(top["title"]), tuple(sources), readings, owners, dialect)


def _dialect(node: Node) -> Settings:
    parts = node.mapping(("encoding", "separator", "quoted"))
    encoding = parts["encoding"].text() if "encoding" in parts else None
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            parts["encoding"].wrong("utf-8 | gb18030 | ...")
    separator = parts["separator"].text().replace("\\t", "\t") if "separator" in parts else None
    return Settings(encoding, separator, parts["quoted"].flag() if "quoted" in parts else None)


def registry_sources(table: str) -> list[Source]:
    """The two shapes in which a registered table comes under its own names: registry units, or a sheet of the template.

    The first has column names as header and integers of fen and 1e-7. The second has the bilingual header that
    `header_text` writes, money in yuan and rates in percent, and lines that begin with `#` are notes.
    """
    known = TABLES[table]
    needed = [column for column in known.columns if column.required or column.name in known.key]
    # Text of the sheet of decisions may be led by an apostrophe, so that a spreadsheet takes it for no formula.
    is_guarded = table == "decision"
    plain = tuple(
        ColumnSpec(column, (column.name,), unit=_own_unit(column), is_guarded=is_guarded) for column in known.columns
    )
    sheet = tuple(ColumnSpec(column, (header_text(column),), unit=_sheet_unit(column),
                             dates=(*DATE_STYLES[:3], "serial")) for column in known.columns)  # fmt: skip
    skip = "decision" if table == "decision" else None
    return [
        Source(table, tuple(column.name for column in needed), {table: plain}, skip_blank=skip),
        Source(
            f"{table} sheet",
            tuple(header_text(column) for column in needed),
            {table: sheet},
            skip_blank=header_text(known[skip]) if skip else None,
            has_notes=True,
        ),
    ]


def header_text(column: Column) -> str:
    """The header of a sheet: Chinese above English, as the workbook of a run and the template write it."""
    return f"{column.label.zh}\n{column.label.en}"


def _own_unit(column: Column) -> str:
    return {Kind.MONEY: "fen", Kind.RATE: "e7"}.get(column.kind, "")


def _sheet_unit(column: Column) -> str:
    return {Kind.MONEY: "yuan", Kind.RATE: "percent"}.get(column.kind, "")


def _text(node: Node) -> Text:
    parts = node.mapping(("zh", "en"), ("zh", "en"))
    return Text(zh=parts["zh"].text(), en=parts["en"].text())


def _table(name: str, node: Node) -> Table:
    if name not in INPUT_TABLES:
        raise InputError("input.mapping_key", place=node.place, name=name, nearest=nearest(name, INPUT_TABLES))
    return TABLES[name]


def _source(name: str, node: Node, missing: tuple[str, ...] = ()) -> Source:
    parts = node.mapping(
        ("header", "layout", "columns", "lists", "with_new", "particulars", "tables"), ("header", "tables")
    )
    order, other_names = _layout(parts["layout"]) if "layout" in parts else ((), {})
    if "columns" in parts:
        order = parts["columns"].texts()
    tables: dict[str, tuple[ColumnSpec, ...]] = {}
    for table_name, table_node in parts["tables"].mapping().items():
        table = _table(table_name, table_node)
        columns = table_node.mapping(table.names)
        specs = (_column(table, table[column], columns[column], columns) for column in columns)
        tables[table_name] = tuple(_also(spec, missing, other_names) for spec in specs)
        _complete(table, columns, table_node)
    if not tables:
        parts["tables"].wrong("table: {column: {...}}")
    if "particulars" in parts:
        table = _table(_one_of(parts["particulars"], tuple(sorted(PARTICULARS))), parts["particulars"])
        tables[table.name] = tuple(
            _also(spec, missing, other_names) for spec in _particulars(table, name, next(iter(tables.values())))
        )
    lists = {key: value.texts() for key, value in parts["lists"].mapping().items()} if "lists" in parts else {}
    given = parts["with_new"].mapping(tuple(tables)) if "with_new" in parts else {}
    with_new = {key: _one_of(value, tuple(tables)) for key, value in given.items()}
    return Source(name, parts["header"].texts(), tables, lists, order, other_names, with_new)


def _particulars(table: Table, source: str, base: tuple[ColumnSpec, ...]) -> Iterator[ColumnSpec]:
    """The columns of a table of particulars: keys as in the counted table, the rest by the field that is registered."""
    for spec in base:
        if spec.column.name in table.key:
            yield spec
    for column in table.columns:
        field = next((item.partition(f":{source}.")[2] for item in column.official if f":{source}." in item), None)
        if field is not None and column.name not in table.key:
            yield ColumnSpec(column, (field,), unit=_sheet_unit(column))


def _layout(node: Node) -> tuple[tuple[str, ...], dict[str, str]]:
    """Names of the fields of an official table in order, and the code that may stand for each name."""
    fields = reference.table("official_fields").filter(pl.col("table_code") == node.text()).sort("sequence")
    if not fields.height:
        known = reference.table("official_fields")["table_code"].unique().to_list()
        raise InputError("input.mapping_key", place=node.place, name=node.text(), nearest=nearest(node.text(), known))
    coded = fields.filter(pl.col("field_code").is_not_null())
    return tuple(fields["field_zh"]), dict(zip(coded["field_zh"], coded["field_code"], strict=True))


def _also(spec: ColumnSpec, missing: tuple[str, ...], other_names: Map[str, str]) -> ColumnSpec:
    """The column with the words that stand for nothing in the whole tape, and the other names of its cells."""
    sources = tuple(also for name in spec.sources for also in (name, other_names.get(name)) if also)
    return replace(spec, missing=(*spec.missing, *missing), sources=sources)


def _complete(table: Table, columns: Map[str, Node], node: Node) -> None:
    """A table without a column that every row must have can never hold a row."""
    for column in table.columns:
        if (column.required or column.name in table.key) and column.name not in columns:
            raise InputError("input.mapping_missing", place=node.place, name=f"{table.name}.{column.name}")


_COLUMN_KEYS: Final = ("from", "constant", "missing", "slice", "codes", "otherwise", "lookup", "unit", "dates", "pivot",
                       "is_true", "is_false", "months_after", "stand_in")  # fmt: skip


def _column(table: Table, column: Column, node: Node, siblings: Map[str, Node]) -> ColumnSpec:
    parts = node.mapping(_COLUMN_KEYS)
    if ("from" in parts) == ("constant" in parts):
        node.wrong("from | constant")
    given: dict[str, object] = {}
    if "slice" in parts:
        start, length = (item.number() for item in parts["slice"].items()[:2])
        given["cut"] = (start, length)
    if "codes" in parts:
        given["codes"] = {key: _code(column, value) for key, value in parts["codes"].mapping().items()}
    if "otherwise" in parts:
        given["otherwise"] = _code(column, parts["otherwise"])
    if "constant" in parts:
        given["constant"] = _code(column, parts["constant"])
    if "lookup" in parts:
        given["lookup"] = _lookup(parts["lookup"])
    if "months_after" in parts:
        given["months_after"] = _sibling(column, parts["months_after"], table, siblings)
    if "dates" in parts:
        given["dates"] = tuple(_one_of(item, DATE_STYLES) for item in parts["dates"].items())
    if "pivot" in parts:
        given["pivot"] = parts["pivot"].day()
    if "D-Mon-YY" in str(given.get("dates", "")) and "pivot" not in parts:
        node.wrong("pivot: 2022-12-31")
    words = {name: parts[name].texts() for name in ("missing", "is_true", "is_false") if name in parts}
    sources = parts["from"].texts() if "from" in parts else ()
    stand_in = parts["stand_in"].flag() if "stand_in" in parts else False
    unit = _unit(column, parts.get("unit"), node)
    return ColumnSpec(column, sources, unit=unit, stand_in=stand_in, **words, **given)  # type: ignore[arg-type]


def _code(column: Column, node: Node) -> str:
    word = node.text()
    if column.codes and word not in column.codes:
        raise InputError("input.mapping_key", place=node.place, name=word, nearest=nearest(word, column.codes))
    return word


def _one_of(node: Node, known: tuple[str, ...]) -> str:
    word = node.text()
    if word not in known:
        raise InputError("input.mapping_key", place=node.place, name=word, nearest=nearest(word, known))
    return word


def _unit(column: Column, node: Node | None, parent: Node) -> str:
    known = _UNITS.get(column.kind, ())
    if node is None:
        if known:
            parent.wrong(f"unit: {' | '.join(known)}")
        return ""
    if not known:
        node.wrong("-")
    return _one_of(node, known)


def _sibling(column: Column, node: Node, table: Table, siblings: Map[str, Node]) -> str:
    name = node.text()
    if column.kind is not Kind.DAY or name not in siblings or table[name].kind is not Kind.DAY or name == column.name:
        raise InputError("input.mapping_key", place=node.place, name=name, nearest=nearest(name, tuple(siblings)))
    return name


def _lookup(node: Node) -> Lookup:
    parts = node.mapping(("table", "key", "value"), ("table", "key", "value"))
    try:
        known = reference.source(parts["table"].text()).columns
    except SteadyrestError:
        name = parts["table"].text()
        where = parts["table"].place
        raise InputError(
            "input.mapping_key", place=where, name=name, nearest=nearest(name, reference.names())
        ) from None
    return Lookup(parts["table"].text(), _one_of(parts["key"], tuple(known)), _one_of(parts["value"], tuple(known)))
