"""The made-up bank as its systems extract it: each kind of file in a way of writing of its own.

    stock of loans       control-character separated, GB18030, gzip, no header, \\N for nothing
    customers            `|@|` with a header, UTF-8
    receipts of EAST     `|!|`, GB18030, split into parts, a header in the first only, a day that is none is 99991231
    everything else      CSV

Beside each file of loans and receipts stands a control file with its number of rows.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, cast

import polars as pl

from steadyrest.synth.east import east_rows
from steadyrest.synth.pboc import CORPORATE_LOANS, FIRMS, PERSONAL_LOANS, PERSONS, PbocLayout


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of file is written; `null` stands for nothing."""

    ending: str = ".csv"
    separator: str = ","
    encoding: str = "utf-8"
    has_header: bool = True
    null: str = ""
    is_split: bool = False
    has_control: bool = False


PLAIN: Final = Style()
STOCK: Final = Style(".dat.gz", "\x01", "gb18030", has_header=False, null=r"\N", has_control=True)
CUSTOMERS: Final = Style(".txt", "|@|")
RECEIPTS: Final = Style(".txt", "|!|", "gb18030", is_split=True, has_control=True)
STYLES: Final = {CORPORATE_LOANS: STOCK, PERSONAL_LOANS: STOCK, FIRMS: CUSTOMERS, PERSONS: CUSTOMERS}
_IN_EAST: Final = ("loan_terms", "arrears")
_ASKED: Final = ("loan", "loan_terms", "arrears", "agreement")


class ExtractSink:
    """A book being written as extracts; the receipts of a part are written when its agreements have come."""

    def __init__(self, folder: Path, as_of: date) -> None:
        self._folder, self._as_of = folder, as_of
        self._layout = PbocLayout()
        self._streams: dict[str, BinaryIO] = {}
        self._rows: dict[str, int] = {}
        self._styles: dict[str, Style] = {}
        self._held: dict[str, pl.DataFrame] = {}
        self._parts = 0

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append rows of one registered table."""
        if table in _ASKED:
            self._held[table] = frame
        if table not in _IN_EAST:
            for name, rows in self._layout(table, frame):
                stem = Path(name).stem
                self._write(stem, rows, STYLES.get(stem, PLAIN))
        if set(self._held) == set(_ASKED):
            self._parts += 1
            for stem, rows in east_rows(self._held, self._as_of).items():
                self._write(f"{stem}_{self._parts:03d}", rows, RECEIPTS)
            self._held = {}

    def close(self) -> dict[str, int]:
        """Finish all files and write the control files; rows by file name."""
        for stream in self._streams.values():
            stream.close()
        for name in [name for name, style in self._styles.items() if style.has_control]:
            control = f"{name.partition('.')[0]}.ok"
            (self._folder / control).write_text(f"{name}|{self._rows[name]}\n", "utf-8")
            self._rows[control] = 1
        return self._rows

    def _write(self, stem: str, rows: pl.DataFrame, style: Style) -> None:
        name = f"{stem}{style.ending}"
        is_new = name not in self._streams
        if is_new:
            self._streams[name] = opened(self._folder / name)
            self._styles[name] = style
        wants_header = is_new and style.has_header and not (style.is_split and self._parts > 1)
        head = style.separator.join(rows.columns) + "\n" if wants_header else ""
        text = head + as_text(rows, style)
        self._streams[name].write(text.encode(style.encoding))
        self._rows[name] = self._rows.get(name, 0) + rows.height


def opened(path: Path) -> BinaryIO:
    """A new file; a gzip holds no time, so that the same rows give the same bytes."""
    if path.suffix != ".gz":
        return path.open("wb")
    return cast(BinaryIO, gzip.GzipFile(path, mode="wb", mtime=0, compresslevel=4))


def as_text(rows: pl.DataFrame, style: Style) -> str:
    """Rows as lines."""
    if not rows.height:
        return ""
    if style is PLAIN:
        return rows.write_csv(include_header=False)
    cells = pl.concat_str(pl.all().cast(pl.String).fill_null(style.null), separator=style.separator)
    return "\n".join(rows.select(cells).to_series()) + "\n"
