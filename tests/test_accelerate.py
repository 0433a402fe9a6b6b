"""Compiled kernels are never older than their sources, and a place without a cache still computes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import steadyrest
from steadyrest.accelerate import kernel, kernel_sources

PACKAGE = Path(steadyrest.__file__).parent


def uses_kernels(path: Path) -> bool:
    """Whether a module decorates a function with `kernel`."""
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    functions = [node for node in found if isinstance(node, ast.FunctionDef)]
    return any(isinstance(mark, ast.Name) and mark.id == "kernel" for node in functions for mark in node.decorator_list)


def imports(path: Path) -> set[str]:
    """The modules of the package a file imports from."""
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    names = {node.module or "" for node in found if isinstance(node, ast.ImportFrom)}
    return {name for name in names if name.startswith("steadyrest.")}


def test_the_cache_depends_on_every_file_a_kernel_is_made_of() -> None:
    sources = kernel_sources()
    compiled = [path for path in PACKAGE.rglob("*.py") if uses_kernels(path)]
    assert len(compiled) > 10
    assert set(compiled) <= set(sources)
    for path in compiled:
        for name in imports(path):
            parts = PACKAGE.parent.joinpath(*name.split("."))
            assert parts.with_suffix(".py") in sources or parts / "__init__.py" in sources, (path, name)


def test_a_kernel_without_a_place_for_its_cache_compiles_for_this_process() -> None:
    space: dict[str, Callable[..., Any]] = {}
    exec(compile("def twice(x):\n    return 2 * x\n", "<no file>", "exec"), space)  # numba finds no folder for it
    assert kernel(space["twice"])(21) == 42
