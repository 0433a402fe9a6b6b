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


def bare_of(name: str) -> str:
    """The name of a file or sheet without folder and endings."""
    bare = Path(name.partition("#")[0]).name
    while _ENDINGS.search(bare):
        bare = _ENDINGS.sub("", bare)
    return bare


def stem_of(name: str, own: str = "") -> tuple[str, int | None]:
    """(the bare name without part number; the part number or None). A name that ends with `own` has no part number.

    >>> stem_of("2022/JS_201_CLDWDK_002.txt.gz"), stem_of("loans.csv#rows"), stem_of("IE_005_504.txt", "IE_005_504")
    (('JS_201_CLDWDK', 2), ('loans', None), ('IE_005_504', None))
    """
    bare = bare_of(name)
    found = None if own and bare.endswith(own) else _PART.search(bare)
    return (bare[: found.start()], int(found.group(1))) if found and found.start() else (bare, None)
