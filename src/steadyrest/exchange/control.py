"""Control files: small files beside the data that promise how many rows each data file has.

A control file is told by its ending and belongs to the file it names, or to the one whose name it shares. A count is
the number behind a word for rows; without one, the only number of the line that is not a date, a part of the name or
the size in bytes. An ok-file without a count promises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from steadyrest.exchange.packed import stem_of

ENDINGS: Final = (".ctl", ".ok", ".flg", ".flag", ".chk", ".cnt", ".end", ".fin")
_LARGEST: Final = 1 << 20
_WORDS: Final = "rows?|row_?count|records?|record_?count|count|cnt|行数|记录数|笔数|总数"
_WORD: Final = re.compile(rf"(?:{_WORDS})\"?\s*[=:：|,\s]\s*\"?(\d+)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?![\w.])")


@dataclass(frozen=True, slots=True)
class Promise:
    """What a control file says of a data file. `rows` is None where it gives no count, -1 where none can be told."""

    control: str
    file: str
    rows: int | None


def is_control(path: Path) -> bool:
    """Whether a file is a control file, by its ending."""
    return path.suffix.lower() in ENDINGS


def promises(controls: Sequence[tuple[str, Path]], data: Sequence[tuple[str, Path]]) -> Iterator[Promise]:
    """What the control files of a book say; a file that is named and not there is a promise too."""
    for name, path in controls:
        text = path.read_bytes()[:_LARGEST].decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()]
        own = [item for item in data if _shares_name(name, item[0])]
        named = [(line, item) for line in lines for item in data if Path(item[0]).name in line]
        if named:
            for line, (file, at) in named:
                yield Promise(name, file, _count(line.replace(Path(file).name, " "), file, at))
        for line in lines if not own else ():
            for absent in _named_files(line, data):
                yield Promise(name, absent, None)
        if own and not named:
            yield Promise(name, own[0][0], _count(text, *own[0]))


def _shares_name(control: str, file: str) -> bool:
    bare = control[: -len(Path(control).suffix)]
    return bare in (file, file[: -len(Path(file).suffix)]) or Path(bare).name == stem_of(file)[0]


def _named_files(line: str, data: Sequence[tuple[str, Path]]) -> Iterator[str]:
    """Names of data files in a line that the book does not hold."""
    held = {Path(name).name for name, _ in data}
    endings = {"".join(Path(name).suffixes).lower() for name in held} or {".csv"}
    for word in re.findall(r"[\w.\-]+", line):
        if "".join(Path(word).suffixes).lower() in endings and word not in held:
            yield word


def _count(text: str, file: str, path: Path) -> int | None:
    worded = _WORD.findall(text)
    if worded:
        return int(worded[0]) if len(set(worded)) == 1 else -1
    size = path.stat().st_size
    found = {number for number in _NUMBER.findall(text) if number not in file and int(number) != size}
    if not found:
        return None
    return int(found.pop()) if len(found) == 1 else -1
