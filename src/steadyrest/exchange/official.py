"""Files of official tables as they were reported: cells as text, with the number of each row."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steadyrest.errors import InputError
from steadyrest.exchange.files import open_tables
from steadyrest.exchange.mapping import Source, load_mapping
from steadyrest.exchange.recognise import choose

WITHOUT_LIST = frozenset({"IE_005_503"})
"""Official tables whose field list is not among the facts; their files keep the columns they have."""


def is_official(source: Source) -> bool:
    """Whether a source of a mapping is an official table."""
    return bool(source.order) or source.name in WITHOUT_LIST


def read_official(path: Path) -> tuple[str, pl.DataFrame, tuple[int, ...]]:
    """(official table, its rows with all fields of the table as text, numbers of rows that cannot be cut into cells).

    A file is told by its header or, without one, by its name and width. Raises `InputError` for any other file.
    """
    tables = open_tables(path, path.name)
    _, (source, *_) = choose(tables[:1], [load_mapping("extracts")])
    if not is_official(source):
        raise InputError("input.no_official_table", path=path.name)
    codes = {code: name for name, code in source.other_names.items()}
    batches = list(tables[0].batches(tuple(tables[0].header)))
    frames = [batch.frame.cast(pl.String) for batch in batches]
    ragged = tuple(number for batch in batches for number, _ in batch.ragged)
    whole = pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(tables[0].header, pl.String()))
    rows = whole.rename({name: codes[name] for name in whole.columns if name in codes})
    return source.name, rows.with_columns(pl.all().replace(r"\N", None)), ragged
