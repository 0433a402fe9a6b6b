"""Which table of which mapping a file is, told by its header; a file that is none of them is refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from steadyrest.errors import InputError, UsageError
from steadyrest.exchange.files import RawTable, open_tables
from steadyrest.exchange.mapping import MAPPINGS, Mapping, Source, load_mapping
from steadyrest.exchange.yaml_text import nearest

_NO_DATA: Final = (".md", ".txt", ".json", ".yaml", ".yml")
"""Files beside the data of a folder: passed over, and named in the log."""
SYNTHETIC: Final = "synthetic.json"


def data_files(book: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    """The data files of a book with their names inside of it, in the order of the names, and what was passed over."""
    if not book.exists():
        raise UsageError("call.missing_path", path=book.name)
    if book.is_file():
        return [(book.name, book)], []
    taken, passed = [], []
    for path in sorted(book.rglob("*"), key=lambda item: item.relative_to(book).as_posix()):
        name = path.relative_to(book).as_posix()
        if not path.is_file():
            continue
        is_hidden = any(part.startswith((".", "~$")) for part in Path(name).parts)
        if is_hidden or path.suffix.lower() in _NO_DATA:
            passed.append(name)
        else:
            taken.append((name, path))
    if not taken:
        raise InputError("input.no_files", path=book.name)
    return taken, passed


def open_all(files: Sequence[tuple[str, Path]]) -> list[tuple[RawTable, Path]]:
    """The tables of all files; a sheet whose first cell begins with `#` is a note to the reader and no table.

    Raises `InputError` when nothing but notes is left.
    """
    found = [
        (table, path)
        for name, path in files
        for table in open_tables(path, name)
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

    Raises `InputError` naming the nearest table and mapping when it does not know one of them.
    """
    best = max(known, key=lambda item: sum(match(item, table) is not None for table in tables))
    found = [match(best, table) for table in tables]
    for table, source in zip(tables, found, strict=True):
        if source is None:
            refuse(table, [best] if any(found) else known)
    return best, [source for source in found if source is not None]


def match(mapping: Mapping, table: RawTable) -> Source | None:
    """The source of a mapping that knows most columns of a table; of equals the one that is named like the file."""
    header = set(table.header)
    stem = Path(table.name.partition("#")[0]).stem
    fitting = [source for source in mapping.sources if header.issuperset(source.header)]
    if not fitting:
        return None
    return max(fitting, key=lambda source: (len(header & source.names), source.name == stem))


def refuse(table: RawTable, known: Sequence[Mapping]) -> NoReturn:
    """Name the nearest source: by shared columns, or by the sound of the names where nothing is shared."""
    header = set(table.header)
    pairs = [(mapping, source) for mapping in known for source in mapping.sources]
    mapping, source = max(pairs, key=lambda pair: (len(header & pair[1].names), len(header & set(pair[1].header))))
    if not header & source.names:
        names = {source.name: (mapping, source) for mapping, source in reversed(pairs)}
        mapping, source = names[nearest(Path(table.name).stem, names)]
    missing = [name.replace("\n", " ") for name in source.header if name not in header]
    raise InputError(
        "input.unknown_layout",
        path=table.name,
        nearest=source.name,
        mapping=mapping.name,
        missing=", ".join(missing[:6]) or "-",
    )
