"""How a text file is written: encoding, separator, quotes. Settings of the mapping, or guessed from the bytes; said in
the log.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from steadyrest.errors import InputError
from steadyrest.exchange.guard import SMALL_BYTES, UNPACKED_RATIO
from steadyrest.exchange.packed import opened

SEPARATORS: Final = ("|@|", "|!|", "@!@", "\x01", "\x1b", "\x1f", "\t", "|", ";", ",")
"""Tried in this order: a longer or rarer one first, so that `|@|` is not read as `|`."""
_SAMPLE_BYTES: Final = 1 << 18
_CHUNK: Final = 1 << 22
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a mapping says of its text files; None is left to be guessed."""

    encoding: str | None = None
    separator: str | None = None
    is_quoted: bool | None = None


GUESS: Final = Settings()


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of writing a table as text. `skip` counts the bytes of the byte-order mark; `lines` the lines, the last one
    with or without a break.
    """

    encoding: str
    separator: str
    is_quoted: bool
    skip: int
    lines: int


def sniff(path: Path, name: str, settings: Settings = GUESS) -> Dialect:
    """Look through the whole file for its encoding and quotes, and at its beginning for the separator.

    Raises `InputError` for a file that is neither UTF-8, UTF-16 with a mark, nor GB18030, that is not what the settings
    say, or that holds NUL bytes.
    """
    with opened(path) as stream:
        start = stream.read(_SAMPLE_BYTES)
    skip, marked = next(((len(mark), encoding) for mark, encoding in _BOMS if start.startswith(mark)), (0, ""))
    encoding, lines = _encoding(path, name, marked or settings.encoding or "")
    whole = len(start) < _SAMPLE_BYTES
    sample = start[skip:].decode(encoding, "ignore")
    if not whole:
        sample = sample[: sample.rfind("\n") + 1] or sample
    separator = settings.separator or _separator(sample)
    is_quoted = settings.is_quoted
    if is_quoted is None:
        is_quoted = _is_quoted(sample, separator) or _quotes_later(path, separator, encoding)
    return Dialect(encoding, separator, is_quoted, skip, lines)


def is_tabular(path: Path) -> bool:
    """Whether the first lines of a file have a separator in common; the text of a note has not."""
    with opened(path) as stream:
        start = stream.read(_SAMPLE_BYTES)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        lines = [line for line in start.decode(encoding, "ignore").splitlines()[:50] if line.strip()]
        for separator in SEPARATORS:
            count = lines[0].count(separator) if lines else 0
            if count and 2 * sum(line.count(separator) == count for line in lines) >= len(lines):
                return True
    return False


def _encoding(path: Path, name: str, marked: str) -> tuple[str, int]:
    failed: UnicodeDecodeError | None = None
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return encoding, _decodes(path, name, encoding)
        except UnicodeDecodeError as error:
            failed = failed or error
    assert failed is not None
    raise InputError("input.encoding", path=name, position=failed.start)


def _decodes(path: Path, name: str, encoding: str) -> int:
    """The number of lines of a file that decodes; the decoder's error with its place in the file otherwise."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines, at, last = 0, 0, "\n"
    most = max(SMALL_BYTES, UNPACKED_RATIO * path.stat().st_size)
    with opened(path) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            if at > most:
                raise InputError("input.zip_bomb", path=name, size=at, limit=most)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise UnicodeDecodeError(encoding, b"", at + error.start, at + error.start + 1, error.reason) from None
            # A byte of a letter of UTF-8 or GB18030 is never that of a line feed or a NUL.
            is_wide = encoding.startswith("utf-16")
            if "\0" in text if is_wide else b"\0" in chunk:
                raise InputError("input.nul_bytes", path=name, position=at + max(chunk.find(b"\0"), 0))
            lines += text.count("\n") if is_wide else chunk.count(b"\n")
            at += len(chunk)
            if not chunk:
                return lines + int(not last.endswith("\n"))
            last = text[-1:] or last


def _separator(sample: str) -> str:
    """The first candidate that stands in the header and equally often in most of the next lines."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in sample.splitlines()[:50] if line]
    if not lines:
        return ","
    for separator in SEPARATORS:
        count = lines[0].count(separator)
        same = sum(line.count(separator) == count for line in lines)
        if count and 2 * same >= len(lines):
            return separator
    return max(SEPARATORS, key=lines[0].count) if any(lines[0].count(item) for item in SEPARATORS) else ","


def _is_quoted(sample: str, separator: str) -> bool:
    """Quotes are quotes when one opens a cell and one closes a cell; a lone one is a letter (5" pipe, "Sun & Co)."""
    mark = re.escape(separator)
    opens, closes = re.search(rf'(^|\n|{mark})"', sample), re.search(rf'"({mark}|\r?\n|$)', sample)
    return opens is not None and closes is not None


def _quotes_later(path: Path, separator: str, encoding: str) -> bool:
    """Whether beyond the sample a quote opens one cell and closes one: a lone one is a letter."""
    opening, closing = (
        tuple(mark.encode(encoding) for mark in marks)
        for marks in ((f'{separator}"', '\n"'), (f'"{separator}', '"\n', '"\r'))
    )
    opens = closes = False
    with opened(path) as stream:
        tail = b""
        while (chunk := stream.read(_CHUNK)) and not (opens and closes):
            if b'"' not in chunk:
                tail = chunk[-8:]
                continue
            held = tail + chunk
            opens = opens or any(mark in held for mark in opening)
            closes = closes or any(mark in held for mark in closing)
            tail = held[-8:]
    return opens and closes
