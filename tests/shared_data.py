"""Data that lies beside the checkout; a test that needs it is skipped by name when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """A file or folder of ../shared."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside this checkout")
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"../shared has no {path}")
    return found
