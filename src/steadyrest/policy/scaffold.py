"""A new instrument: three files that load, are tested, and say nothing until somebody fills in a citation.

The clause is of grade D, and a recalled clause is never in force: so nothing is decided by a draft.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import Final

from steadyrest.errors import UsageError
from steadyrest.text import label

_ID: Final = re.compile(r"[a-z]{2}(\.[a-z0-9]+(-[a-z0-9]+)*){2}")


def scaffold(id: str, into: Path) -> tuple[Path, ...]:
    """Write the files of a new pack below a bank's folder of rules; the folder becomes an overlay if it is none.

    `UsageError` for an id of another shape, and for a pack that is there already.
    """
    if not _ID.fullmatch(id):
        raise UsageError("call.pack_id", id=id)
    folder = into / id.replace(".", "/")
    if folder.exists():
        raise UsageError("call.pack_exists", path=folder.relative_to(into).as_posix())
    todo = label("policy.scaffold.todo")
    said = {"id": id, "slug": re.sub(r"\W", "_", id.partition(".")[2]), "todo_zh": todo.zh, "todo_en": todo.en}
    files = {"pack.yaml": "pack", "clauses/rule.yaml": "clause", "scenarios/rule.yaml": "scenarios"}
    if not (into / "overlay.yaml").exists():
        _write(into / "overlay.yaml", "overlay", {**said, "name": re.sub(r"\W", "_", into.name) or "bank"})
    return tuple(_write(folder / name, draft, said) for name, draft in files.items())


def _write(path: Path, draft: str, said: Mapping[str, str]) -> Path:
    """One file from its draft (`policy/draft`)."""
    text = (resources.files("steadyrest.policy") / "draft" / f"{draft}.yaml").read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(text).substitute(said), "utf-8")
    return path
