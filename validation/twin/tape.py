"""The raw rows of a CSV, Parquet or Excel file, in file order, with nothing interpreted."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq

SEPARATORS = ("|@|", "|!|", "@!@", "\x01", "\x1b", "\x1f", "\t", "|", ";", ",")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Tape:
    """One table of a file: its name (with `#sheet` for a sheet), its header, and its rows as mappings, numbered from 1.

    Rows with more or fewer cells than the header keep their number and are not among the rows.
    """

    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[int, Raw]]


def read(path: Path, name: str) -> Iterator[Tape]:
    """The tables of one file; the kind is told by its first bytes."""
    start = path.read_bytes()[:4]
    if start == b"PAR1":
        table = pq.read_table(path)
        yield Tape(name, tuple(table.column_names), list(enumerate(table.to_pylist(), 1)))
    elif start == b"PK\x03\x04":
        yield from _workbook(path, name)
    else:
        yield _text(path, name)


def _text(path: Path, name: str) -> Tape:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    separator = _separator(text)
    if len(separator) > 1:
        text, separator = text.replace(separator, "\x1f"), "\x1f"
    csv.field_size_limit(1 << 24)
    lines = list(csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=separator))
    header = tuple(cell.strip() for cell in lines[0])
    rows = [
        (number, dict(zip(header, line, strict=True)))
        for number, line in enumerate(lines[1:], 1)
        if len(line) == len(header)
    ]
    return Tape(name, header, rows)


def _separator(text: str) -> str:
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:50] if line]
    for separator in SEPARATORS:
        count = lines[0].count(separator)
        if count and 2 * sum(line.count(separator) == count for line in lines) >= len(lines):
            return separator
    return ","


def _workbook(path: Path, name: str) -> Iterator[Tape]:
    with zipfile.ZipFile(path) as book:
        words = _shared(book)
        links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        targets = {link.attrib["Id"]: link.attrib["Target"].lstrip("/").removeprefix("xl/") for link in links}
        for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet"):
            root = ElementTree.fromstring(book.read(f"xl/{targets[sheet.attrib[RELATION]]}"))
            lines = [_cells(row, words) for row in root.iter(f"{SHEET}row")]
            if lines:
                width = range(max(max(line, default=0) for line in lines) + 1)
                header = tuple(str(lines[0].get(column) or "").strip() for column in width)
                rows = [{header[column]: line.get(column) for column in width} for line in lines[1:]]
                yield Tape(f"{name}#{sheet.attrib['name']}", header, list(enumerate(rows, 1)))


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(part.text or "" for part in item.iter(f"{SHEET}t")) for item in root.iter(f"{SHEET}si")]


def _cells(row: ElementTree.Element, words: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for cell in row.iter(f"{SHEET}c"):
        letters = re.sub(r"\d", "", cell.attrib["r"])
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        text = "".join(part.text or "" for part in cell.iter() if part.tag in (f"{SHEET}v", f"{SHEET}t"))
        if text:
            found[column - 1] = words[int(text)] if cell.attrib.get("t") == "s" else text
    return found
