"""The only file that imports numba. Kernels take arrays they may write to, return status codes, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a kernel on first call; the machine code is cached on disk and the GIL is released while it runs."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
