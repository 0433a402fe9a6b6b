"""Decision tables from and to files: a pack's YAML, a sheet, or DMN, told by the end of the name."""

from __future__ import annotations

from pathlib import Path

from steadyrest.errors import UsageError
from steadyrest.exchange.table_sheet import read_table_sheet, write_table_sheet
from steadyrest.policy import load_library, packs_folder
from steadyrest.policy.table_examples import variants
from steadyrest.rules.tables import Table
from steadyrest.rules.tables.dmn import from_dmn, to_dmn
from steadyrest.rules.types import nearest
from steadyrest.text import Text


def open_table(name: str, overlays: tuple[Path, ...] = ()) -> tuple[str, Table]:
    """(name, table) of a `.xlsx` or `.dmn` file, or of a table of the packs by its id."""
    path = Path(name)
    if path.suffix.lower() == ".xlsx":
        return path.stem, read_table_sheet(path)
    if path.suffix.lower() in (".dmn", ".xml"):
        if not path.is_file():
            raise UsageError("call.missing_path", path=path)
        return path.stem, from_dmn(path.read_bytes())
    sources = {item.id: item for item in load_library(overlays or (packs_folder() / "demo_overlay",)).tables}
    if name not in sources:
        raise UsageError("call.unknown_name", name=name, nearest=nearest(name, sources))
    found = next((known for _, known, _ in variants(sources[name])), None)
    if found is None:
        raise UsageError("call.table_without_rows", name=name)
    return name, found


def save_table(known: Table, name: str, out: Path) -> None:
    """Write a table as a sheet or as DMN."""
    if out.suffix.lower() == ".xlsx":
        write_table_sheet(out, known, Text(name, name))
    elif out.suffix.lower() == ".dmn":
        out.write_text(to_dmn(known, name), "utf-8")
    else:
        raise UsageError("call.table_suffix", path=out)
