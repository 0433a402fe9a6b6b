"""Shared fixtures and settings of all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests import shared_data

settings.register_profile("steadyrest", derandomize=True, deadline=None, print_blob=False, database=None)
settings.load_profile("steadyrest")


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """The path of a folder or file beside the repository; a test that needs it is skipped by name when it is absent."""
    return shared_data.shared
