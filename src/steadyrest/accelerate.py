"""The only file that imports numba. Kernels take arrays they may write to, return status codes, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a kernel on first call; the GIL is released while it runs.

    The machine code is kept beside the file or in the cache folder of the user. Where neither can be written to (a
    locked-down server) every process compiles for itself.
    """
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # numba found no folder for its cache
        return cast(F, numba.njit(nogil=True, error_model="numpy")(function))
