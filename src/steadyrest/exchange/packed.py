"""The bytes of a file, unpacked on the way where it is a gzip; and what a file name says besides its ending."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

GZIP: Final = b"\x1f\x8b"
_ENDINGS: Final = re.compile(r"\.(csv|txt|dat|del|tsv|psv|unl|data|parquet|xlsx|xlsm|gz)$", re.IGNORECASE)
_PART: Final = re.compile(r"[._-](?:part|p)?0*(\d{1,4})$", re.IGNORECASE)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes as they are meant to be read."""
    with path.open("rb") as stream:
        is_packed = stream.read(len(GZIP)) == GZIP
        stream.seek(0)
        if is_packed:
            with gzip.open(stream, "rb") as unpacked:
                yield cast(BinaryIO, unpacked)
        else:
            yield stream


def stem_of(name: str) -> tuple[str, int | None]:
    """(the name of a file or sheet without folder, endings and part number; the part number or None).

    >>> stem_of("2022/JS_201_CLDWDK_002.txt.gz"), stem_of("loans.csv#rows")
    (('JS_201_CLDWDK', 2), ('loans', None))
    """
    bare = Path(name.partition("#")[0]).name
    while _ENDINGS.search(bare):
        bare = _ENDINGS.sub("", bare)
    found = _PART.search(bare)
    return (bare[: found.start()], int(found.group(1))) if found and found.start() else (bare, None)
