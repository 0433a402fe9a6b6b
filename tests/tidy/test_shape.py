"""The shape of the code: small modules, short functions, nothing left undone, adapters where they belong."""

from __future__ import annotations

import ast
import re

from tests.tidy.source import Module, functions, modules

MODULE_LINES, FUNCTION_LINES = 400, 70
UNDONE = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|NotImplemented)\b")
ONLY_IN = {
    "numba": ("accelerate.py",),
    "duckdb": ("store/",),
    "sqlite3": ("store/",),
    "fastexcel": ("exchange/",),
    "xlsxwriter": ("exchange/", "report/"),
    "typer": ("cli/",),
    "highspy": ("measures/bunching/solver.py",),
    "pandas": (),
}
DO_NOTHING_ON_PURPOSE = ("app/request.py:silent",)
CLOCKS = ("app/request.py", "cli/packs.py")
"""The log of a run, and the day for which rules are listed when none is named. No result depends on either."""


def roots(tree: ast.Module) -> set[str]:
    """The top packages a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its `def` on."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_modules_are_small() -> None:
    assert {item.place: n for item in modules() if (n := item.text.count("\n")) > MODULE_LINES} == {}


def test_functions_are_short() -> None:
    long = {
        f"{item.place}:{node.name}": length(node)
        for item in modules()
        for node in functions(item.tree)
        if length(node) > FUNCTION_LINES
    }
    assert long == {}


def test_nothing_is_left_undone() -> None:
    assert [item.place for item in modules() if UNDONE.search(item.text)] == []


def test_no_function_is_empty() -> None:
    empty = [
        f"{item.place}:{node.name}"
        for item in modules()
        for node in functions(item.tree)
        if all(_says_nothing(line) for line in node.body) and node not in _promises(item.tree)
    ]
    assert [name for name in empty if name not in DO_NOTHING_ON_PURPOSE] == []


def _promises(tree: ast.Module) -> list[ast.stmt]:
    """Methods of protocols: they say what others do."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [part for node in classes if any("Protocol" in ast.dump(base) for base in node.bases) for part in node.body]


def _says_nothing(node: ast.stmt) -> bool:
    """A bare `pass` or `...`; a docstring alone is as empty."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def test_adapters_stay_where_they_belong() -> None:
    strays = [
        f"{item.place} imports {name}"
        for item in modules()
        for name in sorted(roots(item.tree) & set(ONLY_IN))
        if not item.place.startswith(ONLY_IN[name] or ("-",))
    ]
    assert strays == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [item.place for item in modules() if item.tree.body and ast.get_docstring(item.tree) is None]
    assert silent == []


def test_public_functions_and_classes_say_what_they_do() -> None:
    silent = [f"{item.place}:{name}" for item in modules() for name in _undocumented(item)]
    assert silent == []


def _undocumented(module: Module) -> list[str]:
    return [
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]


def test_nothing_that_makes_a_result_asks_a_clock() -> None:
    asking = [
        item.place
        for item in modules()
        if re.search(r"\b(datetime\.now|date\.today|time\.time|perf_counter|utcnow)\b", item.text)
    ]
    assert [place for place in asking if place not in CLOCKS] == []
