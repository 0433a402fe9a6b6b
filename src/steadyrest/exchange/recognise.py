"""Which table of which mapping a file is, told by its header; a file that is none of them is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from steadyrest.errors import InputError, UsageError
from steadyrest.exchange.control import is_control
from steadyrest.exchange.delimited import TextTable
from steadyrest.exchange.dialect import GUESS, Settings, is_tabular
from steadyrest.exchange.files import RawTable, open_tables
from steadyrest.exchange.guard import check_header
from steadyrest.exchange.mapping import MAPPINGS, Mapping, Source, load_mapping
from steadyrest.exchange.packed import bare_of, stem_of

_NO_DATA: Final = (".md", ".json", ".yaml", ".yml")
"""Files beside the data of a folder: passed over, and named in the log; so is a text that is no table."""
SYNTHETIC: Final = "synthetic.json"


Files: TypeAlias = list[tuple[str, Path]]
"""Files with their names inside of the book."""


def data_files(book: Path) -> tuple[Files, Files, list[str]]:
    """The data files of a book in the order of their names, its control files, and what was passed over."""
    if not book.exists():
        raise UsageError("call.missing_path", path=book.name)
    if book.is_file():
        beside = [(path.name, path) for path in sorted(book.parent.iterdir()) if _controls(path, book)]
        return [(book.name, book)], beside, []
    taken: Files = []
    controls: Files = []
    passed = []
    for path in sorted(book.rglob("*"), key=lambda item: item.relative_to(book).as_posix()):
        name = path.relative_to(book).as_posix()
        if not path.is_file():
            continue
        is_hidden = any(part.startswith((".", "~$")) for part in Path(name).parts)
        suffix = path.suffix.lower()
        if is_hidden or suffix in _NO_DATA or (suffix == ".txt" and not is_tabular(path)):
            passed.append(name)
        elif is_control(path):
            controls.append((name, path))
        else:
            taken.append((name, path))
    if not taken:
        raise InputError("input.no_files", path=book.name)
    return taken, controls, passed


def _controls(path: Path, book: Path) -> bool:
    return path.is_file() and is_control(path) and path.name.startswith(stem_of(book.name)[0])


def open_all(files: Sequence[tuple[str, Path]], settings: Settings = GUESS) -> list[tuple[RawTable, Path]]:
    """The tables of all files; a sheet whose first cell begins with `#` is a note to the reader and no table.

    Raises `InputError` when nothing but notes is left.
    """
    found = [
        (table, path)
        for name, path in files
        for table in open_tables(path, name, settings)
        if not table.header[0].startswith("#")
    ]
    if not found:
        raise InputError("input.no_files", path=files[0][0])
    return found


def candidates(mapping: str | Path | None) -> list[Mapping]:
    """The mapping that was asked for, or the shipped ones in the order in which they are tried."""
    return [load_mapping(mapping)] if mapping is not None else [load_mapping(name) for name in MAPPINGS]


def choose(tables: Sequence[RawTable], known: Sequence[Mapping]) -> tuple[Mapping, list[Source]]:
    """The mapping that knows most of the tables, the earlier one of equals, and the source each table is.

    Raises `InputError` for a table it does not know: with the mapping that does, else with the nearest table.
    """
    best = max(known, key=lambda item: sum(match(item, table) is not None for table in tables))
    if not any(match(best, table) for table in tables):
        best = max(known, key=lambda item: sum(_ordered(item, table) is not None for table in tables))
    found = [match(best, table) for table in tables]
    for at, table in enumerate(tables):
        if found[at] is None and isinstance(table, TextTable):
            found[at] = _without_header(best, table, zip(tables, found, strict=True))
    if None in found:
        check_header(list(tables[found.index(None)].header), tables[found.index(None)].name)
        refuse(tables[found.index(None)], [best] if any(found) else known, tables)
    for table in tables:
        check_header(list(table.header), table.name)
    return best, [source for source in found if source is not None]


def _ordered(mapping: Mapping, table: RawTable) -> Source | None:
    """The source whose official order a file without a header follows, told by the file's name and its width."""
    stem = bare_of(table.name).upper()
    fitting = [source for source in mapping.sources if len(source.order) == len(table.header) and source.name in stem]
    return fitting[0] if fitting else None


def _without_header(
    mapping: Mapping, table: TextTable, others: Iterable[tuple[RawTable, Source | None]]
) -> Source | None:
    """A further part of a file that has the header, or a file in the order of its official table."""
    own = next((source.name for source in mapping.sources if bare_of(table.name).endswith(source.name)), "")
    stem, part = stem_of(table.name, own)
    for other, source in others:
        if source is None or part is None or len(other.header) != len(table.header):
            continue
        if stem_of(other.name, source.name)[0] == stem:
            table.name_columns(other.header, other.name)
            return source
    source = _ordered(mapping, table)
    if source is not None:
        table.name_columns(source.order, source.name)
    return source


def match(mapping: Mapping, table: RawTable) -> Source | None:
    """The source of a mapping that knows most columns of a table; of equals the one that is named like the file."""
    header = set(table.header)
    stem = bare_of(table.name)
    fitting = [source for source in mapping.sources if not source.lacking(header)]
    if not fitting:
        return None
    return max(fitting, key=lambda source: (len(header & source.names), source.name in stem))


def refuse(table: RawTable, known: Sequence[Mapping], book: Sequence[RawTable] = ()) -> NoReturn:
    """Say why a table of a book is none of the `known` mappings.

    A shipped mapping that recognises it is named, and what else of the book only the known one can read; else the
    source that shares most columns; else that none is shared.
    """
    others = [item for item in candidates(None) if item.name not in {mapping.name for mapping in known}]
    for other in others:
        source = match(other, table)
        if source is not None:
            apart = [item.name for item in book if match(known[0], item) and not match(other, item)]
            names = {"mapping": known[0].name, "other": other.name, "source": source.name}
            if apart:
                raise InputError("input.mixed_layouts", path=table.name, beside=apart[0], **names)
            raise InputError("input.other_layout", path=table.name, **names)
    for mappings in (known, others):
        _nearest(table, mappings)
    raise InputError("input.no_known_column", path=table.name, mappings=", ".join(item.name for item in known))


def _nearest(table: RawTable, mappings: Sequence[Mapping]) -> None:
    """Refuse a table with the source that shares most columns; silent where none shares any."""
    header = set(table.header)
    pairs = [(mapping, source) for mapping in mappings for source in mapping.sources if header & source.names]
    if not pairs:
        return
    mapping, source = max(pairs, key=lambda pair: (len(header & pair[1].names), len(header & set(pair[1].header))))
    missing = [name.replace("\n", " ") for name in source.lacking(header)]
    raise InputError(
        "input.unknown_layout",
        path=table.name,
        nearest=source.name,
        mapping=mapping.name,
        missing=", ".join(missing[:6]) or "-",
    )
