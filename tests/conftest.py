"""Shared fixtures. Data of others lies beside the repository and is read by path; its absence is reported by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steadyrest", derandomize=True, deadline=None, print_blob=False, database=None)
settings.load_profile("steadyrest")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """The path of a folder or file beside the repository; a test that needs it is skipped by name when it is absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"needs {name} in the folder `shared` beside the repository")
        return path

    return find
