"""Which code made a run: the released version and a hash of everything in the package that can change a figure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

_COUNTED = (".py", ".toml", ".yaml", ".csv", ".css")


@cache
def code_version() -> str:
    """For example `0.1.0+3f2a9c41d07b`: two runs with the same version string ran the same code, rules and labels."""
    digest = hashlib.sha256()
    for name, entry in _files(resources.files("steadyrest"), ""):
        digest.update(f"{name}\n".encode())
        digest.update(entry.read_bytes())
    return f"{metadata.version('steadyrest')}+{digest.hexdigest()[:12]}"


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        elif entry.name.endswith(_COUNTED):
            yield name, entry
