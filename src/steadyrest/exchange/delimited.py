"""Text files, read in blocks of whole records, as bytes of UTF-8 whatever their encoding is.

A record with more or fewer cells than the header is ragged: it is set aside with its number, and the rest of its
block is read on. Blocks without one take the fast road; only a block with one is looked at record by record.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from steadyrest.errors import InputError
from steadyrest.exchange.batch import Batch
from steadyrest.exchange.dialect import GUESS, Dialect, Settings, sniff
from steadyrest.exchange.guard import RECORD_BYTES, check_cells, reading
from steadyrest.exchange.looks import look_over
from steadyrest.exchange.packed import opened
from steadyrest.text import Text, label

_BLOCK_BYTES: Final = 24 << 20
_QUOTED: Final = re.compile(rb'"[^"]*"')
_SINGLE: Final = b"\x1f"
_BREAKS: Final = b"\r\n"
"""What a separator of several letters becomes before the block is parsed."""


class TextTable:
    """One text file. Its first record is taken for the header until `name_columns` says that there is none."""

    def __init__(self, path: Path, name: str, settings: Settings = GUESS) -> None:
        self.path = path
        self.name = name
        with reading(name):
            self.dialect: Dialect = sniff(path, name, settings)
            first = next(self._blocks(limit=1 << 16), b"")
        cut = _record_end(first, self.dialect.is_quoted)
        head = first if cut < 0 else first[:cut]
        if not head.strip():
            raise InputError("input.empty", path=name)
        rows = self._records(head)
        self.header = tuple(cell.replace("\r\n", "\n").strip() for cell in rows[0][1])
        self.order = ""
        self.rows_about = 0
        if cut >= 0:
            self.rows_about = max(0, self.dialect.lines - head.count(b"\n"))

    def name_columns(self, names: Sequence[str], order: str) -> None:
        """The file has no header: its cells have these names, in the order of `order` (a layout, or another part)."""
        assert len(names) == len(self.header)
        self.header, self.order = tuple(names), order
        self.rows_about += 1

    @property
    def guess(self) -> Text:
        """Encoding, separator and quotes, as guessed."""
        separator = self.dialect.separator.replace("\t", "\\t")
        shown = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in separator)
        quotes = '"' if self.dialect.is_quoted else "-"
        known = {"encoding": self.dialect.encoding, "separator": shown, "quotes": quotes}
        if self.order:
            return label("exchange.guess.text_without_header", order=self.order, **known)
        return label("exchange.guess.text", **known)

    def batches(self, names: tuple[str, ...]) -> Iterator[Batch]:
        """The rows, in order; blank lines at the end of the file are no rows."""
        at = 0
        is_header = not self.order
        for block in self._blocks():
            with reading(self.name):
                if is_header:
                    block = block[_record_end(block, self.dialect.is_quoted) :] if b"\n" in block else b""
                    is_header = False
                if block[:2].strip(_BREAKS) or block.strip(_BREAKS):
                    batch = self._batch(block, at, names)
                    at += batch.frame.height + len(batch.ragged)
                    check_cells(batch.frame, self.name, at - batch.frame.height + 1)
                    yield batch

    def _blocks(self, limit: int = _BLOCK_BYTES) -> Iterator[bytes]:
        """The bytes in blocks that end with a record. A record beyond the limit, or an open quote, is refused."""
        held = b""
        for chunk in self._chunks(limit):
            held += chunk
            end = _last_record_end(held, self.dialect.is_quoted)
            if end > 0:
                yield held[:end]
                held = held[end:]
            elif len(held) > RECORD_BYTES:
                raise InputError("input.cell_too_long", path=self.name, row="-", name="-", limit=RECORD_BYTES)
        if self.dialect.is_quoted and held.count(b'"') % 2:
            shown = held.decode(errors="replace")[:40].replace("\n", " ")
            raise InputError("input.open_quote", path=self.name, text=shown)
        if held:
            yield held

    def _chunks(self, limit: int) -> Iterator[bytes]:
        """The file as UTF-8; that it decodes has been seen when it was opened."""
        is_utf8 = self.dialect.encoding.startswith("utf-8")
        decoder = codecs.getincrementaldecoder(self.dialect.encoding)("strict")
        with opened(self.path) as stream:
            stream.read(self.dialect.skip)
            while chunk := stream.read(limit):
                yield chunk if is_utf8 else decoder.decode(chunk).encode()

    def _batch(self, block: bytes, at: int, names: tuple[str, ...]) -> Batch:
        """One block as columns of text, its rows numbered after `at`."""
        is_bare = block.endswith(b"\n") and not block[-2:-1].isspace()
        bare = block if is_bare else block.rstrip(_BREAKS) + b"\n"
        columns, separator = self._columns(), self.dialect.separator.encode()
        has_quotes = self.dialect.is_quoted and b'"' in bare
        looks = None if has_quotes or len(separator) > 1 else look_over(bare, separator, columns)
        frame = self._parsed(bare) if looks is not None or self._may_be_even(bare) else None
        if frame is None:
            return self._picked(bare, at, names)
        frame = frame.rename(dict(zip(frame.columns, columns, strict=True)))
        wanted = [name for name in self.header if name and name in names]
        numbers = pl.int_range(at + 1, at + 1 + frame.height, eager=True)
        return Batch(frame.select(wanted), numbers, looks=looks or {})

    def _columns(self) -> list[str]:
        """Header names; a column without one gets a name that no mapping can mean."""
        return [name or f"\0{index}" for index, name in enumerate(self.header)]

    def _parsed(self, letters: bytes) -> pl.DataFrame | None:
        """The cells of a block; None when the parser stumbles over a record with another number of them."""
        separator = self.dialect.separator.encode()
        if len(separator) > 1:
            letters, separator = letters.replace(separator, _SINGLE), _SINGLE
        try:
            return pl.read_csv(
                io.BytesIO(letters),
                has_header=False,
                separator=separator.decode(),
                quote_char='"' if self.dialect.is_quoted else None,
                schema=dict.fromkeys(map(str, range(len(self.header))), pl.String()),
                infer_schema=False,
                raise_if_empty=False,
            )
        except pl.exceptions.PolarsError:
            return None  # record by record it is told which one

    def _may_be_even(self, block: bytes) -> bool:
        """Whether the records have together as many cells as the header gives them, outside of quotes.

        One with fewer then means another with more, which the parser refuses: so what it parses is even.
        """
        separator, width = self.dialect.separator.encode(), len(self.header)
        if not self.dialect.is_quoted and len(separator) == 1:
            return False  # it has been looked at
        if width == 1 or (len(separator) > 1 and (self.dialect.is_quoted or _SINGLE in block)):
            return False
        bare = _QUOTED.sub(b"", block) if self.dialect.is_quoted else block
        if b'"' in bare and self.dialect.is_quoted:
            return False
        return bare.count(separator) == bare.count(b"\n") * (width - 1)

    def _picked(self, block: bytes, at: int, names: tuple[str, ...]) -> Batch:
        """The block record by record, ragged ones set aside."""
        good: list[list[str]] = []
        rows: list[int] = []
        ragged: list[tuple[int, str]] = []
        for number, cells in self._records(block):
            if len(cells) == len(self.header):
                good.append(cells)
                rows.append(at + number)
            else:
                ragged.append((at + number, self.dialect.separator.join(cells)))
        schema = dict.fromkeys(self._columns(), pl.String())
        frame = pl.DataFrame(good, schema=schema, orient="row").with_columns(pl.all().replace("", None))
        wanted = [name for name in self.header if name and name in names]
        return Batch(frame.select(wanted), pl.Series(rows, dtype=pl.Int64), tuple(ragged))

    def _records(self, block: bytes) -> list[tuple[int, list[str]]]:
        """Numbered records as lists of cells."""
        text, separator = block.decode(), self.dialect.separator
        if not self.dialect.is_quoted:
            lines = text.rstrip("\r\n").split("\n")
            return [(number, line.rstrip("\r").split(separator)) for number, line in enumerate(lines, start=1)]
        if len(separator) > 1:
            text, separator = text.replace(separator, _SINGLE.decode()), _SINGLE.decode()
        csv.field_size_limit(RECORD_BYTES)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            return list(enumerate(reader, start=1))
        except csv.Error as error:
            raise InputError("input.broken", path=self.name, detail=str(error)) from None


def _record_end(text: bytes, is_quoted: bool) -> int:
    """Where the first record ends (after its line break); -1 when it does not."""
    end = text.find(b"\n")
    while end >= 0 and is_quoted and text.count(b'"', 0, end) % 2:
        end = text.find(b"\n", end + 1)
    return end + 1 if end >= 0 else -1


def _last_record_end(text: bytes, is_quoted: bool) -> int:
    """Where the last whole record ends; 0 when there is none. The text begins with a record."""
    end = text.rfind(b"\n")
    if is_quoted and end >= 0:
        quotes = text.count(b'"', 0, end)
        while end >= 0 and quotes % 2:
            before = text.rfind(b"\n", 0, end)
            quotes -= text.count(b'"', max(before, 0), end)
            end = before
    return end + 1
