"""Loading packs: every folder with a `pack.yaml` is an instrument; its clauses and scenarios lie beside it.

Fails closed: whatever is not understood stops the load with file and line. A new instrument on a known mechanism is
three files: `pack.yaml`, one under `clauses/`, one under `scenarios/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from steadyrest.errors import PackError, UsageError
from steadyrest.policy import fields
from steadyrest.policy.audit import audited
from steadyrest.policy.clause_file import clause_source
from steadyrest.policy.fields import Fields
from steadyrest.policy.lint import check_strictness
from steadyrest.policy.overlay import laid_over, read_overlay
from steadyrest.policy.reader import read
from steadyrest.policy.scenario_file import scenarios
from steadyrest.policy.sources import Library, Pack
from steadyrest.policy.table_file import table_source

_PACK_KEYS = ("id", "document", "number", "issuer", "issued_on", "binds", "status")


def packs_folder() -> Path:
    """Where the shipped packs lie."""
    return Path(str(resources.files("steadyrest") / "packs"))


def load_library(overlays: Sequence[Path] = (), *, folder: Path | None = None) -> Library:
    """All shipped packs (or those of another folder) with a bank's overlays laid over them, in the order given.

    Raises `PackError` with file and line for what is wrong in a file, `UsageError` for an overlay that is no folder.
    """
    packs = read_packs(folder or packs_folder() / "cn")
    read_overlays = tuple(read_overlay(_folder(path), read_packs) for path in overlays)
    added = tuple(pack for overlay in read_overlays for pack in overlay.packs)
    clauses = tuple(clause for pack in (*packs, *added) for clause in pack.clauses)
    tables = tuple(table for pack in (*packs, *added) for table in pack.tables)
    for overlay in read_overlays:
        clauses, tables = laid_over(clauses, tables, overlay)
    library = audited(Library(packs, read_overlays, clauses, tables))
    check_strictness(library)
    return library


def read_packs(folder: Path) -> tuple[Pack, ...]:
    """All packs below a folder, by path."""
    return tuple(_pack(path, folder) for path in sorted(folder.rglob("pack.yaml")))


def _pack(path: Path, root: Path) -> Pack:
    entry = read(path, _name(path, root))
    found = Fields(entry, _PACK_KEYS, ("note",))
    id, document = fields.text(found["id"]), fields.both(found["document"])
    binds = fields.texts(found["binds"])
    files = _files(path.parent / "clauses")
    if not files:
        raise PackError("pack.no_clauses", place=entry.place)
    clauses = tuple(clause_source(read(file, _name(file, root)), id, document, binds) for file in files)
    return Pack(
        id=id,
        document=document,
        number=fields.text(found["number"]),
        issuer=fields.both(found["issuer"]),
        issued_on=fields.day(found["issued_on"]),
        binds=binds,
        status=fields.text(found["status"]),
        note=found.maybe("note", fields.both),
        clauses=tuple(sorted(clauses, key=lambda clause: (clause.id, clause.effective_from, clause.known_from))),
        scenarios=tuple(
            scenario
            for file in _files(path.parent / "scenarios")
            for scenario in scenarios(read(file, _name(file, root)))
        ),
        place=entry.place,
        tables=tuple(
            table_source(read(file, _name(file, root)), id, document) for file in _files(path.parent / "tables")
        ),
    )


def _files(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.yaml"))


def _name(path: Path, root: Path) -> str:
    """A file as complaints name it: below the folder of packs, so that no path of the machine gets into a result."""
    return path.relative_to(root.parent).as_posix()


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError("call.missing_path", path=path)
    return path
