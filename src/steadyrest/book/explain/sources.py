"""From which file of the book a row came, and in which line of it as far as the run has kept that.

A run keeps the line of a row only where something was found in it. Of any other row it knows the files that feed its
table.
"""

from __future__ import annotations

from steadyrest.book.explain.tree import Sentence, said
from steadyrest.book.run_folder import Row, RunFolder
from steadyrest.schema import TABLES


def came_from(run: RunFolder, table: str, row: Row) -> tuple[Sentence, ...]:
    """Where a row of an input table was read; nothing for a table that the run made itself."""
    if not TABLES[table].is_input:
        return ()
    places = _places(run, table, row)
    if places:
        return tuple(said("from_row", file=file, row=f"{number:,}") for file, number in places)
    files = sorted({file.name for file in run.manifest.files if file.table == table})
    return (said("from_file", files=", ".join(files)) if files else said("from_beside"),)


def _places(run: RunFolder, table: str, row: Row) -> list[tuple[str, int]]:
    """File and line of the findings on this row; a table with a key of several columns has rows that look alike."""
    key = TABLES[table].key
    if len(key) > 1:
        return []
    found = run.rows("finding", row_id=row[key[0]], table=table)
    accepted = [item for item in found if item["severity"] != "quarantine" and item["row_number"]]
    return sorted({(str(item["source_file"]), int(item["row_number"])) for item in accepted})
