"""Excel workbooks: every visible sheet is a table whose header is its first row. Cells come as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from steadyrest.exchange.batch import BATCH_ROWS, Batch
from steadyrest.exchange.guard import check_archive, check_cells, check_header, reading
from steadyrest.text import Text, label

_ROW = "\0row"


class SheetTable:
    """One sheet. Blank rows are no rows; a row number counts the sheet's rows after the header, blank ones included."""

    def __init__(self, name: str, header: tuple[str, ...], frame: pl.DataFrame) -> None:
        self.name = name
        self.header = header
        self._frame = frame
        self.rows_about = frame.height

    @property
    def guess(self) -> Text:
        """The kind of file."""
        return label("exchange.guess.sheet")

    def batches(self, names: tuple[str, ...]) -> Iterator[Batch]:
        """The rows, in order."""
        wanted = [name for name in self._frame.columns if name in names]
        for part in self._frame.iter_slices(BATCH_ROWS):
            frame = part.select(wanted)
            check_cells(frame, self.name, 1)
            yield Batch(frame, part[_ROW])


def open_sheets(path: Path, name: str) -> Iterator[SheetTable]:
    """The sheets of a workbook that hold anything."""
    check_archive(path, name)
    with reading(name):
        book = fastexcel.read_excel(path)
        for title in book.sheet_names:
            sheet = book.load_sheet(title, header_row=None, dtypes="string")
            if sheet.visible == "visible" and sheet.height and sheet.width:
                table = _table(f"{name}#{title}", sheet.to_polars())
                if table is not None:
                    yield table


def _table(name: str, cells: pl.DataFrame) -> SheetTable | None:
    """The sheet below its header; None for a sheet with no cell at all. A column without a header is left out."""
    header = ["" if cell is None else str(cell).replace("\r\n", "\n").strip() for cell in cells.row(0)]
    if not any(header):
        return None
    check_header(header, name)
    kept = {old: new for old, new in zip(cells.columns, header, strict=True) if new}
    body = cells.slice(1).select(_shortest(old).alias(new) for old, new in kept.items())
    body = body.with_columns(pl.int_range(1, body.height + 1, eager=True).alias(_ROW))
    body = body.filter(~pl.all_horizontal(pl.col(list(kept.values())).is_null()))
    return SheetTable(name, tuple(kept.values()), body)


def _shortest(name: str) -> pl.Expr:
    """Numbers of a sheet as people wrote them. The library prints the float behind 123456789.01 as
    123456789.010000005; the shortest decimal of the same float is what was typed."""
    text = pl.col(name)
    number = pl.when(text.str.contains(r"^-?[1-9][0-9]*\.[0-9]{6,}$")).then(text).cast(pl.Float64, strict=False)
    return pl.coalesce(number.cast(pl.String), text)
