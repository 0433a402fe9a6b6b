"""The only file that imports numba. Kernels take arrays they may write to, return status codes, and never raise."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

config: Any = numba.config  # its names are set at run time
_PACKAGE: Final = Path(__file__).parent


def kernel(function: F) -> F:
    """Compile a kernel on first call; the GIL is released while it runs.

    The machine code is kept in a folder named after the sources of all kernels, because one kernel is compiled into
    another and the cache of numba looks at the caller's file only. It lies in the package, or where that cannot be
    written to in the cache folder of the user; with neither every process compiles for itself.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = str(Path(before or _PACKAGE / "__pycache__") / f"kernels-{_DIGEST}")
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # numba found no folder for its cache
        return cast(F, numba.njit(nogil=True, error_model="numpy")(function))
    finally:
        config.CACHE_DIR = before


def inlined(function: F) -> F:
    """A piece of a kernel that is written into every kernel which calls it: for cells and letters, where a call costs
    more than what it does.
    """
    return cast(F, numba.njit(inline="always", nogil=True, error_model="numpy")(function))


def kernel_sources() -> list[Path]:
    """The files whose text makes the machine code: those in folders `kernels`, those named so, and this one."""
    found = [*_PACKAGE.rglob("kernels/*.py"), *_PACKAGE.rglob("kernels.py"), Path(__file__)]
    return sorted(found, key=lambda path: path.relative_to(_PACKAGE).as_posix())


def _digest() -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in kernel_sources())).hexdigest()[:16]


_DIGEST: Final = _digest()
