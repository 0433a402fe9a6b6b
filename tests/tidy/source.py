"""The product's source as syntax trees, for tests about its shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"
PACKAGE = SRC / "steadyrest"


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, its place in the package, and its tree."""

    name: str
    place: str
    text: str
    tree: ast.Module


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the product, by path."""
    return tuple(_module(path) for path in sorted(PACKAGE.rglob("*.py")))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """The last name of what is called: `f` for `f(...)` and for `a.b.f(...)`."""
    target = call.func
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


def imported(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Local names that come from a module: (module, name there)."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants that are no docstrings."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    prose = {id(item.value) for body in bodies for item in body if isinstance(item, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node


def _module(path: Path) -> Module:
    text = path.read_text("utf-8")
    name = ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
    return Module(name, path.relative_to(PACKAGE).as_posix(), text, ast.parse(text))
